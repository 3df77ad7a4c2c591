"""What every case shows of two policies or two overrides, looked at one by one.

Stands beside the comparison by proofs, and decides each side's cases by the compiled reading.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checker.evaluate.compile_policy import compile_first
from checker.evaluate.decider import Decider
from checker.evaluate.decision import required_terms
from checker.evaluate.requirement import Requirement
from checker.language.model.conditions import NO_NAMES, Defined, facts_in
from checker.language.model.override import Override
from checker.language.model.types import ValueType
from checker.language.resolve.facts import Facts
from checker.language.resolve.resolver import ResolvedPolicy

RANKS = {"must_accept": 0, "negotiate": 1, "may_reject": 2}
RESPONSES = {"accept": 0, "manual": 1, "reject": 2}
NO_VALUE = 10**9  # of a term that a side does not have, or that does not apply there


class Looked:
    """One side, as the compiled reading decides it."""

    def __init__(self, resolved: ResolvedPolicy, override: Override | None = None) -> None:
        self.resolved, self.override = resolved, override
        self.read = Decider(resolved, override)
        self.alone = Decider(replace(resolved, upheld=()))
        self.upheld = [
            Decider(replace(resolved, policy=each, upheld=())) for each in resolved.upheld
        ]
        policy = resolved.policy
        self.definitions = {
            name: compile_first([Defined(name)], policy.names, policy.defaults())
            for name in policy.names.definitions
        }

    def sensible(self, facts: Facts, shared: set[str]) -> bool:
        """Return whether the invariants that speak of the side's own facts hold."""
        broken = self.read.broken_invariants(facts)
        return all(facts_in(each.always, NO_NAMES) <= shared for each in broken)

    def allows(self, facts: Facts) -> bool:
        decisive = self.resolved.vocabulary.testable_facts()
        return all(facts[name] in every_value(each.type) for name, each in decisive.items())

    def knows(self, facts: Facts) -> bool:
        return self.allows(facts) and not self.read.broken_invariants(facts)


def joint_cases(old: Looked, new: Looked) -> Iterator[tuple[Facts, Facts]]:
    """Yield what each side is told of every joint case."""
    its, mine = (each.resolved.vocabulary.testable_facts() for each in (old, new))
    shared = {name for name in mine if name in its and mine[name].type.name == its[name].type.name}
    columns: list[list[tuple[Facts, Facts]]] = []
    for name in shared:
        values = {*every_value(its[name].type), *every_value(mine[name].type)}
        columns.append([({name: each}, {name: each}) for each in values])
    for name in its.keys() - shared:
        columns.append([({name: each}, {}) for each in every_value(its[name].type)])
    for name in mine.keys() - shared:
        columns.append([({}, {name: each}) for each in every_value(mine[name].type)])
    for row in itertools.product(*columns):
        one: Facts = {name: value for told, _ in row for name, value in told.items()}
        other: Facts = {name: value for _, told in row for name, value in told.items()}
        if old.sensible(one, shared) and new.sensible(other, shared):
            yield one, other


def every_value(type_: ValueType) -> list[Any]:
    if type_.range:
        return [*range(type_.range[0], type_.range[1] + 1)]
    return [*type_.categories()]


Found = set[tuple[str, str]]  # place, and what some case shows of it


def compared(at: str, old: int, new: int) -> Found:
    return {(at, "gains")} if new < old else {(at, "loses")} if new > old else set()


def policies_looked_at(old: Looked, new: Looked) -> Found:
    """Return what the cases show of two policies."""
    found: Found = set()
    for one, other in joint_cases(old, new):
        possible = old.knows(one), new.knows(other)
        if not any(possible):
            continue
        said = old.read.decide(one).required, new.read.decide(other).required
        owed = [each.verdict if p else "" for each, p in zip(said, possible, strict=True)]
        found |= compared("verdict", RANKS.get(owed[0], 2), RANKS.get(owed[1], 2))
        if owed[1] == "must_accept" != owed[0]:
            found.add(("verdict", "breaks"))
        if possible[0] != possible[1] and old.allows(one) and new.allows(other):
            found.add(("invariants", "differs"))
        found |= of_upheld(old, new, (one, other), possible)
        alone = old.alone.decide(one).required, new.alone.decide(other).required
        found |= of_entitlements(old, new, alone, possible)
        found |= of_grounds(old, new, alone, possible, owed[1])
        if all(possible):
            found |= of_otherwise(old, new, alone)
            found |= of_terms(old, new, said)
            found |= of_definitions(old, new, (one, other))
    return found


def of_upheld(
    old: Looked, new: Looked, facts: tuple[Facts, Facts], possible: tuple[bool, bool]
) -> Found:
    required = [
        p and any(each.decide(f).required.verdict == "must_accept" for each in looked.upheld)
        for looked, f, p in zip((old, new), facts, possible, strict=True)
    ]
    return compared("upholds", not required[0], not required[1])


def of_entitlements(
    old: Looked, new: Looked, said: tuple[Requirement, Requirement], possible: tuple[bool, bool]
) -> Found:
    found: Found = set()
    for id in {**old.resolved.policy.entitlements, **new.resolved.policy.entitlements}:
        owed = [p and id in each.entitlements for each, p in zip(said, possible, strict=True)]
        found |= compared(f"entitlements.{id}", not owed[0], not owed[1])
    return found


def of_grounds(
    old: Looked,
    new: Looked,
    said: tuple[Requirement, Requirement],
    possible: tuple[bool, bool],
    owed: str,
) -> Found:
    found: Found = set()
    known = [{*each.resolved.policy.grounds} for each in (old, new)]
    for id in known[0] | known[1]:
        before, after = (id in each.grounds for each in said)
        if all(possible):
            found |= compared(f"grounds.{id}", before, after)
        if id in known[0] & known[1] and possible[1] and owed != "must_accept" and not after:
            found |= {(f"grounds.{id}", "breaks")} if before or not possible[0] else set()
    return found


def of_otherwise(old: Looked, new: Looked, said: tuple[Requirement, Requirement]) -> Found:
    words = [each.resolved.policy.otherwise for each in (old, new)]
    covered = any(each.entitlements or each.grounds for each in said)
    return set() if covered else compared("otherwise", RANKS[words[0]], RANKS[words[1]])


def of_terms(old: Looked, new: Looked, said: tuple[Requirement, Requirement]) -> Found:
    found: Found = set()
    terms = [required_terms(each.resolved) for each in (old, new)]
    own = [each.resolved.policy.terms for each in (old, new)]
    for name in {**terms[0], **terms[1]}:
        ranks = [
            each[name].rank(r.terms[name]) if name in r.terms else NO_VALUE
            for each, r in zip(terms, said, strict=True)
        ]
        change = compared(f"terms.{name}", *ranks)
        found |= change
        if (f"terms.{name}", "gains") in change and (name in own[0] or name not in own[1]):
            found.add((f"terms.{name}", "breaks"))
    return found


def of_definitions(old: Looked, new: Looked, facts: tuple[Facts, Facts]) -> Found:
    found: Found = set()
    for name in old.definitions.keys() & new.definitions.keys():
        if old.definitions[name](facts[0]) != new.definitions[name](facts[1]):
            found.add((f"definitions.{name}", "differs"))
    return found


def overrides_looked_at(old: Looked, new: Looked) -> Found:
    """Return what the cases show of two overrides."""
    found: Found = set()
    for one, other in joint_cases(old, new):
        possible = old.knows(one), new.knows(other)
        if not any(possible):
            continue
        answers = old.read.decide(one).answer, new.read.decide(other).answer
        assert answers[0] and answers[1]
        ranks = [
            RESPONSES[each.response] if p else 2 for each, p in zip(answers, possible, strict=True)
        ]
        change = compared("response", *ranks)
        found |= change
        places = [f"rules.{each.rule}" if each.rule else "otherwise" for each in answers]
        found |= {(at, check) for at in places for _, check in change}
        if all(possible):
            found |= {(at, "differs") for at in places if places[0] != places[1]}
            if places[0] == places[1] and cited(places[0], old) != cited(places[1], new):
                found.add((places[0], "differs"))
            found |= of_own_terms(old, new, (answers[0].terms, answers[1].terms))
    return found


def of_own_terms(old: Looked, new: Looked, offered: tuple[Facts, Facts]) -> Found:
    found: Found = set()
    terms = [each.resolved.policy.terms for each in (old, new)]
    for name in {**terms[0], **terms[1]}:
        ranks = [
            each[name].rank(values[name]) if name in values else NO_VALUE
            for each, values in zip(terms, offered, strict=True)
        ]
        found |= compared(f"terms.{name}", *ranks)
    return found


def cited(at: str, looked: Looked) -> set[str]:
    assert looked.override
    rules = {f"rules.{each.id}": each.cites for each in looked.override.rules}
    return {*rules.get(at, ())}
