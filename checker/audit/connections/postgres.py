"""PostgreSQL: the server computes everything, and only results come back.

A session is one transaction over one snapshot and is never committed. So the table can't change
during an audit, and temporary tables end with the session.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import polars as pl
import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict
from psycopg.postgres import types
from psycopg.types.string import TextLoader
from sqlglot import exp

from checker.audit.connections.plain import (
    BATCH,
    FLOAT_CASTS,
    cast_to,
    joined,
    one_line,
    sql_of,
    table_of,
    with_plain_types,
    with_replacements,
)
from checker.audit.connections.url_secrets import shown_name
from checker.audit.connections.urls import TableSource, parameters_of, without_values
from checker.language.syntax.problems import UsageError, did_you_mean, quoted

# Defaults where neither the URL nor the environment has a value: they detect a server that doesn't
# answer, and one that is lost during a query.
DEFAULTS = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "application_name": "checker",
}
KINDS: dict[str, str] = {
    "bool": "boolean",
    **dict.fromkeys(("int2", "int4", "int8"), "integer"),
    "numeric": "decimal",
    **dict.fromkeys(("float4", "float8"), "float"),
    **dict.fromkeys(("text", "varchar", "bpchar", "name", "citext", "uuid"), "text"),
    "date": "date",
    "timestamp": "timestamp",
    "timestamptz": "moment",
}
# Types of results by OID. Others come as text; a numeric of known scale becomes Decimal.
TYPES: dict[int, Any] = {
    types["bool"].oid: pl.Boolean(),
    **dict.fromkeys((types[name].oid for name in ("int2", "int4", "int8")), pl.Int64()),
    **dict.fromkeys((types[name].oid for name in ("float4", "float8")), pl.Float64()),
    types["date"].oid: pl.Date(),
    types["timestamp"].oid: pl.Datetime("us"),
    types["timestamptz"].oid: pl.Datetime("us", "UTC"),
}
# By the first characters of an SQLSTATE, the longest first.
REMEDIES = {
    "25006": "an audit makes temporary tables, and this server or user may only read: use another",
    "42501": "the user needs SELECT on the table, and TEMPORARY on the database",
    "57014": "the server's statement_timeout may be too short for an audit: raise it for the user",
    "25P03": "the server's idle_in_transaction_session_timeout may be too short for an audit",
    "57P": "the server ended the session: run it again",
    "53": "the server lacks room: free some, or ask who runs it",
    "08": "the connection was lost: run it again when the server is back",
}
ENTRY = (
    "check host, port, user and database; a password comes from PGPASSWORD, or from a file that"
    " PGPASSFILE (else ~/.pgpass) or PGSERVICE names"
)
# A user with read-only sessions may still create temporary tables; the rest fixes the text formats.
SETTINGS = (
    "SET default_transaction_read_only = off",
    "SET TIME ZONE 'UTC'",
    "SET DateStyle = 'ISO, YMD'",
    "SET standard_conforming_strings = on",
)
_TYPES = "SELECT oid, typname, typtype, typcategory FROM pg_catalog.pg_type WHERE oid = ANY(%s)"
_TABLES = """
    SELECT relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace
    WHERE relkind = ANY('{r,v,m,p,f}') AND nspname NOT IN ('pg_catalog', 'information_schema')
      AND (nspname = %(schema)s OR %(schema)s IS NULL AND pg_catalog.pg_table_is_visible(c.oid))
"""


def connect(source: TableSource) -> Postgres:
    """Return a connection to a table of a database."""
    try:
        return Postgres(source.name, _parameters(source), source.table or ())
    except UsageError as error:
        raise UsageError(without_values(str(error), source)) from None


class Postgres:
    """A `Connection` of PostgreSQL, to a table by the parts of its name."""

    dialect = "postgres"

    def __init__(self, name: str, parameters: dict[str, Any], table: Sequence[str]) -> None:
        self.name = name
        try:
            self.connection = psycopg.connect(**parameters, autocommit=True)
        except psycopg.Error as error:
            raise UsageError(f"{name}: {one_line(error)}; {ENTRY}") from None
        with contextlib.ExitStack() as stack, self._usage_errors():
            stack.callback(self.connection.close)
            for setting in SETTINGS:
                self.connection.execute(setting)
            self.connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            self.connection.autocommit = False
            column_types = self._target(table)
            self._ends = stack.pop_all()  # after an error above, everything is closed instead
        self._columns: dict[str, str] = {}
        replacements = {}
        for column, (type_, sort, category) in column_types.items():
            kind = "list" if category == "A" else KINDS.get(type_, type_)
            self._columns[column] = "text" if sort == "e" else kind
            if self._columns[column] == "text" and type_ not in ("text", "varchar"):
                replacements[column] = cast_to(column, ["TEXT"])  # an enum is compared with no text
            elif type_ == "float4":
                replacements[column] = cast_to(column, FLOAT_CASTS)
        self._relation = with_replacements(table_of(table), self._columns, replacements)

    def _target(self, table: Sequence[str]) -> dict[str, Any]:
        """Return each column's type, `typtype` and `typcategory`; this takes the snapshot."""
        try:
            described = self._described(exp.select("*").from_(table_of(table)))
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            raise UsageError(f"{self.name}: {self._no_table(table)}") from None
        codes = list({description.type_code for description in described})
        types_by_oid = {row[0]: row[1:] for row in self.connection.execute(_TYPES, [codes])}
        return {description.name: types_by_oid[description.type_code] for description in described}

    def relation(self) -> exp.Expr:
        """Return what to select from."""
        return self._relation.copy()

    def columns(self) -> dict[str, str]:
        """Return the kinds of the table's columns."""
        return dict(self._columns)

    def execute(self, statement: exp.Create) -> None:
        """Make a temporary table or view."""
        with self._usage_errors():
            self.connection.execute(self._sql(statement))

    def fetch(self, query: exp.Query) -> pl.DataFrame:
        """Return a query's whole result; a numeric without a declared scale comes as text."""
        return joined(self.batches(query))

    def batches(self, query: exp.Query) -> Iterator[pl.DataFrame]:
        """Yield a query's result in parts."""
        # no cursor of the server: it would plan for the first rows, and without parallel workers
        with self._usage_errors(), self.connection.cursor() as cursor:
            columns = self._described(query)
            for description in columns:
                if description.type_code not in TYPES:
                    cursor.adapters.register_loader(description.type_code, TextLoader)
            yield _frame([], columns)
            rows = cursor.stream(self._sql(query), size=1000 if pq.version() >= 170000 else 1)
            while rows_of_batch := list(islice(rows, BATCH)):
                yield _frame(rows_of_batch, columns)

    def close(self) -> None:
        """End the session."""
        self._ends.close()

    def _sql(self, tree: exp.Expr) -> bytes:
        """Return a tree's SQL."""
        return sql_of(tree, self.dialect).encode()

    def _described(self, query: exp.Query) -> list[psycopg.Column]:
        """Return the columns of a query's result without computing it."""
        empty = exp.select("*").from_(query.subquery("described")).limit(0)
        return self.connection.execute(self._sql(empty)).description or []

    def _no_table(self, parts: Sequence[str]) -> str:
        """Return the message that there is no such table, with the nearest name."""
        self.connection.rollback()
        schema = parts[-2] if len(parts) > 1 else None
        names = [row[0] for row in self.connection.execute(_TABLES, {"schema": schema})]
        hint = did_you_mean(parts[-1], names) or "is its schema named, or in the search path?"
        return f"no table {quoted(['.'.join(parts)])}; {hint}"

    @contextlib.contextmanager
    def _usage_errors(self) -> Iterator[None]:
        """Turn an error of PostgreSQL into a UsageError of one line."""
        try:
            yield
        except psycopg.Error as error:
            lost = self.connection.broken and not error.sqlstate
            state = "08" if lost else error.sqlstate or ""
            remedy = next((f"; {r}" for s, r in REMEDIES.items() if state.startswith(s)), "")
            message = one_line(error.diag.message_primary or error)
            raise UsageError(f"{self.name}: {message}{remedy}") from None


def _parameters(source: TableSource) -> dict[str, Any]:
    """Return the parameters for libpq; raise UsageError for one that it doesn't know."""
    defaults = {option.keyword.decode(): option.val for option in pq.Conninfo.get_defaults()}
    for name, _ in parameters_of(source.address.partition("?")[2]):
        if name not in defaults and name != "ssl":
            hint = did_you_mean(name, ["table", *defaults]) or "libpq has none"
            raise UsageError(f"{source.name}: no parameter `{shown_name(name)}`; {hint}")
    try:
        stated = conninfo_to_dict(source.address)
    except psycopg.Error as error:
        raise UsageError(f"{source.name}: {one_line(error)}") from None
    ours = {name: value for name, value in DEFAULTS.items() if not defaults.get(name)}
    return {**ours, **stated, "client_encoding": "UTF8"}


def _frame(rows: list[Any], columns: Sequence[psycopg.Column]) -> pl.DataFrame:
    """Return rows as a frame with the types of their columns."""
    schema = {
        description.name: TYPES.get(description.type_code, pl.String()) for description in columns
    }
    numbers = [
        pl.col(description.name).cast(pl.Decimal(description.precision, description.scale or 0))
        for description in columns
        if description.type_code == types["numeric"].oid
        and description.precision
        and description.precision <= 38
    ]
    return with_plain_types(pl.DataFrame(rows, schema, orient="row").with_columns(numbers))
