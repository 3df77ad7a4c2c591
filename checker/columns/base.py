"""Conditions as column expressions: any number of cases at once, where the data lies.

A condition is read once, in terms of the few things that every engine can say of columns
(`Columns`); `frames` says them in Polars, `sql` in the SQL of DuckDB, PostgreSQL and Spark.
Kleene's unknown is NULL, and so is an absent fact. Values are columns of booleans, of 64-bit
whole numbers (money in cents, dates as day numbers, datetimes in microseconds since 1970 UTC) or
of text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

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
from checker.language.model.types import Value

E = TypeVar("E")
Layer = dict[str, E]  # columns by name, which stand on those of the layers before


class Columns(Protocol[E]):
    """What the columns of an engine can be asked; an absent operand makes the result absent."""

    def column(self, name: str) -> E:
        """Return the column of that name, of the table or of a layer before."""

    def value(self, value: bool | int | str) -> E:
        """Return a constant."""

    def absent(self, like: type) -> E:
        """Return NULL, of the type of `like`: bool, int or str."""

    def every(self, parts: Sequence[E]) -> E:
        """Return Kleene's conjunction; true without parts."""

    def some(self, parts: Sequence[E]) -> E:
        """Return Kleene's disjunction; false without parts."""

    def opposite(self, part: E) -> E:
        """Return Kleene's negation."""

    def equal(self, one: E, other: E) -> E:
        """Return whether two columns of one type are equal."""

    def less(self, one: E, other: E) -> E:
        """Return whether one number is below the other."""

    def one_of(self, subject: E, values: Sequence[Value]) -> E:
        """Return whether the subject is one of the constants, of which there is at least one."""

    def is_absent(self, subject: E) -> E:
        """Return whether the subject is NULL: true or false, never NULL."""

    def first(self, rows: Sequence[tuple[E, E]], otherwise: E) -> E:
        """Return the second of the first pair whose first is true."""

    def sum(self, one: E, other: E) -> E:
        """Return the sum of two numbers."""

    def times(self, number: E, factor: int) -> E:
        """Return the number times a constant."""

    def divided(self, number: E, by: int) -> E:
        """Return how often the constant, above zero, goes into the number, rounded down.

        The number must not be below zero, as engines round differently there.
        """

    def text(self, subject: E) -> E:
        """Return a number or a text as text."""

    def joined(self, parts: Sequence[E]) -> E:
        """Return texts one after the other."""

    def matches(self, text: E, pattern: str) -> E:
        """Return whether the whole text matches a plain regular expression."""

    def part(self, text: E, start: int, length: int | None = None) -> E:
        """Return the characters of the text from `start`, counted from 1."""

    def number(self, text: E, pattern: str) -> E:
        """Return the whole number that a text states, absent where it does not match."""

    def contains(self, text: E, piece: str) -> E:
        """Return whether the constant is a part of the text."""

    def inside(self, number: E, low: int, high: int) -> E:
        """Return whether the number is in the closed range of constants."""

    def length(self, text: E) -> E:
        """Return how many characters a text has."""

    def cut(self, text: E, length: E) -> E:
        """Return the first characters of the text, as many as a column says."""

    def found(self, text: E, pattern: str) -> E:
        """Return what the first group of a pattern takes of the text, empty without a match."""

    def without(self, text: E, piece: str) -> E:
        """Return the text without the constant, wherever it stands."""

    def digits(self, text: E) -> E:
        """Return the number that a text of 1 to 18 digits states; ask it of no other text.

        A `first` row whose condition says that the text is one is guard enough.
        """

    def narrowed(self, when: E, subject: E) -> E:
        """Return the subject for use in a `first` row of that condition.

        Engines that compute every row's result have it absent elsewhere, which is quick.
        """

    def whole(self, number: E) -> E:
        """Return a whole number of any width as one of 64 bits, absent where it does not fit."""

    def scaled(self, number: E, places: int) -> E:
        """Return a decimal in whole parts of so many places, absent where it has more of them.

        Absent, too, where it has more than 18 digits then.
        """

    def shortest(self, number: E, places: int) -> E:
        """Return a 64-bit float times 10 to the power of `places` as a whole number.

        The float stands for the shortest decimal that gives it. Absent where that has more
        places, and from 10 to the power of 15 less `places` on, where floats lie too thick.
        """

    def day_number(self, date: E) -> E:
        """Return the proleptic number of a date of the engine's, perhaps absent out of range."""

    def microseconds(self, moment: E, zoned: bool) -> E:
        """Return the microseconds since 1970 UTC of a timestamp, perhaps absent out of range.

        One that is not `zoned`, without a time zone, is taken for UTC.
        """

    def listed(self, members: E) -> E:
        """Return a list of texts joined by `|`, absent where one of them is."""


@dataclass(slots=True)
class Conditions(Generic[E]):
    """Reads conditions as columns, over given facts, parameters and named conditions.

    A parameter is a constant or a column; a set whose members differ by row is a column of
    booleans for each member. `named` are the grounds and definitions that are columns already.
    """

    engine: Columns[E]
    names: Names
    facts: Mapping[str, E]
    parameters: Mapping[str, Value | E | Mapping[str, E]]
    named: dict[GroundHolds | Defined, E] = field(default_factory=dict)

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
        """Return whether the condition fails; a comparison is turned round, which costs nothing."""
        core = condition.core if isinstance(condition, Test) else condition
        if isinstance(core, AtMost):
            return self.engine.less(self.operand(core.right), self.operand(core.left))
        return self.engine.opposite(self.holds(core))

    def _core(self, test: CoreTest) -> E:
        if isinstance(test, Includes):
            members = self._set(test.subject)
            if isinstance(members, Mapping):
                return members[test.member]
            return self.engine.value(test.member in members)
        if isinstance(test, OneOf):
            return self._one_of(test)
        left, right = self.operand(test.left), self.operand(test.right)
        if isinstance(test, Equal):
            return self.engine.equal(left, right)
        return self.engine.opposite(self.engine.less(right, left))

    def _one_of(self, test: OneOf) -> E:
        subject, members = self.operand(test.subject), self._set(test.members)
        engine = self.engine
        if isinstance(members, Mapping):
            chosen = [
                engine.every([engine.equal(subject, engine.value(member)), present])
                for member, present in members.items()
            ]
            return self._known(test, engine.some(chosen))
        if members:
            return engine.one_of(subject, sorted(members))
        return self._known(test, engine.value(False))

    def _known(self, test: CoreTest, column: E) -> E:
        """Return the column where all facts of the test are known, and else unknown."""
        absent = [self.engine.is_absent(self.facts[name]) for name in facts_of(test)]
        if not absent:
            return column
        return self.engine.first([(self.engine.some(absent), self.engine.absent(bool))], column)

    def _set(self, operand: Literal | ParameterValue) -> frozenset[Value] | Mapping[str, E]:
        if isinstance(operand, Literal):
            value = operand.value
            return frozenset(value if isinstance(value, tuple) else (value,))
        members = self.parameters[operand.name]
        assert isinstance(members, frozenset | Mapping)
        return members

    def operand(self, operand: Operand) -> E:
        """Return a literal, a fact or a parameter, with what is added to it."""
        if isinstance(operand, Literal):
            return self._column(operand.value)
        found = self.facts if isinstance(operand, FactValue) else self.parameters
        column = self._column(found[operand.name])
        if not operand.plus:
            return column
        return self.engine.sum(column, self.engine.value(operand.plus))

    def _column(self, value: object) -> E:
        """Return a constant as a column; what is one stays as it is."""
        return self.engine.value(value) if isinstance(value, bool | int | str) else value  # type: ignore[return-value]


def is_true(engine: Columns[E], part: E) -> E:
    """Return whether the part is true for certain: true or false, never NULL."""
    return engine.first([(part, engine.value(True))], engine.value(False))


def is_false(engine: Columns[E], part: E) -> E:
    """Return whether the part is false for certain: true or false, never NULL."""
    return is_true(engine, engine.opposite(part))


def all_named(names: Names) -> list[list[GroundHolds | Defined]]:
    """Return the grounds and definitions in layers, each naming only those of layers before."""
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

    named: list[GroundHolds | Defined] = [GroundHolds(id) for id in names.grounds]
    named += [Defined(name) for name in names.definitions]
    for each in named:
        depth(each)
    layers = range(max(depths.values(), default=-1) + 1)
    return [[each for each in named if depths[each] == layer] for layer in layers]
