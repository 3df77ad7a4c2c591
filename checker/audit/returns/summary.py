"""What an audit of returns comes to in figures: the parts of `summary.json` that are its own."""

from __future__ import annotations

from typing import Any

import polars as pl

from checker.audit.returns import Audit
from checker.audit.returns.outcome import BUCKETS
from checker.audit.returns.rows import SEPARATOR
from checker.audit.returns.window import window_shown
from checker.audit.summary import heading, refusals, rows
from checker.language.library import NotFound
from checker.language.standards import COUNTS
from checker.language.values import ValueType
from checker.language.worlds import Resolver

MOST_SELLERS = 10_000  # on the page
MOST_SELLERS_WITH_CASES, MOST_CASES = 500, 5  # of each check
_RATE = ValueType("rate")


def returns_summary(audit: Audit, source: str, engine: str, resolver: Resolver) -> dict[str, Any]:
    """Return the summary of an audit of returns; `source` is shown without passwords."""
    zone = audit.world.vocabulary.time_zone
    refused, sellers = audit.refused.collect(), audit.sellers.collect()
    found = audit.findings.group_by("check").agg(
        findings=pl.len(), sellers=pl.col("seller").n_unique()
    )
    checks = found.sort(["findings", "check"], descending=[True, False]).collect()
    return {
        **heading("returns", source, engine, audit.worlds, resolver),
        "as_of": audit.asked.as_of.moment(zone).isoformat(),
        "rows": rows(audit.outcome.read, refused.height),
        "refusals": refusals(refused),
        "sellers": sellers.height,
        "findings": int(checks["findings"].sum()),
        "checks": checks.to_dicts(),
        "clauses": _clauses(audit.findings, resolver),
        "metrics": _metrics(sellers),
        "terms": _terms(audit),
        **(_standards(audit, sellers) if audit.standards else {}),
    }


def _standards(audit: Audit, sellers: pl.DataFrame) -> dict[str, Any]:
    zone = audit.world.vocabulary.time_zone
    window = window_shown(audit.asked.as_of, zone, audit.standards)
    return {"window": window, "ladder": _ladder(audit, sellers)}


def _clauses(findings: pl.LazyFrame, resolver: Resolver) -> list[dict[str, Any]]:
    """Return how many findings stand on each clause, with what it says in short."""
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
    """Return what the clause says in short, as its source has it; empty where that is not here."""
    source, _, id = clause.partition("#")
    try:
        document, _ = resolver.shape(resolver.library.named("source", source)[0])
    except NotFound:
        return ""
    return document.data["clauses"].get(id, {}).get("gist", "") if document else ""


def _metrics(sellers: pl.DataFrame) -> dict[str, Any]:
    """Return the metrics of all sellers together."""
    sums: dict[str, int] = sellers.select(pl.col(*COUNTS, "met").sum()).row(0, named=True)
    deadlines = sums["met"] + sums["late"] + sums["overdue"]
    return {
        **{name: sums[name] for name in COUNTS},
        "rejection_rate": _rate(sums["rejected"], sums["requests"]),
        "wrongful_rejection_rate": _rate(sums["wrongful_rejections"], sums["rejected"]),
        "on_time_rate": _rate(sums["met"], deadlines),
    }


def _rate(part: int, whole: int) -> str | None:
    return _RATE.show((part * 20_000 + whole) // (2 * whole)) if whole else None


def _ladder(audit: Audit, sellers: pl.DataFrame) -> list[dict[str, Any]]:
    """Return how many sellers stand on each rung, in the ladder's order."""
    counts = dict(sellers.group_by("rung").len().iter_rows())
    rungs = audit.standards.ladder if audit.standards else ()
    return [
        {"rung": each.id, **_titled(each.title), "sellers": counts.get(each.id, 0)}
        for each in rungs
    ]


def _titled(title: Any) -> dict[str, Any]:
    return {"title": title} if title else {}


def _terms(audit: Audit) -> list[dict[str, Any]]:
    """Return for each deadline how it was kept, its limits, and the times that were taken."""
    taken: dict[str, list[pl.DataFrame]] = {}
    for part in audit.outcome.taken:
        for name, frame in part.items():
            taken.setdefault(name, []).append(frame)
    terms = (term for policy in audit.world.policies for term in policy.terms.values())
    titles = {term.name: term.title for term in terms if term.title}
    return [
        {
            "term": name,
            **_titled(titles.get(name)),
            **{each: _deadlines(frame.filter(each)) for each in ("met", "late", "overdue")},
            "limits": _limits(frame),
            "taken": _buckets(frame.filter(pl.col("met") | pl.col("late")), audit.widths[name]),
        }
        for name, frames in taken.items()
        for frame in [pl.concat(frames)]
    ]


def _deadlines(frame: pl.DataFrame) -> int:
    return int(frame["deadlines"].sum())


def _limits(frame: pl.DataFrame) -> list[dict[str, Any]]:
    limits = frame.group_by("limit").agg(pl.col("deadlines").sum().cast(pl.Int64)).sort("limit")
    return limits.to_dicts()


def _buckets(frame: pl.DataFrame, width: int) -> list[dict[str, Any]]:
    """Return the buckets up to the last that has any, the empty ones too."""
    counts = dict(frame.group_by("bucket").agg(pl.col("deadlines").sum()).iter_rows())
    return [
        {
            "from": number * width,
            "to": None if number == BUCKETS else (number + 1) * width,
            "deadlines": int(counts.get(number, 0)),
        }
        for number in range(max(counts, default=-1) + 1)
    ]


def worst(sellers: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the first rows of the sellers' table, as a page shows them."""
    return _plain(sellers.head(MOST_SELLERS).drop("met")).to_dicts()


def cases(audit: Audit, sellers: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Return a few findings of each check of the worst sellers, without facts that are absent.

    Moments are told as clocks in the vocabulary's time zone show them.
    """
    worst = sellers.filter(pl.col("findings") > 0).head(MOST_SELLERS_WITH_CASES).select("seller")
    chosen = audit.findings.join(worst.lazy(), on="seller", how="semi").group_by("seller", "check")
    found: dict[str, list[dict[str, Any]]] = {}
    zone = audit.world.vocabulary.time_zone.key
    told = pl.col(pl.Datetime).dt.convert_time_zone(zone).dt.to_string("%Y-%m-%d %H:%M:%S %:z")
    rows = _plain(chosen.head(MOST_CASES).with_columns(told).collect())
    for row in rows.sort("seller", "check", "case").iter_rows(named=True):
        kept = {key: value for key, value in row.items() if value is not None}
        found.setdefault(row["seller"], []).append(kept)
    return found


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with texts in place of decimals and dates."""
    return frame.with_columns(pl.col(pl.Decimal, pl.Date).cast(pl.String))
