"""`--format sarif|junit|github`: what a run finds, for tools; complete or absent."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from lxml import etree

from checker.analysis.check.examiner import Examiner
from tests.commands import checker
from tests.report.test_reports import JUNIT, read_command, results

VOCABULARY = """\
kind: vocabulary
id: v
version: 1.0.0
facts:
  used: {type: boolean, title: 用过}
  days: {type: integer, range: [0, 30], typical: 3}
"""
POLICY = """\
kind: policy
id: rules
version: 1.0.0
effective: {from: 2024-01-01}
vocabulary: v
parameters: {window: {type: integer, default: 7, range: [0, 30], basis: assumption}}
grounds:
  late: {when: {days: {more_than: {param: window}}}, basis: assumption}
entitlements:
  early: {when: {days: {at_most: {param: window}}}, unless: [late], basis: assumption}
accept: [{check: redundant-unless, why: {en: the ground is named for sellers, zh: 说明}}]
"""
SELLER = """\
kind: override
id: seller
version: 1.0.0
policy: rules@1
rules: [{id: used, when: {used: true}, respond: reject, cites: [late]}]
"""
CASES = """\
kind: cases
policy: rules@1
cases:
  - {id: right, facts: {days: 3, used: false}, expect: {verdict: must_accept}}
  - {id: wrong, facts: {days: 9, used: false}, expect: {verdict: must_accept}}
"""
FILES = {
    "v.yaml": VOCABULARY,
    "rules.yaml": POLICY,
    "sellers/100% #1: wörk.yaml": SELLER,
    "cases.yaml": CASES,
    "unread.yaml": "kind: [",
}
NAMED = "policy/sellers/100% #1: wörk.yaml"


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a `policy` folder with one finding of each kind, in the working directory."""
    for name, text in FILES.items():
        path = tmp_path / "policy" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "policy"


def logged(*arguments: object) -> tuple[int, list[dict[str, Any]]]:
    done = checker(*arguments, "--format", "sarif")
    assert done.err == "", done.err
    return done.status, results(done.out)


def found(log: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """Return check, level and file of each result."""
    return {
        (
            each["ruleId"],
            each["level"],
            each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        )
        for each in log
    }


SELLER_URI = "policy/sellers/100%25%20%231%3A%20w%C3%B6rk.yaml"
ALL = {
    ("unreadable", "error", "policy/unread.yaml"),
    ("rejects-required-return", "error", SELLER_URI),
    ("redundant-unless", "note", "policy/rules.yaml"),
    ("test", "error", "policy/cases.yaml"),
}


def test_sarif_of_everything() -> None:
    status, log = logged("check")
    assert status == 1
    assert found(log) == ALL
    (refusal,) = [each for each in log if each["ruleId"] == "rejects-required-return"]
    text = refusal["message"]["text"]
    assert text.startswith("refuses a return that `rules@1.0.0` requires it to accept, as of ")
    assert text.endswith("\n\nthe plainest such return: `used` is true")
    assert "```yaml\nkind: cases\npolicy: rules@1.0.0\n" in refusal["message"]["markdown"]
    ((location),) = refusal["locations"]
    assert location["logicalLocations"] == [{"fullyQualifiedName": "rules.used"}]
    assert location["physicalLocation"]["region"] == {"startLine": 5, "startColumn": 9}
    (accepted,) = [each for each in log if each["ruleId"] == "redundant-unless"]
    why = {
        "kind": "inSource",
        "status": "accepted",
        "justification": "the ground is named for sellers",
    }
    assert accepted["suppressions"] == [why]


def test_columns_count_characters_and_not_their_parts(root: Path) -> None:
    text = VOCABULARY.replace("title: 用过", "title: 𠮷𠮷𠮷, typcal: true")
    (root / "v.yaml").write_text(text, encoding="utf-8")
    status, log = logged("validate", root / "v.yaml")
    (result,) = log
    line = text.splitlines()[4]
    place = result["locations"][0]["physicalLocation"]["region"]
    assert (status, place["startColumn"]) == (1, line.index("typcal") + 1)


def fingerprints(log: list[dict[str, Any]]) -> dict[str, int]:
    """Return the line of each result, by what it is known by."""
    return {
        each["partialFingerprints"]["checkerFinding/v1"]: each["locations"][0]["physicalLocation"]
        .get("region", {})
        .get("startLine", 0)
        for each in log
    }


def test_results_are_known_again_when_lines_move(root: Path) -> None:
    before = fingerprints(logged("check")[1])
    for name in FILES:
        path = root / name
        path.write_text("# a line\n# and another\n" + path.read_text("utf-8"), encoding="utf-8")
    after = fingerprints(logged("check")[1])
    assert after == {known: line + 2 for known, line in before.items()}


def test_files_elsewhere_have_absolute_uris(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = tmp_path / "away"
    away.mkdir()
    monkeypatch.chdir(away)
    _, log = logged("validate", "../policy/unread.yaml", "--root", root)
    ((artifact),) = [
        each["locations"][0]["physicalLocation"]["artifactLocation"]
        for each in log
        if each["ruleId"] == "unreadable"
    ]
    assert artifact == {"uri": (root / "unread.yaml").as_uri()}
    monkeypatch.chdir(tmp_path)
    _, log = logged("validate", "away/../policy/unread.yaml", root / "cases.yaml")
    assert ("unreadable", "error", "policy/unread.yaml") in found(log)


def test_junit_of_everything() -> None:
    done = checker("check", "--format", "junit")
    assert (done.status, done.err) == (1, "")
    JUNIT.assertValid(etree.fromstring(done.out.encode()))
    top = ElementTree.fromstring(done.out)
    cases = {
        (case.get("classname"), case.get("name")): [one.get("type") for one in case]
        for case in top.iter("testcase")
    }
    assert cases == {
        ("policy/unread.yaml", "valid"): ["unreadable"],
        ("v@1.0.0", "valid"): [],
        ("rules@1.0.0", "valid"): [],
        ("rules@1.0.0", "proof against v@1.0.0"): [None],
        ("rules@1.0.0", "honest version number"): [],
        ("seller@1.0.0", "valid"): [],
        ("seller@1.0.0", "proof against rules@1.0.0"): ["rejects-required-return"],
        ("policy/cases.yaml", "valid"): [],
        ("policy/cases.yaml", "case right"): [],
        ("policy/cases.yaml", "case wrong"): ["test"],
    }
    text = next(top.iter("failure")).text or ""
    assert text.startswith("policy/unread.yaml:1:7: error: not YAML: found `[` that is not closed")
    said = next(top.iter("system-out")).text or ""
    assert "accepted" in said and "meant: the ground is named for sellers" in said


def test_warnings_fail_in_junit_where_they_fail_the_command(root: Path) -> None:
    (root / "rules.yaml").write_text(POLICY.replace(", basis: assumption}}", "}}"), "utf-8")
    for strict, status, failures in (((), 0, "0"), (("--strict",), 1, "1")):
        done = checker("validate", root / "rules.yaml", *strict, "--format", "junit")
        assert done.status == status
        assert ElementTree.fromstring(done.out).get("failures") == failures


def test_github_of_everything() -> None:
    done = checker("check", "--format", "github")
    assert done.status == 1
    read = [read_command(line) for line in done.out.splitlines()]
    assert {(each["title"], command) for command, each, _ in read} == {
        ("unreadable", "error"),
        ("rejects-required-return", "error"),
        ("redundant-unless", "notice"),
        ("test", "error"),
    }
    (place,) = [each for _, each, _ in read if each["title"] == "rejects-required-return"]
    assert place == {
        "file": NAMED,
        "line": "5",
        "col": "9",
        "title": "rejects-required-return",
    }


@pytest.mark.parametrize("command", ["validate", "test", "check", "prove"])
@pytest.mark.parametrize("form", ["sarif", "junit", "github"])
def test_reports_find_what_text_finds(command: str, form: str, root: Path) -> None:
    (root / "broken.yaml").write_text(
        POLICY.replace("id: rules", "id: brokn").replace("v\n", "w\n")
    )
    text = checker(command)
    done = checker(command, "--format", form)
    assert done.status == text.status == 1
    assert done.err == ""
    checks = ("unreadable", "no vocabulary") if command != "test" else ("unreadable",)
    assert all(each in done.out for each in checks)


@pytest.mark.parametrize("jobs", [1, 2])
def test_prove_reports_every_document(jobs: int, root: Path) -> None:
    (root / "twin.yaml").write_text(SELLER.replace("id: seller", "id: twin"), encoding="utf-8")
    status, log = logged("prove", "--jobs", jobs)
    refused = {file for check, _, file in found(log) if check == "rejects-required-return"}
    assert (status, refused) == (1, {SELLER_URI, "policy/twin.yaml"})
    text = checker("prove", "--jobs", jobs).out
    assert "seller@1.0.0" in text and "twin@1.0.0" in text


def test_nothing_found_is_a_report_too(root: Path) -> None:
    status, log = logged("validate", root / "v.yaml")
    assert (status, log) == (0, [])
    done = checker("validate", root / "v.yaml", "--format", "junit")
    assert ElementTree.fromstring(done.out).get("tests") == "1"
    assert checker("validate", root / "v.yaml", "--format", "github").out == ""


@pytest.mark.parametrize("form", ["sarif", "junit", "github"])
def test_a_report_is_complete_or_absent(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done = checker("check", "nowhere", "--format", form)
    assert (done.status, done.out) == (2, "")
    checked, count = Examiner.checked, 0

    def stopped(examiner: Examiner, document: Any) -> Any:
        nonlocal count
        count += 1
        if count > 2:
            raise KeyboardInterrupt
        return checked(examiner, document)

    monkeypatch.setattr(Examiner, "checked", stopped)
    done = checker("check", "--format", form)
    assert (done.status, done.out) == (130, "")


def test_commands_without_findings_know_no_reports() -> None:
    for command in (["decide", "policy/cases.yaml"], ["trace"], ["limits", "rules"]):
        done = checker(*command, "--format", "sarif")
        assert (done.status, done.out) == (2, "")
        assert "'sarif' is not one of 'text', 'json'" in done.err
