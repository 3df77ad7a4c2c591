"""Audit of a table of settings: its rows are checked against proved limits, in one pass.

Each row is an override without rules: its settings decide in the cases of its scope, elsewhere the
policy does. So a row whose settings break no limit passes under any scope, unless the policy fails
by itself. A row that breaks a limit is judged under its scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from checker.analysis.prove.engine import Engines
from checker.audit.files.scan import ROW_NUMBER
from checker.audit.settings.cells import read_cells
from checker.audit.settings.judge import Judge
from checker.audit.settings.limits import limits_of
from checker.audit.settings.outcome import SettingsOutcome, outcome
from checker.audit.settings.plan import REFUSED, SELLER, SettingsPlan
from checker.audit.settings.plan_builder import settings_plan
from checker.audit.settings.scopes import NoScope, RowScope, read_scope
from checker.columns.polars_engine import PolarsColumns, with_layers
from checker.language.model.vocabulary import Vocabulary
from checker.language.resolve.resolver import ResolvedPolicy, Resolver

SCOPE = "scope_number"  # the number of a row's scope
EVERYWHERE = -1  # the scope of a row that no fact narrows


def audit_table(
    table: pl.LazyFrame,
    kinds: Mapping[str, str],
    resolved: ResolvedPolicy,
    resolver: Resolver,
    engines: Engines | None = None,
) -> SettingsOutcome:
    """Return the audit of a table with a row for each seller and a column for each setting.

    Args:
        table: the rows; without a column `row_number` they are numbered here.
        kinds: the kinds of the table's columns, by name.
        resolved: the policy.
        resolver: has the documents.
        engines: the engines that prove.

    Raises:
        UsageError: a table of settings can't have one of the columns.
    """
    engines = engines or Engines()
    limits = limits_of(engines.required(resolved))
    all_limits = [limit for of_check in limits.by_check.values() for limit in of_check]
    plan = settings_plan(PolarsColumns(), kinds, resolved.policy, all_limits)
    judge = Judge(plan, resolved, resolver, engines, limits)
    rows = _collected(table, judge)
    rows.narrow(resolved.vocabulary)
    rows.refuse_repeated()
    _judge(rows, judge)
    accepted = rows.accepted().select("row", seller=SELLER)
    refused = pl.concat(rows.refused)
    return outcome(
        accepted.height + refused.height, accepted, judge.row_failures, judge.failures, refused
    )


@dataclass(slots=True)
class _AuditedRows:
    """The rows of a table: rows that pass for certain, rows to judge, and refused rows."""

    plan: SettingsPlan[pl.Expr]
    passing: pl.DataFrame
    suspect: pl.DataFrame
    refused: list[pl.DataFrame]
    scopes: list[RowScope] = field(default_factory=list)

    def accepted(self) -> pl.DataFrame:
        """Return the accepted rows: number, seller and scope."""
        names = ["row", SELLER, *self.plan.scope.values()]
        names += [SCOPE] if SCOPE in self.passing.columns else []
        return pl.concat([self.passing.select(names), self.suspect.select(names)])

    def refuse(self, wrong: pl.DataFrame) -> None:
        """Refuse rows; `wrong` has their numbers, sellers and reasons."""
        if wrong.is_empty():
            return
        self.refused.append(_refusals(wrong))
        self.passing = self.passing.join(wrong, on="row", how="anti")
        self.suspect = self.suspect.join(wrong, on="row", how="anti")

    def narrow(self, vocabulary: Vocabulary) -> None:
        """Read each distinct scope, number it, and refuse the rows whose scope is wrong."""
        columns = self.plan.scope
        if not columns:
            everywhere = pl.lit(EVERYWHERE).alias(SCOPE)
            self.passing = self.passing.with_columns(everywhere)
            self.suspect = self.suspect.with_columns(everywhere)
            return
        names = [*columns.values()]
        cells = self.accepted().select(names).unique()
        numbers_by_scope: dict[RowScope, int] = {}
        numbers, reasons = [], []
        for row in cells.iter_rows():
            number, reason = EVERYWHERE, None
            try:
                scope = read_scope(dict(zip(columns, row, strict=True)), vocabulary)
                number = (
                    numbers_by_scope.setdefault(scope, len(numbers_by_scope))
                    if scope
                    else EVERYWHERE
                )
            except NoScope as error:
                reason = str(error)
            numbers.append(number)
            reasons.append(reason)
        numbered = cells.with_columns(
            pl.Series(SCOPE, numbers, pl.Int32), pl.Series("reason", reasons, pl.String)
        )
        self.scopes = [*numbers_by_scope]
        self.passing = self.passing.join(numbered, on=names, nulls_equal=True)
        self.suspect = self.suspect.join(numbered, on=names, nulls_equal=True)
        rows_read = [rows.select("row", SELLER, "reason") for rows in (self.passing, self.suspect)]
        self.refuse(pl.concat(rows_read).filter(pl.col("reason").is_not_null()))

    def refuse_repeated(self) -> None:
        """Refuse rows whose scope overlaps that of an earlier row of the same seller."""
        rows = self.accepted().select("row", SELLER, SCOPE)
        rows = rows.filter(pl.col(SELLER).is_duplicated())
        if rows.is_empty():
            return
        first = rows.group_by(SELLER, SCOPE).agg(pl.col("row").min().alias("before"))
        pairs = first.join(first, on=SELLER, suffix="_other")
        scopes = pairs.select(SCOPE, f"{SCOPE}_other").unique()
        same = [self._overlap(*pair) for pair in scopes.iter_rows()]
        pairs = pairs.join(scopes.filter(pl.Series(same)), on=[SCOPE, f"{SCOPE}_other"])
        before = pairs.group_by(SELLER, SCOPE).agg(pl.col("before_other").min())
        repeated = rows.join(before, on=[SELLER, SCOPE]).filter(
            pl.col("before_other") < pl.col("row")
        )
        reason = pl.format(
            "the seller's row {} answers some of the same cases", pl.col("before_other")
        )
        self.refuse(repeated.with_columns(reason=reason))

    def _overlap(self, left: int, right: int) -> bool:
        if EVERYWHERE in (left, right):
            return True
        return self.scopes[left].overlaps(self.scopes[right])


def _collected(table: pl.LazyFrame, judge: Judge) -> _AuditedRows:
    """Return the table's rows, read and compared with the limits in one streaming pass."""
    plan, schema = judge.plan, table.collect_schema()
    columns = {ours: pl.col(theirs) for ours, theirs in plan.renamed.items()}
    for fact, ours in plan.scope.items():
        columns[ours] = _cells(pl.col(fact), schema[fact])
    if ROW_NUMBER not in schema:
        table = table.with_row_index(ROW_NUMBER, offset=1)
    stated = table.select(row=pl.col(ROW_NUMBER).cast(pl.Int64), **columns)
    rows = with_layers(read_cells(stated, plan), plan.layers)
    accepted, suspect = rows.filter(~pl.col(REFUSED)), _suspect(judge)
    shared = ["row", SELLER, *plan.scope.values()]
    tried = [*shared, *judge.columns(), *plan.broken, *plan.invalid]
    refused = rows.filter(REFUSED).select("row", SELLER, reason=plan.reason)
    passing = accepted.filter(~suspect).select(shared)
    frames = pl.collect_all(
        [passing, accepted.filter(suspect).select(tried), refused], engine="streaming"
    )
    return _AuditedRows(plan, frames[0], frames[1], [_refusals(frames[2])])


def _cells(column: pl.Expr, type_: pl.DataType) -> pl.Expr:
    """Return a fact's cells as text, values joined by `|`; NULL for an empty cell."""
    if isinstance(type_, pl.List):
        values = column.list.eval(pl.element().cast(pl.String).fill_null(""))
        return values.list.join("|")
    text = column.cast(pl.String)
    return pl.when(text != "").then(text)


def _suspect(judge: Judge) -> pl.Expr:
    """Return which rows to judge: all that may fail a check."""
    plan = judge.plan
    if judge.limits.open:
        return pl.lit(True)
    conditions = [pl.col(name) for name in (*plan.broken, *plan.invalid)]
    if judge.by_default:
        conditions += [pl.col(name).is_not_null() for name in plan.scope.values()]
    return pl.any_horizontal(conditions) if conditions else pl.lit(False)


def _refusals(wrong: pl.DataFrame) -> pl.DataFrame:
    """Return refused rows with the columns of the results."""
    case = pl.lit(None, pl.String).alias("case")
    return wrong.select("row", case, pl.col(SELLER).alias("seller"), "reason")


def _judge(rows: _AuditedRows, judge: Judge) -> None:
    """Judge the suspect rows, those of each scope under its own limits."""
    suspect = rows.suspect.sort("row")
    judge.invalid(suspect)
    invalid = [*judge.plan.invalid]
    sound = suspect.filter(~pl.any_horizontal(invalid)) if invalid else suspect
    for group in sound.partition_by(SCOPE, maintain_order=True):
        number = group.item(0, SCOPE)
        if number == EVERYWHERE:
            judge.unscoped(group)
        else:
            judge.scoped(group, rows.scopes[number])
