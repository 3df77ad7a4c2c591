"""Conditions as column expressions: any number of cases at once, where the data lies.

`Conditions` translates a condition into the few operations that every engine has (`Columns`).
`polars_engine` implements them for Polars, `sql_engine` for DuckDB, PostgreSQL and Spark.

Kleene's unknown is NULL, and so is an absent fact. A column holds booleans, texts or 64-bit
integers: money in cents, dates as proleptic day numbers, datetimes as microseconds since
1970-01-01 UTC.
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
Layer = dict[str, E]  # columns by name; they may use the columns of earlier layers


class Columns(Protocol[E]):
    """The column operations of an engine.

    Where a method says nothing else, the result is NULL where an operand is NULL.
    """

    def column(self, name: str) -> E:
        """Return the column of that name, of the table or of an earlier layer."""

    def value(self, value: bool | int | str) -> E:
        """Return a constant."""

    def absent(self, like: type) -> E:
        """Return NULL, of the type of `like`: bool, int or str."""

    def every(self, parts: Sequence[E]) -> E:
        """Return Kleene's conjunction; true without parts."""

    def some(self, parts: Sequence[E]) -> E:
        """Return Kleene's disjunction; false without parts."""

    def negation(self, part: E) -> E:
        """Return Kleene's negation."""

    def equal(self, left: E, right: E) -> E:
        """Return whether two columns of the same type are equal."""

    def less(self, left: E, right: E) -> E:
        """Return whether the left number is below the right one."""

    def one_of(self, subject: E, values: Sequence[Value]) -> E:
        """Return whether the subject equals one of the constants; `values` is never empty."""

    def is_absent(self, subject: E) -> E:
        """Return whether the subject is NULL: true or false, never NULL."""

    def first_match(self, rows: Sequence[tuple[E, E]], otherwise: E) -> E:
        """Return the result of the first row whose condition is true, else `otherwise`.

        Args:
            rows: pairs of a condition and a result; a NULL condition does not match.
            otherwise: the result where no row matches.
        """

    def sum(self, left: E, right: E) -> E:
        """Return the sum of two numbers."""

    def times(self, number: E, factor: int) -> E:
        """Return the number times a constant."""

    def divided(self, number: E, by: int) -> E:
        """Return the integer quotient of the number and a constant above zero.

        The number must not be negative, as engines round negative quotients differently.
        """

    def text(self, subject: E) -> E:
        """Return a number or a text as text."""

    def joined(self, parts: Sequence[E]) -> E:
        """Return the concatenation of texts."""

    def matches(self, text: E, pattern: str) -> E:
        """Return whether the whole text matches a regular expression that all engines support."""

    def substring(self, text: E, start: int, length: int | None = None) -> E:
        """Return `length` characters from `start`, counted from 1; the rest where it is None."""

    def parsed_number(self, text: E, pattern: str) -> E:
        """Return the integer that a text states, NULL where the text does not match."""

    def contains(self, text: E, piece: str) -> E:
        """Return whether the text contains the constant."""

    def inside(self, number: E, low: int, high: int) -> E:
        """Return whether the number is at least `low` and at most `high`."""

    def length(self, text: E) -> E:
        """Return the number of characters of a text."""

    def prefix(self, text: E, length: E) -> E:
        """Return the first characters of the text, as many as the column `length` says."""

    def extracted(self, text: E, pattern: str) -> E:
        """Return what the first group of a pattern matches in the text; empty without a match."""

    def without(self, text: E, piece: str) -> E:
        """Return the text with every occurrence of the constant removed."""

    def parsed_digits(self, text: E) -> E:
        """Return the number that a text of 1 to 18 digits states.

        Use it for such texts only: in a row of `first_match` whose condition checks the text.
        """

    def only_where(self, when: E, subject: E) -> E:
        """Return the subject for use in a row of `first_match` with the condition `when`.

        Engines that compute the result of every row get NULL elsewhere, which is faster.
        """

    def int64(self, number: E) -> E:
        """Return an integer of any width as one of 64 bits, NULL where it does not fit."""

    def scaled_decimal(self, number: E, places: int) -> E:
        """Return a decimal times 10 to the power of `places` as an integer.

        NULL where the decimal has more places, or the integer more than 18 digits.
        """

    def scaled_float(self, number: E, places: int) -> E:
        """Return a 64-bit float times 10 to the power of `places` as an integer.

        The float stands for the shortest decimal that rounds to it. NULL where that decimal has
        more places, and where the float is 10 ** (15 - places) or more: from there on, not every
        decimal of so many places has a float of its own.
        """

    def day_number(self, date: E) -> E:
        """Return the proleptic number of a date of the engine; may be NULL outside 1970 to 2199."""

    def microseconds(self, moment: E, zoned: bool) -> E:
        """Return the microseconds since 1970 UTC of a timestamp; may be NULL outside 1900 to 2299.

        Args:
            moment: a timestamp of the engine.
            zoned: whether the timestamp has a time zone; one without is in UTC.
        """

    def joined_list(self, members: E) -> E:
        """Return a list of texts as one text, joined by `|`; NULL where a member is NULL."""


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
        """Return whether the condition fails; `not (a <= b)` becomes `b < a`, one operation."""
        core = condition.core if isinstance(condition, Test) else condition
        if isinstance(core, AtMost):
            return self.engine.less(self.operand(core.right), self.operand(core.left))
        return self.engine.negation(self.holds(core))

    def _core(self, test: CoreTest) -> E:
        """Return whether a core test holds."""
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
        return self.engine.negation(self.engine.less(right, left))

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

    def operand(self, operand: Operand) -> E:
        """Return the column of a literal, a fact or a parameter, plus the operand's constant."""
        if isinstance(operand, Literal):
            return self._column(operand.value)
        values = self.facts if isinstance(operand, FactValue) else self.parameters
        column = self._column(values[operand.name])
        if not operand.plus:
            return column
        return self.engine.sum(column, self.engine.value(operand.plus))

    def _column(self, value: object) -> E:
        """Return a constant as a column; a column stays as it is."""
        return self.engine.value(value) if isinstance(value, bool | int | str) else value  # type: ignore[return-value]


def is_true(engine: Columns[E], part: E) -> E:
    """Return whether the part is true and not NULL: true or false, never NULL."""
    return engine.first_match([(part, engine.value(True))], engine.value(False))


def is_false(engine: Columns[E], part: E) -> E:
    """Return whether the part is false and not NULL: true or false, never NULL."""
    return is_true(engine, engine.negation(part))


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
