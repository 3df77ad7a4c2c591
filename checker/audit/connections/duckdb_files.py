"""How DuckDB reads files of each form, with nothing guessed but the types in JSON lines.

All of a source's files have the same columns in the same order, or the first that differs is
named; JSON lines have no such order, and what a line lacks is NULL.
"""

from __future__ import annotations

from collections.abc import Sequence
from glob import escape
from typing import Any

import duckdb
import polars as pl

from checker.language.problems import Unusable, quoted

# JSON's texts stay texts, also those that look like a date; `null` alone is read as text.
_IN_JSON = {"boolean", "bigint", "ubigint", "hugeint", "double", "varchar", "list", "struct", "map"}


def parquet(connection: duckdb.DuckDBPyConnection, paths: Sequence[str]) -> Any:
    """Return the rows of Parquet files."""
    _refuse_others(
        {
            path: dict(zip(rows.columns, map(str, rows.types), strict=True))
            for path in paths
            for rows in [connection.read_parquet(path, hive_partitioning=False)]
        }
    )
    return connection.read_parquet([*map(escape, paths)], hive_partitioning=False)


def csv(connection: duckdb.DuckDBPyConnection, paths: Sequence[str]) -> Any:
    """Return the rows of CSV files, every cell as text; an empty one is NULL."""
    headers = {path: dict.fromkeys(_header(path), "VARCHAR") for path in paths}
    _refuse_others(headers)
    return connection.read_csv(
        [*map(escape, paths)],  # type: ignore[arg-type]
        auto_detect=False,  # it would skip lines, and take some for comments
        columns=headers[paths[0]],
        header=True,
        sep=",",
        quotechar='"',
        escapechar='"',
        comment="",
        hive_partitioning=False,
    )


def jsonl(connection: duckdb.DuckDBPyConnection, paths: Sequence[str]) -> Any:
    """Return the rows of JSON lines, typed by what stands in all of them."""
    options: dict[str, Any] = {"format": "newline_delimited", "records": "true"}
    options["hive_partitioning"] = False
    try:
        found = connection.read_json([*map(escape, paths)], sample_size=-1, **options)  # type: ignore[arg-type]
    except duckdb.BinderException:
        raise Unusable(
            f"{_without_objects(connection, paths)}: no JSON object on each line"
        ) from None
    types = {
        name: str(type_) if type_.id in _IN_JSON else "VARCHAR"
        for name, type_ in zip(found.columns, found.types, strict=True)
    }
    return connection.read_json([*map(escape, paths)], columns=types, **options)  # type: ignore[arg-type]


READERS = {"parquet": parquet, "csv": csv, "jsonl": jsonl}


def _header(path: str) -> list[str]:
    """Return the names in a CSV file's first line, as Polars reads them."""
    try:
        return pl.scan_csv(path, infer_schema=False, glob=False).collect_schema().names()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise Unusable(f"{path}: {str(error).splitlines()[0]}") from None


def _without_objects(connection: duckdb.DuckDBPyConnection, paths: Sequence[str]) -> str:
    """Return the first of the files that has something else than objects."""
    for path in paths:
        try:
            connection.read_json(path, format="newline_delimited", records="true")
        except duckdb.Error:
            return path
    return paths[0]


def _refuse_others(columns: dict[str, dict[str, str]]) -> None:
    """Raise `Unusable` for the first file whose columns differ from those of the first file."""
    first, expected = next(iter(columns.items()))
    for path, found in columns.items():
        if [*found.items()] == [*expected.items()]:
            continue
        changed = sorted({name for name, _ in found.items() ^ expected.items()})
        what = (
            f"other columns than {first}: {quoted(changed)}"
            if changed
            else f"columns in another order than {first}"
        )
        raise Unusable(f"{path}: {what}; audit files of different tables apart")
