"""Files of text checked line by line before they are read: CSV and JSON lines.

A reader of columns fills short rows up without a word, and says of a bad line only that there is
one; here the file and the line are named. It is one pass, by the engine, that keeps nothing.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import polars as pl

from checker.language.problems import Unusable

_QUOTED = r'(^|,)"(?:[^"]|"")*"'
_SEEN = "\x01"  # stands for a quoted cell


def header_of(path: Path) -> list[str]:
    """Return the names in a CSV file's first line; Unusable where they are no names."""
    lines = _lines(path).head(1).collect()["line"]
    text = lines[0].removeprefix("\ufeff") if lines.len() else ""
    if not text:
        raise Unusable(f"{path}: found no header, expected a row of column names")
    try:
        header = next(csv.reader([text], strict=True))
    except csv.Error as error:
        raise Unusable(f"{path}:1: not CSV: {error}") from None
    if "" in header:
        raise Unusable(f"{path}:1: the column {header.index('') + 1} has no name")
    twice = [name for name in header if header.count(name) > 1]
    if twice:
        raise Unusable(f"{path}:1: the column `{twice[0]}` stands twice")
    return header


def check_csv(path: Path, header: Sequence[str]) -> None:
    """Raise Unusable for a row that has more or fewer cells than the header, or stray quotes."""
    line, width = pl.col("line"), len(header)
    bare = line.str.replace_all(_QUOTED, f"${{1}}{_SEEN}")
    cells = bare.str.count_matches(",", literal=True) + 1
    uneven = (line.str.count_matches('"', literal=True) % 2 == 1) | bare.str.contains('(^|,)"')
    stray = bare.str.contains(f"{_SEEN}[^,]")
    found = (
        _lines(path)
        .filter((cells != width) | uneven | stray)
        .select("number", "line", cells=cells, uneven=uneven, stray=stray)
        .head(1)
        .collect(engine="streaming")
    )
    if found.is_empty():
        return
    row = found.row(0, named=True)
    if row["uneven"]:  # perhaps a cell of several lines
        _check_slowly(path, width)
    elif row["stray"]:
        raise Unusable(f"{path}:{row['number']}: not CSV: text behind a closing quote")
    else:
        raise Unusable(_ragged(path, row["number"], row["cells"] if row["line"] else 0, width))


def _check_slowly(path: Path, width: int) -> None:
    with _opened(path) as file:
        rows = csv.reader(io.TextIOWrapper(file, "utf-8-sig", newline=""), strict=True)
        try:
            for row in rows:
                if len(row) != width:
                    raise Unusable(_ragged(path, rows.line_num, len(row), width))
        except csv.Error as error:
            raise Unusable(f"{path}:{rows.line_num}: not CSV: {error}") from None


def _ragged(path: Path, number: int, found: int, width: int) -> str:
    cells = "an empty line" if not found else "1 cell" if found == 1 else f"{found} cells"
    return f"{path}:{number}: found {cells}, expected {width}"


def check_json_lines(path: Path) -> None:
    """Raise Unusable for a line that is no JSON object, and for a file without any."""
    try:
        lines = _lines(path).with_columns(pl.col("line").str.strip_chars(" \t\r"))
        stated = lines.filter(pl.col("line") != "")
        odd = stated.filter(~pl.col("line").str.starts_with("{"))
        found = odd.head(1).collect(engine="streaming")
        if stated.head(1).collect(engine="streaming").is_empty():
            raise Unusable(f"{path}: found no line, expected JSON objects")
    except (pl.exceptions.PolarsError, OSError) as error:
        raise Unusable(f"{path}: can't be read: {str(error).splitlines()[0].lower()}") from None
    if not found.is_empty():
        number, line = found.row(0)
        mark = "a byte order mark; save it without" if line.startswith("\ufeff") else "no object"
        raise Unusable(f"{path}:{number}: found {mark}, expected a JSON object a line")
    try:
        pl.scan_ndjson(path, infer_schema_length=None).collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise Unusable(_bad_json(path) or f"{path}: not JSON lines: {error}") from None


def _bad_json(path: Path) -> str | None:
    """Return what is wrong with the first line that is no JSON."""
    with _opened(path) as file:
        for number, line in enumerate(file, 1):
            try:
                if line.strip():
                    json.loads(line)
            except ValueError as error:
                reason = getattr(error, "msg", str(error)).lower()
                return f"{path}:{number}: not JSON: {reason}"
            except RecursionError:
                return f"{path}:{number}: not JSON that can be read: nested too deep"
    return None


def _lines(path: Path) -> pl.LazyFrame:
    frame = pl.scan_lines(path, glob=False, row_index_name="number", row_index_offset=1)
    return frame.with_columns(pl.col("line").str.strip_suffix("\r"))


def _opened(path: Path) -> IO[bytes] | Any:
    """Return the bytes of a file, unpacked."""
    if path.suffix.lower() == ".gz":
        return gzip.open(path)
    if path.suffix.lower() == ".zst":
        return io.BytesIO(b"\n".join(_line_bytes(path)))
    return path.open("rb")


def _line_bytes(path: Path) -> Iterator[bytes]:
    for batch in _lines(path).select("line").collect_batches():
        yield from (line.encode() for line in batch["line"])
