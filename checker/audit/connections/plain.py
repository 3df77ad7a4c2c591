"""Shared by the connections: SQL from trees, plain column types, one-line messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl
from polars import selectors
from sqlglot import ErrorLevel, exp

BATCH = 50_000  # rows in a part of a result
# for floats of 32 bits: by way of text, as 0.1 of 32 bits is another number than 0.1 of 64 bits
FLOAT_CASTS = ("TEXT", "DOUBLE")
_DIGITS = 18  # so many always fit into 64 bits


def sql_of(tree: exp.Expr, dialect: str) -> str:
    """Return a tree's SQL with every name quoted.

    Raises:
        sqlglot.UnsupportedError: the dialect has no such expression, which is a bug of the checker.
    """
    return tree.sql(dialect=dialect, identify=True, unsupported_level=ErrorLevel.RAISE)


def table_of(parts: Sequence[str]) -> exp.Table:
    """Return the table of a name: `(table,)`, `(schema, table)`, `(catalog, schema, table)`."""
    names = [exp.to_identifier(part, quoted=True) for part in reversed(parts)]
    return exp.Table(**dict(zip(("this", "db", "catalog"), names, strict=False)))


def with_replacements(
    table: exp.Expr, names: Iterable[str], replacements: Mapping[str, exp.Expr]
) -> exp.Expr:
    """Return a table with some of its columns replaced by expressions, under their names."""
    if not replacements:
        return table
    columns = (
        exp.alias_(replacements[name], name, quoted=True) if name in replacements else column(name)
        for name in names
    )
    return exp.select(*columns).from_(table).subquery("source")


def column(name: str) -> exp.Column:
    """Return a column by its name."""
    return exp.column(name, quoted=True)


def cast_to(name: str, types: Iterable[str]) -> exp.Expr:
    """Return a column cast to one type after the other."""
    tree: exp.Expr = column(name)
    for type_ in types:
        tree = exp.cast(tree, type_)
    return tree


def with_plain_types(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a result with the types that `Connection.fetch` promises."""
    integers = [name for name, dtype in frame.schema.items() if _is_whole(dtype)]
    return frame.with_columns(
        pl.col(integers).cast(pl.Int64),
        (selectors.categorical() | selectors.by_dtype(pl.Enum)).cast(pl.String),
        selectors.datetime(time_zone=None).cast(pl.Datetime("us")),
        selectors.datetime(time_zone="*").cast(pl.Datetime("us", "UTC")),
    )


def _is_whole(dtype: pl.DataType) -> bool:
    """Return whether every value of the type is an integer that fits into 64 bits."""
    if isinstance(dtype, pl.Decimal):
        return dtype.scale == 0 and dtype.precision <= _DIGITS
    return dtype.is_integer()


def joined(batches: Iterator[pl.DataFrame]) -> pl.DataFrame:
    """Return the parts of a result as one frame."""
    return pl.concat(batches)


def one_line(text: object) -> str:
    """Return an engine's message as one line, cut after 300 characters."""
    line = " ".join(str(text).split())
    return line if len(line) <= 300 else f"{line[:300]}…"
