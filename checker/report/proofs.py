"""Proofs as text: what fails, where, the plainest case that shows it, and why it must not be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import click

from checker.analysis.prove.proof import Proof
from checker.language.formatter.dump import yaml_text
from checker.language.syntax.localized import english
from checker.language.syntax.problems import Finding, PlainestCase, Requirer, UnusualFact
from checker.language.syntax.scalars import scalar_text
from checker.report.findings import COLOURS


def proof_text(proof: Proof) -> Iterator[str]:
    """Yield the lines that say what is proved of a document against one combination."""
    held = click.style("holds", fg="green") if proof.holds else click.style("fails", fg="red")
    since = date.fromordinal(proof.on).isoformat()
    name = click.style(proof.document.name, bold=True)
    yield f"{name}: {held} against {proof.against}, as of {since}"
    for each in proof.findings:
        yield from _finding(each, proof)


def _finding(finding: Finding, proof: Proof) -> Iterator[str]:
    """Yield the lines of one finding; the day stands above it already."""
    status = click.style(finding.status, fg=COLOURS[finding.status])
    where = click.style(str(finding.position), bold=True)
    yield f"{where}: {status}: {finding.message}" + click.style(f" [{finding.check}]", dim=True)
    yield from (f"    {line}" for line in _excerpt(finding, proof))
    if finding.accepted:
        yield f"    meant: {english(finding.accepted)}"
    if finding.case:
        yield from _plainest(finding.case)
        yield from (f"    {line}" for line in _required(finding.at, finding.case))
        yield ""
        if proof.resolved.vocabulary.as_of is None:
            day = date.fromordinal(proof.on).isoformat()
            yield f"      # no fact says which versions are meant: decide it with --on {day}"
        yield from (f"      {line}" for line in yaml_text(finding.case.document).splitlines())
        yield ""


def _plainest(case: PlainestCase) -> Iterator[str]:
    """Yield what is unusual about the case."""
    yield "    the plainest such return" + (":" if case.unusual else " is the usual one")
    yield from (f"      {_unusual(fact)}" for fact in case.unusual)


def _unusual(fact: UnusualFact) -> str:
    title = f" ({english(fact.title)})" if fact.title else ""
    return f"`{fact.name}` is {scalar_text(fact.value)}, usually {scalar_text(fact.usual)}{title}"


def _required(at: str, case: PlainestCase) -> Iterator[str]:
    """Yield what requires more than the document gives, and what the seller gives of a term."""
    if at.startswith("terms."):
        term = at.removeprefix("terms.")
        if case.offered is not None:
            yield f"`{term}` is {scalar_text(case.offered)} at the seller"
        for each in case.required_by:
            yield f"`{term}` is {scalar_text(each.what)} by {each.policy}{_clauses(each)}"
    else:
        for each in case.required_by:
            yield f"required by {each.policy} `{each.what}`{_clauses(each)}"


def _clauses(requirer: Requirer) -> str:
    return f" ({', '.join(requirer.clauses)})" if requirer.clauses else ""


def _excerpt(finding: Finding, proof: Proof) -> Iterator[str]:
    """Yield the line that the finding is about, with a caret under its place."""
    lines = proof.document.text.splitlines()
    if 0 < finding.position.line <= len(lines):
        yield click.style(lines[finding.position.line - 1], dim=True)
        yield " " * (finding.position.column - 1) + "^"
