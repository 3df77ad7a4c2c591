"""Conditions as formulas (docs/language.md, section 3).

Every fact is known, so that a condition is true or false. Parameters have a value or are free.
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
    DifferenceConstraint,
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
    """A parameter that may have any value of its range.

    Attributes:
        field: the name of the field that stands for it.
        members: of a set, by member, the name of the field that says whether the set has it.
    """

    field: str
    members: Mapping[str, str] | None = None


class _Sum(NamedTuple):
    """A field plus a number, or a number alone."""

    field: str | None
    number: int


Variant = tuple[tuple[str, Value], ...]  # the parameters that differ from the base's, with values
MOST_VARIANTS = 20_000  # cache entries of one policy


@dataclass(slots=True)
class ConditionEncoder:
    """Encodes the conditions of one policy under the parameters of one seller.

    With a `base`, all sellers whose parameters give a ground or definition the same meaning share
    one formula for it, so that its normal forms are computed once.

    Attributes:
        names: the grounds and definitions of the policy.
        parameters: the value of each parameter, or the field that stands for it.
        types: the types of the facts, and of the fields that stand for parameters.
        base: the encoder that keeps the shared formulas, if there is one.
        changed: the parameters that differ from the base's.
    """

    names: Names
    parameters: Mapping[str, Value | Free]
    types: Mapping[str, ValueType]
    base: ConditionEncoder | None = None
    changed: frozenset[str] = frozenset()
    _named: dict[tuple[GroundHolds | Defined, Variant], Formula] = field(default_factory=dict)
    _uses: dict[GroundHolds | Defined, frozenset[str]] = field(default_factory=dict)

    def uses(self, condition: Condition) -> frozenset[str]:
        """Return the parameters that the condition depends on."""
        if self.base:
            return self.base.uses(condition)
        if not isinstance(condition, GroundHolds | Defined):
            return parameters_in(condition, self.names)
        if condition not in self._uses:
            self._uses[condition] = parameters_in(condition, self.names)
        return self._uses[condition]

    def variant(self, uses: frozenset[str]) -> Variant | None:
        """Return the parameters in `uses` that differ from the base's, with their values.

        None where one of them is free: a formula that depends on it can't be shared.
        """
        differing = []
        for name in sorted(self.changed & uses) if self.changed else ():
            value = self.parameters[name]
            if isinstance(value, Free):
                return None
            differing.append((name, value))
        return tuple(differing)

    def _named_formula(self, reference: GroundHolds | Defined) -> Formula:
        """Return the formula of a ground or definition, from the cache if it has it."""
        variant = self.variant(self.uses(reference))
        cache_owner = self.base if self.base and variant is not None else self
        key = (reference, variant or ())
        formula = cache_owner._named.get(key)
        if formula is None:
            formula = self.formula(self.names.of(reference))
            if len(cache_owner._named) < MOST_VARIANTS:
                cache_owner._named[key] = formula
        return formula

    def formula(self, condition: Condition) -> Formula:
        """Return the formula that is true of exactly the cases in which `condition` is true."""
        if isinstance(condition, All):
            return every(self.formula(part) for part in condition.parts)
        if isinstance(condition, AnyOf):
            return some(self.formula(part) for part in condition.parts)
        if isinstance(condition, Not):
            return opposite(self.formula(condition.part))
        if isinstance(condition, GroundHolds | Defined):
            return self._named_formula(condition)
        return (
            self.formula(condition.core) if isinstance(condition, Test) else self._core(condition)
        )

    def _core(self, test: CoreTest) -> Formula:
        """Return the formula of a core test."""
        if isinstance(test, conditions.AtMost):
            return _at_most(self._sum(test.left), self._sum(test.right))
        if isinstance(test, Includes):
            return self._has_member(test.subject, test.member)
        if isinstance(test, Equal):
            if test.type.ordered:
                return _equal(self._sum(test.left), self._sum(test.right))
            return self._unordered_equal(test.left, test.right, test.type)
        if test.type.ordered:
            assert isinstance(test.members, Literal) and isinstance(test.members.value, tuple)
            subject = self._sum(test.subject)
            numbers = (_Sum(None, int(value)) for value in test.members.value)  # type: ignore[arg-type]
            return some(_equal(subject, number) for number in numbers)
        return self._unordered_equal(test.subject, test.members, test.type)

    def _unordered_equal(self, subject: Operand, other: Operand, type_: ValueType) -> Formula:
        """Return where a subject without order equals the other operand, or one of its values."""
        field, fixed = self._field_of(subject), self._fixed_values(other)
        if field is not None and fixed is not None:
            values = self.types[field].categories()
            positions = frozenset(i for i, value in enumerate(values) if value in fixed)
            return _has_position(field, positions, len(values))
        return some(
            every([self._has(subject, value, type_), self._operand_has(other, value, type_)])
            for value in type_.categories()
        )

    def _field_of(self, operand: Operand) -> str | None:
        """Return the field that stands for the operand, None where it is a value."""
        if isinstance(operand, FactValue):
            return operand.name
        value = self.parameters[operand.name] if isinstance(operand, ParameterValue) else None
        return value.field if isinstance(value, Free) else None

    def _fixed_values(self, operand: Operand) -> Collection[Value] | None:
        """Return the values of an operand, None where they depend on the case."""
        if isinstance(operand, FactValue):
            return None
        value = operand.value if isinstance(operand, Literal) else self.parameters[operand.name]
        if isinstance(value, Free):
            return None
        return value if isinstance(value, tuple | frozenset) else (value,)

    def _operand_has(self, operand: Operand, value: Value, type_: ValueType) -> Formula:
        """Return where the operand is `value`, or a set that has it."""
        if isinstance(operand, ParameterValue):
            parameter = self.parameters[operand.name]
            if isinstance(parameter, frozenset) or (
                isinstance(parameter, Free) and parameter.members is not None
            ):
                return self._has_member(operand, str(value))
        return self._has(operand, value, type_)

    def _has_member(self, parameter: ParameterValue, member: str) -> Formula:
        """Return where a set parameter has the member."""
        value = self.parameters[parameter.name]
        if isinstance(value, Free):
            assert value.members is not None
            return Is(Has(value.members[member], frozenset([1])))
        assert isinstance(value, frozenset)
        return TRUE if member in value else FALSE

    def _has(self, operand: Operand, value: Value, type_: ValueType) -> Formula:
        """Return where an operand without order is `value`."""
        if isinstance(operand, Literal):
            values = operand.value if isinstance(operand.value, tuple) else (operand.value,)
            return TRUE if value in values else FALSE
        if isinstance(operand, FactValue):
            return _has_value(operand.name, value, self.types[operand.name])
        parameter = self.parameters[operand.name]
        if isinstance(parameter, Free):
            return _has_value(parameter.field, value, self.types[parameter.field])
        return TRUE if parameter == value else FALSE

    def _sum(self, operand: Operand) -> _Sum:
        """Return an ordered operand as a sum."""
        if isinstance(operand, Literal):
            return _Sum(None, int(operand.value))  # type: ignore[arg-type]
        if isinstance(operand, FactValue):
            return _Sum(operand.name, operand.plus)
        value = self.parameters[operand.name]
        if isinstance(value, Free):
            return _Sum(value.field, operand.plus)
        return _Sum(None, int(value) + operand.plus)  # type: ignore[arg-type]


def _has_position(field: str, positions: frozenset[int], count: int) -> Formula:
    """Return where the field has one of the positions, out of `count`."""
    if not positions:
        return FALSE
    return TRUE if len(positions) == count else Is(Has(field, positions))


def _has_value(field: str, value: Value, type_: ValueType) -> Formula:
    """Return where the field has the value."""
    values = type_.categories()
    positions = frozenset(position for position, other in enumerate(values) if other == value)
    return _has_position(field, positions, len(values))


def _equal(left: _Sum, right: _Sum) -> Formula:
    return every([_at_most(left, right), _at_most(right, left)])


def _at_most(left: _Sum, right: _Sum) -> Formula:
    """Return where left <= right."""
    plus = right.number - left.number
    if left.field == right.field:
        return TRUE if plus >= 0 else FALSE
    if right.field is None:
        return Is(Within(str(left.field), None, plus))
    if left.field is None:
        return Is(Within(right.field, -plus, None))
    if left.field < right.field:
        return Is(DifferenceConstraint(left.field, right.field, plus))
    # a <= b + n is the negation of b <= a - n - 1: one atom stands for both
    return Is(DifferenceConstraint(right.field, left.field, -plus - 1), positive=False)
