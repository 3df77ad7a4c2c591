"""A seller's metrics and rung of the ladder, in Polars (docs/language.md, section 8)."""

from __future__ import annotations

import polars as pl

from checker.columns.conditions import Conditions
from checker.columns.polars_engine import PolarsColumns
from checker.language.model.conditions import (
    NO_NAMES,
    AtMost,
    Condition,
    CoreTest,
    Equal,
    FactValue,
    Includes,
    Literal,
    OneOf,
    Operand,
    Test,
    facts_of,
)
from checker.language.model.standards import METRICS, RATES, Standards
from checker.language.model.types import ValueType

PLACES = 4
_PARTS = 10**PLACES


def with_metrics(sums: pl.LazyFrame, standards: Standards | None) -> pl.LazyFrame:
    """Return the sellers' sums with their rates, in ten-thousandths, and their rung.

    A rate is rounded half up, and NULL where its divisor is 0. The conditions of the ladder compare
    the exact fractions; a condition on a NULL rate is unknown and does not hold.
    """
    rates = {name: _rate(*fraction) for name, fraction in _FRACTIONS.items()}
    return sums.with_columns(**rates, rung=_rung(standards))


_Fraction = tuple[pl.Expr, pl.Expr]  # a count, and its divisor
_FRACTIONS: dict[str, _Fraction] = {
    "rejection_rate": (pl.col("rejected"), pl.col("requests")),
    "wrongful_rejection_rate": (pl.col("wrongful_rejections"), pl.col("rejected")),
    "on_time_rate": (pl.col("met"), pl.col("met") + pl.col("late") + pl.col("overdue")),
}


def _rate(count: pl.Expr, total: pl.Expr) -> pl.Expr:
    """Return the rate in ten-thousandths, rounded half up, NULL where the total is 0."""
    rounded = (count * (2 * _PARTS) + total) // (2 * total)
    return pl.when(total > 0).then(rounded).otherwise(pl.lit(None, pl.Int64))


def _rung(standards: Standards | None) -> pl.Expr:
    """Return the id of the ladder's first rung whose condition holds, NULL without one."""
    engine = PolarsColumns()
    facts = {name: engine.column(name) for name in METRICS if name not in RATES}
    conditions = _ExactRates(engine, NO_NAMES, facts, {})
    rungs = standards.ladder if standards else ()
    rows = [(conditions.holds(rung.when), engine.value(rung.id)) for rung in rungs]
    return engine.first_match(rows, engine.absent(str))


class _ExactRates(Conditions[pl.Expr]):
    """Translates conditions on metrics: fractions are compared by cross-multiplication."""

    def _opposite(self, condition: Condition) -> pl.Expr:
        core = condition.core if isinstance(condition, Test) else condition
        if isinstance(core, AtMost) and _tests_rates(core):
            return self.engine.negation(self._core(core))
        return Conditions._opposite(self, condition)

    def _core(self, test: CoreTest) -> pl.Expr:
        if isinstance(test, Includes) or not _tests_rates(test):
            return Conditions._core(self, test)
        if isinstance(test, OneOf):
            subject = test.subject
            assert isinstance(test.members, Literal)
            members = sorted(self._set(test.members))
            one = [
                self._core(Equal(subject, Literal(member), ValueType("rate"))) for member in members
            ]
            return self._known_rate(test, self.engine.some(one))
        (count, total), (other, whole) = map(_fraction, (test.left, test.right))
        left, right = count * whole, other * total
        return self._known_rate(test, left == right if isinstance(test, Equal) else left <= right)

    def _known_rate(self, test: CoreTest, holds: pl.Expr) -> pl.Expr:
        """Return the column where no divisor of the test is 0, and else unknown."""
        divided = [_FRACTIONS[name][1] > 0 for name in facts_of(test)]
        return pl.when(pl.all_horizontal(divided)).then(holds)


def _tests_rates(test: CoreTest) -> bool:
    return any(name in RATES for name in facts_of(test))


def _fraction(operand: Operand) -> _Fraction:
    """Return an operand of a test of rates as a fraction, in integers of 128 bits."""
    if isinstance(operand, Literal):
        return pl.lit(operand.value, pl.Int128), pl.lit(_PARTS, pl.Int128)
    assert isinstance(operand, FactValue), "the ladder has no parameters"
    count, total = (column.cast(pl.Int128) for column in _FRACTIONS[operand.name])
    if not operand.plus:
        return count, total
    return count * _PARTS + total * operand.plus, total * _PARTS


def as_decimal(column: str, places: int) -> pl.Expr:
    """Return an integer column divided by 10 ** places, as a decimal of so many places."""
    wide = pl.Decimal(38, places)
    return pl.col(column).cast(wide).truediv(10**places).cast(wide)
