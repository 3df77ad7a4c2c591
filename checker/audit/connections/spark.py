"""Spark: everything is computed in the cluster, and only results come back.

`spark://` makes this process the driver, which needs Java; `sc://` asks a Spark Connect server.
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
    SHORTEST,
    cast_to,
    joined,
    one_line,
    plain,
    replaced,
    sql_of,
    table_of,
)
from checker.audit.connections.spark_sessions import (
    SETTINGS,
    cluster_session,
    quiet,
    reach,
    remote_session,
    watched,
)
from checker.audit.connections.urls import Source
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
# nothing is guessed, and what can't be read is an error: a row is never dropped
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
# by the beginning of what Spark says
REMEDIES = {
    "[JAVA_GATEWAY_EXITED]": "Spark's driver runs here and needs Java 17 or later (JAVA_HOME)",
    "[FAILED_READ_FILE": "is the file whole, and are its columns those of the others?",
    "[MALFORMED_RECORD": "is every line a whole record?",
}
LOST = "the server was lost; run it again when it is back"
STOPPED = "the cluster did not take this driver, or ended it; is it of the version of `pyspark`?"
LOGGERS = (  # they would print, as JSON with Java's traces, what is raised anyway
    "SQLQueryContextLogger",
    "DataFrameQueryContextLogger",
    "pyspark.sql.connect.logging",
)


def connect(source: Source) -> Spark:
    """Return a connection to a table, or to the rows of files, of a cluster or server."""
    reach(source.shown, source.address)
    return Spark(source)


class Spark:
    """A `Connection` of Spark."""

    dialect = "spark"

    def __init__(self, source: Source) -> None:
        self.shown, self._views = source.shown, 0
        self.remote = source.address.startswith("sc://")
        for name in LOGGERS:
            PySparkLogger.getLogger(name).disabled = True
        with contextlib.ExitStack() as stack, self._telling():
            if self.remote:
                self.session = remote_session(source.address, stack)
            else:
                self.session = cluster_session(source.shown, source.address, stack)
            for name, value in SETTINGS.items():
                self.session.conf.set(name, value)
            with self._working():
                table, frame = self._found(source)
                fields = frame.schema.fields
            self._ends = stack.pop_all()  # what is open stays open only where all went well
        types = {each.name: each.dataType.typeName() for each in fields}
        thin = {name: cast_to(name, SHORTEST) for name, type_ in types.items() if type_ == "float"}
        self._relation = replaced(table, types, thin)
        self._columns = {name: KINDS.get(type_, type_) for name, type_ in types.items()}

    def _found(self, source: Source) -> tuple[exp.Table, Any]:
        """Return the source's table and its rows; those of files become a view."""
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
        """Make a temporary view, of a table one that keeps its rows from its first use on."""
        with self._working():
            frame = self._rows(statement.expression)
            if statement.kind == "TABLE":
                frame.persist()
                if not self.remote:  # there it goes with the session
                    self._ends.callback(frame.unpersist)
            frame.createOrReplaceTempView(statement.this.name)

    def fetch(self, query: exp.Query) -> pl.DataFrame:
        """Return a query's whole result."""
        return joined(self.batches(query))

    def batches(self, query: exp.Query) -> Iterator[pl.DataFrame]:
        """Yield a query's result, in one part."""
        with self._working():
            rows = self._rows(query).toArrow()
        yield plain(pl.DataFrame(pl.from_arrow(rows)))

    def _rows(self, query: exp.Query) -> Any:
        """Return the rows of a query, what it selects from made a view first.

        Spark goes through a whole query once for every level that is nested in it; a view that was
        made of rows is gone through no more.
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
        """End the session, and the driver where it was started for it."""
        with contextlib.suppress(Exception):  # whatever it was that broke it was told before
            if self.remote:
                self.session.client.set_retry_policies([])
            self._ends.close()

    @contextlib.contextmanager
    def _working(self) -> Iterator[None]:
        """Tell errors, and that no worker takes the work."""
        watch = contextlib.nullcontext() if self.remote else watched(self.session, self.shown)
        with self._telling(), watch:
            yield

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        """Tell an error of Spark in one line."""
        try:
            with quiet():
                yield
        except ImportError as error:
            raise not_installed("spark", self.shown, error) from None
        except (PySparkException, Py4JError, OSError) as error:
            raise UsageError(f"{self.shown}: {_message(error)}") from None


def _message(error: Exception) -> str:
    """Return what happened, without Java's traces, and what to do about it."""
    text = str(error)
    if "StatusCode.UNAVAILABLE" in text or isinstance(error, Py4JNetworkError | OSError):
        return LOST
    if "stopped SparkContext" in text:
        return STOPPED
    causes = re.findall(r"^(?:Caused by)?: (?:[\w.$]+: )?(.+)$", text, re.MULTILINE)
    lines = [text.partition("\n")[0], *causes]
    told = next((each for each in reversed(lines) if each.startswith("[")), lines[-1])
    remedy = next((f"; {r}" for start, r in REMEDIES.items() if told.startswith(start)), "")
    root = f" ({lines[-1]})" if lines[-1] != told else ""
    return one_line(re.sub(r"^\[[\w.]+\] | *SQLSTATE: \w+.*$", "", told) + root) + remedy
