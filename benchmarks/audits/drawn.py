"""Handled returns drawn with a seed, and settings of sellers: Parquet files of any size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

SEED = 7
SELLERS = 100_000
BATCH = 1_000_000
START = 1_725_000_000_000_000  # 2024-08-30, in microseconds
MONTH = 40 * 86_400_000_000
CATEGORIES = ["general", "cosmetics", "food", "digital", "bespoke"]
GROUNDS = ["used-or-damaged", "hygiene", "too-late", "made-to-order"]
HOUR = 3_600_000_000


def returns(path: Path, rows: int) -> Path:
    """Write so many returns of 100,000 sellers; the same file for the same number."""
    generator, writer = np.random.default_rng(SEED), None
    for start in range(0, rows, BATCH):
        table = _batch(generator, start, min(BATCH, rows - start)).to_arrow()
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table, row_group_size=250_000)
    assert writer
    writer.close()
    return path


def _batch(draw: np.random.Generator, start: int, rows: int) -> pl.DataFrame:
    def chance(share: float) -> np.ndarray:
        return draw.random(rows) < share

    opened, requested = chance(0.3), START + draw.integers(0, MONTH, rows)
    reviewed = requested + draw.integers(0, 49 * HOUR, rows)
    refunded = reviewed + draw.integers(0, 177 * HOUR, rows)
    rejected = chance(0.08)
    cited = rejected & chance(0.97)
    codes = draw.integers(0, 5, rows)
    frame = pl.DataFrame(
        {
            "id": np.arange(start, start + rows),
            "seller": draw.integers(0, SELLERS, rows),
            "category": codes,
            "opened": opened,
            "used": (opened & chance(0.3)) | chance(0.0005),  # of which some can't be
            "defect": chance(0.02),
            "labels_intact": chance(0.97),
            "amount": draw.integers(100, 50_000, rows),
            "days_since_delivery": np.where(chance(0.0005), 400, draw.integers(0, 20, rows)),
            "requested_at": requested,
            "reviewed_at": np.where(chance(0.01), -1, reviewed),
            "refunded_at": np.where(chance(0.01), -1, refunded),
            "response": np.where(rejected, 1, np.where(chance(0.05), 2, 0)),
            "cites": np.where(cited, draw.integers(0, 4, rows), 4),
        }
    )
    moment = pl.Datetime("us", "UTC")
    return frame.with_columns(
        pl.format("shop-{}", pl.col("seller").cast(pl.String).str.zfill(6)).alias("seller"),
        pl.format("r{}", "id").alias("id"),
        _named("category", CATEGORIES),
        _named("response", ["accepted", "rejected", "pending"]),
        _named("cites", [*GROUNDS, None]),
        (pl.col("amount").cast(pl.Decimal(12, 2)) / 100).cast(pl.Decimal(12, 2)).alias("amount"),
        pl.col("requested_at").cast(moment),
        *(
            pl.when(pl.col(name) >= 0).then(pl.col(name)).cast(moment).alias(name)
            for name in ("reviewed_at", "refunded_at")
        ),
    )


def _named(column: str, names: list[str | None]) -> pl.Expr:
    numbers = list(range(len(names)))
    return pl.col(column).replace_strict(numbers, names, return_dtype=pl.String).alias(column)


def settings(path: Path, sellers: int) -> Path:
    """Write the settings of so many sellers, a part of them beyond what they may be."""
    draw = np.random.default_rng(SEED)
    days = np.where(draw.random(sellers) < 0.02, draw.integers(0, 10, sellers), 0)
    days = np.where(days > 0, days, draw.integers(10, 31, sellers))
    hours = np.where(draw.random(sellers) < 0.02, 72, draw.choice([12, 24, 36, 48], sellers))
    frame = pl.DataFrame({"seller": np.arange(sellers), "window_days": days, "hours": hours})
    frame.select(
        pl.format("shop-{}", "seller").alias("seller"),
        "window_days",
        pl.format("{}h", "hours").alias("review_limit"),
    ).write_parquet(path)
    return path
