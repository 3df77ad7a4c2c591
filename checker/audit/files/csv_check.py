"""CSV files checked line by line before they are read.

Polars fills short rows up silently, and reports a bad line without its number. This check names the
file and the line. Polars computes it in one streaming pass.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from checker.audit.files.text_lines import first_of, lines_of, opened
from checker.language.resolve.table_header import check_header
from checker.language.syntax.problems import UsageError

_QUOTED = r'(^|,)"(?:[^"]|"")*"'
_QUOTED_CELL = "\x01"  # replaces a quoted cell
_RETURN = "not CSV: a carriage return without a line feed, where no quotes are"


def header_of(path: Path) -> list[str]:
    """Return the column names in a CSV file's first line.

    Raises:
        UsageError: there is no header, or it is none of a table.
    """
    first = first_of(lines_of(path))
    text = first["line"].removeprefix("\ufeff") if first else ""
    if not text:
        raise UsageError(f"{path}: found no header, expected a row of column names")
    if "\r" in text:
        raise UsageError(f"{path}:1: {_RETURN}")
    try:
        header = next(csv.reader([text], strict=True))
    except csv.Error as error:
        raise UsageError(f"{path}:1: not CSV: {error}") from None
    check_header(header, f"{path}:1")
    return header


def check_csv(path: Path, header: Sequence[str]) -> None:
    """Raise UsageError for a row that has more or fewer cells than the header, or stray quotes."""
    line, width = pl.col("line"), len(header)
    bare = line.str.replace_all(_QUOTED, f"${{1}}{_QUOTED_CELL}")
    signs = {
        "uneven": (line.str.count_matches('"', literal=True) % 2 == 1)
        | bare.str.contains('(^|,)"'),
        "stray": bare.str.contains(f"{_QUOTED_CELL}[^,]"),
        "returns": bare.str.contains("\r", literal=True),
    }
    cells = bare.str.count_matches(",", literal=True) + 1
    odd = (cells != width) | pl.any_horizontal(*signs.values())
    row = first_of(lines_of(path).filter(odd).select("number", "line", cells=cells, **signs))
    if row is None:
        return
    if row["uneven"]:  # a cell may span several lines, which only a parser can tell
        _check_slowly(path, width)
    elif row["stray"]:
        raise UsageError(f"{path}:{row['number']}: not CSV: text behind a closing quote")
    elif row["returns"]:
        raise UsageError(f"{path}:{row['number']}: {_RETURN}")
    else:
        raise UsageError(
            _cell_count_message(path, row["number"], row["cells"] if row["line"] else 0, width)
        )


def _check_slowly(path: Path, width: int) -> None:
    """Check the rows with Python's parser, which knows cells of several lines."""
    with opened(path) as file:
        rows = csv.reader(io.TextIOWrapper(file, "utf-8-sig", newline=""), strict=True)
        try:
            for row in rows:
                if len(row) != width:
                    raise UsageError(_cell_count_message(path, rows.line_num, len(row), width))
        except csv.Error as error:
            raise UsageError(f"{path}:{rows.line_num}: not CSV: {error}") from None


def _cell_count_message(path: Path, number: int, count: int, width: int) -> str:
    cells = "an empty line" if not count else "1 cell" if count == 1 else f"{count} cells"
    return f"{path}:{number}: found {cells}, expected {width}"
