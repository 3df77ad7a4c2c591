"""What each policy requires in the case of a counterexample, and by which clauses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checker.analysis.prove.prover import Counterexample
from checker.evaluate.decider import Decider
from checker.evaluate.interpreter import INTERPRETED, PolicyInterpreter
from checker.evaluate.requirement import with_defaults
from checker.language.model.override import Override
from checker.language.model.terms import Term
from checker.language.model.types import Value
from checker.language.resolve.facts import Facts, plainest_case
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.problems import PlainestCase, Requirer


def explained(
    failure: Counterexample, resolved: ResolvedPolicy, override: Override | None, on: int
) -> PlainestCase | None:
    """Return the case of a counterexample, with the requirements that the document does not meet.

    Returns None if no case shows the failure. `on` is the day (an ordinal) that picks versions.
    """
    facts = failure.facts
    if facts is None:
        return None
    name = override.name if override else None
    case = plainest_case(failure.check, facts, resolved, name, on)
    if failure.at.startswith("terms."):
        term = failure.at.removeprefix("terms.")
        offered = _seller_value(term, facts, resolved, override)
        requirers = tuple(_requiring_terms(term, facts, resolved))
        return replace(case, required_by=requirers, offered=offered)
    if failure.check.endswith("-required-return"):
        return replace(case, required_by=tuple(_requiring_entitlements(facts, resolved)))
    return case


def _requiring_entitlements(facts: Facts, resolved: ResolvedPolicy) -> Iterator[Requirer]:
    """Yield the policies and entitlements by which the return must be accepted."""
    for policy in resolved.policies:
        for id in PolicyInterpreter(with_defaults(policy), facts).entitlements():
            yield Requirer(policy.name, id, tuple(policy.entitlements[id].sources))


def _requiring_terms(name: str, facts: Facts, resolved: ResolvedPolicy) -> Iterator[Requirer]:
    """Yield the policies that give the term a value, with that value."""
    for policy in resolved.policies:
        if name in policy.terms:
            term = policy.terms[name]
            value = PolicyInterpreter(with_defaults(policy), facts).term(name)
            if value is not None:  # where the term does not apply there is none
                yield Requirer(policy.name, _document_value(term, value), tuple(term.sources))


def _seller_value(
    name: str, facts: Facts, resolved: ResolvedPolicy, override: Override | None
) -> Any:
    """Return the seller's value of the term, None where there is no override."""
    answer = Decider(resolved, override, INTERPRETED).decide(facts).answer
    return _document_value(resolved.policy.terms[name], answer.terms[name]) if answer else None


def _document_value(term: Term, value: Value | None) -> Any:
    """Return the value as documents write it."""
    assert value is not None, "every fact is known"
    return term.type.show(value)
