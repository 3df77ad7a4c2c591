"""Findings of documents as text and as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import click

from checker.analysis.check.findings import Examined
from checker.language.formatter.dump import yaml_text
from checker.language.syntax.localized import english
from checker.language.syntax.problems import Finding
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
        where = click.style(where, bold=True)
        status = click.style(status, fg=COLOURS[status])
        check = click.style(check, dim=True)
    yield f"{where}: {status}: {finding.dated}{check}"
    yield from (f"    {line}" for line in _remarks(finding))
    if finding.case:
        yield f"    {CASE}"
        yield ""
        yield from (f"      {line}" for line in yaml_text(finding.case.document).splitlines())
        yield ""


def _remarks(finding: Finding) -> list[str]:
    """Return what would help, and why the finding is accepted."""
    remarks = [f"help: {finding.help}"] if finding.help else []
    return [*remarks, f"meant: {english(finding.accepted)}"] if finding.accepted else remarks


def paragraphs(finding: Finding) -> list[str]:
    """Return what is said of a finding, where the case does not stand beside it."""
    said = [finding.dated, *_remarks(finding)]
    if finding.case is None:
        return said
    unusual = finding.case.unusual
    facts = ", ".join(f"`{fact.name}` is {scalar_text(fact.value)}" for fact in unusual)
    return [*said, f"the plainest such return: {facts or 'the usual one'}"]


def findings_json(examined: Examined) -> str:
    """Return the findings of one document as one line of JSON (schema `findings`)."""
    findings = [entry(finding) for finding in examined.findings]
    return json.dumps({"document": examined.document, "findings": findings}, ensure_ascii=False)


def entry(finding: Finding) -> dict[str, object]:
    """Return a finding as JSON (schema `findings`)."""
    shown: dict[str, object] = {
        "check": finding.check,
        "severity": finding.status,
        "at": finding.at,
        "position": str(finding.position),
        "message": finding.dated,
        "help": finding.help,
    }
    return {**shown, "case": finding.case.document} if finding.case else shown


def summary(done: Iterable[Examined], *, tests: bool) -> str:
    """Return one line that counts documents, tests, errors and warnings."""
    all_done = [*done]
    errors = sum(each.errors for each in all_done)
    warnings = sum(each.warnings for each in all_done)
    parts = [_count(len(all_done), "document")]
    if tests:
        parts.append(_count(sum(each.tests for each in all_done), "test"))
    parts += [_count(errors, "error"), _count(warnings, "warning")]
    return click.style(", ".join(parts), fg="red" if errors else "green")


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
