"""Hypothesis strategies for possible cases, with many values at the edges of conditions.

Every threshold of a condition is drawn often, with its two neighbours. Values shrink towards
`typical`, so that a shrunk failing case has unusual values only where they matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from hypothesis import reject
from hypothesis import strategies as st

from checker.evaluate.decider import Decider
from checker.language.model.conditions import (
    NO_NAMES,
    Condition,
    CoreTest,
    FactValue,
    GroundHolds,
    Includes,
    Literal,
    Names,
    OneOf,
    Operand,
    ParameterValue,
    core_tests_in,
    facts_in,
)
from checker.language.model.override import Override
from checker.language.model.policy import Policy
from checker.language.model.types import Value
from checker.language.model.vocabulary import Fact, Invariant
from checker.language.resolve.facts import Facts
from checker.language.resolve.resolver import ResolvedPolicy

_ATTEMPTS = 6
_FEW = 3
Thresholds = Mapping[str, set[int]]


def possible_cases(decider: Decider) -> st.SearchStrategy[Facts]:
    """Return the strategy of possible cases.

    Every fact is known but the dates that other facts derive from. Two in three cases differ from
    the typical one only in the facts of one condition or a few: were every fact drawn freely, some
    ground would hold in nearly every case.
    """
    strategies = fact_strategies(decider.resolved, decider.override)
    vocabulary = decider.resolved.vocabulary
    typical: Facts = {
        name: fact.typical if name in strategies else None
        for name, fact in vocabulary.facts.items()
    }
    fact_sets = sorted({tuple(sorted(facts)) for facts in _facts_by_condition(decider)}) or [()]
    one_condition = st.sampled_from(fact_sets).map(lambda facts: {*facts})
    few_sets = st.sets(st.sampled_from(fact_sets), max_size=_FEW)
    few_conditions = few_sets.map(lambda sets: {*chain(*sets)})

    @st.composite
    def possible_case(draw: st.DrawFn) -> Facts:
        unusual = draw(one_condition | few_conditions | st.just({*strategies}))
        facts = {**typical}
        for name in strategies:
            if name in unusual:
                facts[name] = draw(strategies[name])
        for _ in range(_ATTEMPTS):
            broken = decider.broken_invariants(facts)
            if not broken:
                return facts
            for name in sorted(_facts_of(broken)):
                facts[name] = draw(strategies[name])
        reject()

    return possible_case()


def fact_strategies(
    resolved: ResolvedPolicy, override: Override | None = None
) -> dict[str, st.SearchStrategy[Value]]:
    """Return a strategy for each fact that a condition can look at, in the vocabulary's order."""
    points = thresholds(resolved, override)
    decisive = resolved.vocabulary.testable_facts()
    return {name: _values(fact, points.get(name, set())) for name, fact in decisive.items()}


def _values(fact: Fact, points: Iterable[int]) -> st.SearchStrategy[Value]:
    typical = fact.typical
    if fact.type.name == "boolean":
        return st.sampled_from([bool(typical), not typical])
    if fact.type.name == "enum":
        other_values = (value for value in fact.type.values if value != typical)
        return st.sampled_from([str(typical), *other_values])
    assert fact.type.range is not None and isinstance(typical, int)
    low, high = fact.type.range
    candidates = {point + step for point in points for step in (-1, 0, 1)} | {low, high}
    others = (point for point in candidates if low <= point <= high and point != typical)
    edges = [typical, *sorted(others)]
    at_edges = st.sampled_from(edges)
    return st.one_of(at_edges, at_edges, at_edges, st.integers(low, high))


def thresholds(resolved: ResolvedPolicy, override: Override | None = None) -> Thresholds:
    """Return, by ordered fact, the typed values that conditions compare it with."""
    by_fact: dict[str, set[int]] = {}
    links: list[tuple[str, str, int]] = []
    for test, parameters in _all_tests(resolved, override):
        for left, right in _compared(test):
            if isinstance(left, FactValue) and isinstance(right, FactValue):
                links.append((left.name, right.name, right.plus - left.plus))
            else:
                fact, operand = (left, right) if isinstance(left, FactValue) else (right, left)
                if isinstance(fact, FactValue) and not isinstance(operand, FactValue):
                    values = (number - fact.plus for number in _integers(operand, parameters))
                    by_fact.setdefault(fact.name, set()).update(values)
    for left_name, right_name, plus in links:  # a threshold of one fact is one of the other, moved
        left_values = by_fact.setdefault(left_name, set())
        right_values = by_fact.setdefault(right_name, set())
        left_values |= {value + plus for value in right_values}
        right_values |= {value - plus for value in left_values}
    return by_fact


def _compared(test: CoreTest) -> Iterator[tuple[Operand, Operand]]:
    """Yield the operands that a test compares with one another."""
    if isinstance(test, OneOf):
        yield test.subject, test.members
    elif not isinstance(test, Includes):
        yield test.left, test.right


def _integers(operand: Literal | ParameterValue, parameters: Mapping[str, Value]) -> Iterator[int]:
    if isinstance(operand, ParameterValue):
        value = parameters[operand.name]
        if isinstance(value, int):
            yield value + operand.plus
    else:
        values = operand.value if isinstance(operand.value, tuple) else (operand.value,)
        yield from (value for value in values if isinstance(value, int))


def _facts_by_condition(decider: Decider) -> Iterator[frozenset[str]]:
    """Yield the facts of each condition that decisions depend on."""
    for invariant in decider.resolved.vocabulary.invariants:
        yield facts_in(invariant.always, NO_NAMES)
    for policy in decider.resolved.policies:
        yield from (facts_in(condition, policy.names) for condition in policy_conditions(policy))
    if decider.override:
        names = decider.override.policy.names
        yield from (
            facts_in(condition, names) for condition in override_conditions(decider.override)
        )


def _all_tests(
    resolved: ResolvedPolicy, override: Override | None
) -> Iterator[tuple[CoreTest, Mapping[str, Value]]]:
    """Yield every core test of the documents, with the parameters that apply to it."""
    for invariant in resolved.vocabulary.invariants:
        yield from ((test, {}) for test in core_tests_in(invariant.always, NO_NAMES))
    for policy in resolved.policies:
        yield from _tests(policy_conditions(policy), policy.names, policy.defaults())
    if override:
        own = chain(policy_conditions(override.policy), override_conditions(override))
        yield from _tests(own, override.policy.names, override.parameters())


def policy_conditions(policy: Policy) -> Iterator[Condition]:
    """Yield every condition that the policy's results depend on."""
    yield from (GroundHolds(id) for id in policy.grounds)
    yield from (entitlement.when for entitlement in policy.entitlements.values())
    yield from (row.when for term in policy.terms.values() for row in term.rows)
    yield from (term.when for term in policy.terms.values() if term.when)


def override_conditions(override: Override) -> Iterator[Condition]:
    """Yield every condition of the override itself."""
    yield from (rule.when for rule in override.rules)
    yield from (row.when for rows in override.terms.values() for row in rows)
    yield from [override.scope] if override.scope else []


def _tests(
    conditions: Iterable[Condition], names: Names, parameters: Mapping[str, Value]
) -> Iterator[tuple[CoreTest, Mapping[str, Value]]]:
    for condition in conditions:
        yield from ((test, parameters) for test in core_tests_in(condition, names))


def _facts_of(invariants: Iterable[Invariant]) -> set[str]:
    return {fact for invariant in invariants for fact in facts_in(invariant.always, NO_NAMES)}
