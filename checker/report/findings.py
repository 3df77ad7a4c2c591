"""Findings of documents as text and as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import click

from checker.analysis.check.findings import Examined, Finding
from checker.language.formatter.dump import yaml_text
from checker.language.syntax.localized import english
from checker.language.syntax.scalars import scalar_text

_COLOURS = {"error": "red", "warning": "yellow", "accepted": "cyan"}


CASE = "a case that shows it, for `checker decide`:"


def findings_text(examined: Examined) -> Iterator[str]:
    """Yield the findings of one document as lines for people."""
    for finding in examined.findings:
        yield from finding_text(finding)


def finding_text(finding: Finding, *, colours: bool = True) -> Iterator[str]:
    """Yield the lines of one finding, with the escape sequences of a terminal if `colours`."""
    problem = finding.problem
    where, check = str(problem.position), f" [{problem.check}]"
    severity: str = problem.severity
    if colours:
        where = click.style(where, bold=True)
        severity = click.style(severity, fg=_COLOURS[problem.severity])
        check = click.style(check, dim=True)
    yield f"{where}: {severity}: {problem.message}{check}"
    yield from (f"    {line}" for line in _remarks(finding))
    if finding.case:
        yield f"    {CASE}"
        yield ""
        yield from (f"      {line}" for line in yaml_text(finding.case).splitlines())
        yield ""


def _remarks(finding: Finding) -> list[str]:
    """Return what would help, and why the finding is accepted."""
    remarks = [f"help: {finding.problem.help}"] if finding.problem.help else []
    return [*remarks, f"meant: {english(finding.meant)}"] if finding.meant else remarks


def paragraphs(finding: Finding) -> list[str]:
    """Return what is said of a finding, where the case does not stand beside it."""
    said = [finding.problem.message, *_remarks(finding)]
    if finding.unusual is None:
        return said
    facts = ", ".join(
        f"`{name}` is {scalar_text(value)}" for name, value in finding.unusual.items()
    )
    return [*said, f"the plainest such return: {facts or 'the usual one'}"]


def findings_json(examined: Examined) -> str:
    """Return the findings of one document as one line of JSON (schema `findings`)."""
    findings = [_entry(finding) for finding in examined.findings]
    return json.dumps({"document": examined.document, "findings": findings}, ensure_ascii=False)


def _entry(finding: Finding) -> dict[str, object]:
    problem = finding.problem
    entry: dict[str, object] = {
        "check": problem.check,
        "severity": problem.severity,
        "at": problem.at,
        "position": str(problem.position),
        "message": problem.message,
        "help": problem.help,
    }
    return {**entry, "case": finding.case} if finding.case else entry


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
