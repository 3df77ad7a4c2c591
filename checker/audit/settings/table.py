"""A table of settings audited: read as columns, judged by the proved limits, in one pass.

Each row stands for an override without rules: it answers by its settings in the cases that its
scope names, and elsewhere as the policy says. So a row whose settings break no limit passes
whatever its scope, unless the policy by itself fails; what breaks one is judged under its scope.
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
from checker.audit.settings.outcome import Outcome, outcome
from checker.audit.settings.plan import REFUSED, SELLER, SettingsPlan, settings_plan
from checker.audit.settings.scopes import NoScope, Scope, read_scope
from checker.columns.polars_engine import PolarsColumns, with_layers
from checker.language.model.vocabulary import Vocabulary
from checker.language.resolve.resolver import ResolvedPolicy, Resolver

SCOPE = "x_scope"  # the number of a row's scope
EVERYWHERE = -1  # the scope of a row that no fact narrows


def audit_table(
    table: pl.LazyFrame,
    kinds: Mapping[str, str],
    resolved: ResolvedPolicy,
    resolver: Resolver,
    engines: Engines | None = None,
) -> Outcome:
    """Return what the sellers of a table fail, a row a seller and a column a setting.

    `kinds` are the kinds of the table's columns, by name; its rows are numbered in `row_number`, or
    else counted. UsageError where a column is none that a
    table of settings can have.
    """
    engines = engines or Engines()
    limits = limits_of(engines.required(resolved))
    every = [limit for each in limits.by_place.values() for limit in each]
    plan = settings_plan(PolarsColumns(), kinds, resolved.policy, every)
    judge = Judge(plan, resolved, resolver, engines, limits)
    rows = _collected(table, judge)
    rows.narrow(resolved.vocabulary)
    rows.refuse_repeated()
    _judge(rows, judge)
    accepted = rows.accepted().select("row", seller=SELLER)
    refused = pl.concat(rows.refused)
    return outcome(accepted.height + refused.height, accepted, judge.found, judge.failures, refused)


@dataclass(slots=True)
class _Rows:
    """The rows of a table: those that pass for certain, those to judge, and the refused ones."""

    plan: SettingsPlan[pl.Expr]
    passing: pl.DataFrame
    suspect: pl.DataFrame
    refused: list[pl.DataFrame]
    scopes: list[Scope] = field(default_factory=list)

    def accepted(self) -> pl.DataFrame:
        """Return the rows that are not refused: their number, seller and scope."""
        kept = ["row", SELLER, *self.plan.scope.values()]
        kept += [SCOPE] if SCOPE in self.passing.columns else []
        return pl.concat([self.passing.select(kept), self.suspect.select(kept)])

    def refuse(self, wrong: pl.DataFrame) -> None:
        """Refuse rows; `wrong` has their numbers, sellers and the reasons."""
        if wrong.is_empty():
            return
        self.refused.append(_refusals(wrong))
        self.passing = self.passing.join(wrong, on="row", how="anti")
        self.suspect = self.suspect.join(wrong, on="row", how="anti")

    def narrow(self, vocabulary: Vocabulary) -> None:
        """Read each distinct scope, number it, and refuse the rows of those that are none."""
        columns = self.plan.scope
        if not columns:
            everywhere = pl.lit(EVERYWHERE).alias(SCOPE)
            self.passing = self.passing.with_columns(everywhere)
            self.suspect = self.suspect.with_columns(everywhere)
            return
        names = [*columns.values()]
        cells = self.accepted().select(names).unique()
        known: dict[Scope, int] = {}
        numbers, reasons = [], []
        for row in cells.iter_rows():
            number, reason = EVERYWHERE, None
            try:
                scope = read_scope(dict(zip(columns, row, strict=True)), vocabulary)
                number = known.setdefault(scope, len(known)) if scope else EVERYWHERE
            except NoScope as error:
                reason = str(error)
            numbers.append(number)
            reasons.append(reason)
        read = cells.with_columns(
            pl.Series(SCOPE, numbers, pl.Int32), pl.Series("reason", reasons, pl.String)
        )
        self.scopes = [*known]
        self.passing = self.passing.join(read, on=names, nulls_equal=True)
        self.suspect = self.suspect.join(read, on=names, nulls_equal=True)
        read_ones = [rows.select("row", SELLER, "reason") for rows in (self.passing, self.suspect)]
        self.refuse(pl.concat(read_ones).filter(pl.col("reason").is_not_null()))

    def refuse_repeated(self) -> None:
        """Refuse rows that answer cases that an earlier row of the same seller answers."""
        rows = self.accepted().select("row", SELLER, SCOPE)
        rows = rows.filter(pl.col(SELLER).is_duplicated())
        if rows.is_empty():
            return
        first = rows.group_by(SELLER, SCOPE).agg(pl.col("row").min().alias("before"))
        pairs = first.join(first, on=SELLER, suffix="_other")
        scopes = pairs.select(SCOPE, f"{SCOPE}_other").unique()
        same = [self._overlap(*each) for each in scopes.iter_rows()]
        pairs = pairs.join(scopes.filter(pl.Series(same)), on=[SCOPE, f"{SCOPE}_other"])
        before = pairs.group_by(SELLER, SCOPE).agg(pl.col("before_other").min())
        repeated = rows.join(before, on=[SELLER, SCOPE]).filter(
            pl.col("before_other") < pl.col("row")
        )
        reason = pl.format(
            "the seller's row {} answers some of the same cases", pl.col("before_other")
        )
        self.refuse(repeated.with_columns(reason=reason))

    def _overlap(self, one: int, other: int) -> bool:
        if EVERYWHERE in (one, other):
            return True
        return self.scopes[one].overlaps(self.scopes[other])


def _collected(table: pl.LazyFrame, judge: Judge) -> _Rows:
    """Return the table's rows: each read and tried on the limits, all in one streaming pass."""
    plan, schema = judge.plan, table.collect_schema()
    columns = {ours: pl.col(theirs) for ours, theirs in plan.renamed.items()}
    for fact, ours in plan.scope.items():
        columns[ours] = _cells(pl.col(fact), schema[fact])
    if ROW_NUMBER not in schema:
        table = table.with_row_index(ROW_NUMBER, offset=1)
    stated = table.select(row=pl.col(ROW_NUMBER).cast(pl.Int64), **columns)
    read = with_layers(read_cells(stated, plan), plan.layers)
    accepted, suspect = read.filter(~pl.col(REFUSED)), _suspect(judge)
    kept = ["row", SELLER, *plan.scope.values()]
    tried = [*kept, *judge.columns(), *plan.broken, *plan.invalid]
    refused = read.filter(REFUSED).select("row", SELLER, reason=plan.reason)
    passing = accepted.filter(~suspect).select(kept)
    found = pl.collect_all(
        [passing, accepted.filter(suspect).select(tried), refused], engine="streaming"
    )
    return _Rows(plan, found[0], found[1], [_refusals(found[2])])


def _cells(column: pl.Expr, type_: pl.DataType) -> pl.Expr:
    """Return what narrows a row as text, values joined by `|`; empty text narrows nothing."""
    if isinstance(type_, pl.List):
        values = column.list.eval(pl.element().cast(pl.String).fill_null(""))
        return values.list.join("|")
    text = column.cast(pl.String)
    return pl.when(text != "").then(text)


def _suspect(judge: Judge) -> pl.Expr:
    """Return which rows are to be judged: all that may fail something."""
    plan = judge.plan
    if judge.limits.open:
        return pl.lit(True)
    parts = [pl.col(each) for each in (*plan.broken, *plan.invalid)]
    if judge.by_default:
        parts += [pl.col(each).is_not_null() for each in plan.scope.values()]
    return pl.any_horizontal(parts) if parts else pl.lit(False)


def _refusals(wrong: pl.DataFrame) -> pl.DataFrame:
    case = pl.lit(None, pl.String).alias("case")
    return wrong.select("row", case, pl.col(SELLER).alias("seller"), "reason")


def _judge(rows: _Rows, judge: Judge) -> None:
    """Judge the rows to judge: those of each scope under its own limits."""
    suspect = rows.suspect.sort("row")
    judge.invalid(suspect)
    invalid = [*judge.plan.invalid]
    sound = suspect.filter(~pl.any_horizontal(invalid)) if invalid else suspect
    for part in sound.partition_by(SCOPE, maintain_order=True):
        number = part.item(0, SCOPE)
        if number == EVERYWHERE:
            judge.unscoped(part)
        else:
            judge.scoped(part, rows.scopes[number])
