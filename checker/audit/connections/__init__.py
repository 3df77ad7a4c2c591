"""Where SQL runs: one `Connection` to DuckDB, PostgreSQL or Spark, with the table to audit.

Queries are sqlglot's trees and results are Polars frames. An engine's every error becomes one
`UsageError`: where, what happened, what to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from checker.audit.connections.urls import Source
from checker.language.syntax.problems import UsageError

if TYPE_CHECKING:
    import polars as pl
    from sqlglot import exp


class Connection(Protocol):
    """An engine with one table to audit.

    Nothing of the user's is changed: what is made are temporary tables and views, which go with
    the connection. The session's time zone is UTC. Every method but `close` may raise `UsageError`.
    """

    dialect: str
    """sqlglot's name of the engine: `duckdb`, `postgres` or `spark`."""

    def relation(self) -> exp.Expr:
        """Return what to select from: the table, as part of a FROM."""

    def columns(self) -> dict[str, str]:
        """Return the kinds of the table's columns by their names, in their order.

        A kind is `boolean`, `integer`, `decimal`, `float`, `text`, `date`, `timestamp`, which has
        no time zone, `moment`, a point in time, or `list`; of others it is the type's name.
        """

    def execute(self, statement: exp.Create) -> None:
        """Make a temporary table, which is computed once, or a temporary view, from a query."""

    def fetch(self, query: exp.Query) -> pl.DataFrame:
        """Return a query's whole result.

        Integers of every width come as Int64, decimals without places too, if they have 18 digits
        at most; booleans as Boolean, texts as String, dates and times as Date and Datetime in
        microseconds.
        """

    def batches(self, query: exp.Query) -> Iterator[pl.DataFrame]:
        """Yield a query's result in parts, at least one, all of the same columns and types.

        Run it to its end, or close it, before the next query. Spark gives all in one part.
        """

    def close(self) -> None:
        """End the session and what it made; never raises."""


def connect(source: Source) -> Connection:
    """Return a connection to the table that a URL names.

    Raises `UsageError` where the engine's library isn't installed, the server can't be reached or
    doesn't let us in, and where the table isn't there.
    """
    connection: Connection = _module(source.kind, source.shown).connect(source)
    return connection


def files(paths: Sequence[Path], form: str) -> Connection:
    """Return a connection of DuckDB whose table is the rows of files, one after another.

    `form` is `parquet`, `csv` or `jsonl`, and columns are of the kinds that `audit.files` gives
    them. Raises `UsageError` for a file that can't be read, and for one whose columns differ from
    the first one's.
    """
    connection: Connection = _module("duckdb", str(paths[0])).files(paths, form)
    return connection


def _module(kind: str, shown: str) -> Any:
    """Import the module of an engine; its library comes with the extra of the same name."""
    try:
        return import_module(f"{__name__}.{kind}")
    except ImportError as error:
        raise not_installed(kind, shown, error) from None


def not_installed(kind: str, shown: str, error: ImportError) -> UsageError:
    """Return what to say where an engine's library isn't installed."""
    what = f"`{error.name.partition('.')[0]}` is not installed" if error.name else str(error)
    return UsageError(f"{shown}: {what}; `pip install 'returns-checker[{kind}]'`")
