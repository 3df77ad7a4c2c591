"""Files for DuckDB: it reads Parquet itself, and text files as Polars parsed them.

Polars determines the columns and their kinds, and refuses files that can't be read. So the results
do not depend on the engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from glob import escape
from pathlib import Path
from typing import Any

import duckdb

from checker.audit.files.scan import ROW_NUMBER, Scanned, reading, scan_files
from checker.language.syntax.problems import UsageError


def rows_of(
    connection: duckdb.DuckDBPyConnection, paths: Sequence[Path], form: str, folder: Path
) -> tuple[Any, Mapping[str, str]]:
    """Return the rows of files of one form, and the kinds of their columns.

    Args:
        connection: the database.
        paths: the files.
        form: `parquet`, `csv` or `jsonl`.
        folder: where to write a Parquet file with the rows of text files.
    """
    scanned = scan_files(paths, form)
    files = paths if form == "parquet" else [_parsed(scanned, folder / "rows.parquet")]
    rows = connection.read_parquet([escape(str(path)) for path in files], hive_partitioning=False)
    for name, column in zip(scanned.kinds, rows.columns, strict=True):
        if name != column:  # DuckDB has renamed it
            raise UsageError(
                f"{paths[0]}: the column `{name}` differs from another only in capitals, which"
                " DuckDB takes for one; rename it"
            )
    return rows, scanned.kinds


def _parsed(scanned: Scanned, path: Path) -> Path:
    """Write the rows of text files to a Parquet file; return its path."""
    with reading(scanned):
        scanned.frame.drop(ROW_NUMBER).sink_parquet(path, compression="lz4")
    return path
