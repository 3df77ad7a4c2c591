"""The lines of text files, for CSV and JSON lines."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import polars as pl


def lines_of(path: Path) -> pl.LazyFrame:
    """Return the lines of a file, decompressed: columns `line` and `number` (from 1)."""
    frame = pl.scan_lines(path, glob=False, row_index_name="number", row_index_offset=1)
    return frame.with_columns(pl.col("line").str.strip_suffix("\r"))


def first_of(lines: pl.LazyFrame) -> dict[str, Any] | None:
    """Return the first row by the names of its columns, None where there is none."""
    return next(lines.head(1).collect(engine="streaming").iter_rows(named=True), None)


def opened(path: Path) -> IO[bytes] | Any:
    """Open a file for reading, decompressed."""
    if path.suffix.lower() == ".gz":
        return gzip.open(path)
    if path.suffix.lower() == ".zst":
        return io.BytesIO(b"\n".join(_line_bytes(path)))
    return path.open("rb")


def _line_bytes(path: Path) -> Iterator[bytes]:
    for batch in lines_of(path).select("line").collect_batches():
        yield from (line.encode() for line in batch["line"])
