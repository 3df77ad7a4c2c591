"""The lines of text files, for CSV and JSON lines."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import polars as pl

from checker.language.syntax.problems import UsageError

_MOST_TIMES = 100  # what a file may unpack to, in times of its size
_MOST_BYTES = 1 << 26  # and what it may unpack to however small it is
_PIECE = 1 << 20


def check_unpacked_size(path: Path) -> None:
    """Unpack a `.gz` file piece by piece, so that a small one does not become gigabytes later.

    Raises:
        UsageError: it unpacks to far more than tables do.
    """
    if path.suffix.lower() != ".gz":
        return
    most, size = max(_MOST_BYTES, _MOST_TIMES * path.stat().st_size), 0
    try:
        with gzip.open(path) as file:
            while piece := file.read(_PIECE):
                size += len(piece)
                if size > most:
                    raise UsageError(
                        f"{path}: unpacks to more than {most >> 20:,} MiB,"
                        f" {_MOST_TIMES} times its size; unpack it first if that is right"
                    )
    except (EOFError, OSError, zlib.error):
        return  # it is damaged or can't be read: who reads it next says so


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
