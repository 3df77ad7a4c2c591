"""Where something changes: the values that conditions compare a fact, parameter or term with.

Between two of them a constant can be moved without any case being answered otherwise, so that the
values on both sides of each are all that are worth trying. A comparison of two facts, or of a
fact with a parameter, hands the thresholds of one on to the other.
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
    others = {each for each in values if each != value}
    return sorted(others, key=lambda each: (abs(each - value), each))[:MOST_NEAR]


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
        return [each for each in sorted(self._known.get(name, ())) if self._may_be(name, each)]

    def highest_below(self, name: str) -> list[int]:
        """Return what may be the highest value of a condition, ascending."""
        below = (each - 1 for each in sorted(self._known.get(name, ())))
        return [each for each in below if self._may_be(name, each)]

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
        (name, plus), (other, number) = left, right
        shifts = [number - plus + each for each in behind]
        if name and name == other:
            return  # it holds always or never
        if name and other:
            self._links.update((name, other, shift) for shift in shifts)
        elif name:
            self._known.setdefault(name, set()).update(shifts)
        elif other:  # the other way round, and so on the other side
            shifts = [plus - number + 1 - each for each in behind]
            self._known.setdefault(other, set()).update(shifts)

    def spread(self) -> None:
        """Hand the thresholds of each name on to those that it is compared with."""
        for _ in range(ROUNDS):
            for name, other, shift in sorted(self._links):
                self._hand_on(name, other, shift)
                self._hand_on(other, name, -shift)

    def _hand_on(self, name: str, other: str, shift: int) -> None:
        known = self._known.setdefault(name, set())
        low, high = self._ranges.get(name, (None, None))
        for each in sorted(self._known.get(other, ())):
            inside = low is None or high is None or low <= each + shift <= high + 1
            if inside and len(known) < MOST_KNOWN:
                known.add(each + shift)


def thresholds(worlds: Iterable[ResolvedPolicy], overrides: Iterable[Override]) -> Thresholds:
    """Return the thresholds of an override, given as each of its worlds reads it."""
    found = Thresholds()
    for resolved, override in zip(worlds, overrides, strict=True):
        for name, fact in resolved.vocabulary.decisive().items():
            found.bound(name, fact.type)
            for end in fact.type.range or ():
                found.compare((name, 0), ("", end))
        for name, parameter in resolved.policy.parameters.items():
            found.bound(name, parameter.type)
            for value in (parameter.default, override.settings.get(name)):
                if parameter.type.ordered and isinstance(value, int):
                    found.compare((name, 0), ("", value))
        for invariant in resolved.vocabulary.invariants:
            _read(found, core_tests_in(invariant.always, NO_NAMES), {})
        for policy in resolved.upheld:
            _read_policy(found, policy, policy.defaults())
        _read_policy(found, resolved.policy, {})
        _read_override(found, override)
    found.spread()
    return found


def _read_policy(found: Thresholds, policy: Policy, constants: Mapping[str, Value]) -> None:
    """Take in what a policy compares; parameters that nobody sets are `constants`."""
    conditions = [
        *policy.names.grounds.values(),
        *policy.names.definitions.values(),
        *(each.when for each in policy.entitlements.values()),
    ]
    for condition in conditions:
        _read(found, core_tests_in(condition, policy.names), constants)
    for name, term in policy.terms.items():
        _read_rows(found, name, term.rows, policy.names, constants)


def _read_override(found: Thresholds, override: Override) -> None:
    names = override.policy.names
    scope = [override.scope] if override.scope else []
    for condition in (*scope, *(rule.when for rule in override.rules)):
        _read(found, core_tests_in(condition, names), {})
    for name, rows in override.terms.items():
        _read_rows(found, name, rows, names, {})


def _read_rows(
    found: Thresholds,
    term: str,
    rows: Iterable[Row],
    names: Names,
    constants: Mapping[str, Value],
) -> None:
    for row in rows:
        _read(found, core_tests_in(row.when, names), constants)
        for value in _sums(row.then, constants):
            found.compare((term_name(term), 0), value)


def _read(found: Thresholds, tests: Iterable[CoreTest], constants: Mapping[str, Value]) -> None:
    for test in tests:
        if isinstance(test, Includes) or not test.type.ordered:
            continue
        left, right = operands_of(test)
        behind = _BEHIND_AT_MOST if isinstance(test, AtMost) else _BOTH_SIDES
        for one, other in product(_sums(left, constants), _sums(right, constants)):
            found.compare(one, other, behind)


def _sums(operand: Operand, constants: Mapping[str, Value]) -> Iterator[Sum]:
    """Yield the sums that an operand with an order stands for: of a list, each value."""
    if isinstance(operand, Literal):
        values = operand.value if isinstance(operand.value, tuple) else (operand.value,)
        yield from (("", each) for each in values if isinstance(each, int))
    elif isinstance(operand, FactValue):
        yield operand.name, operand.plus
    else:
        value = constants.get(operand.name)
        yield ("", value + operand.plus) if isinstance(value, int) else (operand.name, operand.plus)
