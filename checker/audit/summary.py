"""`summary.json` of an audit: what was read and by which documents, and what was found in all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from checker import __version__
from checker.audit.settings.outcome import Outcome
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document

MOST_REFUSALS = 1000  # reasons that a summary lists, the most frequent ones
MOST_SELLERS = 10_000  # on the page


def settings_summary(
    found: Outcome, source: str, engine: str, worlds: Iterable[ResolvedPolicy], resolver: Resolver
) -> dict[str, Any]:
    """Return the summary of an audit of settings; `source` is shown without passwords."""
    return {
        **heading("settings", source, engine, worlds, resolver),
        "rows": rows(found.read, found.refused.height),
        "refusals": refusals(found.refused),
        "sellers": found.sellers.height,
        "findings": found.findings.height,
        "checks": checks(found.findings.lazy()),
        "clauses": [],
        "failures": found.failures,
    }


def heading(
    audit: str, source: str, engine: str, worlds: Iterable[ResolvedPolicy], resolver: Resolver
) -> dict[str, Any]:
    """Return what was audited, by what, and the documents that had a say, with their digests."""
    worlds = [*worlds]
    return {
        "audit": audit,
        "checker": __version__,
        "source": source,
        "engine": engine,
        "policies": [*dict.fromkeys(resolved.policy.name for resolved in worlds)],
        "documents": documents(worlds, resolver),
    }


def documents(worlds: Iterable[ResolvedPolicy], resolver: Resolver) -> list[dict[str, str]]:
    """Return the policies, vocabularies and calendars of the worlds, each once."""
    found: dict[Document, None] = {}
    for resolved in worlds:
        found |= dict.fromkeys(resolver.documents_of(resolved))
        for calendar in resolved.calendars.values():
            found[resolver.library.named("calendar", calendar.name)[0]] = None
    return [{"kind": each.kind, "name": each.name, "sha256": each.sha256} for each in found]


def rows(read: int, refused: int) -> dict[str, int]:
    """Return the counts of rows; those not refused were accepted."""
    return {"read": read, "accepted": read - refused, "refused": refused}


def refusals(refused: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the reasons of refused rows and how many have each, most first."""
    counts = refused.group_by("reason").agg(pl.len().alias("rows"))
    counts = counts.sort(["rows", "reason"], descending=[True, False])
    return counts.head(MOST_REFUSALS).to_dicts()


def checks(findings: pl.LazyFrame) -> list[dict[str, Any]]:
    """Return how many findings each check has, and of how many sellers, most first."""
    counts = findings.group_by("check").agg(
        pl.len().alias("findings"), pl.col("seller").n_unique().alias("sellers")
    )
    return counts.sort(["findings", "check"], descending=[True, False]).collect().to_dicts()


def by_seller(rows: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each seller, in their order, without what is absent."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        kept = {name: value for name, value in row.items() if value is not None}
        found.setdefault(row["seller"], []).append(kept)
    return found
