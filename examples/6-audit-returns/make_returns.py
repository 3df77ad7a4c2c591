"""Make returns of a shop's invoices and cancellations, by the mapping that README.md states.

    python make_returns.py [OUT]

Writes a row a cancellation line to OUT (`returns.parquet` by default), in the order of the data.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

INVOICES = Path(__file__).parent / "data" / "online_retail_ii_2009_2010.parquet"
DAYS_UNTIL_DELIVERY = 3  # declared: the data says nothing of delivery

KEY = ("Customer ID", "StockCode")
FULL, PART, UNMATCHED = "full", "part", "unmatched"


def returns(invoices: pl.LazyFrame) -> pl.LazyFrame:
    """Return a row for each cancellation line of the invoices' lines."""
    lines = numbered(invoices)
    cancelled = lines.filter(is_cancellation())
    matched = purchases_of(cancelled, lines.filter(~is_cancellation()))
    return (
        cancelled.join(matched, on="line", how="left", maintain_order="left")
        .with_columns(credit())
        .select(
            (pl.col("Invoice") + "/" + pl.col("line_of_invoice").cast(pl.String)).alias("Line"),
            *("Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price"),
            *("Customer ID", "Country", "Purchase", "PurchaseDate", "PricePaid"),
            storefront(),
            pl.col("StockCode").str.contains(r"^\d{5}").alias("Goods"),
            (pl.col("PurchaseDate") + pl.duration(days=DAYS_UNTIL_DELIVERY)).alias("Delivered"),
            "Credit",
        )
    )


def numbered(invoices: pl.LazyFrame) -> pl.LazyFrame:
    """Number the lines, in all and within their invoice, and read their dates."""
    return invoices.with_row_index("line").with_columns(
        pl.col("InvoiceDate").str.to_datetime("%Y-%m-%d %H:%M:%S"),
        pl.int_range(1, pl.len() + 1).over("Invoice").alias("line_of_invoice"),
    )


def is_cancellation() -> pl.Expr:
    """Say which lines stand on a cancellation."""
    return pl.col("Invoice").str.starts_with("C")


def purchases_of(cancelled: pl.LazyFrame, bought: pl.LazyFrame) -> pl.LazyFrame:
    """Return for each cancellation line that has one the purchase it is held against.

    Of the purchases of the same product by the same customer, not later and of no smaller quantity:
    the latest at a price that the credit covers, or else the latest.
    """
    bought = bought.select(
        *KEY,
        pl.col("Quantity").alias("bought"),
        pl.col("Invoice").alias("Purchase"),
        pl.col("InvoiceDate").alias("PurchaseDate"),
        pl.col("Price").alias("PricePaid"),
    )
    return (
        cancelled.filter(pl.col("Quantity") < 0)
        .join(bought, on=KEY)  # joins no line without a customer
        .filter(
            pl.col("PurchaseDate") <= pl.col("InvoiceDate"),
            pl.col("bought") >= -pl.col("Quantity"),
            pl.col("PricePaid") > 0,
        )
        .sort(covered(), "PurchaseDate", "PricePaid", "Purchase")
        .group_by("line")
        .agg(pl.col("Purchase", "PurchaseDate", "PricePaid").last())
    )


def covered() -> pl.Expr:
    """Say where the price credited is the price paid, or more."""
    return pl.col("Price") >= pl.col("PricePaid")


def credit() -> pl.Expr:
    """Say how much of the price paid the shop gave back."""
    return (
        pl.when(pl.col("PricePaid").is_null())
        .then(pl.lit(UNMATCHED))
        .when(covered())
        .then(pl.lit(FULL))
        .otherwise(pl.lit(PART))
        .alias("Credit")
    )


def storefront() -> pl.Expr:
    """Name the storefront of the buyer's country: `storefront-united-kingdom`."""
    words = pl.col("Country").str.to_lowercase().str.replace_all(" ", "-")
    return ("storefront-" + words).alias("Storefront")


if __name__ == "__main__":
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "returns.parquet")
    out.parent.mkdir(parents=True, exist_ok=True)
    returns(pl.scan_parquet(INVOICES)).sink_parquet(out)
