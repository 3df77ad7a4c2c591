"""Files of JSON lines checked line by line before they are read.

Polars reports a bad line without its number, accepts a key that stands twice, and reads half of a
surrogate pair as NUL. This check names the file and the line. Polars finds the lines that may be
bad, usually few, and Python parses those.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from glob import escape
from math import isfinite
from pathlib import Path
from typing import Any

import polars as pl

from checker.audit.files.text_lines import first_of, lines_of, opened
from checker.language.resolve.table_header import check_header
from checker.language.syntax.json_objects import unique_keys
from checker.language.syntax.problems import UsageError

_SUSPECT = r'"[ \t\r]+:|\\u[dD][89a-fA-F]'  # a key before a space, and half of a surrogate pair
_INTEGERS = range(-(2**127), 2**128)  # what Polars reads


def check_json_lines(path: Path) -> pl.Schema:
    """Return the columns of a file and their types.

    Raises:
        UsageError: a line is no JSON object or has a key twice, or the file has no line.
    """
    stated = lines_of(path).with_columns(pl.col("line").str.strip_chars(" \t\r"))
    stated = stated.filter(pl.col("line") != "")
    odd = first_of(stated.filter(~pl.col("line").str.starts_with("{")))
    if odd:
        bom = odd["line"].startswith("\ufeff")
        problem = "a byte order mark; save it without" if bom else "no object"
        raise UsageError(f"{path}:{odd['number']}: found {problem}, expected a JSON object a line")
    if first_of(stated) is None:
        raise UsageError(f"{path}: found no line, expected JSON objects")
    try:
        schema = pl.scan_ndjson(escape(str(path)), infer_schema_length=None).collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        _check_slowly(path, _every_line(path))
        raise UsageError(f"{path}: not JSON lines: {error}") from None
    check_header(schema.names(), str(path))
    _check_slowly(path, _suspects(stated, schema.names()))
    return schema


def _suspects(lines: pl.LazyFrame, names: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield every line that may have a key twice, or half of a surrogate pair.

    No key stands twice in a line with as many `":` as names of columns.
    """
    line = pl.col("line")
    keys = [f"{json.dumps(name, ensure_ascii=False)}:" for name in names]
    present = pl.sum_horizontal(line.str.contains(key, literal=True) for key in keys)
    suspect = (present != line.str.count_matches('":', literal=True)) | line.str.contains(_SUSPECT)
    if any("\\" in key for key in keys):  # the end of an escaped name may be another name
        suspect = pl.lit(True)
    for batch in (
        lines.filter(suspect).select("number", "line").collect_batches(maintain_order=True)
    ):
        yield from batch.iter_rows()


def _every_line(path: Path) -> Iterator[tuple[int, bytes]]:
    with opened(path) as file:
        yield from enumerate(file, 1)


def _check_slowly(path: Path, lines: Iterable[tuple[int, str | bytes]]) -> None:
    """Raise UsageError for the first line that is no JSON, or that an audit can't read."""
    for number, line in lines:
        if not line.strip():
            continue
        try:
            json.dumps(_read(line), ensure_ascii=False).encode()
        except json.JSONDecodeError as error:
            raise UsageError(f"{path}:{number}: not JSON: {error.msg.lower()}") from None
        except UnicodeEncodeError:
            raise UsageError(f"{path}:{number}: not Unicode: half of a surrogate pair") from None
        except UnicodeDecodeError as error:
            raise UsageError(f"{path}:{number}: not JSON: {str(error).lower()}") from None
        except ValueError as error:
            raise UsageError(f"{path}:{number}: not JSON that can be read: {error}") from None
        except RecursionError:
            raise UsageError(
                f"{path}:{number}: not JSON that can be read: nested too deep"
            ) from None


def _read(line: str | bytes) -> Any:
    return json.loads(
        line,
        object_pairs_hook=unique_keys,
        parse_int=_checked_integer,
        parse_float=_finite,
        parse_constant=_finite,
    )


def _checked_integer(text: str) -> str:
    if int(text) not in _INTEGERS:
        raise ValueError(f"a number of {len(text)} digits; 38 are read")
    return text


def _finite(text: str) -> str:
    if not isfinite(float(text)):
        raise ValueError(f"`{text}`, which is no number that can be kept")
    return text
