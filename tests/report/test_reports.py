"""Findings in the formats of others, whatever text is in them: what was put in is read out."""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import cmarkgfm
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from lxml import etree

from checker.analysis.check.findings import Examined
from checker.audit.returns.findings import NO_GROUND, NO_REASON, REQUIRED
from checker.language.checks import CHECKS, OVERRIDE_ERRORS, PROVED
from checker.language.syntax.problems import Finding, Position
from checker.report.findings import paragraphs
from checker.report.github import commands
from checker.report.junit import junit, xml_text
from checker.report.sarif import sarif
from tests.conftest import PROJECT
from tests.report.findings_drawn import examined

STANDARDS = Path(__file__).parent / "standards"
SARIF = Draft4Validator(
    json.loads((STANDARDS / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
)
JUNIT = etree.XMLSchema(etree.parse(STANDARDS / "junit-10.xsd"))
documents = st.lists(examined, max_size=3)


def results(log: str) -> list[dict[str, Any]]:
    """Return the results of a log, which follows the standard."""
    data = json.loads(log)
    assert [*SARIF.iter_errors(data)] == []
    ((run),) = data["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len({*rules}) == len(rules)
    assert {*rules} == {each["ruleId"] for each in run["results"]}
    assert all(rules[each["ruleIndex"]] == each["ruleId"] for each in run["results"])
    found: list[dict[str, Any]] = run["results"]
    return found


def braces(text: str) -> str:
    """Return a message as a reader shows it: a brace for each two; one alone is a placeholder."""
    assert re.fullmatch(r"(?:[^{}]|\{\{|\}\})*", text)
    return text.replace("{{", "{").replace("}}", "}")


# --- SARIF ---


@given(documents)
def test_a_sarif_log_follows_the_standard(done: list[Examined]) -> None:
    findings = [finding for each in done for finding in each.findings]
    found = results(sarif(done))
    assert len(found) == len(findings)
    for finding, result in zip(findings, found, strict=True):
        text = braces(result["message"]["text"])
        assert text == "\n\n".join(paragraphs(finding)).replace("](", "] (")
        assert result["ruleId"] == finding.check
        suppressed = finding.status == "accepted"
        assert [each["status"] for each in result["suppressions"]] == ["accepted"] * suppressed
        level = {"error": "error", "warning": "warning", "accepted": "note"}[finding.status]
        assert result["level"] == level
        ((location),) = result["locations"]
        place = location["physicalLocation"]
        uri = place["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", uri)
        assert Path(unquote(uri)) == Path(finding.position.file)
        start = {"startLine": finding.position.line, "startColumn": finding.position.column}
        assert place.get("region") == (start if finding.position.line else None)
    fingerprints = [each["partialFingerprints"]["checkerFinding/v1"] for each in found]
    assert len({*fingerprints}) == len(fingerprints)


@given(documents)
def test_the_markdown_of_a_message_means_nothing_more(done: list[Examined]) -> None:
    for result in results(sarif(done)):
        shown = braces(result["message"]["markdown"]).encode(errors="replace").decode()
        html = cmarkgfm.github_flavored_markdown_to_html(shown.replace("\0", ""))
        assert {*re.findall(r"<(\w+)", html)} <= {"p", "code", "pre"}


# --- JUnit ---


@given(documents, st.booleans())
def test_junit_is_xml_that_says_the_same(done: list[Examined], strict: bool) -> None:
    text = junit(done, strict=strict)
    JUNIT.assertValid(etree.fromstring(text.encode()))
    top = ElementTree.fromstring(text)
    tested = [each for each in done if each.ran or each.findings]
    assert [suite.get("name") for suite in top] == [xml_text(each.document) for each in tested]
    fails = ("error", "warning") if strict else ("error",)
    for each, suite in zip(tested, top, strict=True):
        names = {xml_text(name) for name in [*each.ran, *(one.found_by for one in each.findings)]}
        assert {case.get("name") for case in suite} == names
        wrong = [one for one in each.findings if one.status in fails]
        failures = [(one.get("type"), one.get("message")) for one in suite.iter("failure")]
        assert sorted(failures) == sorted((one.check, xml_text(one.dated)) for one in wrong)
        said = "\n".join(case.findtext("system-out", "") for case in suite)
        for one in each.findings:
            assert one in wrong or xml_text(one.dated) in said
        assert int(suite.get("tests", "")) == len(suite)
        failing = [case for case in suite if case.find("failure") is not None]
        assert int(suite.get("failures", "")) == len(failing)
    for count in ("tests", "failures"):
        assert int(top.get(count, "")) == sum(int(suite.get(count, "")) for suite in top)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]) | st.sampled_from("\t\n")))
def test_what_xml_can_say_is_left_alone(text: str) -> None:
    assert xml_text(text) == text


def test_every_character_can_be_written_as_xml() -> None:
    for start in range(0, sys.maxunicode + 1, 4096):
        text = "".join(map(chr, range(start, start + 4096)))
        element = ElementTree.Element("testcase", name=xml_text(text))
        element.text = xml_text(text)
        written = ElementTree.tostring(element, "unicode").encode()
        for read in (etree.fromstring(written), ElementTree.fromstring(written)):
            assert read.get("name") == read.text == xml_text(text)


@pytest.mark.parametrize(
    "message",
    ["\x1b[@", "\x1b[31mred\x1b[0m", "\x1b]8;;x\x1b\\", "\x9b@", "\0", "\ufffe", "\ud800"],
)
@pytest.mark.parametrize("check", ["unreadable", "unfounded-rule"])
def test_what_a_terminal_takes_for_a_colour_is_kept(message: str, check: str) -> None:
    finding = Finding(Position("a.yaml", 1, 1), message, check=check, at="a")
    text = junit([Examined("a.yaml", [finding], 1, ["valid"])], strict=False)
    assert f": {CHECKS[check].severity}: {xml_text(message)} [{check}]" in "".join(
        ElementTree.fromstring(text).itertext()
    )


# --- GitHub ---


def read_command(line: str) -> tuple[str, dict[str, str], str]:
    """Return command, properties and message, as the runner reads a line."""
    found = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
    assert found, line

    def unescaped(text: str) -> str:
        escapes = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}
        return re.sub("|".join(escapes), lambda each: escapes[each[0]], text)

    pairs = (pair.partition("=") for pair in found[2].split(","))
    return found[1], {key: unescaped(text) for key, _, text in pairs}, unescaped(found[3])


@given(documents)
def test_an_annotation_is_one_line_that_says_the_same(done: list[Examined]) -> None:
    findings = [finding for each in done for finding in each.findings]
    lines = [*commands(done)]
    assert len(lines) == len(findings)
    for finding, line in zip(findings, lines, strict=True):
        assert not {"\r", "\n"} & {*line}
        command, properties, message = read_command(line)
        levels = {"error": "error", "warning": "warning", "accepted": "notice"}
        assert command == levels[finding.status]
        assert message == "\n\n".join(paragraphs(finding))
        place = {"file": Path(finding.position.file).as_posix(), "title": finding.check}
        if finding.position.line:
            place |= {"line": str(finding.position.line), "col": str(finding.position.column)}
        assert properties == place


# --- the table of checks ---

SOURCES = {
    source: ast.parse(source.read_text(encoding="utf-8"))
    for source in (PROJECT / "checker").rglob("*.py")
    if source != PROJECT / "checker" / "language" / "checks.py"
}
CONSTANTS = {
    target.id: node.value.value
    for tree in SOURCES.values()
    for node in tree.body
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    for target in node.targets
    if isinstance(target, ast.Name)
}


def checks_in(tree: ast.Module) -> set[str]:
    """Return the checks that a module names: as `check=`, or as the first thing of a finding."""
    found = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
        takes_check = ("Obligation", "SmtObligation", "note", "sentence")
        first = node.args[:1] if name in takes_check else []
        named = [each.value for each in node.keywords if each.arg == "check"]
        for each in (*first, *named):
            value = CONSTANTS.get(each.id) if isinstance(each, ast.Name) else each
            value = value.value if isinstance(value, ast.Constant) else value
            found |= {value} if isinstance(value, str) else set()
    return found


def test_every_check_has_its_meaning() -> None:
    assert {*PROVED, *OVERRIDE_ERRORS} <= {*CHECKS}
    asked = {"gains", "loses", "differs", "breaks", "unsettled", "possible"}  # no findings
    named = {check for tree in SOURCES.values() for check in checks_in(tree)}
    assert {"not-understood", "not-expressed", "unreadable", "dead-rule"} <= named
    assert (named - asked) | AUDITED <= {*CHECKS}


AUDITED = {REQUIRED, NO_GROUND, NO_REASON, "late", "overdue", "invalid-settings"}


@pytest.mark.parametrize("check", CHECKS)
def test_what_has_a_meaning_is_a_check(check: str) -> None:
    named = (f'"{check}"' in source.read_text(encoding="utf-8") for source in SOURCES)
    assert check in AUDITED or any(named)
    row = CHECKS[check]
    assert row.meaning.endswith(".") and row.help.endswith(".")
    assert "{" not in row.meaning + row.help and row.meaning.count(". ") == 0
