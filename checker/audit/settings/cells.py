"""The cells of a table read once each: sellers are many, but what they set in a column is not.

Gives the columns that the plan's reading layers give, by looking each cell up among those read.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from checker.audit.settings.plan import Cells, SettingsPlan
from checker.columns.polars_engine import with_layers

MOST_CELLS = 20_000  # distinct ones of a column; where there are more, each row is read by itself
MOST_MEMBERS = 62  # of a set, for a bit each


def read_cells(rows: pl.LazyFrame, plan: SettingsPlan[pl.Expr]) -> pl.LazyFrame:
    """Return the rows with the columns of the plan's reading layers."""
    schema = rows.collect_schema()
    slow = [
        raw
        for raw, cells in plan.cells.items()
        if isinstance(schema[raw], pl.String | pl.Decimal) and len(cells.members) <= MOST_MEMBERS
    ]
    # one more than the most tells that there are too many
    asked = [rows.select(pl.col(raw).unique().head(MOST_CELLS + 1)) for raw in slow]
    found = zip(slow, pl.collect_all(asked, engine="streaming"), strict=True)
    layers = [dict(layer) for layer in plan.reading]
    for raw, distinct in found:
        if distinct.height <= MOST_CELLS:
            _look_up(raw, plan.cells[raw], distinct, layers)
    return with_layers(rows, layers)


def _look_up(
    raw: str, cells: Cells, distinct: pl.DataFrame, layers: Sequence[dict[str, pl.Expr]]
) -> None:
    """Put in place of what reads the cells of a column what looks them up."""
    values, members = layers
    names = [cells.value, cells.wrong]
    read = with_layers(
        distinct.drop_nulls().lazy(),
        [{name: values[name] for name in names}, {name: members[name] for name in cells.members}],
    ).collect()
    column = pl.col(raw)
    values[cells.wrong] = column.is_in(read.filter(cells.wrong).get_column(raw).implode())
    values[cells.wrong] = values[cells.wrong].fill_null(False)
    kept = read.get_column(cells.value)
    if cells.members:
        kept = read.select(_bits(cells.members)).to_series()
        members |= {name: _has_bit(cells.value, place) for place, name in enumerate(cells.members)}
    values[cells.value] = column.replace_strict(
        read.get_column(raw), kept, default=None, return_dtype=kept.dtype
    )


def _bits(members: Sequence[str]) -> pl.Expr:
    """Return which members there are as bits, NULL where the set is absent."""
    return pl.sum_horizontal(
        [pl.col(name).cast(pl.Int64) * (1 << place) for place, name in enumerate(members)],
        ignore_nulls=False,
    )


def _has_bit(column: str, place: int) -> pl.Expr:
    return (pl.col(column) & pl.lit(1 << place, pl.Int64)) != 0
