"""Cases from files: documents, JSON lines, CSV and Parquet (docs/language.md, section 7)."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import IO, Any

from checker.language.model.types import DUE
from checker.language.resolve.facts import plain_value
from checker.language.syntax.documents import Document, path_text
from checker.language.syntax.problems import Finding, UsageError
from checker.language.syntax.scalars import MAX_DIGITS, exact_number

NOT_FACTS = frozenset(["id", "seller", "response", "cites"])
MAX_LINE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class StatedCase:
    """What a case states; `error` says why it can't be read, `text` that it is cells of a table."""

    name: str | int
    facts: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None
    expect: Mapping[str, Any] | None = None
    text: bool = False
    index: int = 0


def cases_of_document(document: Document, problems: Iterable[Finding]) -> Iterator[StatedCase]:
    """Yield the cases of a `cases` document, of which `problems` are those of its shape.

    A case whose facts do not follow the schema has the problem for its error. What is wrong
    with the list itself is no case's error.
    """
    entries = document.data.get("cases")
    wrong = {problem.at: problem for problem in reversed([*problems])}
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        at = path_text(document.data, ("cases", index))
        found = [each for name, each in wrong.items() if _concerns(name, at)]
        if found:
            yield StatedCase(_name(entry, index), error=found[-1].message, index=index)
        else:
            expect = entry.get("expect")
            yield StatedCase(_name(entry, index), entry["facts"], expect=expect, index=index)


def _concerns(at: str, case: str) -> bool:
    """Return whether what is wrong `at` a place keeps the case from being decided."""
    return (at == case or at.startswith(f"{case}.")) and not at.startswith(f"{case}.expect")


def _name(entry: Any, index: int) -> str | int:
    name = entry.get("id") if isinstance(entry, dict) else None
    return name if isinstance(name, str | int) and not isinstance(name, bool) else index + 1


def table_path(file: str) -> FilePath:
    """Return the path of a `.jsonl`, `.csv` or `.parquet` file; UsageError where it is none."""
    path = FilePath(file)
    if not path.exists():
        raise UsageError(f"{path}: no such file")
    if path.suffix.lower() not in (*_READERS, ".parquet"):
        expected = "expected .yaml, .yml, .jsonl, .csv or .parquet"
        raise UsageError(f"{path}: the name's ending says nothing of its form; {expected}")
    return path


def cases_of_table(path: FilePath) -> Iterator[StatedCase]:
    """Yield the cases of a table; UsageError where it can't be read."""
    if path.suffix.lower() == ".parquet":
        yield from _parquet(path)
        return
    try:
        with path.open("rb") as file:
            yield from _READERS[path.suffix.lower()](file, str(path))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"{path}: can't be read: {reason}") from None


def cases_of_stdin() -> Iterator[StatedCase]:
    """Yield the cases of the JSON lines on standard input."""
    if sys.stdin is None:
        raise UsageError("standard input is closed")
    yield from _json_lines(sys.stdin.buffer, "standard input")


def _json_lines(file: IO[bytes], name: str) -> Iterator[StatedCase]:
    number = 0
    while line := file.readline(MAX_LINE_BYTES + 1):
        if len(line) > MAX_LINE_BYTES:
            number += 1
            yield StatedCase(number, error="a line of more than 1 MiB")
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_LINE_BYTES)
        elif line.strip(b" \t\r\n\xef\xbb\xbf"):
            number += 1
            yield _json_line(line, number)


def _json_line(line: bytes, number: int) -> StatedCase:
    try:
        stated = read_json(line)
    except ValueError as error:
        return StatedCase(number, error=str(error))
    if not isinstance(stated, dict):
        return StatedCase(number, error="expected a JSON object of facts")
    return _named(stated, number)


def read_json(text: bytes) -> Any:
    """Return the data of a JSON text, its numbers exact; ValueError says what is wrong with it."""
    try:
        return json.loads(
            text.decode("utf-8-sig"),
            object_pairs_hook=_once_each,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_not_finite,
        )
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8: byte 0x{text[error.start]:02x}") from None
    except RecursionError:
        raise ValueError("not JSON that can be read: nested too deep") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg.lower()} at column {error.colno}") from None
    except ValueError as error:
        raise ValueError(f"not JSON that can be read: {error}") from None


def _named(stated: dict[str, Any], number: int, *, text: bool = False) -> StatedCase:
    name = stated.get("id")
    if name is None or name == "":
        name = number
    if not isinstance(name, str | int) or isinstance(name, bool):
        found = "found an `id` that is neither a word nor a whole number"
        return StatedCase(number, error=found, index=number - 1)
    names = (key for key in stated if key not in NOT_FACTS and not key.startswith(DUE))
    facts = {key: stated[key] for key in names}
    return StatedCase(name, facts, text=text, index=number - 1)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"key `{twice}` twice in one object")
    return found


def _number(text: str) -> Any:
    if len(text) > MAX_DIGITS:
        raise ValueError(f"a number of {len(text)} digits; at most {MAX_DIGITS} are read")
    return exact_number(text)


def _not_finite(text: str) -> Any:
    raise ValueError(f"`{text}`, which is no number that can be compared")


def _csv(file: IO[bytes], name: str) -> Iterator[StatedCase]:
    # what is no UTF-8 is kept as surrogates, so that it costs its own row only
    text = io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")
    csv.field_size_limit(MAX_LINE_BYTES)
    reader = csv.reader(text, strict=True)
    try:
        header = next((row for row in reader if row), None)
        if not header or not any(header):
            raise UsageError(f"{name}: found no header, expected a row of fact names")
        if "" in header:
            nameless = header.index("") + 1
            raise UsageError(f"{name}:{reader.line_num}: the column {nameless} has no name")
        twice = [column for column in header if header.count(column) > 1]
        if twice:
            raise UsageError(f"{name}:1: the column `{twice[0]}` stands twice")
        number = 0
        for row in reader:
            if row:
                number += 1
                yield _csv_row(header, row, number)
    except csv.Error as error:
        raise UsageError(f"{name}:{reader.line_num}: not CSV: {error}") from None
    finally:
        text.detach()  # whoever opened the file closes it


def _csv_row(header: list[str], row: list[str], number: int) -> StatedCase:
    stated = dict(zip(header, row, strict=False))
    alien = next((each for cell in row for each in cell if "\udc80" <= each <= "\udcff"), None)
    if alien:
        return StatedCase(number, error=f"not UTF-8: byte 0x{ord(alien) - 0xDC00:02x}")
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
        raise UsageError(f"{path}: {message}") from None
    try:
        with path.open("rb") as file:
            frame = polars.read_parquet(file)
        # the shortest decimal that gives a 32-bit float is not that of the 64-bit one
        frame = frame.with_columns(polars.col(polars.Float32).cast(polars.String))
    except (OSError, polars.exceptions.PolarsError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"{path}: not Parquet that can be read: {reason}") from None
    for number, row in enumerate(frame.iter_rows(named=True), 1):
        stated, wrong = {}, []
        for key, value in row.items():
            try:
                stated[key] = plain_value(value)
            except ValueError as error:
                wrong.append(f"fact `{key}`: {error}")
        case = _named(stated, number)
        yield replace(case, error="; ".join(wrong)) if wrong else case


_READERS = {".jsonl": _json_lines, ".ndjson": _json_lines, ".csv": _csv}
