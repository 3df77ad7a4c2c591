"""Findings of documents as text and as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from checker.analysis.check.findings import Examined
from checker.language.formatter.dump import yaml_text
from checker.language.syntax.localized import english
from checker.language.syntax.printable import styled
from checker.language.syntax.problems import Finding, counted
from checker.language.syntax.scalars import scalar_text

COLOURS = {"error": "red", "warning": "yellow", "accepted": "cyan"}


CASE = "a case that shows it, for `checker decide`:"


def findings_text(examined: Examined) -> Iterator[str]:
    """Yield the findings of one document as lines for people."""
    for finding in examined.findings:
        yield from finding_text(finding)


def finding_text(finding: Finding, *, colours: bool = True) -> Iterator[str]:
    """Yield the lines of one finding, with the escape sequences of a terminal if `colours`."""
    where, check = str(finding.position), f" [{finding.check}]"
    status: str = finding.status
    if colours:
        where = styled(where, "bold")
        status = styled(status, COLOURS[status])
        check = styled(check, "dim")
    yield f"{where}: {status}: {finding.dated}{check}"
    yield from (f"    {line}" for line in _remarks(finding))
    if finding.case:
        yield f"    {CASE}"
        yield ""
        yield from (f"      {line}" for line in yaml_text(finding.case.document).splitlines())
        yield ""


def _remarks(finding: Finding) -> list[str]:
    """Return the help of the finding, and why the document accepts it."""
    remarks = [f"help: {finding.help}"] if finding.help else []
    return [*remarks, f"meant: {english(finding.accepted)}"] if finding.accepted else remarks


def paragraphs(finding: Finding) -> list[str]:
    """Return the paragraphs about a finding, for reports that do not show its case."""
    texts = [finding.dated, *_remarks(finding)]
    if finding.case is None:
        return texts
    unusual = finding.case.unusual
    facts = ", ".join(f"`{fact.name}` is {scalar_text(fact.value)}" for fact in unusual)
    return [*texts, f"the plainest such return: {facts or 'the usual one'}"]


def findings_json(examined: Examined) -> str:
    """Return the findings of one document as one line of JSON (schema `findings`)."""
    findings = [entry(finding) for finding in examined.findings]
    return json.dumps({"document": examined.document, "findings": findings}, ensure_ascii=False)


def entry(finding: Finding) -> dict[str, object]:
    """Return a finding as JSON (schema `findings`)."""
    data: dict[str, object] = {
        "check": finding.check,
        "severity": finding.status,
        "at": finding.at,
        "position": str(finding.position),
        "message": finding.dated,
        "help": finding.help,
    }
    return {**data, "case": finding.case.document} if finding.case else data


def summary(documents: Iterable[Examined], *, tests: bool) -> str:
    """Return one line that counts documents, tests, errors and warnings."""
    examined = [*documents]
    errors = sum(document.errors for document in examined)
    warnings = sum(document.warnings for document in examined)
    parts = [counted(len(examined), "document")]
    if tests:
        parts.append(counted(sum(document.tests for document in examined), "test"))
    parts += [counted(errors, "error"), counted(warnings, "warning")]
    return styled(", ".join(parts), "red" if errors else "green")
