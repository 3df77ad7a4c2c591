"""Columns of files by their types in Polars: of what kind each is, and as what it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

_UNSHARED = ("Int128", "UInt128")  # which only Polars finds in a file
_TEXTS = pl.List(pl.String())
_MOMENTS = pl.Datetime("us", "UTC")


def kind_of(dtype: pl.DataType) -> str:
    """Return the kind of a column; where there is none for it, the name of its type."""
    if str(dtype) in _UNSHARED:
        return str(dtype)
    if dtype.is_integer():
        return "integer"
    if dtype.is_decimal():
        return "decimal"
    if dtype.is_float():
        return "float"
    if isinstance(dtype, pl.Datetime):
        return "moment" if dtype.time_zone else "timestamp"
    if _is_text(dtype):
        return "text"
    if isinstance(dtype, pl.List | pl.Array) and _is_text(dtype.inner):  # type: ignore[arg-type]
        return "list"
    return {pl.Boolean: "boolean", pl.Date: "date"}.get(type(dtype), str(dtype))


def as_kinds(columns: Mapping[str, pl.DataType]) -> Iterator[pl.Expr]:
    """Yield the columns that are not yet of the one type that stands for their kind."""
    for name, dtype in columns.items():
        column, kind = pl.col(name), kind_of(dtype)
        if kind == "text" and dtype != pl.String:
            yield column.cast(pl.String)
        elif kind == "list" and dtype != _TEXTS:
            yield column.cast(_TEXTS)
        elif kind == "moment" and dtype != _MOMENTS:
            yield column.cast(_MOMENTS)
        elif kind == "float" and dtype != pl.Float64:
            # the shortest decimal that gives a 32-bit float is not that of the 64-bit one
            yield column.cast(pl.Float32).cast(pl.String).cast(pl.Float64)


def _is_text(dtype: pl.DataType) -> bool:
    return isinstance(dtype, pl.String | pl.Categorical | pl.Enum | pl.Null)
