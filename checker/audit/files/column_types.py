"""The kind of a file's column by its type in Polars, and the one type for each kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

_UNSHARED = ("Int128", "UInt128")  # types that only Polars can read from a file
_TEXTS = pl.List(pl.String())
_MOMENTS = pl.Datetime("us", "UTC")


def kind_of(dtype: pl.DataType) -> str:
    """Return the kind of a column (`Connection.columns`), else the name of its type."""
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
    """Yield casts of the columns whose type is not the one of their kind."""
    for name, dtype in columns.items():
        column, kind = pl.col(name), kind_of(dtype)
        if kind == "text" and dtype != pl.String:
            yield column.cast(pl.String)
        elif kind == "list" and dtype != _TEXTS:
            yield column.cast(_TEXTS)
        elif kind == "moment" and dtype != _MOMENTS:
            yield column.cast(_MOMENTS)
        elif kind == "float" and dtype != pl.Float64:
            # by way of text, as 0.1 of 32 bits is another number than 0.1 of 64 bits
            yield column.cast(pl.Float32).cast(pl.String).cast(pl.Float64)


def _is_text(dtype: pl.DataType) -> bool:
    return isinstance(dtype, pl.String | pl.Categorical | pl.Enum | pl.Null)
