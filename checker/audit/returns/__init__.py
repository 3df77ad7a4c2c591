"""Handled returns audited: findings, and metrics of sellers (docs/language.md, section 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from checker.audit.returns.metrics import as_decimal, with_metrics
from checker.audit.returns.outcome import METRICS, Outcome, Watch, bucket_widths
from checker.audit.returns.periods import Period, periods, worlds_of
from checker.audit.returns.plan import Asked, Plan, Table
from checker.audit.returns.window import window
from checker.language.model.standards import RATES, Standards
from checker.language.resolve.resolver import ResolvedPolicy, Resolver

__all__ = ["Asked", "Audit", "Table", "audit_returns"]


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit of returns comes to: its findings, and what sums them up.

    `worlds` are the policies that records were judged by; `resolved` is that of the day of `as_of`.
    """

    asked: Asked
    resolved: ResolvedPolicy
    worlds: list[ResolvedPolicy]
    widths: Mapping[str, int]
    outcome: Outcome
    sellers: pl.DataFrame
    findings: pl.LazyFrame
    refused: pl.LazyFrame

    @property
    def standards(self) -> Standards | None:
        """The standards that sellers' records are held to."""
        return self.resolved.policy.standards

    def tables(self) -> dict[str, pl.LazyFrame | pl.DataFrame]:
        """Return the tables by the names of their files."""
        sellers = self.sellers.drop("met")
        return {"findings": self.findings, "sellers": sellers, "refused": self.refused}


def audit_returns(
    table: Table, resolver: Resolver, asked: Asked, place: Path, watch: Watch = None
) -> Audit:
    """Return the audit of a table with a row a return; `place` is an empty folder for files.

    `watch` is told of how many rows more have been read.
    UsageError where the policy, the columns of the table or the table itself can't be used.
    """
    known = periods(resolver, asked.policy, asked.on)
    resolved = _world(known, asked)
    span = window(asked.as_of, resolved.vocabulary.time_zone, resolved.policy.standards)
    widths = bucket_widths(worlds_of(known))
    parts = Plan(table, asked, span, widths).parts(known)
    outcome = table.judge(parts, place, watch)
    worlds = worlds_of(part.period for part in parts) or [resolved]
    return Audit(
        asked,
        resolved,
        [*dict.fromkeys(worlds)],
        widths,
        outcome,
        _sellers(outcome, resolved.policy.standards),
        pl.concat(outcome.findings, how="diagonal_relaxed"),
        pl.concat(outcome.refused).sort("row"),
    )


def _world(known: Sequence[Period], asked: Asked) -> ResolvedPolicy:
    """Return the world of the day of `as_of`, or else the one that comes nearest."""
    day = asked.as_of.day(worlds_of(known)[0].vocabulary.time_zone)
    nearest = sorted(known, key=lambda each: max(each.first - day, day - each.last, 0))
    return worlds_of(nearest)[0]


def _sellers(outcome: Outcome, standards: Standards | None) -> pl.DataFrame:
    """Return a row a seller with its metrics, those with most findings first."""
    sums = pl.concat(outcome.sums).group_by("seller").agg(pl.col(*METRICS, "findings").sum())
    rates = [as_decimal(name, 4) for name in RATES]
    found = with_metrics(sums, standards).with_columns(rates)
    ranked = found.select("seller", *METRICS, *RATES, "rung", "findings").sort(
        "findings", "wrongful_rejections", "seller", descending=[True, True, False]
    )
    return ranked.collect()
