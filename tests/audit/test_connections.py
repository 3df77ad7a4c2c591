"""Connections to DuckDB, PostgreSQL and Spark: the same table and queries give the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl
import pytest
import sqlglot
from sqlglot import exp

from checker.audit.connections import Connection, connect
from checker.audit.connections.plain import column
from checker.audit.connections.spark_sessions import remote_session
from checker.audit.connections.urls import parse_source
from checker.audit.intake.messages import found_message
from checker.columns.sql_engine import SqlColumns
from checker.language.syntax.problems import UsageError

TABLE = """
CREATE TABLE audited (
    "case" TEXT, "a ""b"" c" INTEGER, "开封" BOOLEAN, price DECIMAL(10, 2), total DECIMAL(12, 0),
    weight DOUBLE, thin REAL, bought DATE, seen TIMESTAMP, at TIMESTAMPTZ, tags TEXT[]
);
INSERT INTO audited VALUES
    ('a', 1, TRUE, 1.10, 12, 0.5, 0.1, CAST('2024-02-29' AS DATE),
     CAST('2024-03-01 01:00:00' AS TIMESTAMP),
     CAST('2024-03-01 01:00:00+08:00' AS TIMESTAMPTZ), NULL),
    ('商品 ''坏''', -2, FALSE, -0.01, 0, 1e3, 99.99, CAST('1999-12-31' AS DATE),
     CAST('2024-03-01 01:00:00.000001' AS TIMESTAMP),
     CAST('2024-12-31 23:59:59Z' AS TIMESTAMPTZ), NULL),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
"""
KINDS = {
    "case": "text",
    'a "b" c': "integer",
    "开封": "boolean",
    "price": "decimal",
    "total": "decimal",
    "weight": "float",
    "thin": "float",
    "bought": "date",
    "seen": "timestamp",
    "at": "moment",
    "tags": "list",
}
TYPES = {
    "case": pl.String(),
    'a "b" c': pl.Int64(),
    "开封": pl.Boolean(),
    "price": pl.Decimal(10, 2),
    "total": pl.Int64(),
    "weight": pl.Float64(),
    "thin": pl.Float64(),
    "bought": pl.Date(),
    "seen": pl.Datetime("us"),
    "at": pl.Datetime("us", "UTC"),
}
SEEN = datetime(2024, 3, 1, 1), datetime(2024, 3, 1, 1, 0, 0, 1)
AT = datetime(2024, 2, 29, 17, tzinfo=UTC), datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC)
BAD = "商品 '坏'"
ROWS = [
    ("a", 1, True, Decimal("1.10"), 12, 0.5, 0.1, date(2024, 2, 29), SEEN[0], AT[0]),
    (BAD, -2, False, Decimal("-0.01"), 0, 1000.0, 99.99, date(1999, 12, 31), SEEN[1], AT[1]),
    (None,) * 10,
]


def fill(run: Callable[[str], Any], dialect: str) -> None:
    run("DROP TABLE IF EXISTS audited")  # of a run before, on the same server
    for statement in sqlglot.transpile(TABLE, read="duckdb", write=dialect, identify=True):
        run(statement)


def duckdb_url(request: pytest.FixtureRequest) -> str:
    path = request.getfixturevalue("tmp_path_factory").mktemp("duckdb") / "shop 店.db"
    with duckdb.connect(path) as database:
        fill(database.execute, "duckdb")
    return f"duckdb:///{path}?table=audited"


def postgres_url(request: pytest.FixtureRequest) -> str:
    server = request.getfixturevalue("postgres")
    with server.connect() as database:
        fill(database.execute, "postgres")
    return str(server.url("audited"))


def spark_url(request: pytest.FixtureRequest) -> str:
    session = request.getfixturevalue("spark_session")
    fill(session.sql, "spark")
    return f"{session.sparkContext.master}?table=audited"


def connect_url(request: pytest.FixtureRequest) -> str:
    server = request.getfixturevalue("spark_connect")
    with ExitStack() as ends:
        fill(remote_session(server.url, ends).sql, "spark")
    return f"{server.url}?table=default.audited"


ENGINES = [
    pytest.param(duckdb_url, id="duckdb"),
    pytest.param(postgres_url, id="postgres"),
    pytest.param(spark_url, id="spark", marks=pytest.mark.slow),
    pytest.param(connect_url, id="spark-connect", marks=pytest.mark.slow),
]


@pytest.fixture(scope="module", params=ENGINES)
def url(request: pytest.FixtureRequest) -> str:
    text: str = request.param(request)
    return text


@pytest.fixture(scope="module")
def connection(url: str, request: pytest.FixtureRequest) -> Iterator[Connection]:
    with pytest.MonkeyPatch.context() as patch:
        if url.startswith("postgresql"):
            patch.setenv("PGPASSWORD", request.getfixturevalue("postgres").password)
        opened = connect(parse_source(url))
    yield opened
    opened.close()


def made(name: str, query: exp.Query, kind: str = "TABLE") -> exp.Create:
    properties = exp.Properties(expressions=[exp.TemporaryProperty()])
    this = exp.Table(this=exp.to_identifier(name, quoted=True))
    return exp.Create(this=this, kind=kind, expression=query, properties=properties)


def test_columns_have_kinds_in_their_order(connection: Connection) -> None:
    assert [*connection.columns().items()] == [*KINDS.items()]


def test_rows_come_back_typed(connection: Connection) -> None:
    query = exp.select(*map(column, TYPES)).from_(connection.relation())
    rows = connection.fetch(query)
    assert dict(rows.schema) == TYPES
    assert sorted(rows.rows(), key=str) == sorted(ROWS, key=str)


def test_a_float_of_32_bits_is_its_shortest_decimal(connection: Connection) -> None:
    cents = exp.alias_(SqlColumns(connection.dialect).scaled_float(column("thin"), 2), "cents")
    query = (
        exp.select(cents).from_(connection.relation()).where(column("thin").is_(exp.null()).not_())
    )
    assert sorted(connection.fetch(query).to_series()) == [10, 9999]


def test_the_session_is_in_utc(connection: Connection) -> None:
    day = exp.cast(column("at"), "DATE")
    query = exp.select(day.as_("day")).from_(connection.relation()).where(column("case").eq("a"))
    assert connection.fetch(query).rows() == [(date(2024, 2, 29),)]


@pytest.mark.parametrize("kind", ["TABLE", "VIEW"])
def test_what_is_made_is_asked_again(connection: Connection, kind: str) -> None:
    is_present = column("开封").is_(exp.null()).not_()
    several = exp.select("*").from_(connection.relation()).where(is_present)
    connection.execute(made(f"kept_{kind}", several, kind))
    table = exp.table_(f"kept_{kind}", quoted=True)
    count = exp.select(exp.Count(this=exp.Star()).as_("rows")).from_(table)
    assert connection.fetch(count).rows() == [(2,)]
    values = exp.select(column('a "b" c')).from_(table)
    assert sorted(connection.fetch(values).to_series()) == [-2, 1]


def test_a_result_without_rows_has_its_columns(connection: Connection) -> None:
    query = exp.select(*map(column, TYPES)).from_(connection.relation()).where(exp.false())
    assert dict(connection.fetch(query).schema) == TYPES


MESSAGES = [
    ("DOUBLE", "2.5", "float", "found `2.5`"),
    ("DOUBLE", "-1234567890.5", "float", "found `-1234567890.5`"),
    ("DOUBLE", "7", "float", "found `7`"),
    ("DOUBLE", "1e300", "float", "found no exact number"),
    ("DOUBLE", "NaN", "float", "found no exact number"),
    ("DATE", "1969-12-31", "date", "found `1969-12-31`"),
    ("TIMESTAMP", "1960-01-01 01:02:03.4", "timestamp", "found `1960-01-01`"),
    ("TIMESTAMPTZ", "9999-12-30 23:59:59.000001+00:00", "moment", "found `9999-12-30`"),
    ("TIMESTAMPTZ", "1969-12-31 23:30:00-01:00", "moment", "found `1970-01-01`"),
]


@pytest.mark.parametrize(("type_", "text", "kind", "expected"), MESSAGES)
def test_what_is_found_is_said_alike(
    connection: Connection, type_: str, text: str, kind: str, expected: str
) -> None:
    message = found_message(
        SqlColumns(connection.dialect), exp.cast(exp.Literal.string(text), type_), kind
    )
    assert connection.fetch(exp.select(exp.alias_(message, "text"))).item() == expected


TEXTS = [
    "it's",
    'a "b"',
    "back\\slash \\n \\u0041",
    "${spark.app.name}",
    "{x} :y %s $1",
    "一\n二\t",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_in_a_query_is_that_text(connection: Connection, text: str) -> None:
    query = exp.select(exp.Literal.string(text).as_("text"))
    assert connection.fetch(query).item() == text


def test_an_error_in_a_query_is_one_line(connection: Connection) -> None:
    number = exp.cast(column("case"), "BIGINT")
    query = exp.select(number.as_("n")).from_(connection.relation())
    with pytest.raises(UsageError) as refused:
        connection.fetch(query)
    message = str(refused.value)
    assert message.startswith(("duckdb://", "postgresql://", "spark://", "sc://"))
    assert "\n" not in message and "at org." not in message and len(message) < 700
