"""Cases from files: `cases` documents, JSON lines, CSV and Parquet (section 7)."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import IO, Any

from checker.language.documents import Document
from checker.language.facts import plain
from checker.language.problems import Unusable
from checker.language.scalars import LONGEST_NUMBER, exact

NO_FACTS = frozenset(["id", "seller", "response", "cites"])
LONGEST_LINE = 1 << 20


@dataclass(frozen=True, slots=True)
class StatedCase:
    """What a case states; `error` says why it can't be read, `text` that it is cells of a table."""

    name: str | int
    facts: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None
    expect: Mapping[str, Any] | None = None
    text: bool = False
    index: int = 0


def cases_of_document(document: Document) -> Iterator[StatedCase]:
    """Yield the cases of a `cases` document that follows its schema."""
    for index, entry in enumerate(document.data["cases"]):
        name, expect = entry.get("id", index + 1), entry.get("expect")
        yield StatedCase(name, entry["facts"], expect=expect, index=index)


def cases_of_table(path: FilePath) -> Iterator[StatedCase]:
    """Yield the cases of a `.jsonl`, `.csv` or `.parquet` file; Unusable where it is none."""
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        yield from _parquet(path)
        return
    if suffix not in _READERS:
        expected = "expected .yaml, .yml, .jsonl, .csv or .parquet"
        raise Unusable(f"{path}: the name's ending says nothing of its form; {expected}")
    try:
        with path.open("rb") as file:
            yield from _READERS[suffix](file, str(path))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Unusable(f"{path}: can't be read: {reason}") from None


def cases_of_stdin() -> Iterator[StatedCase]:
    """Yield the cases of the JSON lines on standard input."""
    yield from _json_lines(sys.stdin.buffer, "standard input")


def _json_lines(file: IO[bytes], name: str) -> Iterator[StatedCase]:
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            number += 1
            yield StatedCase(number, error="a line of more than 1 MiB")
            while line and not line.endswith(b"\n"):
                line = file.readline(LONGEST_LINE)
        elif line.strip(b" \t\r\n\xef\xbb\xbf"):
            number += 1
            yield _json_line(line, number)


def _json_line(line: bytes, number: int) -> StatedCase:
    try:
        stated = json.loads(
            line.decode("utf-8-sig"),
            object_pairs_hook=_once_each,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_not_finite,
        )
    except RecursionError:
        return StatedCase(number, error="not JSON that can be read: nested too deep")
    except json.JSONDecodeError as error:
        return StatedCase(number, error=f"not JSON: {error.msg.lower()} at column {error.colno}")
    except ValueError as error:
        return StatedCase(number, error=f"not JSON that can be read: {error}")
    if not isinstance(stated, dict):
        return StatedCase(number, error="expected a JSON object of facts")
    return _named(stated, number)


def _named(stated: dict[str, Any], number: int, *, text: bool = False) -> StatedCase:
    name = stated.get("id")
    if name is None or name == "" or not isinstance(name, str | int) or isinstance(name, bool):
        name = number
    facts = {key: value for key, value in stated.items() if key not in NO_FACTS}
    return StatedCase(name, facts, text=text, index=number - 1)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"key `{twice}` twice in one object")
    return found


def _number(text: str) -> Any:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(text)} digits; at most {LONGEST_NUMBER} are read")
    return exact(text)


def _not_finite(text: str) -> Any:
    raise ValueError(f"`{text}`, which is no number that can be compared")


def _csv(file: IO[bytes], name: str) -> Iterator[StatedCase]:
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    reader = csv.reader(text, strict=True)
    try:
        header = next(reader, None)
        if not header or not any(header):
            raise Unusable(f"{name}: found no header, expected a row of fact names")
        twice = [column for column in header if header.count(column) > 1]
        if twice:
            raise Unusable(f"{name}:1: the column `{twice[0]}` stands twice")
        number = 0
        for row in reader:
            if row:
                number += 1
                yield _csv_row(header, row, number)
    except UnicodeDecodeError as error:
        found = f"not UTF-8: byte 0x{error.object[error.start]:02x}"
        raise Unusable(f"{name}: {found} after line {reader.line_num}") from None
    except csv.Error as error:
        raise Unusable(f"{name}:{reader.line_num}: not CSV: {error}") from None
    finally:
        text.detach()  # whoever opened the file closes it


def _csv_row(header: list[str], row: list[str], number: int) -> StatedCase:
    stated = dict(zip(header, row, strict=False))
    if len(row) != len(header):
        name = stated.get("id") or number
        found = f"found {len(row)} cells, expected {len(header)}"
        return StatedCase(name, error=found, index=number - 1)
    return _named(stated, number, text=True)


def _parquet(path: FilePath) -> Iterator[StatedCase]:
    try:
        import polars
    except ImportError:
        message = "reading Parquet needs polars: pip install 'returns-checker[parquet]'"
        raise Unusable(f"{path}: {message}") from None
    try:
        frame = polars.read_parquet(path)
    except (OSError, polars.exceptions.PolarsError) as error:
        reason = str(error).splitlines()[0]
        raise Unusable(f"{path}: not Parquet that can be read: {reason}") from None
    for number, row in enumerate(frame.iter_rows(named=True), 1):
        try:
            yield _named({key: plain(value) for key, value in row.items()}, number)
        except ValueError as error:
            yield StatedCase(number, error=str(error), index=number - 1)


_READERS = {".jsonl": _json_lines, ".ndjson": _json_lines, ".csv": _csv}
