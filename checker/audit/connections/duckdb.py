"""DuckDB: a table of a database file, or the rows of files.

The database is opened read-only. Memory is bounded; what doesn't fit goes to a temporary folder.
Nothing is downloaded. A database file is data that a stranger may have written: its views read no
other file, and its macros never stand for DuckDB's own functions
(https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import duckdb
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
from sqlglot import exp

from checker.audit.connections.duckdb_files import rows_of
from checker.audit.connections.plain import (
    BATCH,
    FLOAT_CASTS,
    cast_to,
    column,
    joined,
    one_line,
    sql_of,
    table_of,
    with_plain_types,
    with_replacements,
)
from checker.audit.connections.urls import TableSource
from checker.audit.files.scan import check_whole
from checker.language.syntax.problems import UsageError, quoted

CONFIG: dict[str, Any] = {
    "memory_limit": "1GB",
    "autoinstall_known_extensions": False,  # they would be downloaded
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_persistent_secrets": False,  # those of the user are for other databases
    "python_enable_replacements": False,  # a table's name never means a Python variable
}
OF_A_DATABASE: dict[str, Any] = {"enable_external_access": False}  # a view may name any file
KINDS: dict[str, str] = {
    "boolean": "boolean",
    **dict.fromkeys(("tinyint", "smallint", "integer", "bigint"), "integer"),
    **dict.fromkeys(("utinyint", "usmallint", "uinteger"), "integer"),
    **dict.fromkeys(("decimal", "ubigint", "hugeint"), "decimal"),
    **dict.fromkeys(("float", "double"), "float"),
    **dict.fromkeys(("varchar", "enum", "uuid", "null"), "text"),
    "date": "date",
    **dict.fromkeys(("timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns"), "timestamp"),
    **dict.fromkeys(("timestamp with time zone", "timestamptz_ns"), "moment"),
    **dict.fromkeys(("list", "array"), "list"),
}
# for types that don't behave like others of their kind: what to cast them to, in order
CASTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("enum", "uuid", "null"), ("TEXT",)),
    **dict.fromkeys(("ubigint", "hugeint"), ("DECIMAL(38, 0)",)),
    "float": FLOAT_CASTS,
}
REMEDIES = {
    "Loading external extensions": "; is it a database file of DuckDB?",
    "Permission Error": "; views of a database file can't read other files",
    "Out of Memory Error": "; free memory, or space in the folder of temporary files",
    "IO Error": "; is it there, readable, and not being written to?",
    "IO error": "; free space in the folder of temporary files",  # an error of Polars
}
ERRORS = (duckdb.Error, pa.ArrowException, pl.exceptions.PolarsError, OSError)


class AuditTarget(NamedTuple):
    """The table to audit.

    Attributes:
        table: the table, as part of a FROM.
        rows: its rows, as a relation of DuckDB.
        kinds: the kinds of its columns, where they are known.
    """

    table: exp.Table
    rows: Any
    kinds: Mapping[str, str] | None = None


def connect(source: TableSource) -> DuckDB:
    """Return a connection to a table of a database file."""
    table = table_of(source.table or ())
    query = sql_of(exp.select("*").from_(table), DuckDB.dialect)
    path = str(Path(source.address).absolute())  # `md:x` and `https://x` would be extensions

    def find(database: duckdb.DuckDBPyConnection, _: Path) -> AuditTarget:
        if names := _replaced_functions(database):
            raise UsageError(
                f"{source.name}: macros of the database are named as functions of DuckDB,"
                f" which would change what an audit computes: {quoted(names)}"
            )
        return AuditTarget(table, database.sql(query))

    return DuckDB(source.name, path, find)


def files(paths: Sequence[Path], form: str) -> DuckDB:
    """Return a connection to the rows of files of one form."""
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""

    def find(database: duckdb.DuckDBPyConnection, folder: Path) -> AuditTarget:
        rows, kinds = rows_of(database, paths, form, folder)
        rows.create_view("files")
        return AuditTarget(table_of(["files"]), rows, kinds)

    return DuckDB(f"{paths[0]}{more}", None, find, paths)


class DuckDB:
    """A `Connection` of DuckDB.

    Args:
        name: names the source in messages.
        path: the database file, None for one in memory.
        find: returns the table to audit; its second argument is a folder for temporary files, which
            is removed with the connection.
        files: the files that are audited.
    """

    dialect = "duckdb"

    def __init__(
        self,
        name: str,
        path: str | None,
        find: Callable[[duckdb.DuckDBPyConnection, Path], AuditTarget],
        files: Sequence[Path] = (),
    ) -> None:
        self.name, self.files = name, files
        with contextlib.ExitStack() as stack, self._usage_errors():
            spill = stack.enter_context(TemporaryDirectory(prefix="checker-"))
            config = {**CONFIG, **(OF_A_DATABASE if path else {}), "temp_directory": spill}
            self.connection = duckdb.connect(path or ":memory:", bool(path), config)
            stack.callback(self.connection.close)
            self.connection.execute("SET TimeZone = 'UTC'")
            self.connection.execute("SET lock_configuration = true")
            target = find(self.connection, Path(spill))
            self._ends = stack.pop_all()  # after an error above, everything is closed instead
        types = dict(zip(target.rows.columns, target.rows.types, strict=True))
        kinds = {name: KINDS.get(type_.id, str(type_)) for name, type_ in types.items()}
        self._columns = dict(target.kinds or kinds)
        replacements = {
            name: tree for name, type_ in types.items() if (tree := _plain(name, type_))
        }
        self._relation = with_replacements(target.table, types, replacements)

    def relation(self) -> exp.Expr:
        """Return what to select from."""
        return self._relation.copy()

    def columns(self) -> dict[str, str]:
        """Return the kinds of the table's columns."""
        return dict(self._columns)

    def execute(self, statement: exp.Create) -> None:
        """Make a temporary table or view."""
        with self._usage_errors():
            self.connection.execute(sql_of(statement, self.dialect)).fetchall()

    def fetch(self, query: exp.Query) -> pl.DataFrame:
        """Return a query's whole result."""
        return joined(self.batches(query))

    def batches(self, query: exp.Query) -> Iterator[pl.DataFrame]:
        """Yield a query's result in parts."""
        with self._usage_errors():
            rows = self.connection.sql(sql_of(query, self.dialect))
            with rows.to_arrow_reader(BATCH) as reader:
                empty = reader.schema.empty_table()
                yield with_plain_types(pl.DataFrame(pl.from_arrow(empty)))
                for batch in reader:
                    yield with_plain_types(pl.DataFrame(pl.from_arrow(batch)))

    def close(self) -> None:
        """End the session."""
        self._ends.close()

    @contextlib.contextmanager
    def _usage_errors(self) -> Iterator[None]:
        """Turn an error of DuckDB into a UsageError of one line."""
        try:
            yield
        except RuntimeError as error:
            if "interrupted" not in str(error):
                raise
            raise KeyboardInterrupt from None
        except ERRORS as error:
            if not isinstance(error, duckdb.OutOfMemoryException):
                check_whole(self.files)  # DuckDB doesn't name the damaged file
            message = str(error).partition("\nLINE ")[0]  # the query follows
            message = one_line(message.partition("Error: ")[2] or message)
            remedy = next((r for kind, r in REMEDIES.items() if kind in str(error)), "")
            raise UsageError(f"{self.name}: {message}{remedy}") from None


def _replaced_functions(database: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the functions of DuckDB whose names are taken by macros of the database."""
    functions = database.execute(
        "SELECT function_name, internal FROM system.main.duckdb_functions()"
    ).fetchall()
    by_duckdb = {name.lower() for name, internal in functions if internal}
    by_database = {name for name, internal in functions if not internal}
    return sorted(name for name in by_database if name.lower() in by_duckdb)


def _plain(name: str, type_: Any) -> exp.Expr | None:
    """Return the cast of a column that doesn't behave like others of its kind, else None."""
    if str(type_) == "JSON":
        root = exp.JSONPath(expressions=[exp.JSONPathRoot()])
        return exp.JSONExtractScalar(this=column(name), expression=root)
    return cast_to(name, CASTS[type_.id]) if type_.id in CASTS else None
