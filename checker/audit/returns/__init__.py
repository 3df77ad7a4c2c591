"""Handled returns audited: findings, and metrics of sellers (docs/language.md, section 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from checker.audit.returns.metrics import as_decimal, with_metrics
from checker.audit.returns.outcome import METRICS, ReturnsOutcome, Watch, bucket_widths
from checker.audit.returns.periods import Period, periods, policies_of
from checker.audit.returns.plan import Plan, ReturnsRequest, ReturnsTable
from checker.audit.returns.window import window
from checker.language.model.standards import RATES, Standards
from checker.language.resolve.resolver import ResolvedPolicy, Resolver

__all__ = ["Audit", "ReturnsRequest", "ReturnsTable", "audit_returns"]


@dataclass(frozen=True, slots=True)
class Audit:
    """The result of an audit of returns.

    Attributes:
        request: what the audit was asked for.
        resolved: the policy on the day of `as_of`.
        policies: the resolved policies that records were judged by.
        widths: by term with a deadline, the minutes of a bucket of the time taken.
        outcome: the results of the engine.
        sellers: a row for each seller, with its metrics and rung.
        findings: a row for each finding.
        refused: a row for each refused row of the table.
    """

    request: ReturnsRequest
    resolved: ResolvedPolicy
    policies: list[ResolvedPolicy]
    widths: Mapping[str, int]
    outcome: ReturnsOutcome
    sellers: pl.DataFrame
    findings: pl.LazyFrame
    refused: pl.LazyFrame

    @property
    def standards(self) -> Standards | None:
        """The standards of the policy, if it has any."""
        return self.resolved.policy.standards

    def tables(self) -> dict[str, pl.LazyFrame | pl.DataFrame]:
        """Return the tables by the names of their files."""
        sellers = self.sellers.drop("met")
        return {"findings": self.findings, "sellers": sellers, "refused": self.refused}


def audit_returns(
    table: ReturnsTable,
    resolver: Resolver,
    request: ReturnsRequest,
    folder: Path,
    watch: Watch = None,
) -> Audit:
    """Return the audit of a table with one row for each return.

    Args:
        table: the returns.
        resolver: resolves the policy.
        request: what to audit.
        folder: an empty folder for temporary files.
        watch: called with the number of rows read since the last call.

    Raises:
        UsageError: the policy, the columns of the table or the table itself can't be used.
    """
    all_periods = periods(resolver, request.policy, request.on)
    resolved = _resolved_on_day(all_periods, request)
    counted_window = window(request.as_of, resolved.vocabulary.time_zone, resolved.policy.standards)
    widths = bucket_widths(policies_of(all_periods))
    parts = Plan(table, request, counted_window, widths).parts(all_periods)
    outcome = table.judge(parts, folder, watch)
    policies = policies_of(part.period for part in parts) or [resolved]
    return Audit(
        request,
        resolved,
        [*dict.fromkeys(policies)],
        widths,
        outcome,
        _sellers(outcome, resolved.policy.standards),
        pl.concat(outcome.findings, how="diagonal_relaxed"),
        pl.concat(outcome.refused).sort("row"),
    )


def _resolved_on_day(periods: Sequence[Period], request: ReturnsRequest) -> ResolvedPolicy:
    """Return the policy in force on the day of `as_of`, else the one nearest to that day."""
    day = request.as_of.day(policies_of(periods)[0].vocabulary.time_zone)
    nearest = sorted(periods, key=lambda period: max(period.first - day, day - period.last, 0))
    return policies_of(nearest)[0]


def _sellers(outcome: ReturnsOutcome, standards: Standards | None) -> pl.DataFrame:
    """Return a row with metrics for each seller; those with most findings come first."""
    sums = pl.concat(outcome.sums).group_by("seller").agg(pl.col(*METRICS, "findings").sum())
    rates = [as_decimal(name, 4) for name in RATES]
    metrics = with_metrics(sums, standards).with_columns(rates)
    ranked = metrics.select("seller", *METRICS, *RATES, "rung", "findings").sort(
        "findings", "wrongful_rejections", "seller", descending=[True, True, False]
    )
    return ranked.collect()
