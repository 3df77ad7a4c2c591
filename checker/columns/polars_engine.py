"""Column expressions in Polars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_, or_

import polars as pl

from checker.language.model.types import Value

_FIRST_DAY = 719163  # the proleptic number of 1970-01-01
_FEW = 8  # so many comparisons take less time than a search in a set
_TYPES: dict[type, pl.DataType] = {bool: pl.Boolean(), int: pl.Int64(), str: pl.String()}


class PolarsColumns:
    """The `Columns` of Polars."""

    def column(self, name: str) -> pl.Expr:
        return pl.col(name)

    def value(self, value: bool | int | str) -> pl.Expr:
        return pl.lit(value, _TYPES[type(value)])

    def absent(self, like: type) -> pl.Expr:
        return pl.lit(None, _TYPES[like])

    def every(self, parts: Sequence[pl.Expr]) -> pl.Expr:
        return reduce(and_, parts) if parts else self.value(True)

    def some(self, parts: Sequence[pl.Expr]) -> pl.Expr:
        return reduce(or_, parts) if parts else self.value(False)

    def negation(self, part: pl.Expr) -> pl.Expr:
        return part.not_()

    def equal(self, left: pl.Expr, right: pl.Expr) -> pl.Expr:
        return left == right

    def less(self, left: pl.Expr, right: pl.Expr) -> pl.Expr:
        return left < right

    def one_of(self, subject: pl.Expr, values: Sequence[Value]) -> pl.Expr:
        if len(values) <= _FEW:
            return self.some([subject == self.value(value) for value in values])  # type: ignore[arg-type]
        return subject.is_in(pl.lit([*values], pl.List(_TYPES[type(values[0])])))

    def is_absent(self, subject: pl.Expr) -> pl.Expr:
        return subject.is_null()

    def first_match(self, rows: Sequence[tuple[pl.Expr, pl.Expr]], otherwise: pl.Expr) -> pl.Expr:
        for when, then in reversed(rows):
            otherwise = pl.when(when).then(then).otherwise(otherwise)
        return otherwise

    def sum(self, left: pl.Expr, right: pl.Expr) -> pl.Expr:
        return left + right

    def times(self, number: pl.Expr, factor: int) -> pl.Expr:
        return number * self.value(factor)

    def divided(self, number: pl.Expr, by: int) -> pl.Expr:
        return number // self.value(by)

    def text(self, subject: pl.Expr) -> pl.Expr:
        return subject.cast(pl.String)

    def joined(self, parts: Sequence[pl.Expr]) -> pl.Expr:
        return pl.concat_str(parts)

    def matches(self, text: pl.Expr, pattern: str) -> pl.Expr:
        return text.str.contains(f"^(?:{pattern})$")

    def substring(self, text: pl.Expr, start: int, length: int | None = None) -> pl.Expr:
        return text.str.slice(start - 1, length)

    def parsed_number(self, text: pl.Expr, pattern: str) -> pl.Expr:
        return pl.when(self.matches(text, pattern)).then(text).cast(pl.Int64, strict=False)

    def contains(self, text: pl.Expr, piece: str) -> pl.Expr:
        return text.str.contains(piece, literal=True)

    def inside(self, number: pl.Expr, low: int, high: int) -> pl.Expr:
        return number.is_between(self.value(low), self.value(high))

    def length(self, text: pl.Expr) -> pl.Expr:
        return text.str.len_chars().cast(pl.Int64)

    def prefix(self, text: pl.Expr, length: pl.Expr) -> pl.Expr:
        return text.str.slice(0, length.clip(0))

    def extracted(self, text: pl.Expr, pattern: str) -> pl.Expr:
        group = text.str.extract(pattern).fill_null("")
        return pl.when(text.is_not_null()).then(group)

    def without(self, text: pl.Expr, piece: str) -> pl.Expr:
        return text.str.replace_all(piece, "", literal=True)

    def parsed_digits(self, text: pl.Expr) -> pl.Expr:
        return text.cast(pl.Int64, strict=False)

    def only_where(self, when: pl.Expr, subject: pl.Expr) -> pl.Expr:
        return pl.when(when).then(subject)

    def int64(self, number: pl.Expr) -> pl.Expr:
        return number.cast(pl.Int64, strict=False)

    def scaled_decimal(self, number: pl.Expr, places: int) -> pl.Expr:
        small = pl.when(number.abs() < 10 ** (18 - places)).then(number)
        scaled = small * 10**places
        return pl.when(small.round(places) == small).then(scaled.cast(pl.Int64, strict=False))

    def scaled_float(self, number: pl.Expr, places: int) -> pl.Expr:
        bound, factor = 10.0 ** (15 - places), 10.0**places
        scaled = pl.when(number.abs() < bound).then((number * factor).round())
        near = scaled.cast(pl.Int64, strict=False)
        # Polars divides by a constant as it multiplies by the rounded inverse; a column as the
        # divisor makes it divide exactly
        divisor = (near * 0 + 10**places).cast(pl.Float64)
        return pl.when(near.cast(pl.Float64) / divisor == number).then(near)

    def day_number(self, date: pl.Expr) -> pl.Expr:
        return date.cast(pl.Int32).cast(pl.Int64) + _FIRST_DAY

    def microseconds(self, moment: pl.Expr, zoned: bool) -> pl.Expr:
        return moment.dt.epoch("us")

    def joined_list(self, members: pl.Expr) -> pl.Expr:
        return members.list.join("|", ignore_nulls=False)


def with_layers(frame: pl.LazyFrame, layers: Sequence[Mapping[str, pl.Expr]]) -> pl.LazyFrame:
    """Return the frame with the columns of all layers, added in order."""
    for layer in layers:
        frame = frame.with_columns(**layer)
    return frame
