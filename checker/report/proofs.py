"""Proofs as text: what fails, where, the plainest case that shows it, and why it must not be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import click

from checker.analysis.proving import Proof, Proved, case_document
from checker.language.facts import show_facts
from checker.language.values import written
from checker.readings.required import Requirement, compile_required, governed
from checker.report.words import english
from checker.report.yaml_text import yaml_text

_COLOURS = {"error": "red", "warning": "yellow"}


def proof_text(proof: Proof) -> Iterator[str]:
    """Yield the lines that say what is proved of a document against one combination."""
    held = click.style("holds", fg="green") if proof.holds else click.style("fails", fg="red")
    since = date.fromordinal(proof.on).isoformat()
    name = click.style(proof.document.name, bold=True)
    yield f"{name}: {held} against {proof.against}, as of {since}"
    for each in proof.findings:
        yield from finding_text(each, proof)


def finding_text(each: Proved, proof: Proof) -> Iterator[str]:
    """Yield the lines of one finding."""
    severity = "accepted" if each.accepted else each.severity
    shown = click.style(severity, fg=_COLOURS.get(severity, "cyan"))
    where = click.style(str(each.position), bold=True)
    yield f"{where}: {shown}: {each.message}" + click.style(f" [{each.check}]", dim=True)
    yield from (f"    {line}" for line in _excerpt(each, proof))
    if each.accepted:
        yield f"    meant: {english(each.accepted)}"
    if each.facts is not None:
        yield from _plainest(each, proof)
        yield ""
        yield from (f"      {line}" for line in yaml_text(case_document(each, proof)).splitlines())
        yield ""


def _plainest(each: Proved, proof: Proof) -> Iterator[str]:
    """Yield what is unusual about the case, and which clauses require it to be accepted."""
    facts = each.facts or {}
    vocabulary = proof.world.vocabulary
    shown = show_facts(facts, vocabulary)
    unusual = [
        f"{name} is {written(shown[name])}"
        for name, value in facts.items()
        if value is not None and value != vocabulary.facts[name].typical
    ]
    yield f"    the plainest such case: {'; '.join(unusual) or 'the typical one'}"
    for policy in proof.world.policies:
        owed = Requirement(*compile_required([governed(policy)])(facts)).entitlements
        for id in owed if each.check.endswith("-required-return") else ():
            clauses = ", ".join(policy.entitlements[id].sources)
            because = f" ({clauses})" if clauses else ""
            yield f"    required by {policy.name} {id}{because}"


def _excerpt(each: Proved, proof: Proof) -> Iterator[str]:
    """Yield the line that the finding is about, with a caret under its place."""
    lines = proof.document.text.splitlines()
    if 0 < each.position.line <= len(lines):
        yield click.style(lines[each.position.line - 1], dim=True)
        yield " " * (each.position.column - 1) + "^"
