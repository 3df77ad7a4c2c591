"""The column operations that every engine has: any number of cases at once, where the data lies.

`polars_engine` implements them for Polars, `sql_engine` for DuckDB, PostgreSQL and Spark.

Kleene's unknown is NULL, and so is an absent fact. A column holds booleans, texts or 64-bit
integers: money in cents, dates as proleptic day numbers, datetimes as microseconds since
1970-01-01 UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

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


def is_true(engine: Columns[E], part: E) -> E:
    """Return whether the part is true and not NULL: true or false, never NULL."""
    return engine.first_match([(part, engine.value(True))], engine.value(False))


def is_false(engine: Columns[E], part: E) -> E:
    """Return whether the part is false and not NULL: true or false, never NULL."""
    return is_true(engine, engine.negation(part))
