"""`diff` as a command: its JSON and text, sellers that break, honest numbers, bad calls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checker.analysis.diff import differences
from checker.analysis.prove.engine import Engines, NotDecided
from checker.analysis.prove.prover import Counterexample
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document
from checker.solver.box_search import Undecided
from tests.commands import Result, checker

VOCABULARY = """\
kind: vocabulary
id: v
version: 1.0.0
facts:
  used: {type: boolean}
  days: {type: integer, range: [0, 30], typical: 3}
"""
OLD = """\
kind: policy
id: rules
version: 1.0.0
effective: {from: 2024-01-01}
vocabulary: v
parameters:
  window: {type: integer, default: 7, range: [0, 30]}
  polite: {type: boolean, default: true}
grounds:
  was-used: {when: {used: true}}
  late: {when: {days: {more_than: {param: window}}}}
entitlements:
  early: {when: {days: {at_most: {param: window}}}, unless: [was-used]}
"""
SELLERS = {
    "following": "otherwise: follow\n",
    "strict": "settings: {window: 7}\n",
    "shorter": "settings: {window: 3}\n",
    "polite": "settings: {polite: false}\n",
}


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a `policy` folder with the old policy and four sellers, in the working directory."""
    folder = tmp_path / "policy"
    (folder / "sellers").mkdir(parents=True)
    (folder / "v.yaml").write_text(VOCABULARY)
    (folder / "old.yaml").write_text(OLD)
    for name, rest in SELLERS.items():
        head = f"kind: override\nid: {name}\nversion: 1.0.0\npolicy: rules@1\n"
        (folder / "sellers" / f"{name}.yaml").write_text(head + rest)
    monkeypatch.chdir(tmp_path)
    return folder


def newer(root: Path, version: str, *edits: tuple[str, str]) -> Path:
    text = OLD.replace("1.0.0", version).replace("2024-01-01", "2024-06-01")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path = root / "new.yaml"
    path.write_text(text)
    return path


def diffed(*arguments: object) -> tuple[int, dict[str, Any]]:
    result = checker("diff", *arguments, "--format", "json")
    assert not result.err, result.err
    return result.status, json.loads(result.out)


def refused(*arguments: object) -> str:
    """Return why the call can't be used."""
    result = checker("diff", *arguments)
    assert (result.status, result.out) == (2, "")
    return result.err


LONGER = ("default: 7", "default: 9")


def test_json_of_two_policies(root: Path) -> None:
    newer(root, "2.0.0", LONGER)
    status, found = diffed("rules@1.0.0", "rules@2.0.0")
    assert status == 0
    gains = {"case": {"used": False, "days": 8}, "old": "may_reject", "new": "must_accept"}
    nothing = {"gains": None, "loses": None, "differs": None}
    stops = {"case": {"used": True, "days": 8}, "old": "holds", "new": "does not hold"}
    late = {"case": {"used": False, "days": 8}, "old": "holds", "new": "does not hold"}
    owed = {"case": {"used": False, "days": 8}, "old": "not owed", "new": "owed"}
    assert found == {
        "old": "rules@1.0.0",
        "new": "rules@2.0.0",
        "kind": "policy",
        "on": {"old": "2024-06-01", "new": "2024-06-01"},
        "class": "widens",
        "items": {"equal": 6, "widens": 2, "narrows": 0, "both": 0, "changed": 1},
        "changes": [
            {"at": "verdict", "class": "widens", "notes": [], **nothing, "gains": gains},
            {
                "at": "parameters.window",
                "class": "changed",
                "notes": ["the default was 7 and is 9"],
                **nothing,
            },
            {"at": "grounds.late", "class": "widens", "notes": [], **nothing, "gains": late},
            {"at": "entitlements.early", "class": "widens", "notes": [], **nothing, "gains": owed},
        ],
        "version": {
            "required": "major",
            "stated": "major",
            "least": "2.0.0",
            "honest": True,
            "because": [
                {"at": "verdict", "why": "a case becomes must_accept", "shown": gains},
                {
                    "at": "grounds.late",
                    "why": "stops holding where it could be cited",
                    "shown": stops,
                },
            ],
        },
        "overrides": None,
    }


def test_text_has_a_line_an_item_with_the_unusual_facts(root: Path) -> None:
    new = newer(root, "1.0.1", LONGER)
    result = checker("diff", "rules@1.0.0", new)
    assert result.status == 1
    assert result.out.splitlines() == [
        "rules@1.0.0 -> rules@1.0.1: buyers gain",
        "  verdict: buyers gain: may_reject -> must_accept where days is 8",
        "  parameters.window: the default was 7 and is 9",
        "  grounds.late: buyers gain: holds -> does not hold where days is 8",
        "  entitlements.early: buyers gain: not owed -> owed where days is 8",
        "  items: 6 equal, 2 widens, 1 changed",
        "  version 1.0.1 is dishonest: the change is major, and needs 2.0.0 or higher",
        "    verdict: a case becomes must_accept where days is 8",
        "    grounds.late: stops holding where it could be cited where used is true and days is 8",
    ]


def test_text_of_what_only_differs(root: Path) -> None:
    newer(root, "1.0.1", ("grounds:", "definitions: {d: {used: true}}\ngrounds:"))
    again = root / "again.yaml"
    again.write_text((root / "new.yaml").read_text().replace("1.0.1", "1.1.0"))
    again.write_text(again.read_text().replace("d: {used: true}", "d: {days: 3}"))
    result = checker("diff", "rules@1.0.1", "rules@1.1.0")
    assert (result.status, result.err) == (0, "")
    assert result.out.splitlines() == [
        "rules@1.0.1 -> rules@1.1.0: buyers neither gain nor lose",
        "  definitions.d: false -> true in the typical case",
        "  items: 9 equal, 1 changed",
        "  version 1.1.0 is honest: the change is minor",
        "    definitions.d: differs in the typical case",
    ]


def test_a_document_beside_itself(root: Path) -> None:
    result = checker("diff", "rules", root / "old.yaml")
    assert result.status == 0
    assert result.out.splitlines() == [
        "rules@1.0.0 -> rules@1.0.0: buyers neither gain nor lose",
        "  items: 9 equal",
        "  version 1.0.0 is honest: nothing changed",
    ]


def test_two_files_of_one_name(root: Path, tmp_path: Path) -> None:
    edited = tmp_path / "edited.yaml"
    edited.write_text(OLD.replace("default: 7", "default: 6"))
    status, found = diffed(root / "old.yaml", edited)
    assert (status, found["class"]) == (1, "narrows")
    version = found["version"]
    assert (version["required"], version["stated"], version["least"]) == ("minor", "none", "1.1.0")


def test_the_other_way_round_the_number_falls(root: Path) -> None:
    newer(root, "2.0.0")
    result = checker("diff", "rules@2.0.0", "rules@1.0.0")
    assert result.status == 1
    assert "version 1.0.0 is dishonest" in result.out


def test_two_overrides(root: Path) -> None:
    status, found = diffed("strict", "shorter")
    assert (status, found["kind"], found["class"]) == (0, "override", "narrows")
    assert found["version"] is None and found["overrides"] is None
    loses = {"case": {"used": False, "days": 4}, "old": "accept", "new": "reject (cites late)"}
    assert [(each["at"], each["loses"]) for each in found["changes"]] == [
        ("response", loses),
        ("settings.window", None),
        ("otherwise", loses),
    ]


# --- sellers that the new version breaks ---


def test_overrides_that_a_new_version_breaks(root: Path) -> None:
    gone = ("  polite: {type: boolean, default: true}\n", "")
    newer(root, "2.0.0", LONGER, gone)
    status, found = diffed("rules@1.0.0", "rules@2.0.0", "--overrides", root / "sellers")
    assert status == 1
    overrides = found["overrides"]
    assert (overrides["looked_at"], overrides["failing_already"]) == (4, 1)
    polite, strict = overrides["broken"]
    assert polite == {
        "override": "polite@1.0.0",
        "findings": [
            {
                "check": "invalid-document",
                "at": "settings.polite",
                "position": "policy/sellers/polite.yaml:5:12",
                "message": "`polite` is no setting of `rules@2.0.0`",
                "case": None,
            }
        ],
    }
    assert strict["override"] == "strict@1.0.0"
    assert strict["findings"][0] == {
        "check": "rejects-required-return",
        "at": "otherwise",
        "position": "policy/sellers/strict.yaml:5:11",
        "message": "refuses a return that `rules@2.0.0` requires it to accept",
        "case": {"used": False, "days": 8},
    }


def test_text_of_broken_overrides(root: Path) -> None:
    newer(root, "2.0.0", LONGER)
    result = checker("diff", "rules@1.0.0", "rules@2.0.0", "--overrides", root)
    assert result.status == 1
    lines = result.out.splitlines()
    assert "strict@1.0.0: broken by rules@2.0.0" in lines
    said = "refuses a return that `rules@2.0.0` requires it to accept where days is 8"
    shown = f"  policy/sellers/strict.yaml:5:11: {said} [rejects-required-return]"
    assert shown in lines
    assert lines[-1] == "overrides: 1 broken, 2 passing, 1 failing already"


def test_a_version_that_breaks_no_one(root: Path) -> None:
    newer(root, "1.1.0", ("default: 7", "default: 5"))
    (root / "sellers" / "unread.yaml").write_text("kind: override\nid: [")
    (root / "sellers" / "other.yaml").write_text(
        "kind: override\nid: other\nversion: 1.0.0\npolicy: elsewhere\n"
    )
    result = checker("diff", "rules@1.0.0", "rules@1.1.0", "--overrides", root, "--format", "json")
    assert result.status == 0
    assert "unread.yaml" in result.err
    assert json.loads(result.out)["overrides"] == {
        "looked_at": 4,
        "failing_already": 1,
        "broken": [],
    }


def test_an_override_that_can_t_be_decided_against_the_new_version_is_listed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failures(
        _: Engines, document: Document, resolved: ResolvedPolicy, __: Resolver
    ) -> list[Counterexample]:
        if resolved.policy.name == "rules@2.0.0" and document.id == "polite":
            raise NotDecided("it takes too long")
        return []

    newer(root, "2.0.0", LONGER)
    monkeypatch.setattr(Engines, "failures", failures)
    status, found = diffed("rules@1.0.0", "rules@2.0.0", "--overrides", root)
    assert status == 1
    ((listed),) = found["overrides"]["broken"]
    (finding,) = listed["findings"]
    assert (listed["override"], finding["check"]) == ("polite@1.0.0", "undecided")
    assert finding["message"] == "can't be decided: it takes too long"


# --- honest numbers, as `check` finds them ---


def checked(*arguments: object) -> tuple[Result, list[dict[str, Any]]]:
    result = checker("check", *arguments, "--format", "json")
    found = [json.loads(line) for line in result.out.splitlines()]
    findings = [each for document in found for each in document["findings"]]
    return result, [each for each in findings if each["at"] == "version"]


def test_check_finds_a_dishonest_number(root: Path) -> None:
    new = newer(root, "1.1.0", LONGER)
    result, (finding,) = checked(new)
    assert result.status == 1
    case = finding.pop("case")
    assert finding == {
        "check": "dishonest-version",
        "severity": "error",
        "at": "version",
        "position": "policy/new.yaml:3:10",
        "message": "the change since `rules@1.0.0` is major:"
        " `verdict`: a case becomes must_accept, and 1 more",
        "help": "make it 2.0.0 or higher",
    }
    assert case["policy"] == "rules@1.1.0"
    facts = json.dumps(case["cases"][0]["facts"]).encode()
    for version, verdict in (("1.0.0", "may_reject"), ("1.1.0", "must_accept")):
        policy = ["--policy", f"rules@{version}", "--format", "json"]
        assert json.loads(checker("decide", "-", *policy, stdin=facts).out)["verdict"] == verdict


def test_check_compares_with_the_next_lower_version(root: Path) -> None:
    newer(root, "2.0.0", LONGER)
    third = root / "third.yaml"
    third.write_text((root / "new.yaml").read_text().replace("2.0.0", "2.0.1"))
    assert checked(third)[1] == []
    third.write_text(third.read_text().replace("default: 9", "default: 8"))
    ((finding),) = checked(third)[1]
    assert finding["message"].startswith("the change since `rules@2.0.0` is minor")


@pytest.mark.parametrize("number", ["1.0.0", "0.9.0", "1.1.0"])
def test_check_finds_nothing_where_there_is_nothing_to_compare(root: Path, number: str) -> None:
    broken = OLD.replace("1.0.0", "1.0.5").replace("{used: true}", "{usd: true}")
    (root / "broken.yaml").write_text(broken)
    (root / "old.yaml").write_text(OLD.replace("1.0.0", number))
    assert checked(root / "old.yaml")[1] == []


def test_what_can_t_be_decided_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise Undecided

    new = newer(root, "2.0.0", LONGER)
    monkeypatch.setattr(differences, "answer", never)
    (finding,) = checked(new)[1]
    assert finding["check"] == "undecided"
    result = checker("diff", "rules@1", new)
    assert (result.status, result.out) == (1, "")
    assert "rules@1.0.0 and rules@2.0.0 can't be compared within the budget" in result.err


# --- documents with errors, and calls that can't be used ---


def test_documents_with_errors(root: Path) -> None:
    new = newer(root, "2.0.0", ("{used: true}", "{usd: true}"))
    result = checker("diff", "rules@1.0.0", new)
    assert (result.status, result.out) == (1, "")
    assert "policy/new.yaml:10:21: error: unknown fact or parameter `usd`" in result.err
    new = newer(root, "2.0.0", ("vocabulary: v", "vocabulary: w"))
    result = checker("diff", "rules@1.0.0", new)
    assert (result.status, result.out) == (1, "")
    assert "policy/new.yaml:5:13: error: no vocabulary `w`" in result.err
    new = newer(root, "2.0.0", ("grounds:", "ground:"))
    result = checker("diff", "rules@1.0.0", new)
    assert (result.status, result.out) == (1, "")
    assert "did you mean `grounds`?" in result.err


def test_calls_that_can_t_be_used(root: Path) -> None:
    new = newer(root, "2.0.0")
    assert "no policy `ruls` (did you mean `rules`?)" in refused("ruls", new)
    assert "no override `strct` (did you mean `strict`?)" in refused("strct", "shorter")
    assert "no policy `rules@3` (there is 1.0.0, 2.0.0)" in refused("rules@3", new)
    assert "no policy `nothing-like-it`" in refused("nothing-like-it", new)
    assert "expected one like" in refused("rules@x", new)
    assert "missing.yaml" in refused("missing.yaml", new)
    kinds = "strict is of the kind override, and rules of the kind policy"
    assert kinds in refused("strict", "rules")
    expected = "found `kind: vocabulary`, expected a policy or an override"
    assert expected in refused(root / "v.yaml", new)
    assert "no folder `nowhere`" in refused("rules@1", new, "--overrides", "nowhere")
    with_policies = "--overrides goes with two policies"
    assert with_policies in refused("strict", "shorter", "--overrides", root)
    assert "no version of the policy `rules@1`" in refused("rules@1", new, "--on", "2023-01-01")


def test_on_picks_the_day_of_both(root: Path) -> None:
    newer(root, "2.0.0")
    found = diffed("rules@1", "rules@2", "--on", "2024-07-01")[1]
    assert found["on"] == {"old": "2024-07-01", "new": "2024-07-01"}
