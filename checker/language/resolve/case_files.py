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
from checker.language.resolve.table_header import check_header
from checker.language.syntax.documents import Document, path_text
from checker.language.syntax.files import open_regular
from checker.language.syntax.json_objects import RepeatedKey, unique_keys
from checker.language.syntax.problems import Finding, UsageError, system_reason
from checker.language.syntax.scalars import MAX_DIGITS, exact_number

NOT_FACTS = frozenset(["id", "seller", "response", "cites"])  # keys of a row that are no facts
MAX_LINE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class StatedCase:
    """One case of a file, before its facts are typed.

    Attributes:
        name: its id, or its number from 1 where it has none.
        facts: the facts that it states, as plain data.
        error: why the case can't be read, None where it can.
        expect: what its document expects of the decision, None where it expects nothing.
        text: whether the facts are cells of a table, as text.
        index: its index in the file, from 0.
    """

    name: str | int
    facts: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None
    expect: Mapping[str, Any] | None = None
    text: bool = False
    index: int = 0


def cases_of_document(document: Document, problems: Iterable[Finding]) -> Iterator[StatedCase]:
    """Yield the cases of a `cases` document.

    A case whose facts do not follow the schema has the first problem's message for its error. An
    expectation that does not follow it is left out, as the problem says that it is wrong.

    Args:
        document: the document; it need not follow its schema.
        problems: the findings of the check against its schema.
    """
    entries = document.data.get("cases")
    problem_at = {problem.at: problem for problem in reversed([*problems])}
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        case_at = path_text(document.data, ("cases", index))
        case_problems = [problem for at, problem in problem_at.items() if _concerns(at, case_at)]
        if case_problems:
            yield StatedCase(_name(entry, index), error=case_problems[-1].message, index=index)
        else:
            expect = _sound_expectations(entry.get("expect"), f"{case_at}.expect", problem_at)
            yield StatedCase(_name(entry, index), entry["facts"], expect=expect, index=index)


def _sound_expectations(
    expect: Any, expect_at: str, problem_at: Iterable[str]
) -> dict[str, Any] | None:
    """Return what is expected, without the keys at which there is a problem."""
    if not isinstance(expect, dict):
        return None
    wrong = [at.removeprefix(f"{expect_at}.") for at in problem_at if at.startswith(expect_at)]
    return {
        key: value
        for key, value in expect.items()
        if not any(at == key or at.startswith(f"{key}.") for at in wrong)
    }


def _concerns(at: str, case_at: str) -> bool:
    """Return whether a problem `at` a path keeps the case at `case_at` from being decided."""
    inside = at == case_at or at.startswith(f"{case_at}.")
    return inside and not at.startswith(f"{case_at}.expect")


def _name(entry: Any, index: int) -> str | int:
    """Return the id of a case, or its number where it has no valid one."""
    name = entry.get("id") if isinstance(entry, dict) else None
    return name if isinstance(name, str | int) and not isinstance(name, bool) else index + 1


def table_path(file: str) -> FilePath:
    """Return the path of a table of cases.

    Raises:
        UsageError: there is no such file, or its ending is not that of a format that is read.
    """
    path = FilePath(file)
    if not path.exists():
        raise UsageError(f"{path}: no such file")
    if path.suffix.lower() not in (*_READERS, ".parquet"):
        expected = "expected .yaml, .yml, .jsonl, .csv or .parquet"
        raise UsageError(f"{path}: the name's ending says nothing of its form; {expected}")
    return path


def cases_of_table(path: FilePath) -> Iterator[StatedCase]:
    """Yield the cases of a `.jsonl`, `.ndjson`, `.csv` or `.parquet` file.

    A line or row that can't be read is a case with an error; the others are still read.

    Raises:
        UsageError: the file can't be read as its format.
    """
    if path.suffix.lower() == ".parquet":
        yield from _parquet(path)
        return
    try:
        with open_regular(path) as file:
            yield from _READERS[path.suffix.lower()](file, str(path))
    except OSError as error:
        reason = system_reason(error)
        raise UsageError(f"{path}: can't be read: {reason}") from None


def cases_of_stdin() -> Iterator[StatedCase]:
    """Yield the cases of the JSON lines on standard input.

    Raises:
        UsageError: standard input is closed.
    """
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
    return _stated_case(stated, number)


def read_json(text: bytes) -> Any:
    """Return the data of a JSON text in UTF-8; its numbers are exact (RFC 8259).

    Raises:
        ValueError: it is no JSON, repeats a key in an object, nests too deep, or has a number that
            is too long or not finite.
    """
    try:
        return json.loads(
            text.decode("utf-8-sig"),
            object_pairs_hook=unique_keys,
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
    except RepeatedKey as error:
        message = f"not JSON that can be read: key `{error.key}` twice in one object"
        raise ValueError(message) from None
    except ValueError as error:
        raise ValueError(f"not JSON that can be read: {error}") from None


def _stated_case(stated: dict[str, Any], number: int, *, text: bool = False) -> StatedCase:
    """Return the case that a row states; keys with another meaning than a fact are left out."""
    name = stated.get("id")
    if name is None or name == "":
        name = number
    if not isinstance(name, str | int) or isinstance(name, bool):
        error = "found an `id` that is neither a word nor a whole number"
        return StatedCase(number, error=error, index=number - 1)
    names = (key for key in stated if key not in NOT_FACTS and not key.startswith(DUE))
    facts = {key: stated[key] for key in names}
    return StatedCase(name, facts, text=text, index=number - 1)


def _number(text: str) -> Any:
    if len(text) > MAX_DIGITS:
        raise ValueError(f"a number of {len(text)} digits; at most {MAX_DIGITS} are read")
    return exact_number(text)


def _not_finite(text: str) -> Any:
    raise ValueError(f"`{text}`, which is no number that can be compared")


def _csv(file: IO[bytes], name: str) -> Iterator[StatedCase]:
    # bytes that are no UTF-8 become surrogates, so that only their own row can't be read
    text = io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")
    csv.field_size_limit(MAX_LINE_BYTES)
    reader = csv.reader(text, strict=True)
    try:
        header = next((row for row in reader if row), None)
        if not header or not any(header):
            raise UsageError(f"{name}: found no header, expected a row of fact names")
        check_header(header, f"{name}:{reader.line_num}")
        number = 0
        for row in reader:
            if row:
                number += 1
                yield _csv_row(header, row, number)
    except csv.Error as error:
        raise UsageError(f"{name}:{reader.line_num}: not CSV: {error}") from None
    finally:
        text.detach()  # the caller closes the file


def _csv_row(header: list[str], row: list[str], number: int) -> StatedCase:
    stated = dict(zip(header, row, strict=False))
    characters = (character for cell in row for character in cell)
    surrogate = next(
        (character for character in characters if "\udc80" <= character <= "\udcff"), ""
    )
    if surrogate:
        return StatedCase(number, error=f"not UTF-8: byte 0x{ord(surrogate) - 0xDC00:02x}")
    if len(row) != len(header):
        name = stated.get("id") or number
        error = f"found {len(row)} cells, expected {len(header)}"
        return StatedCase(name, error=error, index=number - 1)
    return _stated_case(stated, number, text=True)


def _parquet(path: FilePath) -> Iterator[StatedCase]:
    try:
        import polars
    except ImportError:
        message = "reading Parquet needs polars: pip install 'returns-checker[parquet]'"
        raise UsageError(f"{path}: {message}") from None
    try:
        with open_regular(path) as file:
            frame = polars.read_parquet(file)
        # The shortest decimal of a 32-bit float is another one than that of the same 64-bit float.
        frame = frame.with_columns(polars.col(polars.Float32).cast(polars.String))
    except (OSError, polars.exceptions.PolarsError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"{path}: not Parquet that can be read: {reason}") from None
    for number, row in enumerate(frame.iter_rows(named=True), 1):
        stated, errors = {}, []
        for key, value in row.items():
            try:
                stated[key] = plain_value(value)
            except ValueError as error:
                errors.append(f"fact `{key}`: {error}")
        case = _stated_case(stated, number)
        yield replace(case, error="; ".join(errors)) if errors else case


_READERS = {".jsonl": _json_lines, ".ndjson": _json_lines, ".csv": _csv}
