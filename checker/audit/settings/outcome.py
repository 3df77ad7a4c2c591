"""The results of an audit of settings: sellers, findings, refused rows and distinct failures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

ROW_FAILURES = {"row": pl.Int64(), "seller": pl.String(), "index": pl.Int64()}
WARNINGS = ["defers-required-return"]  # findings with which a seller's settings still hold
REFUSED = {"row": pl.Int64(), "case": pl.String(), "seller": pl.String(), "reason": pl.String()}


@dataclass(frozen=True, slots=True)
class SettingsFailure:
    """A failure that some sellers have in common.

    Attributes:
        check: the check that fails.
        at: where it fails.
        limit: the limits that the settings break, in the language; None without any.
        case: a counterexample for all these sellers, None where there is none.
        example: one of the sellers.
    """

    check: str
    at: str
    limit: str | None
    case: dict[str, Any] | None
    example: str


@dataclass(frozen=True, slots=True)
class SettingsOutcome:
    """The tables of an audit for `checker.audit.results`, and its distinct failures, from 1 on."""

    rows_read: int
    sellers: pl.DataFrame
    findings: pl.DataFrame
    refused: pl.DataFrame
    failures: list[dict[str, Any]] = field(default_factory=list)

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return the tables by the names of their files."""
        return {"findings": self.findings, "sellers": self.sellers, "refused": self.refused}


def outcome(
    rows_read: int,
    accepted: pl.DataFrame,
    row_failures: Sequence[pl.DataFrame],
    failures: Sequence[SettingsFailure],
    refused: pl.DataFrame,
) -> SettingsOutcome:
    """Return the results of an audit.

    Args:
        rows_read: the number of rows read.
        accepted: the `row` and `seller` of each accepted row.
        row_failures: frames with a `row`, its `seller` and the `index` of a failure of the row.
        failures: the distinct failures.
        refused: the refused rows (`REFUSED`).
    """
    all_found = pl.concat(
        [
            pl.DataFrame(schema=ROW_FAILURES),
            *(frame.select(*ROW_FAILURES) for frame in row_failures),
        ]
    )
    order = _by_sellers(all_found)
    numbered = _numbered(failures, order)
    findings = (
        all_found.join(numbered, on="index", maintain_order="left")
        .sort("row", "failure", maintain_order=True)
        .select("seller", "check", "at", "limit", "counterexample", "failure")
        # the same failure in several rows of one seller is one finding
        .unique(["seller", "failure"], keep="first", maintain_order=True)
    )
    listed = [
        {"failure": number, **_as_json(failures[index]), "sellers": sellers}
        for number, (index, sellers) in enumerate(order, 1)
    ]
    refused = refused.select(*REFUSED).sort("row")
    return SettingsOutcome(rows_read, _sellers(accepted, findings), findings, refused, listed)


def _by_sellers(row_failures: pl.DataFrame) -> list[tuple[int, int]]:
    """Return the indexes of failures with the number of sellers that have them, most first."""
    counts = row_failures.group_by("index").agg(pl.col("seller").n_unique().alias("sellers"))
    return counts.sort(["sellers", "index"], descending=[True, False]).rows()


def _numbered(
    failures: Sequence[SettingsFailure], order: Sequence[tuple[int, int]]
) -> pl.DataFrame:
    chosen = [failures[index] for index, _ in order]
    cases = [
        None if failure.case is None else json.dumps(failure.case, ensure_ascii=False)
        for failure in chosen
    ]
    columns = {
        "index": [index for index, _ in order],
        "check": [failure.check for failure in chosen],
        "at": [failure.at for failure in chosen],
        "limit": [failure.limit for failure in chosen],
        "counterexample": cases,
        "failure": [*range(1, len(order) + 1)],
    }
    numbers = dict.fromkeys(["index", "failure"], pl.Int64())
    return pl.DataFrame(columns, {name: numbers.get(name, pl.String()) for name in columns})


def _as_json(failure: SettingsFailure) -> dict[str, Any]:
    """Return a failure for the summary."""
    return {
        "check": failure.check,
        "at": failure.at,
        "limit": failure.limit,
        "counterexample": failure.case,
        "example": failure.example,
    }


def _sellers(accepted: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each seller, in the order of the sellers' first rows."""
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
