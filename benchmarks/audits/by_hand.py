"""The benchmark's policy as one would write it by hand in Polars, for this audit alone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl

ZONE = "Asia/Shanghai"


def audit(source: Path, out: Path, as_of: datetime) -> None:
    """Write findings and sellers of the returns in a Parquet file into the folder `out`."""
    c = pl.col
    rejected = c("response") == "rejected"
    rows = (
        pl.scan_parquet(source)
        .filter(c("used").not_() | c("opened"), c("days_since_delivery").is_between(0, 365))
        .with_columns(
            damaged=c("used") | c("labels_intact").not_(),
            hygiene=c("category").is_in(["cosmetics", "food"]) & c("opened") & c("defect").not_(),
            too_late=(c("days_since_delivery") > 10) & c("defect").not_(),
            made=(c("category") == "bespoke") & c("defect").not_(),
        )
        .with_columns(
            must=(
                (
                    (c("days_since_delivery") <= 7)
                    & (c("category") != "bespoke")
                    & ((c("category") == "food") & c("opened")).not_()
                    & c("damaged").not_()
                )
                | (
                    (c("days_since_delivery") <= 10)
                    & c("damaged").not_()
                    & c("hygiene").not_()
                    & c("made").not_()
                )
                | (c("defect") & (c("days_since_delivery") <= 30))
                | ((c("amount") < 5) & (c("days_since_delivery") <= 15))
            ),
            founded=(
                ((c("cites") == "used-or-damaged") & c("damaged"))
                | ((c("cites") == "hygiene") & c("hygiene"))
                | ((c("cites") == "too-late") & c("too_late"))
                | ((c("cites") == "made-to-order") & c("made"))
            ),
            limit=pl.when("defect").then(pl.duration(hours=24)).otherwise(pl.duration(hours=48)),
            refund_day=c("reviewed_at").dt.convert_time_zone(ZONE).dt.date() + pl.duration(days=7),
        )
        .with_columns(
            wrongful=rejected & c("must"),
            unfounded=rejected & c("cites").is_not_null() & c("must").not_() & c("founded").not_(),
            unexplained=rejected & c("cites").is_null(),
            review_late=c("reviewed_at") > c("requested_at") + c("limit"),
            review_met=c("reviewed_at") <= c("requested_at") + c("limit"),
            review_overdue=c("reviewed_at").is_null() & (c("requested_at") + c("limit") < as_of),
            refund_late=c("refunded_at").dt.convert_time_zone(ZONE).dt.date() > c("refund_day"),
            refund_met=c("refunded_at").dt.convert_time_zone(ZONE).dt.date() <= c("refund_day"),
            refund_overdue=c("refunded_at").is_null() & (c("refund_day") < as_of.date()),
            counted=c("requested_at").is_between(
                as_of - pl.duration(days=30), as_of, closed="right"
            ),
        )
    )
    found = ["wrongful", "unfounded", "unexplained", "review_late", "review_overdue"]
    found += ["refund_late", "refund_overdue"]
    findings = rows.filter(pl.any_horizontal(found)).drop("counted", "founded")

    def count(*columns: str) -> pl.Expr:
        return sum(((c(each) & c("counted")).sum() for each in columns), pl.lit(0))

    sellers = rows.group_by("seller").agg(
        requests=c("counted").sum(),
        accepted=((c("response") == "accepted") & c("counted")).sum(),
        rejected=(rejected & c("counted")).sum(),
        pending=((c("response") == "pending") & c("counted")).sum(),
        wrongful=count("wrongful"),
        unfounded=count("unfounded"),
        late=count("review_late", "refund_late"),
        overdue=count("review_overdue", "refund_overdue"),
        met=count("review_met", "refund_met"),
        findings=sum((c(each).sum() for each in found), pl.lit(0)),
    )
    pl.collect_all(
        [findings.sink_parquet(out / "findings.parquet", lazy=True),
         sellers.sink_parquet(out / "sellers.parquet", lazy=True)],
        engine="streaming",
    )  # fmt: skip
