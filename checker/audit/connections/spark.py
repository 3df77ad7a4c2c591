"""Spark: the cluster computes everything, and only results come back.

With `spark://` this process is the driver, which needs Java; `sc://` uses a Spark Connect server.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

import polars as pl
from py4j.protocol import Py4JError, Py4JNetworkError  # type: ignore[import-untyped]
from pyspark.errors import PySparkException
from pyspark.logger import PySparkLogger
from sqlglot import exp

from checker.audit.connections import not_installed
from checker.audit.connections.plain import (
    FLOAT_CASTS,
    cast_to,
    joined,
    one_line,
    sql_of,
    table_of,
    with_plain_types,
    with_replacements,
)
from checker.audit.connections.spark_sessions import (
    SETTINGS,
    check_reachable,
    cluster_session,
    no_warnings,
    remote_session,
    watch_workers,
)
from checker.audit.connections.urls import TableSource
from checker.language.syntax.problems import UsageError

KINDS: dict[str, str] = {
    "boolean": "boolean",
    **dict.fromkeys(("byte", "short", "integer", "long"), "integer"),
    "decimal": "decimal",
    **dict.fromkeys(("float", "double"), "float"),
    **dict.fromkeys(("string", "char", "varchar", "void"), "text"),
    "date": "date",
    "timestamp": "moment",
    "timestamp_ntz": "timestamp",
    "array": "list",
}
# no type is guessed, no row is dropped, and a record that can't be read is an error
READING = {
    "parquet": {"mergeSchema": "true"},
    "csv": {
        "header": "true",
        "inferSchema": "false",
        "enforceSchema": "false",  # each file's header is compared
        "multiLine": "true",
        "escape": '"',
        "mode": "FAILFAST",
    },
    "json": {"mode": "FAILFAST"},
}
# by the beginning of Spark's message
REMEDIES = {
    "[JAVA_GATEWAY_EXITED]": "Spark's driver runs here and needs Java 17 or later (JAVA_HOME)",
    "[FAILED_READ_FILE": "is the file whole, and are its columns those of the others?",
    "[MALFORMED_RECORD": "is every line a whole record?",
}
LOST = "the server was lost; run it again when it is back"
STOPPED = "the cluster did not take this driver, or ended it; is it of the version of `pyspark`?"
LOGGERS = (  # they print errors, with Java's traces, that are raised as well
    "SQLQueryContextLogger",
    "DataFrameQueryContextLogger",
    "pyspark.sql.connect.logging",
)


def connect(source: TableSource) -> Spark:
    """Return a connection to a table, or to the rows of files, of a cluster or server."""
    check_reachable(source.name, source.address)
    return Spark(source)


class Spark:
    """A `Connection` of Spark."""

    dialect = "spark"

    def __init__(self, source: TableSource) -> None:
        self.name, self._views = source.name, 0
        self.remote = source.address.startswith("sc://")
        for name in LOGGERS:
            PySparkLogger.getLogger(name).disabled = True
        with contextlib.ExitStack() as stack, self._usage_errors():
            if self.remote:
                self.session = remote_session(source.address, stack)
            else:
                self.session = cluster_session(source.name, source.address, stack)
            for name, value in SETTINGS.items():
                self.session.conf.set(name, value)
            with self._working():
                table, frame = self._target(source)
                fields = frame.schema.fields
            self._ends = stack.pop_all()  # after an error above, everything is closed instead
        types = {field.name: field.dataType.typeName() for field in fields}
        thin = {
            name: cast_to(name, FLOAT_CASTS) for name, type_ in types.items() if type_ == "float"
        }
        self._relation = with_replacements(table, types, thin)
        self._columns = {name: KINDS.get(type_, type_) for name, type_ in types.items()}

    def _target(self, source: TableSource) -> tuple[exp.Table, Any]:
        """Return the source's table and its rows; files become a view."""
        if source.table:
            table = table_of(source.table)
            return table, self.session.sql(sql_of(exp.select("*").from_(table), self.dialect))
        reader = self.session.read.options(**READING[source.format or ""])
        frame = reader.format(source.format).load(source.path)
        frame.createOrReplaceTempView("files")
        return table_of(["files"]), frame

    def relation(self) -> exp.Expr:
        """Return what to select from."""
        return self._relation.copy()

    def columns(self) -> dict[str, str]:
        """Return the kinds of the table's columns."""
        return dict(self._columns)

    def execute(self, statement: exp.Create) -> None:
        """Create a temporary view; for a table, one that keeps its rows after the first use."""
        with self._working():
            frame = self._rows(statement.expression)
            if statement.kind == "TABLE":
                frame.persist()
                if not self.remote:  # a remote session frees the rows itself
                    self._ends.callback(frame.unpersist)
            frame.createOrReplaceTempView(statement.this.name)

    def fetch(self, query: exp.Query) -> pl.DataFrame:
        """Return a query's whole result."""
        return joined(self.batches(query))

    def batches(self, query: exp.Query) -> Iterator[pl.DataFrame]:
        """Yield a query's result, in one part."""
        with self._working():
            rows = self._rows(query).toArrow()
        yield with_plain_types(pl.DataFrame(pl.from_arrow(rows)))

    def _rows(self, query: exp.Query) -> Any:
        """Return the rows of a query, whose subqueries become views first.

        Spark analyses a whole query again for every level of nesting, but not the views that a
        query selects from.
        """
        clause = query.args.get("from_")
        inner = clause.this if clause else None
        if isinstance(inner, exp.Subquery) and isinstance(inner.this, exp.Select):
            self._views += 1
            name = f"checker_view_{self._views}"
            self._rows(inner.this).createOrReplaceTempView(name)
            inner.replace(exp.table_(name, quoted=True, alias=inner.alias or None))
        return self.session.sql(sql_of(query, self.dialect))

    def close(self) -> None:
        """End the session, and the driver if this connection started it."""
        with contextlib.suppress(Exception):  # an error that broke the session is reported already
            if self.remote:
                self.session.client.set_retry_policies([])
            self._ends.close()

    @contextlib.contextmanager
    def _working(self) -> Iterator[None]:
        """Turn errors into a UsageError; also when no worker of the cluster takes the work."""
        watch = contextlib.nullcontext() if self.remote else watch_workers(self.session, self.name)
        with self._usage_errors(), watch:
            yield

    @contextlib.contextmanager
    def _usage_errors(self) -> Iterator[None]:
        """Turn an error of Spark into a UsageError of one line."""
        try:
            with no_warnings():
                yield
        except ImportError as error:
            raise not_installed("spark", self.name, error) from None
        except (PySparkException, Py4JError, OSError) as error:
            raise UsageError(f"{self.name}: {_message(error)}") from None


def _message(error: Exception) -> str:
    """Return the message of an error without Java's traces, and what to do about it."""
    text = str(error)
    if "StatusCode.UNAVAILABLE" in text or isinstance(error, Py4JNetworkError | OSError):
        return LOST
    if "stopped SparkContext" in text:
        return STOPPED
    causes = re.findall(r"^(?:Caused by)?: (?:[\w.$]+: )?(.+)$", text, re.MULTILINE)
    lines = [text.partition("\n")[0], *causes]
    message = next((line for line in reversed(lines) if line.startswith("[")), lines[-1])
    remedy = next((f"; {r}" for start, r in REMEDIES.items() if message.startswith(start)), "")
    root = f" ({lines[-1]})" if lines[-1] != message else ""
    return one_line(re.sub(r"^\[[\w.]+\] | *SQLSTATE: \w+.*$", "", message) + root) + remedy
