"""Where SQL runs: one `Connection` to DuckDB, PostgreSQL or Spark, with the table to audit.

Queries are trees of sqlglot, results are frames of Polars. Every error of an engine becomes a
`UsageError` of one line: where, what happened, what to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from checker.audit.connections.urls import TableSource
from checker.language.syntax.problems import UsageError

if TYPE_CHECKING:
    import polars as pl
    from sqlglot import exp


class Connection(Protocol):
    """An engine with one table to audit.

    An audit creates temporary tables and views only, which end with the connection; it changes
    nothing of the user's. The session's time zone is UTC. Every method but `close` may raise
    `UsageError`.
    """

    dialect: str
    """sqlglot's name of the engine: `duckdb`, `postgres` or `spark`."""

    def relation(self) -> exp.Expr:
        """Return the table, as part of a FROM."""

    def columns(self) -> dict[str, str]:
        """Return the kinds of the table's columns by their names, in their order.

        A kind is `boolean`, `integer`, `decimal`, `float`, `text`, `date`, `timestamp` (without a
        time zone), `moment` (a point in time) or `list`. For any other type it is the type's name.
        """

    def execute(self, statement: exp.Create) -> None:
        """Create a temporary table, which is computed once, or a temporary view, from a query."""

    def fetch(self, query: exp.Query) -> pl.DataFrame:
        """Return a query's whole result.

        Types are Int64 for integers of every width and for decimals without places of 18 digits at
        most, Boolean, String, Date, and Datetime in microseconds.
        """

    def batches(self, query: exp.Query) -> Iterator[pl.DataFrame]:
        """Yield a query's result in parts, at least one, all with the same columns and types.

        Exhaust or close the iterator before the next query. Spark yields one part.
        """

    def close(self) -> None:
        """End the session and drop what it created; never raises."""


def connect(source: TableSource) -> Connection:
    """Return a connection to the table that a URL names.

    Raises:
        UsageError: the engine's library isn't installed, the server can't be reached or refuses the
            login, or there is no such table.
    """
    connection: Connection = _module(source.kind, source.name).connect(source)
    return connection


def files(paths: Sequence[Path], form: str) -> Connection:
    """Return a connection of DuckDB whose table is the rows of files.

    Args:
        paths: the files, in order.
        form: `parquet`, `csv` or `jsonl`; the kinds of columns are those of `checker.audit.files`.

    Raises:
        UsageError: a file can't be read, or its columns differ from those of the first.
    """
    connection: Connection = _module("duckdb", str(paths[0])).files(paths, form)
    return connection


def _module(kind: str, name: str) -> Any:
    """Import the module of an engine; the extra of the same name installs its library."""
    try:
        return import_module(f"{__name__}.{kind}")
    except ImportError as error:
        raise not_installed(kind, name, error) from None


def not_installed(kind: str, name: str, error: ImportError) -> UsageError:
    """Return the error that an engine's library isn't installed."""
    problem = f"`{error.name.partition('.')[0]}` is not installed" if error.name else str(error)
    return UsageError(f"{name}: {problem}; `pip install 'returns-checker[{kind}]'`")
