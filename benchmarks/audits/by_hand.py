"""The benchmark's policy as one would write it by hand in Polars, for this audit alone.

It relies on what a program for any policy and any file can't: that every fact is there, and of its
type. It writes the same tables, and counts the times taken as well.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

ZONE = "Asia/Shanghai"
OWED = ("cheap", "defective", "no-reason", "seven-days")
GROUNDS = ("used-or-damaged", "hygiene", "too-late", "made-to-order")
FOUND = ["wrongful", "unfounded", "unexplained"]
FOUND += [f"{term}_{how}" for term in ("refund", "review") for how in ("late", "overdue")]
FACTS = ["category", "opened", "used", "defect", "labels_intact", "amount", "days_since_delivery"]
FACTS += ["requested_at", "reviewed_at", "refunded_at"]
RATES = ["rejection_rate", "wrongful_rejection_rate", "on_time_rate"]
BUCKETS, REFUND_BUCKET, REVIEW_BUCKET = 24, 1260, 180  # the latter two are minutes
c = pl.col


def audit(source: Path, out: Path, as_of: datetime) -> pl.DataFrame:
    """Write findings, sellers and refused rows of a Parquet file into the folder `out`.

    Returns how many deadlines were met, late and overdue, by the time that was taken.
    """
    rows = _judged(pl.scan_parquet(source, row_index_name="row"), as_of)
    possible, found = rows.filter("possible"), out / "found.arrow"
    *_, taken = pl.collect_all(
        [
            possible.filter(pl.any_horizontal(FOUND)).sink_ipc(found, lazy=True),
            _written(_sellers(possible), out / "sellers.parquet"),
            _written(_refused(rows.filter(~c("possible"))), out / "refused.parquet"),
            _taken(possible),
        ],
        engine="streaming",
    )
    findings = _findings(pl.scan_ipc(found))
    _written(findings, out / "findings.parquet").collect(engine="streaming")
    found.unlink()
    return taken


def _written(table: pl.LazyFrame, path: Path) -> pl.LazyFrame:
    return table.sink_parquet(path, compression="zstd", compression_level=1, lazy=True)


def _judged(rows: pl.LazyFrame, as_of: datetime) -> pl.LazyFrame:
    """Return the rows with what is owed, which grounds hold, and how their deadlines went."""
    days, sound = c("days_since_delivery"), ~c("defect")
    hours = pl.when("defect").then(pl.duration(hours=24)).otherwise(pl.duration(hours=48))
    reviewed, refunded = (_day(name) for name in ("reviewed_at", "refunded_at"))
    return (
        rows.with_columns(
            c("used").or_(~c("labels_intact")).alias("used-or-damaged"),
            (c("category").is_in(["cosmetics", "food"]) & c("opened") & sound).alias("hygiene"),
            ((days > 10) & sound).alias("too-late"),
            ((c("category") == "bespoke") & sound).alias("made-to-order"),
            possible=(~c("used") | c("opened")) & days.is_between(0, 365),
            rejected=c("response") == "rejected",
            review_end=c("requested_at") + hours,
            refund_end=reviewed + pl.duration(days=7),
        )
        .with_columns(
            ((c("amount") < 5) & (days <= 15)).alias("cheap"),
            (c("defect") & (days <= 30)).alias("defective"),
            ((days <= 10) & ~c("used-or-damaged") & ~c("hygiene") & ~c("made-to-order")).alias(
                "no-reason"
            ),
            (
                (days <= 7)
                & (c("category") != "bespoke")
                & ~((c("category") == "food") & c("opened"))
                & ~c("used-or-damaged")
            ).alias("seven-days"),
            founded=pl.any_horizontal((c("cites") == each) & c(each) for each in GROUNDS),
        )
        .with_columns(must=pl.any_horizontal(OWED))
        .with_columns(
            wrongful=c("rejected") & c("must"),
            unfounded=c("rejected") & ~c("must") & c("cites").is_not_null() & ~c("founded"),
            unexplained=c("rejected") & c("cites").is_null(),
            review_late=c("reviewed_at") > c("review_end"),
            review_met=c("reviewed_at") <= c("review_end"),
            review_overdue=c("reviewed_at").is_null() & (c("review_end") < as_of),
            refund_late=refunded > c("refund_end"),
            refund_met=refunded <= c("refund_end"),
            refund_overdue=c("refunded_at").is_null()
            & (c("refund_end") < as_of.astimezone(ZoneInfo(ZONE)).date()),
            counted=c("requested_at").is_between(
                as_of - pl.duration(days=30), as_of, closed="right"
            ),
        )
    )


def _day(name: str) -> pl.Expr:
    return c(name).dt.convert_time_zone(ZONE).dt.date()


def _minutes(start: str, end: str) -> pl.Expr:
    return (c(end) - c(start)).dt.total_minutes()


def _review_limit() -> pl.Expr:
    """Return the minutes that a review may take."""
    return pl.when("defect").then(pl.lit(1440, pl.Int64)).otherwise(pl.lit(2880, pl.Int64))


def _findings(found: pl.LazyFrame) -> pl.LazyFrame:
    """Return a row for everything found of a return, with why and with the facts."""
    none, text, refund = pl.lit(None, pl.Int64), pl.lit(""), pl.lit(10080, pl.Int64)
    owed = [pl.when(id).then(pl.lit(id.replace("defective", "defect"))) for id in OWED]
    because = pl.concat_str(owed, separator="|", ignore_nulls=True)
    refunding, reviewing = pl.lit("refund_within"), pl.lit("review_within")
    refund_taken = _minutes("reviewed_at", "refunded_at")
    review_taken = _minutes("requested_at", "reviewed_at")
    verdict = (
        pl.when("must")
        .then(pl.lit("must_accept"))
        .when(pl.any_horizontal(GROUNDS))
        .then(pl.lit("may_reject"))
        .otherwise(pl.lit("negotiate"))
    )
    checks = [
        ("wrongful", "rejected-required-return", because, none, none),
        ("unfounded", "rejected-without-ground", c("cites"), none, none),
        ("unexplained", "rejected-without-reason", text, none, none),
        ("refund_late", "late:refund_within", refunding, refund_taken, refund),
        ("review_late", "late:review_within", reviewing, review_taken, _review_limit()),
        ("refund_overdue", "overdue:refund_within", refunding, none, refund),
        ("review_overdue", "overdue:review_within", reviewing, none, _review_limit()),
    ]
    return pl.concat(
        found.filter(column).select(
            case="id",
            seller="seller",
            on=_day("requested_at"),
            policy=pl.lit("bench/platform@1.0.0"),
            check=pl.lit(check),
            verdict=verdict,
            because=reason,
            clauses=text,
            response="response",
            cites=c("cites").fill_null(""),
            taken=taken,
            limit=limit,
            **{name: name for name in FACTS},
        )
        for column, check, reason, taken, limit in checks
    )


def _refused(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return the rows that can't be, with the reason."""
    days = "days_since_delivery"
    beyond = pl.format(f"fact `{days}`: `{{}}` is outside of the range 0 to 365", days)
    unused = "`opened: false`, `used: true` can't be, by the invariant `used-means-opened`"
    return rows.select(
        row=c("row").cast(pl.Int64) + 1,
        case="id",
        seller="seller",
        reason=pl.when(~c(days).is_between(0, 365))
        .then(beyond)
        .otherwise(pl.lit(f"impossible: {unused}")),
    )


def _sellers(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return a row a seller with its metrics, those with most findings first."""

    def count(*columns: pl.Expr | str) -> pl.Expr:
        held = [c(each) if isinstance(each, str) else each for each in columns]
        return sum(((each & c("counted")).sum().cast(pl.Int64) for each in held), pl.lit(0))

    def rate(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
        return pl.when(whole > 0).then((part * 20_000 + whole) // (2 * whole))

    sums = {
        "requests": c("counted").sum().cast(pl.Int64),
        "accepted": count(c("response") == "accepted"),
        "rejected": count("rejected"),
        "pending": count(c("response") == "pending"),
        "wrongful_rejections": count("wrongful"),
        "unfounded_rejections": count("unfounded"),
        "rejected_without_reason": count("unexplained"),
        "late": count("refund_late", "review_late"),
        "overdue": count("refund_overdue", "review_overdue"),
    }
    met = count("refund_met", "review_met")
    findings = sum((c(each).sum().cast(pl.Int64) for each in FOUND), pl.lit(0))
    warned = (c("wrongful_rejection_rate") > 3000) & (c("requests") >= 20)
    banned = pl.when(c("wrongful_rejections") >= 40).then(pl.lit("ban"))
    return (
        rows.group_by("seller")
        .agg(**sums, met=met, findings=findings)
        .with_columns(
            rejection_rate=rate(c("rejected"), c("requests")),
            wrongful_rejection_rate=rate(c("wrongful_rejections"), c("rejected")),
            on_time_rate=rate(c("met"), c("met") + c("late") + c("overdue")),
        )
        .with_columns(rung=banned.when(warned).then(pl.lit("warning")))
        .with_columns((c(RATES).cast(pl.Decimal(38, 4)) / 10_000).cast(pl.Decimal(38, 4)))
        .select("seller", *sums, *RATES, "rung", "findings")
        .sort("findings", "wrongful_rejections", "seller", descending=[True, True, False])
    )


def _taken(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return how many deadlines were met, late and overdue, by the time that was taken."""
    deadlines = [
        ("refund", _minutes("reviewed_at", "refunded_at"), REFUND_BUCKET, pl.lit(10080, pl.Int64)),
        ("review", _minutes("requested_at", "reviewed_at"), REVIEW_BUCKET, _review_limit()),
    ]
    return pl.concat(
        rows.select(
            limit=limit,
            bucket=pl.min_horizontal(minutes // width, BUCKETS),
            outcome=pl.coalesce(
                pl.when(f"{term}_{how}").then(place)
                for place, how in enumerate(("met", "late", "overdue"))
            ),
        )
        .group_by("limit", "bucket", "outcome")
        .len("deadlines")
        .with_columns(term=pl.lit(term))
        for term, minutes, width, limit in deadlines
    )
