"""`summary.json` of an audit of returns, and the tables of its page."""

from __future__ import annotations

from typing import Any

import polars as pl

from checker.audit.intake.typed import SEPARATOR
from checker.audit.returns import Audit
from checker.audit.returns.metrics import with_metrics
from checker.audit.returns.outcome import BUCKETS, METRICS, NO_BUCKET
from checker.audit.returns.window import window_shown
from checker.audit.summary import MOST_SELLERS, by_seller, checks, heading, refusals, rows
from checker.language.model.standards import COUNTS, RATES, Standards
from checker.language.model.types import ValueType
from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import Resolver

MOST_SELLERS_WITH_CASES, MOST_CASES = 500, 5  # of each check
_RATE = ValueType("rate")


def returns_summary(audit: Audit, source: str, engine: str, resolver: Resolver) -> dict[str, Any]:
    """Return the summary of an audit of returns.

    Args:
        audit: the result of the audit.
        source: the name of the table, without passwords.
        engine: the name of the engine.
        resolver: has the documents of the audit.
    """
    zone = audit.resolved.vocabulary.time_zone
    refused, check_counts = audit.refused.collect(), checks(audit.findings)
    return {
        **heading("returns", source, engine, audit.policies, resolver),
        "as_of": audit.request.as_of.moment(zone).isoformat(),
        "rows": rows(audit.outcome.rows_read, refused.height),
        "refusals": refusals(refused),
        "sellers": audit.sellers.height,
        "findings": sum(check["findings"] for check in check_counts),
        "checks": check_counts,
        "clauses": _clauses(audit.findings, resolver),
        "metrics": _metrics(audit.sellers),
        "terms": _terms(audit),
        **(_standards_summary(audit.standards, audit) if audit.standards else {}),
    }


def _standards_summary(standards: Standards, audit: Audit) -> dict[str, Any]:
    window = window_shown(audit.request.as_of, audit.resolved.vocabulary.time_zone, standards)
    return {"window": window, "ladder": _ladder(standards, audit.sellers)}


def _clauses(findings: pl.LazyFrame, resolver: Resolver) -> list[dict[str, Any]]:
    """Return the number of findings by each clause, with the clause's gist."""
    clauses = pl.col("clauses").str.split(SEPARATOR)
    counted = (
        findings.filter(pl.col("clauses") != "")
        .select(clause=clauses)
        .explode("clause")
        .group_by("clause")
        .agg(findings=pl.len())
        .sort(["findings", "clause"], descending=[True, False])
        .collect()
    )
    return [{**row, "gist": _gist(row["clause"], resolver)} for row in counted.to_dicts()]


def _gist(clause: str, resolver: Resolver) -> Any:
    """Return the gist of the clause from its source document, empty without that document."""
    source, _, id = clause.partition("#")
    try:
        document, _ = resolver.shape(resolver.library.versions("source", source)[0])
    except NotFound:
        return ""
    return document.data["clauses"].get(id, {}).get("gist", "") if document else ""


def _metrics(sellers: pl.DataFrame) -> dict[str, Any]:
    """Return the metrics of all sellers together."""
    sums = with_metrics(sellers.lazy().select(pl.col(*METRICS).sum()), None)
    row = sums.collect().row(0, named=True)
    rates = {name: None if row[name] is None else _RATE.show(row[name]) for name in RATES}
    return {name: row[name] for name in COUNTS} | rates


def _ladder(standards: Standards, sellers: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the number of sellers on each rung, in the ladder's order."""
    counts = dict(sellers.group_by("rung").len().iter_rows())
    return [
        {"rung": rung.id, **_titled(rung.title), "sellers": counts.get(rung.id, 0)}
        for rung in standards.ladder
    ]


def _titled(title: Any) -> dict[str, Any]:
    return {"title": title} if title else {}


def _terms(audit: Audit) -> list[dict[str, Any]]:
    """Return for each deadline how often it was met, late and overdue, its limits and durations."""
    frames_of: dict[str, list[pl.DataFrame]] = {}
    for durations in audit.outcome.durations:
        for name, frame in durations.items():
            frames_of.setdefault(name, []).append(frame)
    terms = (term for policy in audit.resolved.policies for term in policy.terms.values())
    titles = {term.name: term.title for term in terms if term.title}
    return [
        {
            "term": name,
            **_titled(titles.get(name)),
            **{state: _deadlines(frame.filter(state)) for state in ("met", "late", "overdue")},
            "limits": _limits(frame),
            "taken": _buckets(frame.filter(pl.col("met") | pl.col("late")), audit.widths[name]),
        }
        for name, frames in frames_of.items()
        for frame in [pl.concat(frames)]
    ]


def _deadlines(frame: pl.DataFrame) -> int:
    return int(frame["deadlines"].sum())


def _limits(frame: pl.DataFrame) -> list[dict[str, Any]]:
    stated = frame.drop_nulls("limit")  # limits of the policy, not ends that records state
    limits = stated.group_by("limit").agg(pl.col("deadlines").sum().cast(pl.Int64)).sort("limit")
    return limits.to_dicts()


def _buckets(frame: pl.DataFrame, width: int) -> list[dict[str, Any]]:
    """Return all buckets up to the last that is not empty."""
    timed = frame.filter(pl.col("bucket") != NO_BUCKET)
    counts = dict(timed.group_by("bucket").agg(pl.col("deadlines").sum()).iter_rows())
    return [
        {
            "from": number * width,
            "to": None if number == BUCKETS else (number + 1) * width,
            "deadlines": int(counts.get(number, 0)),
        }
        for number in range(max(counts, default=-1) + 1)
    ]


def worst(audit: Audit) -> list[dict[str, Any]]:
    """Return the first rows of the table of sellers, for the page."""
    return _plain(audit.sellers.head(MOST_SELLERS).drop("met")).to_dicts()


def cases(audit: Audit) -> dict[str, list[dict[str, Any]]]:
    """Return a few findings of each check of the sellers with most findings, for the page.

    Absent facts are left out; moments are local times in the vocabulary's time zone.
    """
    failing = audit.sellers.lazy().filter(pl.col("findings") > 0).head(MOST_SELLERS_WITH_CASES)
    chosen = audit.findings.join(failing, on="seller", how="semi").group_by("seller", "check")
    zone = audit.resolved.vocabulary.time_zone.key
    local_times = (
        pl.col(pl.Datetime).dt.convert_time_zone(zone).dt.to_string("%Y-%m-%d %H:%M:%S %:z")
    )
    rows = _plain(chosen.head(MOST_CASES).with_columns(local_times).collect())
    return by_seller(rows.sort("seller", "check", "case"))


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with texts in place of decimals and dates."""
    return frame.with_columns(pl.col(pl.Decimal, pl.Date).cast(pl.String))
