"""What the connections share: SQL from trees, plain column types, one-line messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl
from polars import selectors
from sqlglot import ErrorLevel, exp

BATCH = 50_000  # rows in a part of a result
# of a float of 32 bits, whose shortest decimal is not that of the same one of 64 bits
SHORTEST = ("TEXT", "DOUBLE")
_DIGITS = 18  # that always fit into 64 bits


def sql_of(tree: exp.Expr, dialect: str) -> str:
    """Return a tree's SQL with every name quoted.

    Raises sqlglot's `UnsupportedError` for what the dialect can't say, which is a mistake of ours.
    """
    return tree.sql(dialect=dialect, identify=True, unsupported_level=ErrorLevel.RAISE)


def table_of(parts: Sequence[str]) -> exp.Table:
    """Return the table of a name: `(table,)`, `(schema, table)`, `(catalog, schema, table)`."""
    names = [exp.to_identifier(part, quoted=True) for part in reversed(parts)]
    return exp.Table(**dict(zip(("this", "db", "catalog"), names, strict=False)))


def replaced(table: exp.Expr, names: Iterable[str], made: Mapping[str, exp.Expr]) -> exp.Expr:
    """Return a table with some of its columns made anew, under their names; itself for none."""
    if not made:
        return table
    columns = (
        exp.alias_(made[name], name, quoted=True) if name in made else column(name)
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


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a result with the types that `Connection.fetch` promises."""
    whole = [name for name, dtype in frame.schema.items() if _is_whole(dtype)]
    return frame.with_columns(
        pl.col(whole).cast(pl.Int64),
        (selectors.categorical() | selectors.by_dtype(pl.Enum)).cast(pl.String),
        selectors.datetime(time_zone=None).cast(pl.Datetime("us")),
        selectors.datetime(time_zone="*").cast(pl.Datetime("us", "UTC")),
    )


def _is_whole(dtype: pl.DataType) -> bool:
    """Return whether what is of the type is a whole number that fits into 64 bits."""
    if isinstance(dtype, pl.Decimal):
        return dtype.scale == 0 and dtype.precision <= _DIGITS
    return dtype.is_integer()


def joined(batches: Iterator[pl.DataFrame]) -> pl.DataFrame:
    """Return the parts of a result as one frame."""
    return pl.concat(batches)


def one_line(text: object) -> str:
    """Return an engine's message as one line of bearable length."""
    line = " ".join(str(text).split())
    return line if len(line) <= 300 else f"{line[:300]}…"
