"""Records of returns judged by a database: what it computes stays there, results come back."""

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
    Outcome,
    Part,
    Slice,
    Watch,
    bucket,
    row_columns,
)
from checker.columns.sql_engine import SqlColumns, Tree, layered_query


@dataclass(slots=True)
class SqlTable:
    """A database's table with a row a return."""

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

    def judge(self, parts: Sequence[Part[Tree]], place: Path, watch: Watch = None) -> Outcome:
        """Return the outcome of all rows; nothing is written to `place`."""
        outcome = Outcome()
        for number, part in enumerate(parts):
            table = f"checker_audit_{number}"
            found = _Judge(self.connection, self.engine, part, table).run()
            outcome.add([found])
            if watch:
                watch(found.read)
        return outcome


def _numbered(connection: Connection, raw: Mapping[str, Tree]) -> Tree:
    """Return the raw columns of the table, with its rows numbered from 1, as it gives them.

    None of the table's own names is left, which might be one of ours.
    """
    order = None
    if connection.dialect == "spark":  # which numbers no rows without an order
        order = exp.Order(expressions=[exp.Ordered(this=exp.Literal.number(1))])
    number = exp.cast(exp.Window(this=exp.RowNumber(), order=order), "BIGINT")
    columns = {**raw, ROW_NUMBER: number}
    named = [exp.alias_(tree, name, quoted=True) for name, tree in columns.items()]
    return exp.select(*named).from_(connection.relation()).subquery("t")


class _Judge:
    """Judges the rows of one period, in a temporary table of what is needed of each."""

    def __init__(
        self, connection: Connection, engine: SqlColumns, part: Part[Tree], table: str
    ) -> None:
        self.connection, self.engine, self.records = connection, engine, part.records
        self.part, self.table = part, exp.table_(table, quoted=True)

    def run(self) -> Slice:
        """Return the outcome of the period's rows."""
        self.connection.execute(exp.Create(
            this=self.table,
            kind="TABLE",
            expression=self._audited(),
            properties=exp.Properties(expressions=[exp.TemporaryProperty()]),
        ))  # fmt: skip
        column, fetch = self.engine.column, self.connection.fetch
        count = exp.select(exp.Count(this=exp.Star())).from_(self.table)
        names = [ROW_NUMBER, *row_columns(self.engine, self.records)]
        found = exp.select(*map(column, names)).from_(self.table).where(column("found"))
        names = [ROW_NUMBER, "case", "seller", "reason"]
        refused = exp.select(*map(column, names)).from_(self.table).where(column("refused"))
        judged = column("judged")
        return Slice(
            int(fetch(count).item()),
            fetch(self._sums(judged)).lazy(),
            finding_rows(fetch(found).lazy(), self.records),
            fetch(refused).rename({ROW_NUMBER: "row"}).lazy(),
            self._taken(judged),
        )

    def _audited(self) -> exp.Select:
        """Return the query of all that is needed of each row of the period."""
        records, engine = self.records, self.engine
        outputs = {ROW_NUMBER: engine.column(ROW_NUMBER), "refused": records.refused}
        outputs |= {"judged": records.judged, "found": records.found}
        reason = engine.first_match([(records.refused, records.reason)], engine.absent(str))
        outputs["reason"] = reason
        outputs |= row_columns(engine, records)
        for name, counts in records.counts.items():
            outputs |= {f"n_{name}_{n}": each for n, each in enumerate(counts)}
        for n, each in enumerate(records.deadlines):
            width = self.part.widths[each.term.name]
            outputs |= {f"met{n}": each.met, f"late{n}": each.late, f"overdue{n}": each.overdue}
            outputs |= {f"bucket{n}": bucket(engine, each, width)}
        raw, *layers = records.layers
        rows = _numbered(self.connection, raw)
        query = layered_query(rows, layers, self.connection.dialect, outputs)
        return query.where(self.part.inside) if self.part.inside is not None else query

    def _sums(self, judged: Tree) -> exp.Select:
        counts: Mapping[str, int] = {name: len(self.records.counts[name]) for name in METRICS}
        columns = {
            name: [self.engine.column(f"n_{name}_{n}") for n in range(number)]
            for name, number in counts.items()
        }
        checks = len(self.records.findings)
        columns["findings"] = [self.engine.column(f"x{n}") for n in range(checks)]
        seller = self.engine.column("seller")
        sums = [exp.alias_(self._sum(each), name, quoted=True) for name, each in columns.items()]
        return exp.select(seller, *sums).from_(self.table).where(judged).group_by(seller)

    def _sum(self, columns: Sequence[Tree]) -> Tree:
        one, none = self.engine.value(1), self.engine.value(0)
        numbers = [self.engine.first_match([(each, one)], none) for each in columns] or [none]
        return exp.cast(exp.Sum(this=reduce(self.engine.sum, numbers)), "BIGINT")

    def _taken(self, judged: Tree) -> dict[str, pl.DataFrame]:
        found = {}
        for n, each in enumerate(self.records.deadlines):
            names = {"bucket": f"bucket{n}", "limit": f"limit{n}", "met": f"met{n}"}
            names |= {"late": f"late{n}", "overdue": f"overdue{n}"}
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
            found[each.term.name] = self.connection.fetch(query)
        return found
