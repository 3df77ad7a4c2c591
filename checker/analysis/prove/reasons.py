"""Why a counterexample must not be: what each policy requires in it, and by which clauses."""

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
    """Return the case of a counterexample with what requires more than the document gives.

    None where no case shows the failure. `on` is the day (an ordinal) that picks versions.
    """
    facts = failure.facts
    if facts is None:
        return None
    name = override.name if override else None
    case = plainest_case(failure.check, facts, resolved, name, on)
    if failure.at.startswith("terms."):
        term = failure.at.removeprefix("terms.")
        offered = _offered(term, facts, resolved, override)
        return replace(case, required_by=tuple(_by_term(term, facts, resolved)), offered=offered)
    if failure.check.endswith("-required-return"):
        return replace(case, required_by=tuple(_by_entitlement(facts, resolved)))
    return case


def _by_entitlement(facts: Facts, resolved: ResolvedPolicy) -> Iterator[Requirer]:
    """Yield which policies owe that the return is accepted."""
    for policy in resolved.policies:
        for id in PolicyInterpreter(with_defaults(policy), facts).entitlements():
            yield Requirer(policy.name, id, tuple(policy.entitlements[id].sources))


def _by_term(name: str, facts: Facts, resolved: ResolvedPolicy) -> Iterator[Requirer]:
    """Yield which policies give the term a value."""
    for policy in resolved.policies:
        if name in policy.terms:
            term = policy.terms[name]
            value = PolicyInterpreter(with_defaults(policy), facts).term(name)
            yield Requirer(policy.name, _shown(term, value), tuple(term.sources))


def _offered(name: str, facts: Facts, resolved: ResolvedPolicy, override: Override | None) -> Any:
    """Return the value of the term at the seller, None where there is no seller."""
    answer = Decider(resolved, override, INTERPRETED).decide(facts).answer
    return _shown(resolved.policy.terms[name], answer.terms[name]) if answer else None


def _shown(term: Term, value: Value | None) -> Any:
    assert value is not None, "every fact is known"
    return term.type.show(value)
