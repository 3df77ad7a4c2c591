"""`summary.json` of an audit: the documents used, the rows read and the counts of findings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from checker import __version__
from checker.audit.settings.outcome import SettingsOutcome
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document

MOST_REFUSALS = 1000  # reasons that a summary lists, the most frequent ones
MOST_SELLERS = 10_000  # on the page


def settings_summary(
    outcome: SettingsOutcome,
    source: str,
    engine: str,
    policies: Iterable[ResolvedPolicy],
    resolver: Resolver,
) -> dict[str, Any]:
    """Return the summary of an audit of settings; `source` is shown without passwords."""
    return {
        **heading("settings", source, engine, policies, resolver),
        "rows": rows(outcome.rows_read, outcome.refused.height),
        "refusals": refusals(outcome.refused),
        "sellers": outcome.sellers.height,
        "findings": outcome.findings.height,
        "checks": checks(outcome.findings.lazy()),
        "clauses": [],
        "failures": outcome.failures,
    }


def heading(
    audit: str, source: str, engine: str, policies: Iterable[ResolvedPolicy], resolver: Resolver
) -> dict[str, Any]:
    """Return the source, the engine, the policies, and the documents with their digests."""
    policies = [*policies]
    return {
        "audit": audit,
        "checker": __version__,
        "source": source,
        "engine": engine,
        "policies": [*dict.fromkeys(resolved.policy.name for resolved in policies)],
        "documents": documents(policies, resolver),
    }


def documents(policies: Iterable[ResolvedPolicy], resolver: Resolver) -> list[dict[str, str]]:
    """Return the documents of the policies, with vocabularies and calendars, each once."""
    result: dict[Document, None] = {}
    for resolved in policies:
        result |= dict.fromkeys(resolver.documents_of(resolved))
        for calendar in resolved.calendars.values():
            result[resolver.library.versions("calendar", calendar.name)[0]] = None
    return [
        {"kind": document.kind, "name": document.name, "sha256": document.sha256}
        for document in result
    ]


def rows(rows_read: int, refused: int) -> dict[str, int]:
    """Return the counts of rows; those not refused were accepted."""
    return {"read": rows_read, "accepted": rows_read - refused, "refused": refused}


def refusals(refused: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the reasons for refusing rows and the number of rows for each, most frequent first."""
    counts = refused.group_by("reason").agg(pl.len().alias("rows"))
    counts = counts.sort(["rows", "reason"], descending=[True, False])
    return counts.head(MOST_REFUSALS).to_dicts()


def checks(findings: pl.LazyFrame) -> list[dict[str, Any]]:
    """Return the number of findings and of sellers for each check, most findings first."""
    counts = findings.group_by("check").agg(
        pl.len().alias("findings"), pl.col("seller").n_unique().alias("sellers")
    )
    return counts.sort(["findings", "check"], descending=[True, False]).collect().to_dicts()


def by_seller(rows: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each seller, in their order, without absent values."""
    result: dict[str, list[dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        present = {name: value for name, value in row.items() if value is not None}
        result.setdefault(row["seller"], []).append(present)
    return result
