"""Proofs as text: what fails, where, the plainest case that shows it, and why it must not be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import click

from checker.analysis.prove.proof import Proof, Proved, case_document
from checker.evaluate.decider import Decider
from checker.evaluate.interpreter import INTERPRETED, PolicyInterpreter
from checker.evaluate.requirement import with_defaults
from checker.language.formatter.dump import yaml_text
from checker.language.model.types import Value
from checker.language.model.vocabulary import Vocabulary
from checker.language.resolve.facts import Facts, unusual_facts
from checker.language.syntax.localized import english
from checker.language.syntax.scalars import scalar_text

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
        if proof.resolved.vocabulary.as_of is None:
            day = date.fromordinal(proof.on).isoformat()
            yield f"      # no fact says which versions are meant: decide it with --on {day}"
        yield from (f"      {line}" for line in yaml_text(case_document(each, proof)).splitlines())
        yield ""


def _plainest(each: Proved, proof: Proof) -> Iterator[str]:
    """Yield what is unusual about the case, and what requires more than the document gives."""
    facts = each.facts or {}
    unusual = [*_unusual(facts, proof.resolved.vocabulary)]
    yield "    the plainest such return" + (":" if unusual else " is the usual one")
    yield from (f"      {line}" for line in unusual)
    if each.check.endswith("-required-return"):
        yield from (f"    {line}" for line in _owed(facts, proof))
    if each.at.startswith("terms."):
        yield from (f"    {line}" for line in _terms(each.at.removeprefix("terms."), facts, proof))


def _unusual(facts: Facts, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield a sentence for each fact that is not as usual."""
    for name, shown in unusual_facts(facts, vocabulary).items():
        fact = vocabulary.facts[name]
        assert fact.typical is not None
        usual = scalar_text(fact.type.show(fact.typical))
        title = f" ({english(fact.title)})" if fact.title else ""
        yield f"`{name}` is {scalar_text(shown)}, usually {usual}{title}"


def _owed(facts: Facts, proof: Proof) -> Iterator[str]:
    """Yield which clauses require the return to be accepted."""
    for policy in proof.resolved.policies:
        for id in PolicyInterpreter(with_defaults(policy), facts).entitlements():
            clauses = ", ".join(policy.entitlements[id].sources)
            because = f" ({clauses})" if clauses else ""
            yield f"required by {policy.name} `{id}`{because}"


def _terms(name: str, facts: Facts, proof: Proof) -> Iterator[str]:
    """Yield what the seller, and each policy, says of the term in the case."""
    decision = Decider(proof.resolved, proof.override, INTERPRETED).decide(facts)
    if decision.answer:
        yield f"`{name}` is {_value(name, decision.answer.terms, proof)} at the seller"
    for policy in proof.resolved.policies:
        if name in policy.terms:
            value = PolicyInterpreter(with_defaults(policy), facts).term(name)
            clauses = ", ".join(policy.terms[name].sources)
            because = f" ({clauses})" if clauses else ""
            yield f"`{name}` is {_value(name, {name: value}, proof)} by {policy.name}{because}"


def _value(name: str, terms: Mapping[str, Value | None], proof: Proof) -> str:
    value = terms[name]
    assert value is not None, "every fact is known"
    term = next(policy.terms[name] for policy in proof.resolved.policies if name in policy.terms)
    return scalar_text(term.type.show(value))


def _excerpt(each: Proved, proof: Proof) -> Iterator[str]:
    """Yield the line that the finding is about, with a caret under its place."""
    lines = proof.document.text.splitlines()
    if 0 < each.position.line <= len(lines):
        yield click.style(lines[each.position.line - 1], dim=True)
        yield " " * (each.position.column - 1) + "^"
