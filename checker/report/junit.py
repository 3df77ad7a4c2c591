"""Findings as JUnit XML: a suite for each document, a test case for each of its tests.

There is no single standard; Jenkins, GitLab and similar tools read this form (`junit-10.xsd` of the
Jenkins xUnit plugin). Each error is a failure of its test case. Warnings, unless they are to fail,
and accepted findings are its output.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from checker.analysis.check.findings import Examined
from checker.language.syntax.problems import Finding
from checker.report.findings import finding_text

# Characters that XML 1.0 excludes, and the carriage return, which parsers turn into a line feed.
_FORBIDDEN = re.compile("[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Element = ElementTree.Element


def junit(documents: Iterable[Examined], *, strict: bool) -> str:
    """Return the document; with `strict`, warnings are failures."""
    fails = {"error", "warning"} if strict else {"error"}
    suites = [suite for examined in documents if (suite := _suite(examined, fails)) is not None]
    top = Element("testsuites", name="checker")
    top.extend(suites)
    for count in ("tests", "failures", "errors"):
        top.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    ElementTree.indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(top, "unicode")


def xml_text(text: str) -> str:
    """Return `text` with characters that XML excludes in Python's notation: `\\x1b`."""
    return _FORBIDDEN.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def _suite(examined: Examined, fails: set[str]) -> Element | None:
    """Return the suite of a document, None where nothing was tested."""
    tests: dict[str, list[Finding]] = {name: [] for name in examined.ran}
    for finding in examined.findings:
        tests.setdefault(finding.found_by, []).append(finding)
    if not tests:
        return None
    document = xml_text(examined.document)
    suite = Element("testsuite", name=document)
    for name, findings in tests.items():
        case = ElementTree.SubElement(suite, "testcase", classname=document, name=xml_text(name))
        _outcome(case, findings, fails)
    failed = sum(case.find("failure") is not None for case in suite)
    for count, number in (("tests", len(suite)), ("failures", failed), ("errors", 0)):
        suite.set(count, str(number))
    return suite


def _outcome(case: Element, findings: Iterable[Finding], fails: set[str]) -> None:
    output: list[str] = []
    for finding in findings:
        text = xml_text("\n".join(finding_text(finding, colours=False)))
        if finding.status in fails:
            message = xml_text(finding.dated)
            failure = ElementTree.SubElement(case, "failure", type=finding.check, message=message)
            failure.text = text
        else:
            output.append(text)
    if output:
        ElementTree.SubElement(case, "system-out").text = "\n".join(output)
