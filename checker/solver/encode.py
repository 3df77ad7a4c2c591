"""Conditions as formulas, under parameters that are values or free: every fact is known.

Mirrors docs/language.md, section 3.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from checker.language.model import conditions
from checker.language.model.conditions import (
    All,
    AnyOf,
    Condition,
    CoreTest,
    Defined,
    Equal,
    FactValue,
    GroundHolds,
    Includes,
    Literal,
    Names,
    Not,
    Operand,
    ParameterValue,
    Test,
    parameters_in,
)
from checker.language.model.types import Value, ValueType
from checker.solver.formulas import (
    FALSE,
    TRUE,
    AtMost,
    Formula,
    Has,
    Is,
    Within,
    every,
    opposite,
    some,
)


@dataclass(frozen=True, slots=True)
class Free:
    """A parameter that may have any value of its range: the field that stands for it.

    Of a set, `members` are the fields of its members' presence, by member.
    """

    field: str
    members: Mapping[str, str] | None = None


class _Sum(NamedTuple):
    """A field plus a number; just the number where there is no field."""

    field: str | None
    number: int


Variant = tuple[tuple[str, Value], ...]  # parameters that differ from the base's, with values
MOST_VARIANTS = 20_000  # that one policy keeps


@dataclass(slots=True)
class ConditionEncoder:
    """Reads conditions of one policy, under parameters that are values or free.

    With a `base`, what a name stands for is one formula for all sellers under whose parameters it
    means the same, so that what is worked out of it once serves them all. `changed` are the
    parameters that differ from the base's.
    """

    names: Names
    parameters: Mapping[str, Value | Free]
    types: Mapping[str, ValueType]  # of the facts
    base: ConditionEncoder | None = None
    changed: frozenset[str] = frozenset()
    _named: dict[tuple[GroundHolds | Defined, Variant], Formula] = field(default_factory=dict)
    _uses: dict[GroundHolds | Defined, frozenset[str]] = field(default_factory=dict)

    def uses(self, condition: Condition) -> frozenset[str]:
        """Return the parameters that the condition looks at."""
        if self.base:
            return self.base.uses(condition)
        if not isinstance(condition, GroundHolds | Defined):
            return parameters_in(condition, self.names)
        if condition not in self._uses:
            self._uses[condition] = parameters_in(condition, self.names)
        return self._uses[condition]

    def variant(self, uses: frozenset[str]) -> Variant | None:
        """Return which of the parameters in `uses` differ from the base's, with their values.

        None where one of them is free, so that only this reading can say what it means.
        """
        found = []
        for name in sorted(self.changed & uses) if self.changed else ():
            value = self.parameters[name]
            if isinstance(value, Free):
                return None
            found.append((name, value))
        return tuple(found)

    def _of_name(self, reference: GroundHolds | Defined) -> Formula:
        variant = self.variant(self.uses(reference))
        keeper = self.base if self.base and variant is not None else self
        key = (reference, variant or ())
        found = keeper._named.get(key)
        if found is None:
            found = self.formula(self.names.of(reference))
            if len(keeper._named) < MOST_VARIANTS:
                keeper._named[key] = found
        return found

    def formula(self, condition: Condition) -> Formula:
        """Return the formula that is true of a case where `condition` is."""
        if isinstance(condition, All):
            return every(self.formula(part) for part in condition.parts)
        if isinstance(condition, AnyOf):
            return some(self.formula(part) for part in condition.parts)
        if isinstance(condition, Not):
            return opposite(self.formula(condition.part))
        if isinstance(condition, GroundHolds | Defined):
            return self._of_name(condition)
        return (
            self.formula(condition.core) if isinstance(condition, Test) else self._core(condition)
        )

    def _core(self, test: CoreTest) -> Formula:
        if isinstance(test, conditions.AtMost):
            return _at_most(self._sum(test.left), self._sum(test.right))
        if isinstance(test, Includes):
            return self._has_member(test.subject, test.member)
        if isinstance(test, Equal):
            if test.type.ordered:
                return _equal(self._sum(test.left), self._sum(test.right))
            return self._matches(test.left, test.right, test.type)
        if test.type.ordered:
            assert isinstance(test.members, Literal) and isinstance(test.members.value, tuple)
            subject = self._sum(test.subject)
            numbers = (_Sum(None, int(value)) for value in test.members.value)  # type: ignore[arg-type]
            return some(_equal(subject, number) for number in numbers)
        return self._matches(test.subject, test.members, test.type)

    def _matches(self, subject: Operand, other: Operand, type_: ValueType) -> Formula:
        """Return where a subject without order is the other operand, or is among its values."""
        field, given = self._field_of(subject), self._given(other)
        if field is not None and given is not None:
            values = self.types[field].unordered()
            places = frozenset(i for i, value in enumerate(values) if value in given)
            return _at(field, places, len(values))
        return some(
            every([self._has(subject, value, type_), self._operand_has(other, value, type_)])
            for value in type_.unordered()
        )

    def _field_of(self, operand: Operand) -> str | None:
        """Return the field that stands for the operand, None where it is a value."""
        if isinstance(operand, FactValue):
            return operand.name
        kept = self.parameters[operand.name] if isinstance(operand, ParameterValue) else None
        return kept.field if isinstance(kept, Free) else None

    def _given(self, operand: Operand) -> Collection[Value] | None:
        """Return the values of an operand, None where they are not settled."""
        if isinstance(operand, FactValue):
            return None
        value = operand.value if isinstance(operand, Literal) else self.parameters[operand.name]
        if isinstance(value, Free):
            return None
        return value if isinstance(value, tuple | frozenset) else (value,)

    def _operand_has(self, operand: Operand, value: Value, type_: ValueType) -> Formula:
        """Return where the operand is `value`, or has it among its values."""
        if isinstance(operand, ParameterValue):
            kept = self.parameters[operand.name]
            if isinstance(kept, frozenset) or (isinstance(kept, Free) and kept.members is not None):
                return self._has_member(operand, str(value))
        return self._has(operand, value, type_)

    def _has_member(self, parameter: ParameterValue, member: str) -> Formula:
        """Return where a set parameter has the member."""
        kept = self.parameters[parameter.name]
        if isinstance(kept, Free):
            assert kept.members is not None
            return Is(Has(kept.members[member], frozenset([1])))
        assert isinstance(kept, frozenset)
        return TRUE if member in kept else FALSE

    def _has(self, operand: Operand, value: Value, type_: ValueType) -> Formula:
        """Return where an operand without order is `value`."""
        if isinstance(operand, Literal):
            values = operand.value if isinstance(operand.value, tuple) else (operand.value,)
            return TRUE if value in values else FALSE
        if isinstance(operand, FactValue):
            return _position(operand.name, value, self.types[operand.name])
        kept = self.parameters[operand.name]
        if isinstance(kept, Free):
            return _position(kept.field, value, self.types[kept.field])
        return TRUE if kept == value else FALSE

    def _sum(self, operand: Operand) -> _Sum:
        if isinstance(operand, Literal):
            return _Sum(None, int(operand.value))  # type: ignore[arg-type]
        if isinstance(operand, FactValue):
            return _Sum(operand.name, operand.plus)
        kept = self.parameters[operand.name]
        if isinstance(kept, Free):
            return _Sum(kept.field, operand.plus)
        return _Sum(None, int(kept) + operand.plus)  # type: ignore[arg-type]


def _at(field: str, places: frozenset[int], count: int) -> Formula:
    """Return where the field has a value at one of the places, of so many."""
    if not places:
        return FALSE
    return TRUE if len(places) == count else Is(Has(field, places))


def _position(field: str, value: Value, type_: ValueType) -> Formula:
    values = type_.unordered()
    found = frozenset(i for i, each in enumerate(values) if each == value)
    return _at(field, found, len(values))


def _equal(left: _Sum, right: _Sum) -> Formula:
    return every([_at_most(left, right), _at_most(right, left)])


def _at_most(left: _Sum, right: _Sum) -> Formula:
    """Return where left <= right."""
    apart = right.number - left.number
    if left.field == right.field:
        return TRUE if apart >= 0 else FALSE
    if right.field is None:
        return Is(Within(str(left.field), None, apart))
    if left.field is None:
        return Is(Within(right.field, -apart, None))
    if left.field < right.field:
        return Is(AtMost(left.field, right.field, apart))
    # a <= b + n is not b <= a - n - 1, so that one atom stands for both
    return Is(AtMost(right.field, left.field, -apart - 1), positive=False)
