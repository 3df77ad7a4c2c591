"""Returns judged by a database: it computes everything, and only results come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path

import polars as pl
from sqlglot import exp

from checker.audit.connections import Connection
from checker.audit.files.scan import ROW_NUMBER
from checker.audit.returns.finding_rows import finding_rows
from checker.audit.returns.outcome import (
    METRICS,
    PeriodPart,
    ReturnsOutcome,
    SliceResult,
    Watch,
    bucket,
    row_columns,
)
from checker.columns.sql_engine import SqlColumns, Tree, layered_query


@dataclass(slots=True)
class SqlTable:
    """A table of a database with one row for each return."""

    connection: Connection
    engine: SqlColumns = field(init=False)
    kinds: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.engine = SqlColumns(self.connection.dialect)
        self.kinds = self.connection.columns()

    def days(
        self, layers: Sequence[Mapping[str, Tree]], day: Tree
    ) -> tuple[int | None, int | None]:
        """Return the first and the last day of the column, None where there is no row."""
        ends = {"low": exp.Min(this=day), "high": exp.Max(this=day)}
        numbered = _numbered(self.connection, layers[0])
        query = layered_query(numbered, layers[1:], self.connection.dialect, ends)
        low, high = self.connection.fetch(query).row(0)
        return low, high

    def judge(
        self, parts: Sequence[PeriodPart[Tree]], folder: Path, watch: Watch = None
    ) -> ReturnsOutcome:
        """Judge all rows; nothing is written to `folder`."""
        outcome = ReturnsOutcome()
        for number, part in enumerate(parts):
            table = f"checker_audit_{number}"
            result = _PeriodJudge(self.connection, self.engine, part, table).run()
            outcome.add([result])
            if watch:
                watch(result.rows_read)
        return outcome


def _numbered(connection: Connection, raw: Mapping[str, Tree]) -> Tree:
    """Return the first layer over the table, with its rows numbered from 1.

    The table's own column names are gone then: one of them might be the name of a computed column.
    """
    order = None
    if connection.dialect == "spark":  # it numbers rows only in an order
        order = exp.Order(expressions=[exp.Ordered(this=exp.Literal.number(1))])
    number = exp.cast(exp.Window(this=exp.RowNumber(), order=order), "BIGINT")
    columns = {**raw, ROW_NUMBER: number}
    outputs = [exp.alias_(tree, name, quoted=True) for name, tree in columns.items()]
    return exp.select(*outputs).from_(connection.relation()).subquery("t")


class _PeriodJudge:
    """Judges the rows of one period; the columns of its results go to a temporary table."""

    def __init__(
        self, connection: Connection, engine: SqlColumns, part: PeriodPart[Tree], table: str
    ) -> None:
        self.connection, self.engine, self.records = connection, engine, part.records
        self.part, self.table = part, exp.table_(table, quoted=True)

    def run(self) -> SliceResult:
        """Return the results of the period's rows."""
        self.connection.execute(exp.Create(
            this=self.table,
            kind="TABLE",
            expression=self._audited(),
            properties=exp.Properties(expressions=[exp.TemporaryProperty()]),
        ))  # fmt: skip
        column, fetch = self.engine.column, self.connection.fetch
        count = exp.select(exp.Count(this=exp.Star())).from_(self.table)
        names = [ROW_NUMBER, *row_columns(self.engine, self.records)]
        findings = exp.select(*map(column, names)).from_(self.table).where(column("has_finding"))
        names = [ROW_NUMBER, "case", "seller", "reason"]
        refused = exp.select(*map(column, names)).from_(self.table).where(column("refused"))
        judged = column("judged")
        return SliceResult(
            int(fetch(count).item()),
            fetch(self._sums(judged)).lazy(),
            finding_rows(fetch(findings).lazy(), self.records),
            fetch(refused).rename({ROW_NUMBER: "row"}).lazy(),
            self._durations(judged),
        )

    def _audited(self) -> exp.Select:
        """Return the query for the temporary table."""
        records, engine = self.records, self.engine
        outputs = {ROW_NUMBER: engine.column(ROW_NUMBER), "refused": records.refused}
        outputs |= {"judged": records.judged, "has_finding": records.has_finding}
        reason = engine.first_match([(records.refused, records.reason)], engine.absent(str))
        outputs["reason"] = reason
        outputs |= row_columns(engine, records)
        for name, counts in records.counts.items():
            outputs |= {f"count_{name}_{n}": column for n, column in enumerate(counts)}
        for n, deadline in enumerate(records.deadlines):
            width = self.part.widths[deadline.term.name]
            outputs |= {
                f"met_{n}": deadline.met,
                f"late_{n}": deadline.late,
                f"overdue_{n}": deadline.overdue,
            }
            outputs |= {f"bucket_{n}": bucket(engine, deadline, width)}
        raw, *layers = records.layers
        rows = _numbered(self.connection, raw)
        query = layered_query(rows, layers, self.connection.dialect, outputs)
        return query.where(self.part.in_period) if self.part.in_period is not None else query

    def _sums(self, judged: Tree) -> exp.Select:
        """Return the query of each seller's metrics and number of findings."""
        counts: Mapping[str, int] = {name: len(self.records.counts[name]) for name in METRICS}
        columns = {
            name: [self.engine.column(f"count_{name}_{n}") for n in range(number)]
            for name, number in counts.items()
        }
        checks = len(self.records.findings)
        columns["findings"] = [self.engine.column(f"finding_{n}") for n in range(checks)]
        seller = self.engine.column("seller")
        sums = [
            exp.alias_(self._sum(counted), name, quoted=True) for name, counted in columns.items()
        ]
        return exp.select(seller, *sums).from_(self.table).where(judged).group_by(seller)

    def _sum(self, columns: Sequence[Tree]) -> Tree:
        """Return how often the columns are true in all rows together."""
        one, none = self.engine.value(1), self.engine.value(0)
        numbers = [self.engine.first_match([(column, one)], none) for column in columns] or [none]
        return exp.cast(exp.Sum(this=reduce(self.engine.sum, numbers)), "BIGINT")

    def _durations(self, judged: Tree) -> dict[str, pl.DataFrame]:
        durations = {}
        for n, deadline in enumerate(self.records.deadlines):
            names = {"bucket": f"bucket_{n}", "limit": f"limit_{n}", "met": f"met_{n}"}
            names |= {"late": f"late_{n}", "overdue": f"overdue_{n}"}
            keys = {name: self.engine.column(column) for name, column in names.items()}
            deadlines = exp.cast(exp.Count(this=exp.Star()), "BIGINT")
            some = self.engine.some([keys[name] for name in ("met", "late", "overdue")])
            query = (
                exp.select(
                    *(exp.alias_(tree, name, quoted=True) for name, tree in keys.items()),
                    exp.alias_(deadlines, "deadlines", quoted=True),
                )
                .from_(self.table)
                .where(judged)
                .where(some)
                .group_by(*keys.values())
            )
            durations[deadline.term.name] = self.connection.fetch(query)
        return durations
