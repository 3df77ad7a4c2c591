"""Column expressions decide as cases are decided one by one: conformance suite and drawn worlds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import duckdb
import pytest

from checker.language.facts import BadCase
from tests.readings.column_engines import Asked, by_polars, by_sql, expected
from tests.test_conformance import groups, world_of
from tests.worlds import decider

Engine = Callable[[Sequence[Asked]], Iterator[list[dict[str, Any]]]]


def by_duckdb(asked: Sequence[Asked]) -> Iterator[list[dict[str, Any]]]:
    def run(query: Any) -> list[tuple[Any, ...]]:
        return duckdb.sql(query.sql(dialect="duckdb", identify=True)).fetchall()

    return by_sql(asked, "duckdb", run)


ENGINES: dict[str, Engine] = {"polars": by_polars, "duckdb": by_duckdb}


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


@pytest.mark.parametrize("engine", ENGINES)
def test_every_case_of_the_conformance_suite(engine: str) -> None:
    asked = [*conformance()]
    assert sum(len(cases) for _, cases in asked) > 1000
    for start in range(0, len(asked), 25):
        compare(ENGINES[engine], asked[start : start + 25])


def compare(decide: Engine, asked: Sequence[Asked]) -> int:
    for (read, cases), found in zip(asked, decide(asked), strict=True):
        assert found == [expected(read, case) for case in cases]
    return sum(len(cases) for _, cases in asked)
