"""How DuckDB gets at files: Parquet as it lies, text as Polars reads it.

Polars says of both what columns there are and of what kinds, and refuses what can't be read, so
that it is all one which engine audits the rows.
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
    connection: duckdb.DuckDBPyConnection, paths: Sequence[Path], form: str, place: Path
) -> tuple[Any, Mapping[str, str]]:
    """Return the rows of files of one form, and the kinds of their columns.

    `place` is a folder for a file that takes the place of text.
    """
    scanned = scan_files(paths, form)
    files = paths if form == "parquet" else [_parsed(scanned, place / "rows.parquet")]
    rows = connection.read_parquet([escape(str(path)) for path in files], hive_partitioning=False)
    for name, found in zip(scanned.kinds, rows.columns, strict=True):
        if name != found:  # it has another name by now
            raise UsageError(
                f"{paths[0]}: the column `{name}` differs from another only in capitals, which"
                " DuckDB takes for one; rename it"
            )
    return rows, scanned.kinds


def _parsed(scanned: Scanned, path: Path) -> Path:
    with reading(scanned):
        scanned.frame.drop(ROW_NUMBER).sink_parquet(path, compression="lz4")
    return path
