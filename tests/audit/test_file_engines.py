"""Polars and DuckDB accept and refuse the same rows of files, in the same words."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from tests.commands import checker

AT = datetime(2010, 1, 5, 9, tzinfo=UTC)
ROWS = 6
WHO = {"id": range(ROWS), "seller": ["a", "b"] * 3, "response": ["accepted", "rejected"] * 3}
NUMBERS = {
    "quantity": [-1.0, -2.5, math.nan, -math.inf, -1e300, -1 / 3],
    "price_paid": pl.Series([2.95, 0.1, 99.99, 1e10, -1, 0.001], dtype=pl.Float32),
    "price_credited": pl.Series([1, 2**64 - 1, 10**15, 5, 0, None], dtype=pl.UInt64),
}
DAYS = [
    AT,
    AT.replace(year=9999),
    AT.replace(year=1),
    AT.replace(year=1969, microsecond=5),
    AT.replace(year=2200),
    None,
]
MOMENTS = {
    "delivered_at": pl.Series([AT] * ROWS, dtype=pl.Datetime("ns", "Asia/Tokyo")),
    "cancelled_at": pl.Series(DAYS, dtype=pl.Datetime("ms", "America/New_York")),
}
CSV = '''\
id,seller,response,quantity,"price_paid",goods,cancelled_at
1,a,accepted,-1,2.95,true,2010-01-05T09:00:00Z
2,"a ""x""",rejected,-1.50,1e2,TRUE,x
3,b,no,NaN,inf,maybe,2010-02-30T00:00:00Z
,,,,,,
"5
6",b,pending,-0,"",,
'''
LINES = [
    {"id": 1, "seller": 1.0, "response": "accepted", "quantity": -1.0, "price_paid": 2.50},
    {"id": "2", "seller": {"a": 1}, "response": None, "quantity": -1e2, "goods": True},
    {"id": 3.5, "seller": "b", "response": "rejected", "quantity": -2.5, "goods": "true"},
    {"seller": [1, 2.0], "response": "rejected", "quantity": "", "price_paid": 1e-7},
]
FILES: dict[str, Callable[[Path], object]] = {
    "numbers.parquet": lambda path: pl.DataFrame({**WHO, **NUMBERS}).write_parquet(path),
    "moments.parquet": lambda path: pl.DataFrame({**WHO, **MOMENTS}).write_parquet(path),
    "t.csv": lambda path: path.write_text(CSV),
    "t.jsonl": lambda path: path.write_text("\n".join(map(json.dumps, LINES))),
}
REFUSED = {"numbers.parquet": 5, "moments.parquet": 4, "t.csv": 4, "t.jsonl": 3}
ROOT = Path(__file__).parents[2] / "examples" / "6-audit-returns" / "policy"


@pytest.mark.parametrize("name", FILES)
def test_engines_accept_and_refuse_the_same(tmp_path: Path, name: str) -> None:
    FILES[name](tmp_path / name)
    results = []
    for engine in ("polars", "duckdb"):
        out = tmp_path / engine
        options = ["--policy", "storefronts/rules@1", "--root", ROOT, "--as-of", "2010-12-10"]
        options += ["--engine", engine, "--out", out]
        assert checker("audit", "returns", tmp_path / name, *options).status == 2
        tables = ("refused", "sellers", "findings")
        results.append({table: pl.read_parquet(out / f"{table}.parquet") for table in tables})
    polars_result, duckdb_result = results
    for table, rows in polars_result.items():
        assert rows.rows() == duckdb_result[table].rows()
    assert polars_result["refused"].height == REFUSED[name]


TYPES = {
    "Int128": pl.Series([-1] * ROWS, dtype=pl.Int128),
    "Duration(time_unit='ms')": pl.Series([1] * ROWS).cast(pl.Duration("ms")),
    "List(Int64)": pl.Series([[1]] * ROWS),
}


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("type_", TYPES)
def test_a_type_that_only_one_engine_knows_is_named(
    tmp_path: Path, engine: str, type_: str
) -> None:
    pl.DataFrame({**WHO, "quantity": TYPES[type_]}).write_parquet(tmp_path / "t.parquet")
    options = ["--policy", "storefronts/rules@1", "--root", ROOT, "--engine", engine]
    result = checker("audit", "returns", tmp_path / "t.parquet", *options)
    assert result.status == 2
    assert f"the column `quantity` is of type {type_}, expected" in result.err
