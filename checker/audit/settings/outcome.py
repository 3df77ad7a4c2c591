"""What an audit of settings comes to: a row a seller, a row a finding, and what was refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

FOUND = {"row": pl.Int64(), "seller": pl.String(), "place": pl.Int64()}
WARNINGS = ["defers-required-return"]  # which are shown, and leave a seller to hold
REFUSED = {"row": pl.Int64(), "case": pl.String(), "seller": pl.String(), "reason": pl.String()}


@dataclass(frozen=True, slots=True)
class Failure:
    """What some sellers fail alike: `example` is one of them.

    `limit` is what they break, in words of the language, and `case` shows it for each of them;
    None where there is no such.
    """

    check: str
    at: str
    limit: str | None
    case: dict[str, Any] | None
    example: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """An audit's tables, as `results` writes them, and its distinct failures, numbered from 1."""

    read: int
    sellers: pl.DataFrame
    findings: pl.DataFrame
    refused: pl.DataFrame
    failures: list[dict[str, Any]] = field(default_factory=list)

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return the tables by the names of their files."""
        return {"findings": self.findings, "sellers": self.sellers, "refused": self.refused}


def outcome(
    read: int,
    accepted: pl.DataFrame,
    found: Sequence[pl.DataFrame],
    failures: Sequence[Failure],
    refused: pl.DataFrame,
) -> Outcome:
    """Return the outcome of so many rows read.

    `accepted` has the `row` and `seller` of each accepted row. Each of `found` has these and the
    `place` in `failures` of what the row fails. `refused` is as it will be written.
    """
    all_found = pl.concat([pl.DataFrame(schema=FOUND), *(each.select(*FOUND) for each in found)])
    order = _by_sellers(all_found)
    known = _numbered(failures, order)
    findings = (
        all_found.join(known, on="place", maintain_order="left")
        .sort("row", "failure", maintain_order=True)
        .select("seller", "check", "at", "limit", "counterexample", "failure")
        # what several rows of one seller fail alike is one finding
        .unique(["seller", "failure"], keep="first", maintain_order=True)
    )
    shown = [
        {"failure": number, **_shown(failures[place]), "sellers": sellers}
        for number, (place, sellers) in enumerate(order, 1)
    ]
    refused = refused.select(*REFUSED).sort("row")
    return Outcome(read, _sellers(accepted, findings), findings, refused, shown)


def _by_sellers(found: pl.DataFrame) -> list[tuple[int, int]]:
    """Return the places of failures with how many sellers fail them, most first."""
    counts = found.group_by("place").agg(pl.col("seller").n_unique().alias("sellers"))
    return counts.sort(["sellers", "place"], descending=[True, False]).rows()


def _numbered(failures: Sequence[Failure], order: Sequence[tuple[int, int]]) -> pl.DataFrame:
    chosen = [failures[place] for place, _ in order]
    cases = [
        None if each.case is None else json.dumps(each.case, ensure_ascii=False) for each in chosen
    ]
    columns = {
        "place": [place for place, _ in order],
        "check": [each.check for each in chosen],
        "at": [each.at for each in chosen],
        "limit": [each.limit for each in chosen],
        "counterexample": cases,
        "failure": [*range(1, len(order) + 1)],
    }
    numbers = dict.fromkeys(["place", "failure"], pl.Int64())
    return pl.DataFrame(columns, {name: numbers.get(name, pl.String()) for name in columns})


def _shown(failure: Failure) -> dict[str, Any]:
    return {
        "check": failure.check,
        "at": failure.at,
        "limit": failure.limit,
        "counterexample": failure.case,
        "example": failure.example,
    }


def _sellers(accepted: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Return a row a seller, in the order in which they first come."""
    failing = findings.group_by("seller").agg(
        pl.col("check").unique().sort().str.join("|").alias("checks"),
        pl.col("limit").drop_nulls().unique().sort().str.join(" ; ").alias("limits"),
        pl.len().cast(pl.Int64).alias("findings"),
        pl.col("check").is_in(WARNINGS).all().alias("holds"),
    )
    sellers = accepted.sort("row").select("seller").unique(maintain_order=True)
    return sellers.join(failing, on="seller", how="left", maintain_order="left").select(
        "seller",
        pl.col("holds").fill_null(True),
        pl.col("checks").fill_null(""),
        pl.col("limits").fill_null(""),
        pl.col("findings").fill_null(0),
    )
