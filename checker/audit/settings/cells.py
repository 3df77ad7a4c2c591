"""Distinct cells read once each: a table has many rows, but a column has few distinct values.

The result is that of the plan's reading layers, by looking up each cell among the distinct ones.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from checker.audit.settings.plan import Cells, SettingsPlan
from checker.columns.polars_engine import with_layers

MOST_CELLS = 20_000  # a column with more distinct cells is read row by row
MOST_MEMBERS = 62  # of a set, each is a bit


def read_cells(rows: pl.LazyFrame, plan: SettingsPlan[pl.Expr]) -> pl.LazyFrame:
    """Return the rows with the columns of the plan's reading layers."""
    schema = rows.collect_schema()
    slow = [
        raw
        for raw, cells in plan.cells.items()
        if isinstance(schema[raw], pl.String | pl.Decimal) and len(cells.members) <= MOST_MEMBERS
    ]
    # one more than the limit shows that there are too many
    queries = [rows.select(pl.col(raw).unique().head(MOST_CELLS + 1)) for raw in slow]
    distinct_cells = zip(slow, pl.collect_all(queries, engine="streaming"), strict=True)
    layers = [dict(layer) for layer in plan.reading]
    for raw, distinct in distinct_cells:
        if distinct.height <= MOST_CELLS:
            _look_up(raw, plan.cells[raw], distinct, layers)
    return with_layers(rows, layers)


def _look_up(
    raw: str, cells: Cells, distinct: pl.DataFrame, layers: Sequence[dict[str, pl.Expr]]
) -> None:
    """Replace the columns that read the cells of a column by columns that look them up."""
    values, members = layers
    names = [cells.value, cells.wrong]
    typed = with_layers(
        distinct.drop_nulls().lazy(),
        [{name: values[name] for name in names}, {name: members[name] for name in cells.members}],
    ).collect()
    column = pl.col(raw)
    values[cells.wrong] = column.is_in(typed.filter(cells.wrong).get_column(raw).implode())
    values[cells.wrong] = values[cells.wrong].fill_null(False)
    results = typed.get_column(cells.value)
    if cells.members:
        results = typed.select(_bits(cells.members)).to_series()
        members |= {name: _has_bit(cells.value, index) for index, name in enumerate(cells.members)}
    values[cells.value] = column.replace_strict(
        typed.get_column(raw), results, default=None, return_dtype=results.dtype
    )


def _bits(members: Sequence[str]) -> pl.Expr:
    """Return the members of a set as bits, NULL where the set is NULL."""
    return pl.sum_horizontal(
        [pl.col(name).cast(pl.Int64) * (1 << index) for index, name in enumerate(members)],
        ignore_nulls=False,
    )


def _has_bit(column: str, index: int) -> pl.Expr:
    """Return whether a bit is set."""
    return (pl.col(column) & pl.lit(1 << index, pl.Int64)) != 0
