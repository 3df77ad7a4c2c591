"""A seller's metrics and rung of the ladder, in Polars (docs/language.md, section 8)."""

from __future__ import annotations

import polars as pl

from checker.columns.conditions import Conditions
from checker.columns.polars_engine import PolarsColumns
from checker.language.model.conditions import NO_NAMES
from checker.language.model.standards import METRICS, Standards

PLACES = 4
_PARTS = 10**PLACES


def with_metrics(sums: pl.LazyFrame, standards: Standards | None) -> pl.LazyFrame:
    """Return the sellers' sums with their rates, in ten-thousandths, and their rung.

    A rate is rounded half up, and NULL where its divisor is 0. The conditions of the ladder compare
    rounded rates; a condition on a NULL rate is unknown and does not hold.
    """
    deadlines = pl.col("met") + pl.col("late") + pl.col("overdue")
    rates = {
        "rejection_rate": _rate(pl.col("rejected"), pl.col("requests")),
        "wrongful_rejection_rate": _rate(pl.col("wrongful_rejections"), pl.col("rejected")),
        "on_time_rate": _rate(pl.col("met"), deadlines),
    }
    return sums.with_columns(**rates).with_columns(rung=_rung(standards))


def _rate(count: pl.Expr, total: pl.Expr) -> pl.Expr:
    """Return the rate in ten-thousandths, rounded half up, NULL where the total is 0."""
    rounded = (count * (2 * _PARTS) + total) // (2 * total)
    return pl.when(total > 0).then(rounded).otherwise(pl.lit(None, pl.Int64))


def _rung(standards: Standards | None) -> pl.Expr:
    """Return the id of the ladder's first rung whose condition holds, NULL without one."""
    engine = PolarsColumns()
    facts = {name: engine.column(name) for name in METRICS}
    conditions = Conditions(engine, NO_NAMES, facts, {})
    rungs = standards.ladder if standards else ()
    rows = [(conditions.holds(rung.when), engine.value(rung.id)) for rung in rungs]
    return engine.first_match(rows, engine.absent(str))


def as_decimal(column: str, places: int) -> pl.Expr:
    """Return an integer column divided by 10 ** places, as a decimal of so many places."""
    wide = pl.Decimal(38, places)
    return pl.col(column).cast(wide).truediv(10**places).cast(wide)
