"""Column expressions decide as cases are decided one by one: conformance suite and drawn worlds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import duckdb
import pytest

from checker.language.resolve.facts import BadCase
from tests.columns.column_engines import Asked, by_polars, by_sql, expected
from tests.test_conformance import groups, world_of
from tests.worlds import decider

Engine = Callable[[Sequence[Asked]], Iterator[list[dict[str, Any]]]]


def by_duckdb(asked: Sequence[Asked]) -> Iterator[list[dict[str, Any]]]:
    def run(query: Any) -> list[tuple[Any, ...]]:
        return duckdb.sql(query.sql(dialect="duckdb", identify=True)).fetchall()

    return by_sql(asked, "duckdb", run)


def on_postgres(server: Any) -> Engine:
    """Return what decides by a PostgreSQL server."""

    def decide(asked: Sequence[Asked]) -> Iterator[list[dict[str, Any]]]:
        with server.connect() as connection:

            def run(query: Any) -> list[tuple[Any, ...]]:
                text = query.sql(dialect="postgres", identify=True)
                found: list[tuple[Any, ...]] = connection.execute(text).fetchall()
                return found

            yield from by_sql(asked, "postgres", run)

    return decide


def on_spark(session: Any) -> Engine:
    """Return what decides by a Spark cluster."""

    def run(query: Any) -> list[tuple[Any, ...]]:
        text = query.sql(dialect="spark", identify=True)
        return [tuple(row) for row in session.sql(text).collect()]

    return lambda asked: by_sql(asked, "spark", run)


def conformance() -> Iterator[Asked]:
    for _, file, group in groups():
        if "tests" not in group:
            continue
        read = decider(world_of(file, group))
        cases = []
        for test in group["tests"]:
            try:
                cases.append(read.admit(test["facts"]))
            except BadCase:
                continue
        if cases:
            yield read, cases


@pytest.fixture(
    scope="module",
    params=[
        "polars",
        "duckdb",
        "postgres",
        pytest.param("spark", marks=pytest.mark.slow),
    ],
)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Give each engine, with as many worlds as it is asked at once."""
    if request.param == "postgres":
        return on_postgres(request.getfixturevalue("postgres"))
    if request.param == "spark":
        return on_spark(request.getfixturevalue("spark_session"))
    return {"polars": by_polars, "duckdb": by_duckdb}[request.param]


def test_every_case_of_the_conformance_suite(engine: Engine) -> None:
    asked = [*conformance()]
    assert sum(len(cases) for _, cases in asked) > 1000
    for start in range(0, len(asked), 25):
        compare(engine, asked[start : start + 25])


def compare(decide: Engine, asked: Sequence[Asked]) -> int:
    for (read, cases), found in zip(asked, decide(asked), strict=True):
        assert found == [expected(read, case) for case in cases]
    return sum(len(cases) for _, cases in asked)
