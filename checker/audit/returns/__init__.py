"""Handled returns audited: findings of section 8, and what sellers' records come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from checker.audit.columns_file import ColumnsFile
from checker.audit.intake import Intake, intake
from checker.audit.returns.metrics import as_decimal, with_metrics
from checker.audit.returns.outcome import METRICS, Outcome, Part, Watch, bucket_widths, day
from checker.audit.returns.periods import Period, periods
from checker.audit.returns.records import Window, records
from checker.audit.returns.window import AsOf, window
from checker.language.problems import Unusable
from checker.language.standards import RATES, Standards
from checker.language.worlds import Resolver, World
from checker.readings.columns import Columns, E, inside


class Table(Protocol):
    """Where the rows are: what its columns are, and what judges them there."""

    @property
    def engine(self) -> Columns[Any]:
        """What says column expressions there."""

    @property
    def kinds(self) -> Mapping[str, str]:
        """The kinds of the table's columns, by name."""

    def days(self, layers: Sequence[dict[str, Any]], day: Any) -> tuple[int | None, int | None]:
        """Return the first and the last day of the column, absent where there is no row."""

    def judge(self, parts: Sequence[Part[Any]], place: Path, watch: Watch = None) -> Outcome:
        """Return the outcome of all rows, in parts; files go into the folder `place`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the records: the policy, the moment, and the day that picks versions."""

    policy: str
    as_of: AsOf
    today: int
    on: int | None = None
    columns: ColumnsFile | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit of returns comes to: tables, as they are written, and what sums them up.

    `worlds` are those that records were judged by; `world` is that of the day of `as_of`.
    """

    asked: Asked
    world: World
    worlds: list[World]
    widths: Mapping[str, int]
    outcome: Outcome
    sellers: pl.LazyFrame
    findings: pl.LazyFrame
    refused: pl.LazyFrame

    @property
    def standards(self) -> Standards | None:
        """The standards that sellers' records are held to."""
        return self.world.policy.standards


def audit_returns(
    table: Table, resolver: Resolver, asked: Asked, place: Path, watch: Watch = None
) -> Audit:
    """Return the audit of a table with a row a return; `place` is an empty folder for files.

    `watch` is told of how many rows more have been read.
    Unusable where the policy, the columns of the table or the table itself can't be used.
    """
    known = periods(resolver, asked.policy, asked.on)
    world = _world(known, asked)
    span = window(asked.as_of, world.vocabulary.time_zone, world.policy.standards)
    widths = bucket_widths(each.world for each in known if each.world)
    parts = [replace(each, widths=widths) for each in _parts(table, known, asked, span)]
    outcome = table.judge(parts, place, watch)
    worlds = [part.period.world for part in parts if part.period.world]
    return Audit(
        asked,
        world,
        [*dict.fromkeys(worlds or [world])],
        widths,
        outcome,
        _sellers(outcome, world.policy.standards),
        pl.concat(outcome.findings, how="diagonal_relaxed"),
        pl.concat(outcome.refused).sort("row"),
    )


def _world(known: Sequence[Period], asked: Asked) -> World:
    """Return the world of the day of `as_of`, or else the one that comes nearest."""
    worlds = [each for each in known if each.world]
    first = worlds[0].world
    assert first is not None
    day = asked.as_of.day(first.vocabulary.time_zone)
    nearest = min(worlds, key=lambda each: max(each.first - day, day - each.last, 0))
    assert nearest.world is not None
    return nearest.world


def _parts(
    table: Table, known: Sequence[Period], asked: Asked, span: Window
) -> Iterator[Part[Any]]:
    """Yield a part for each period that rows fall into."""
    worlds = [each.world for each in known if each.world]
    clocks = {each.vocabulary.as_of for each in worlds}
    if asked.on is None and len(clocks) > 1:
        raise Unusable(
            f"versions of `{asked.policy}` pick their day by different facts; name it by --on"
        )
    first, read = worlds[0], _taken_in(table, worlds[0], asked)
    if len(known) == 1 or None in clocks:
        today = next(each for each in known if each.first <= asked.today <= each.last)
        yield _part(table, today, first, asked, span, None)
        return
    engine = table.engine
    stated = day(engine, records(engine, first, read, span))
    low, high = table.days(read.layers, _or_today(engine, stated, asked.today))
    used = [
        each
        for each in known
        if (low is None or each.last >= low) and (high is None or each.first <= high)
    ]
    for each in used:
        yield _part(table, each, first, asked, span, None if len(used) == 1 else each)


def _part(
    table: Table,
    period: Period,
    nearest: World,
    asked: Asked,
    span: Window,
    within: Period | None,
) -> Part[Any]:
    """Return the part of a period; where no version is in force then, all its rows are refused."""
    engine, world = table.engine, period.world or nearest
    found = records(engine, world, _taken_in(table, world, asked), span, period.why_none)
    belongs = None
    if within:
        stated = _or_today(engine, day(engine, found), asked.today)
        belongs = inside(engine, stated, within.first, within.last)
    return Part(period, found, belongs, {})


def _taken_in(table: Table, world: World, asked: Asked) -> Intake[Any]:
    return intake(table.engine, table.kinds, asked.columns, world)


def _or_today(engine: Columns[E], day: E, today: int) -> E:
    return engine.first([(engine.is_absent(day), engine.value(today))], day)


def _sellers(outcome: Outcome, standards: Standards | None) -> pl.LazyFrame:
    """Return a row a seller with its metrics, those with most findings first."""
    sums = pl.concat(outcome.sums).group_by("seller").agg(pl.col(*METRICS, "findings").sum())
    rates = [as_decimal(name, 4) for name in RATES]
    found = with_metrics(sums, standards).with_columns(rates)
    return found.select("seller", *METRICS, *RATES, "rung", "findings").sort(
        "findings", "wrongful_rejections", "seller", descending=[True, True, False]
    )
