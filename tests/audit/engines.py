"""Engines that compute columns in tests: each gives the rows of outputs over a table of layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import duckdb
import polars as pl
from sqlglot import exp

from checker.columns import polars_engine, sql_engine
from checker.columns.base import Columns
from checker.columns.polars_engine import PolarsColumns
from checker.columns.sql_engine import SqlColumns

Row = tuple[Any, ...]
Layers = Sequence[Mapping[str, Any]]
Run = Callable[[pl.DataFrame, Layers, Mapping[str, Any]], list[Row]]


class Engine(NamedTuple):
    """The operations of an engine, and what runs a query of outputs over layers over a table."""

    columns: Columns[Any]
    run: Run


def _polars(table: pl.DataFrame, layers: Layers, outputs: Mapping[str, Any]) -> list[Row]:
    return polars_engine.with_layers(table.lazy(), layers).select(**outputs).collect().rows()


def _duckdb(table: pl.DataFrame, layers: Layers, outputs: Mapping[str, Any]) -> list[Row]:
    query = sql_engine.layered_query(exp.to_table("t"), layers, "duckdb", outputs)
    with duckdb.connect() as database:
        database.register("t", table.to_arrow())
        return database.sql(query.sql(dialect="duckdb", identify=True)).fetchall()


ENGINES = {
    "polars": Engine(PolarsColumns(), _polars),
    "duckdb": Engine(SqlColumns("duckdb"), _duckdb),
}
