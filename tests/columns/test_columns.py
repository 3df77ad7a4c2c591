"""Column expressions decide as cases are decided one by one: conformance suite and drawn worlds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import duckdb
import pytest

from checker.language.resolve.facts import BadCase, PossibleFacts
from tests.columns.column_engines import Request, by_polars, by_sql, expected
from tests.test_conformance import groups, world_of
from tests.worlds import decider

Engine = Callable[[Sequence[Request]], Iterator[list[dict[str, Any]]]]


def by_duckdb(requests: Sequence[Request]) -> Iterator[list[dict[str, Any]]]:
    def run(query: Any) -> list[tuple[Any, ...]]:
        return duckdb.sql(query.sql(dialect="duckdb", identify=True)).fetchall()

    return by_sql(requests, "duckdb", run)


def on_postgres(server: Any) -> Engine:
    """Return a function that decides by a PostgreSQL server."""

    def decide(requests: Sequence[Request]) -> Iterator[list[dict[str, Any]]]:
        with server.connect() as connection:

            def run(query: Any) -> list[tuple[Any, ...]]:
                text = query.sql(dialect="postgres", identify=True)
                rows: list[tuple[Any, ...]] = connection.execute(text).fetchall()
                return rows

            yield from by_sql(requests, "postgres", run)

    return decide


def on_spark(session: Any) -> Engine:
    """Return a function that decides by a Spark cluster."""

    def run(query: Any) -> list[tuple[Any, ...]]:
        text = query.sql(dialect="spark", identify=True)
        return [tuple(row) for row in session.sql(text).collect()]

    return lambda requests: by_sql(requests, "spark", run)


def conformance() -> Iterator[Request]:
    for _, file, group in groups():
        if "tests" not in group:
            continue
        case_decider = decider(world_of(file, group))
        cases = []
        for test in group["tests"]:
            try:
                admitted = case_decider.admit(test["facts"])
            except BadCase:
                continue
            # columns decide facts that are counted: each count that is possible is a case
            several = isinstance(admitted, PossibleFacts)
            cases += admitted.alternatives if several else [admitted]
        if cases:
            yield case_decider, cases


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
    """Give each engine."""
    if request.param == "postgres":
        return on_postgres(request.getfixturevalue("postgres"))
    if request.param == "spark":
        return on_spark(request.getfixturevalue("spark_session"))
    return {"polars": by_polars, "duckdb": by_duckdb}[request.param]


def test_every_case_of_the_conformance_suite(engine: Engine) -> None:
    requests = [*conformance()]
    assert sum(len(cases) for _, cases in requests) > 1000
    for start in range(0, len(requests), 25):
        compare(engine, requests[start : start + 25])


def compare(decide: Engine, requests: Sequence[Request]) -> int:
    for (case_decider, cases), decisions in zip(requests, decide(requests), strict=True):
        assert decisions == [expected(case_decider, case) for case in cases]
    return sum(len(cases) for _, cases in requests)
