"""Thresholds: the values that conditions compare a fact, parameter or term with.

A constant that moves between two neighbouring thresholds changes no decision, so only the values on
both sides of each threshold are worth trying. A comparison of two facts, or of a fact with a
parameter, passes the thresholds of one on to the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from checker.language.model.conditions import (
    NO_NAMES,
    AtMost,
    CoreTest,
    FactValue,
    Includes,
    Literal,
    Names,
    Operand,
    core_tests_in,
    operands_of,
)
from checker.language.model.override import Override
from checker.language.model.policy import Policy
from checker.language.model.terms import Row
from checker.language.model.types import Value, ValueType
from checker.language.resolve.resolver import ResolvedPolicy

MOST_KNOWN = 200  # of one name
MOST_NEAR = 200
ROUNDS = 3  # from fact to fact

Sum = tuple[str, int]  # a name, empty where there is none, plus a number

# where a comparison changes, from what is compared with: at most 7 between 7 and 8
_BEHIND_AT_MOST = (1,)
_BOTH_SIDES = (0, 1)


def nearest(values: Iterable[int], value: int) -> list[int]:
    """Return those of the values that are nearest to `value`, without itself."""
    other_values = {other_value for other_value in values if other_value != value}
    return sorted(other_values, key=lambda other_value: (abs(other_value - value), other_value))[
        :MOST_NEAR
    ]


def term_name(term: str) -> str:
    """Return the name that a term's values are known by, which is no fact's or parameter's."""
    return f"terms.{term}"


@dataclass(slots=True)
class Thresholds:
    """The thresholds of one override under the worlds that it meets.

    A threshold is the lowest value above it: something may change between 7 and 8 at 8.
    """

    _known: dict[str, set[int]] = field(default_factory=dict)
    _links: set[tuple[str, str, int]] = field(default_factory=set)
    _ranges: dict[str, tuple[int, int]] = field(default_factory=dict)

    def lowest_above(self, name: str) -> list[int]:
        """Return what may be the lowest value of a condition, ascending."""
        return [value for value in sorted(self._known.get(name, ())) if self._may_be(name, value)]

    def highest_below(self, name: str) -> list[int]:
        """Return what may be the highest value of a condition, ascending."""
        below = (value - 1 for value in sorted(self._known.get(name, ())))
        return [value for value in below if self._may_be(name, value)]

    def around(self, name: str) -> list[int]:
        """Return the values on both sides of every threshold, ascending."""
        return sorted({*self.lowest_above(name), *self.highest_below(name)})

    def near(self, name: str, value: int) -> list[int]:
        """Return the values worth trying in place of `value`, the nearest first."""
        return nearest(self.around(name), value)

    def _may_be(self, name: str, value: int) -> bool:
        low, high = self._ranges.get(name, (value, value))
        return low <= value <= high

    def bound(self, name: str, type_: ValueType) -> None:
        """Take in what values a fact or parameter may have."""
        if type_.range:
            self._ranges[name] = type_.range

    def compare(self, left: Sum, right: Sum, behind: Iterable[int] = _BOTH_SIDES) -> None:
        """Take in that two sums are compared: something changes that far behind the right one."""
        (name, plus), (other_name, number) = left, right
        shifts = [number - plus + shift for shift in behind]
        if name and name == other_name:
            return  # it holds always or never
        if name and other_name:
            self._links.update((name, other_name, shift) for shift in shifts)
        elif name:
            self._known.setdefault(name, set()).update(shifts)
        elif other_name:  # the other way round, and so on the other side
            shifts = [plus - number + 1 - shift for shift in behind]
            self._known.setdefault(other_name, set()).update(shifts)

    def spread(self) -> None:
        """Hand the thresholds of each name on to those that it is compared with."""
        for _ in range(ROUNDS):
            for name, other_name, shift in sorted(self._links):
                self._hand_on(name, other_name, shift)
                self._hand_on(other_name, name, -shift)

    def _hand_on(self, name: str, other_name: str, shift: int) -> None:
        known = self._known.setdefault(name, set())
        low, high = self._ranges.get(name, (None, None))
        for value in sorted(self._known.get(other_name, ())):
            inside = low is None or high is None or low <= value + shift <= high + 1
            if inside and len(known) < MOST_KNOWN:
                known.add(value + shift)


def thresholds(worlds: Iterable[ResolvedPolicy], overrides: Iterable[Override]) -> Thresholds:
    """Return the thresholds of an override, given as each of its worlds reads it."""
    collected = Thresholds()
    for resolved, override in zip(worlds, overrides, strict=True):
        for name, fact in resolved.vocabulary.testable_facts().items():
            collected.bound(name, fact.type)
            for end in fact.type.range or ():
                collected.compare((name, 0), ("", end))
        for name, parameter in resolved.policy.parameters.items():
            collected.bound(name, parameter.type)
            for value in (parameter.default, override.settings.get(name)):
                if parameter.type.ordered and isinstance(value, int):
                    collected.compare((name, 0), ("", value))
        for invariant in resolved.vocabulary.invariants:
            _read(collected, core_tests_in(invariant.always, NO_NAMES), {})
        for policy in resolved.upheld:
            _read_policy(collected, policy, policy.defaults())
        _read_policy(collected, resolved.policy, {})
        _read_override(collected, override)
    collected.spread()
    return collected


def _read_policy(collected: Thresholds, policy: Policy, constants: Mapping[str, Value]) -> None:
    """Take in what a policy compares; parameters that nobody sets are `constants`."""
    conditions = [
        *policy.names.grounds.values(),
        *policy.names.definitions.values(),
        *(entitlement.when for entitlement in policy.entitlements.values()),
    ]
    for condition in conditions:
        _read(collected, core_tests_in(condition, policy.names), constants)
    for name, term in policy.terms.items():
        _read_rows(collected, name, term.rows, policy.names, constants)


def _read_override(collected: Thresholds, override: Override) -> None:
    names = override.policy.names
    scope = [override.scope] if override.scope else []
    for condition in (*scope, *(rule.when for rule in override.rules)):
        _read(collected, core_tests_in(condition, names), {})
    for name, rows in override.terms.items():
        _read_rows(collected, name, rows, names, {})


def _read_rows(
    collected: Thresholds,
    term: str,
    rows: Iterable[Row],
    names: Names,
    constants: Mapping[str, Value],
) -> None:
    for row in rows:
        _read(collected, core_tests_in(row.when, names), constants)
        for value in _sums(row.then, constants):
            collected.compare((term_name(term), 0), value)


def _read(collected: Thresholds, tests: Iterable[CoreTest], constants: Mapping[str, Value]) -> None:
    for test in tests:
        if isinstance(test, Includes) or not test.type.ordered:
            continue
        left, right = operands_of(test)
        behind = _BEHIND_AT_MOST if isinstance(test, AtMost) else _BOTH_SIDES
        for first, second in product(_sums(left, constants), _sums(right, constants)):
            collected.compare(first, second, behind)


def _sums(operand: Operand, constants: Mapping[str, Value]) -> Iterator[Sum]:
    """Yield the sums that an operand with an order stands for: of a list, each value."""
    if isinstance(operand, Literal):
        values = operand.value if isinstance(operand.value, tuple) else (operand.value,)
        yield from (("", value) for value in values if isinstance(value, int))
    elif isinstance(operand, FactValue):
        yield operand.name, operand.plus
    else:
        value = constants.get(operand.name)
        yield ("", value + operand.plus) if isinstance(value, int) else (operand.name, operand.plus)
