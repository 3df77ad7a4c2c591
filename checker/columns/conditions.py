"""Conditions as column expressions, with Kleene's logic over NULL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic

from checker.columns.base import Columns, E
from checker.language.model.conditions import (
    All,
    AnyOf,
    AtMost,
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
    OneOf,
    Operand,
    ParameterValue,
    Test,
    facts_of,
)
from checker.language.model.types import Value, ValueType

_INTEGER = ValueType("integer")


@dataclass(slots=True)
class Conditions(Generic[E]):
    """Translates conditions into columns.

    Attributes:
        engine: the operations of the engine.
        names: the grounds and definitions that a condition may name.
        facts: each fact's column.
        parameters: each parameter's constant or column. A set whose members differ by row is a
            mapping from each member to a column of booleans: whether the set includes it.
        named: the grounds and definitions that are computed already, with their columns.
        least: the lowest value that a fact may have, where its column in `facts` is the highest. A
            test is unknown unless it has one result for all values between them.
    """

    engine: Columns[E]
    names: Names
    facts: Mapping[str, E]
    parameters: Mapping[str, Value | E | Mapping[str, E]]
    named: dict[GroundHolds | Defined, E] = field(default_factory=dict)
    least: Mapping[str, E] = field(default_factory=dict)

    def holds(self, condition: Condition) -> E:
        """Return whether the condition holds: true, false, or NULL for unknown."""
        engine = self.engine
        if isinstance(condition, Test):
            return self.holds(condition.core)
        if isinstance(condition, All):
            return engine.every([self.holds(part) for part in condition.parts])
        if isinstance(condition, AnyOf):
            return engine.some([self.holds(part) for part in condition.parts])
        if isinstance(condition, Not):
            return self._opposite(condition.part)
        if not isinstance(condition, GroundHolds | Defined):
            return self._core(condition)
        column = self.named.get(condition)
        return self.holds(self.names.of(condition)) if column is None else column

    def _opposite(self, condition: Condition) -> E:
        """Return whether the condition fails; `not (a <= b)` becomes `b < a`, one operation."""
        core = condition.core if isinstance(condition, Test) else condition
        if isinstance(core, AtMost) and self.least.keys().isdisjoint(facts_of(core)):
            return self.engine.less(self.operand(core.right), self.operand(core.left))
        return self.engine.negation(self.holds(core))

    def _core(self, test: CoreTest) -> E:
        """Return whether a core test holds."""
        if isinstance(test, Includes):
            members = self._set(test.subject)
            if isinstance(members, Mapping):
                return members[test.member]
            return self.engine.value(test.member in members)
        if not self.least.keys().isdisjoint(facts_of(test)):
            return self._ranged(test)
        if isinstance(test, OneOf):
            return self._one_of(test)
        left, right = self.operand(test.left), self.operand(test.right)
        if isinstance(test, Equal):
            return self.engine.equal(left, right)
        return self.engine.negation(self.engine.less(right, left))

    def _ranged(self, test: Equal | AtMost | OneOf) -> E:
        """Return whether a test of facts that lie between two values holds."""
        engine = self.engine
        if isinstance(test, OneOf):
            assert isinstance(test.members, Literal)
            members = [Literal(member) for member in self._set(test.members)]
            tests = [self._ranged(Equal(test.subject, member, _INTEGER)) for member in members]
            return self._known(test, engine.some(tests))
        high, low = self.operand(test.left), self.operand(test.left, self.least)
        other_high, other_low = self.operand(test.right), self.operand(test.right, self.least)
        above, below = engine.less(other_high, low), engine.less(high, other_low)
        certain = engine.negation(engine.less(other_low, high))
        failing = [(above, engine.value(False))]
        if isinstance(test, Equal):
            certain = engine.every([certain, engine.negation(engine.less(low, other_high))])
            failing.append((below, engine.value(False)))
        return engine.first_match([(certain, engine.value(True)), *failing], engine.absent(bool))

    def _one_of(self, test: OneOf) -> E:
        """Return whether the subject is in the set, unknown where a fact of the test is."""
        subject, members = self.operand(test.subject), self._set(test.members)
        engine = self.engine
        if isinstance(members, Mapping):
            chosen = [
                engine.every([engine.equal(subject, engine.value(member)), present])
                for member, present in members.items()
            ]
            # an absent fact makes each pair NULL or false, and so the disjunction may be false
            return self._known(test, engine.some(chosen))
        if members:
            return engine.one_of(subject, sorted(members))
        return self._known(test, engine.value(False))

    def _known(self, test: CoreTest, column: E) -> E:
        """Return the column where all facts of the test are known, and else unknown."""
        absent = [self.engine.is_absent(self.facts[name]) for name in facts_of(test)]
        if not absent:
            return column
        return self.engine.first_match(
            [(self.engine.some(absent), self.engine.absent(bool))], column
        )

    def _set(self, operand: Literal | ParameterValue) -> frozenset[Value] | Mapping[str, E]:
        """Return the members of a set, or a column for each possible member."""
        if isinstance(operand, Literal):
            value = operand.value
            return frozenset(value if isinstance(value, tuple) else (value,))
        members = self.parameters[operand.name]
        assert isinstance(members, frozenset | Mapping)
        return members

    def operand(self, operand: Operand, least: Mapping[str, E] | None = None) -> E:
        """Return the column of a literal, a fact or a parameter, plus the operand's constant.

        `least` has columns of facts in place of those of `facts`.
        """
        if isinstance(operand, Literal):
            return self._column(operand.value)
        values = self.facts if isinstance(operand, FactValue) else self.parameters
        value = values[operand.name]
        if least and isinstance(operand, FactValue):
            value = least.get(operand.name, self.facts[operand.name])
        column = self._column(value)
        if not operand.plus:
            return column
        return self.engine.sum(column, self.engine.value(operand.plus))

    def _column(self, value: object) -> E:
        """Return a constant as a column; a column stays as it is."""
        return self.engine.value(value) if isinstance(value, bool | int | str) else value  # type: ignore[return-value]


def named_layers(names: Names) -> list[list[GroundHolds | Defined]]:
    """Return the grounds and definitions in layers: each one names only those of earlier layers."""
    depths: dict[GroundHolds | Defined, int] = {}

    def depth(condition: Condition) -> int:
        if isinstance(condition, All | AnyOf):
            return max(map(depth, condition.parts), default=0)
        if isinstance(condition, Not):
            return depth(condition.part)
        if not isinstance(condition, GroundHolds | Defined):
            return 0
        if condition not in depths:
            depths[condition] = depth(names.of(condition))
        return depths[condition] + 1

    references: list[GroundHolds | Defined] = [GroundHolds(id) for id in names.grounds]
    references += [Defined(name) for name in names.definitions]
    for reference in references:
        depth(reference)
    layers = range(max(depths.values(), default=-1) + 1)
    return [[name for name in references if depths[name] == layer] for layer in layers]
