"""DuckDB: a table of a database file, or the rows of files.

The database is opened for reading. Memory is bounded, and what doesn't fit goes to a temporary
folder; nothing is fetched from a network.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
from sqlglot import exp

from checker.audit.connections import ColumnKind
from checker.audit.connections.duckdb_files import READERS
from checker.audit.connections.plain import (
    BATCH,
    cast_to,
    column,
    joined,
    one_line,
    plain,
    replaced,
    sql_of,
    table_of,
)
from checker.audit.connections.urls import Source
from checker.language.problems import Unusable

CONFIG: dict[str, Any] = {
    "memory_limit": "1GB",
    "autoinstall_known_extensions": False,  # they would be downloaded
    "python_enable_replacements": False,  # a table's name is no Python variable
}
KINDS: dict[str, ColumnKind] = {
    "boolean": "boolean",
    **dict.fromkeys(("tinyint", "smallint", "integer", "bigint"), "integer"),
    **dict.fromkeys(("utinyint", "usmallint", "uinteger"), "integer"),
    **dict.fromkeys(("decimal", "ubigint", "hugeint"), "decimal"),
    **dict.fromkeys(("float", "double"), "float"),
    **dict.fromkeys(("varchar", "enum", "uuid", "null"), "text"),
    "date": "date",
    **dict.fromkeys(("timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns"), "timestamp"),
    "timestamp with time zone": "moment",
    **dict.fromkeys(("list", "array"), "list"),
}
# what doesn't behave like others of its kind is cast, from one type to the next
CASTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("enum", "uuid", "null"), ("TEXT",)),
    **dict.fromkeys(("ubigint", "hugeint"), ("DECIMAL(38, 0)",)),
    "float": ("TEXT", "DOUBLE"),  # its shortest decimal is not that of the 64-bit one
}
REMEDIES = {
    "Out of Memory Error": "; free memory, or space in the folder of temporary files",
    "IO Error": "; is it there, readable, and not being written to?",
}
_ALL = exp.JSONPath(expressions=[exp.JSONPathRoot()])


def connect(source: Source) -> DuckDB:
    """Return a connection to a table of a database file."""
    table = table_of(source.table or ())
    query = sql_of(exp.select("*").from_(table), DuckDB.dialect)
    return DuckDB(source.shown, source.address, lambda database: (table, database.sql(query)))


def files(paths: Sequence[Path], form: str) -> DuckDB:
    """Return a connection to the rows of files of one form."""
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""

    def rows(database: duckdb.DuckDBPyConnection) -> tuple[exp.Table, Any]:
        found = READERS[form](database, [str(path) for path in paths])
        found.create_view("files")
        return table_of(["files"]), found

    return DuckDB(f"{paths[0]}{more}", None, rows)


class DuckDB:
    """A `Connection` of DuckDB; `find` gives the table of the database at `path`, and its rows."""

    dialect = "duckdb"

    def __init__(
        self,
        shown: str,
        path: str | None,
        find: Callable[[duckdb.DuckDBPyConnection], tuple[exp.Table, Any]],
    ) -> None:
        self.shown = shown
        with contextlib.ExitStack() as stack, self._telling():
            spill = stack.enter_context(TemporaryDirectory(prefix="checker-"))
            config = {**CONFIG, "temp_directory": spill}
            self.connection = duckdb.connect(path or ":memory:", bool(path), config)
            stack.callback(self.connection.close)
            self.connection.execute("SET TimeZone = 'UTC'")
            table, rows = find(self.connection)
            self._ends = stack.pop_all()  # what is open stays open only where all went well
        types = dict(zip(rows.columns, rows.types, strict=True))
        texts = {name for name, type_ in types.items() if str(type_) == "JSON"}
        made: dict[str, exp.Expr] = {
            name: cast_to(name, CASTS[type_.id])
            for name, type_ in types.items()
            if type_.id in CASTS
        }
        made |= {n: exp.JSONExtractScalar(this=column(n), expression=_ALL.copy()) for n in texts}
        self._relation = replaced(table, types, made)
        self._columns = {name: KINDS.get(type_.id, "other") for name, type_ in types.items()}

    def relation(self) -> exp.Expr:
        """Return what to select from."""
        return self._relation.copy()

    def columns(self) -> dict[str, ColumnKind]:
        """Return the kinds of the table's columns."""
        return dict(self._columns)

    def execute(self, statement: exp.Create) -> None:
        """Make a temporary table or view."""
        with self._telling():
            self.connection.execute(sql_of(statement, self.dialect)).fetchall()

    def fetch(self, query: exp.Query) -> pl.DataFrame:
        """Return a query's whole result."""
        return joined(self.batches(query))

    def batches(self, query: exp.Query) -> Iterator[pl.DataFrame]:
        """Yield a query's result in parts."""
        with self._telling():
            rows = self.connection.sql(sql_of(query, self.dialect))
            with rows.to_arrow_reader(BATCH) as reader:
                empty = reader.schema.empty_table()
                yield plain(pl.DataFrame(pl.from_arrow(empty)))
                for batch in reader:
                    yield plain(pl.DataFrame(pl.from_arrow(batch)))

    def close(self) -> None:
        """End the session."""
        self._ends.close()

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        """Tell an error of DuckDB in one line."""
        try:
            yield
        except RuntimeError as error:
            if "interrupted" not in str(error):
                raise
            raise KeyboardInterrupt from None
        except (duckdb.Error, pa.ArrowException, OSError) as error:  # Arrow's while rows come
            file = re.search(r"^ +file = (.+)$", str(error), re.MULTILINE)
            # then follow the query, and advice on options that we don't offer
            message = re.split(r"\n(?:LINE |Possible | Try | +file = )", str(error))[0]
            message = one_line(message.partition("Error: ")[2] or message)
            remedy = next((r for kind, r in REMEDIES.items() if kind in str(error)), "")
            raise Unusable(f"{file[1] if file else self.shown}: {message}{remedy}") from None
