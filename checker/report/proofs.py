"""Proofs as text: each failed check, its position, its minimal case, and what requires more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from checker.analysis.prove.proof import Proof
from checker.language.formatter.dump import yaml_text
from checker.language.syntax.localized import english
from checker.language.syntax.printable import styled
from checker.language.syntax.problems import Finding, PlainestCase, Requirer, UnusualFact
from checker.language.syntax.scalars import scalar_text
from checker.report.findings import COLOURS


def proof_text(proof: Proof) -> Iterator[str]:
    """Yield the lines of a proof against one combination of versions."""
    result = styled("holds", "green") if proof.holds else styled("fails", "red")
    day = date.fromordinal(proof.on).isoformat()
    name = styled(proof.document.name, "bold")
    yield f"{name}: {result} against {proof.against}, as of {day}"
    for finding in proof.findings:
        yield from _finding(finding, proof)


def _finding(finding: Finding, proof: Proof) -> Iterator[str]:
    """Yield the lines of one finding, without the day, which the proof states."""
    status = styled(finding.status, COLOURS[finding.status])
    where = styled(str(finding.position), "bold")
    yield f"{where}: {status}: {finding.message}" + styled(f" [{finding.check}]", "dim")
    yield from (f"    {line}" for line in _excerpt(finding, proof))
    if finding.accepted:
        yield f"    meant: {english(finding.accepted)}"
    if finding.case:
        yield from _case_lines(finding.case)
        yield from (f"    {line}" for line in _requirement_lines(finding.at, finding.case))
        yield ""
        if proof.resolved.vocabulary.as_of is None:
            day = date.fromordinal(proof.on).isoformat()
            yield f"      # no fact says which versions are meant: decide it with --on {day}"
        yield from (f"      {line}" for line in yaml_text(finding.case.document).splitlines())
        yield ""


def _case_lines(case: PlainestCase) -> Iterator[str]:
    """Yield the facts of the case that are not typical."""
    yield "    the plainest such return" + (":" if case.unusual else " is the usual one")
    yield from (f"      {_fact_text(fact)}" for fact in case.unusual)


def _fact_text(fact: UnusualFact) -> str:
    title = f" ({english(fact.title)})" if fact.title else ""
    return f"`{fact.name}` is {scalar_text(fact.value)}, usually {scalar_text(fact.usual)}{title}"


def _requirement_lines(at: str, case: PlainestCase) -> Iterator[str]:
    """Yield the requirements that the document does not meet, and the seller's value of a term."""
    if at.startswith("terms."):
        term = at.removeprefix("terms.")
        if case.offered is not None:
            yield f"`{term}` is {scalar_text(case.offered)} at the seller"
        for requirer in case.required_by:
            by = f"{requirer.policy}{_clauses(requirer)}"
            yield f"`{term}` is {scalar_text(requirer.what)} by {by}"
    else:
        for requirer in case.required_by:
            yield f"required by {requirer.policy} `{requirer.what}`{_clauses(requirer)}"


def _clauses(requirer: Requirer) -> str:
    return f" ({', '.join(requirer.clauses)})" if requirer.clauses else ""


def _excerpt(finding: Finding, proof: Proof) -> Iterator[str]:
    """Yield the line of the finding, with a caret below its position."""
    lines = proof.document.text.splitlines()
    if 0 < finding.position.line <= len(lines):
        yield styled(lines[finding.position.line - 1], "dim")
        yield " " * (finding.position.column - 1) + "^"
