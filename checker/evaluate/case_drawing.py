"""Draws possible cases, with many values at the edges of conditions.

Every threshold of a condition is drawn often, with its two neighbours. The generator is Python's
own with a seed, so that the same documents and the same seed give the same cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, takewhile
from random import Random

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
_AS_ONE = 0.5  # of the repairs of broken invariants
_AT_EDGES = 0.75  # of the values of an ordered fact
Thresholds = Mapping[str, set[int]]


@dataclass(slots=True)
class CaseDrawing:
    """Draws possible cases of a decider's policy, for its override if it has one.

    Attributes:
        decider: whose conditions the cases are drawn along.
        random: the source of the draws.
        typical: the typical case; only dates that other facts derive from are absent.
        values: by fact, the values at its edges: the typical one, then those at thresholds.
        fact_sets: the facts of each condition that decisions depend on.
        ranges: by ordered fact, its lowest and its highest value.
    """

    decider: Decider
    random: Random
    typical: Facts = field(init=False)
    values: dict[str, list[Value]] = field(init=False)
    fact_sets: list[tuple[str, ...]] = field(init=False)
    ranges: dict[str, tuple[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        resolved, override = self.decider.resolved, self.decider.override
        points = thresholds(resolved, override)
        decisive = resolved.vocabulary.testable_facts()
        self.values = {name: _values(fact, points.get(name, ())) for name, fact in decisive.items()}
        self.ranges = {
            name: fact.type.range for name, fact in decisive.items() if fact.type.range is not None
        }
        self.typical = {
            name: fact.typical if name in decisive else None
            for name, fact in resolved.vocabulary.facts.items()
        }
        fact_sets = {tuple(sorted(facts)) for facts in _facts_by_condition(self.decider)}
        self.fact_sets = sorted(fact_sets)

    def draw(self) -> Facts | None:
        """Return a possible case, None where the draws of some attempts were all impossible.

        Two in three cases differ from the typical one only in the facts of one condition or a few:
        were every fact drawn freely, some ground would hold in nearly every case.
        """
        facts = {**self.typical}
        for name in self._unusual_facts():
            facts[name] = self._value(name)
        for _ in range(_ATTEMPTS):
            broken = self.decider.broken_invariants(facts)
            if not broken:
                return facts
            names = _facts_of(broken)
            for name in names:
                facts[name] = self._value(name)
            if self.random.random() < _AS_ONE:
                facts |= self._as_one(names, facts)
        return None

    def _as_one(self, names: Iterable[str], facts: Facts) -> Facts:
        """Return one value for all ordered facts among the names, as far as their ranges allow.

        Invariants often compare such facts with each other, as counts of the same days: drawn one
        by one they would hardly ever agree. The value is that of the first of them.
        """
        ordered = [name for name in names if name in self.ranges]
        first = facts[ordered[0]] if ordered else 0
        assert isinstance(first, int)
        return {
            name: min(max(first, low), high)
            for name in ordered
            for low, high in [self.ranges[name]]
        }

    def _unusual_facts(self) -> Iterable[str]:
        kind = self.random.randrange(3)
        if kind == 0 or not self.fact_sets:
            return self.values
        if kind == 1:
            return self.random.choice(self.fact_sets)
        count = min(self.random.randint(0, _FEW), len(self.fact_sets))
        return dict.fromkeys(chain(*self.random.sample(self.fact_sets, count)))

    def _value(self, name: str) -> Value:
        if name in self.ranges and self.random.random() >= _AT_EDGES:
            return self.random.randint(*self.ranges[name])
        return self.random.choice(self.values[name])

    def simplest(self, facts: Facts, shows: Callable[[Facts], bool]) -> Facts:
        """Return a possible case that `shows` accepts, as `facts` are, and that is plainer.

        Facts become typical, alone and by the sets that conditions read; a number that can't be
        typical comes as near to it as it can, by edges and then by halves.
        """

        def accepted(changed: Facts) -> bool:
            return not self.decider.broken_invariants(changed) and shows(changed)

        while True:
            before = facts
            for names in (*((name,) for name in self.values), *self.fact_sets):
                changed = {**facts, **{name: self.typical[name] for name in names}}
                if changed != facts and accepted(changed):
                    facts = changed
            for name in self.values:
                if facts[name] != self.typical[name]:
                    facts = self._nearer(facts, name, accepted)
            if facts == before:
                return facts

    def _nearer(self, facts: Facts, name: str, accepted: Callable[[Facts], bool]) -> Facts:
        """Return the case with the value of one fact nearer to its typical one, where it can be."""
        typical, value = self.typical[name], facts[name]
        if name not in self.ranges:
            values = self.values[name]
            candidates: list[Value] = [*takewhile(lambda nearer: nearer != value, values[1:])]
        else:
            assert isinstance(typical, int) and isinstance(value, int)
            candidates = [
                edge
                for edge in self._by_distance(name)
                if abs(edge - typical) < abs(value - typical)
            ]
        for candidate in candidates:
            changed = {**facts, name: candidate}
            if accepted(changed):
                facts = changed
                break
        if name in self.ranges:
            facts = self._halved(facts, name, accepted)
        return facts

    def _by_distance(self, name: str) -> list[int]:
        """Return the edges of an ordered fact, the nearest to its typical value first."""
        typical = self.typical[name]
        edges = [edge for edge in self.values[name] if isinstance(edge, int)]
        assert isinstance(typical, int)
        return sorted(edges, key=lambda edge: (abs(edge - typical), edge))

    def _halved(self, facts: Facts, name: str, accepted: Callable[[Facts], bool]) -> Facts:
        """Return the case with the number between its value and the typical one, by bisection."""
        far, value = self.typical[name], facts[name]
        assert isinstance(far, int) and isinstance(value, int)
        while abs(value - far) > 1:
            middle = (value + far) // 2
            changed = {**facts, name: middle}
            if accepted(changed):
                facts, value = changed, middle
            else:
                far = middle
        return facts


def _values(fact: Fact, points: Iterable[int]) -> list[Value]:
    """Return the values at the edges of a fact, the typical one first."""
    typical = fact.typical
    if fact.type.name == "boolean":
        return [bool(typical), not typical]
    if fact.type.name == "enum":
        other_values = (value for value in fact.type.values if value != typical)
        return [str(typical), *other_values]
    assert fact.type.range is not None and isinstance(typical, int)
    low, high = fact.type.range
    candidates = {point + step for point in points for step in (-1, 0, 1)} | {low, high}
    others = (point for point in candidates if low <= point <= high and point != typical)
    return [typical, *sorted(others)]


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


def _facts_of(invariants: Iterable[Invariant]) -> list[str]:
    """Return the names of the facts that the invariants are about."""
    return sorted(
        {fact for invariant in invariants for fact in facts_in(invariant.always, NO_NAMES)}
    )
