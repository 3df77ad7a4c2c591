"""DuckDB: database files, files of rows, and what goes wrong with them."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from sqlglot import exp, parse_one

from checker.audit.connections import Connection, connect, files
from checker.audit.connections import duckdb as module
from checker.audit.connections.plain import BATCH
from checker.audit.connections.urls import parse_source
from checker.language.problems import Unusable


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with duckdb.connect(path) as database:
        database.execute("""
            CREATE TYPE answer AS ENUM ('accepted', 'rejected');
            CREATE SCHEMA audit;
            CREATE TABLE audit.returns AS SELECT 'accepted'::answer AS response, 7::UBIGINT AS n,
                uuid() AS id, '"x"'::JSON AS note, 2::HUGEINT AS sum, TIME '10:00' AS at;
        """)
    return path


def url(path: Path, table: str = "audit.returns") -> str:
    return f"duckdb:///{path}?table={table}"


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Unusable) as refused:
        call()
    message = str(refused.value)
    assert "\n" not in message
    return message


def read(connection: Connection, *columns: str) -> list[tuple[Any, ...]]:
    names = [exp.column(each, quoted=True) for each in columns or connection.columns()]
    return connection.fetch(exp.select(*names).from_(connection.relation())).rows()


@pytest.fixture
def opened(shop: Path) -> Iterator[Connection]:
    connection = connect(parse_source(url(shop)))
    yield connection
    connection.close()


def test_unusual_types_become_plain(opened: Connection) -> None:
    kinds = {"response": "text", "n": "decimal", "id": "text", "note": "text", "sum": "decimal"}
    assert opened.columns() == {**kinds, "at": "other"}
    assert read(opened, "response", "n", "note", "sum") == [("accepted", 7, "x", 2)]


def test_a_big_result_comes_in_parts(opened: Connection) -> None:
    query = parse_one(f"SELECT range AS n FROM range({2 * BATCH + 1})", dialect="duckdb")
    assert isinstance(query, exp.Select)
    parts = [*opened.batches(query)]
    assert len(parts) > 2 and max(map(len, parts)) <= BATCH
    assert sum(map(len, parts)) == 2 * BATCH + 1
    assert {part.schema["n"] for part in parts} == {pl.Int64()}
    first = next(opened.batches(query))  # and the rest is left
    assert first.columns == ["n"] and read(opened, "n") == [(7,)]


def test_the_database_is_left_as_it_was(shop: Path) -> None:
    before = shop.read_bytes()
    connection = connect(parse_source(url(shop)))
    made = parse_one('CREATE TEMPORARY TABLE "x" AS SELECT 1 AS "n"', dialect="duckdb")
    kept = parse_one('CREATE TABLE "x" AS SELECT 1 AS "n"', dialect="duckdb")
    assert isinstance(made, exp.Create) and isinstance(kept, exp.Create)
    connection.execute(made)
    assert "read-only" in refusal(lambda: connection.execute(kept))
    connection.close()
    assert [*shop.parent.iterdir()] == [shop] and shop.read_bytes() == before


@pytest.mark.parametrize(
    ("table", "part"),
    [("audit.return", 'Did you mean "returns"'), ("nowhere.returns", "does not exist")],
)
def test_no_such_table(shop: Path, table: str, part: str) -> None:
    assert part in refusal(lambda: connect(parse_source(url(shop, table))))


def test_no_such_file(tmp_path: Path) -> None:
    assert "does not exist" in refusal(lambda: connect(parse_source(url(tmp_path / "none.db"))))


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "junk.db"
    path.write_text("junk" * 5000)
    assert "not a valid DuckDB" in refusal(lambda: connect(parse_source(url(path))))


def test_a_database_that_another_process_writes(shop: Path) -> None:
    holding = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"
    command = [sys.executable, "-c", holding, str(shop)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout and other.stdout.readline()
        message = refusal(lambda: connect(parse_source(url(shop))))
        other.communicate(b"\n")
    assert "lock" in message and "not being written to" in message


def test_no_room_for_what_memory_does_not_hold(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    little = {"memory_limit": "20MB", "max_temp_directory_size": "1MB", "threads": 1}
    monkeypatch.setattr(module, "CONFIG", {**module.CONFIG, **little})
    connection = connect(parse_source(url(shop)))
    text = "SELECT count(*) AS n FROM (SELECT DISTINCT md5(range::TEXT) FROM range(2000000))"
    query = parse_one(text, dialect="duckdb")
    assert isinstance(query, exp.Select)
    message = refusal(lambda: connection.fetch(query))
    connection.close()
    assert "free memory, or space" in message


CASES = [("a", 1), ("b", None)]


def write(path: Path, form: str) -> None:
    frame = pl.DataFrame(CASES, ["case", "n"], orient="row")
    {"parquet": frame.write_parquet, "csv": frame.write_csv, "jsonl": frame.write_ndjson}[form](
        path
    )


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_files_are_read_one_after_another(tmp_path: Path, form: str) -> None:
    paths = [tmp_path / f"{name}.{form}" for name in ("year=2024", "it's 二")]
    for path in paths:
        write(path, form)
    connection = files(paths, form)
    assert connection.columns() == {"case": "text", "n": "text" if form == "csv" else "integer"}
    found = read(connection)
    connection.close()
    assert found == ([("a", "1"), ("b", None)] if form == "csv" else CASES) * 2


def lines(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_cells_of_csv_are_texts_as_they_stand(tmp_path: Path) -> None:
    text = '\ufeffcase,a,"b, c"\r\n#1,007,"x, ""y""\nz"\r\n,2024-01-01,\r\n'
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(text.encode()))
    connection = files([path], "csv")
    assert [*connection.columns()] == ["case", "a", "b, c"]
    found = read(connection)
    connection.close()
    assert found == [("#1", "007", 'x, "y"\nz'), (None, "2024-01-01", None)]


def test_texts_in_json_stay_texts(tmp_path: Path) -> None:
    id_ = "00000000-0000-0000-0000-00000000000A"
    many = '{"a": "1", "b": "2024-1-05", "c": [], "d": null, "e": 1, "f": true}\n' * 30_000
    path = lines(tmp_path / "a.jsonl", f'{many}{{"a": 2, "e": 1.5, "g": "{id_}", "c": ["x"]}}\n')
    connection = files([path], "jsonl")
    kinds = {"a": "text", "b": "text", "c": "list", "d": "text", "e": "float", "f": "boolean"}
    assert connection.columns() == {**kinds, "g": "text"}
    rows = read(connection, *"abdefg")
    connection.close()
    assert rows[0] == ("1", "2024-1-05", None, 1.0, True, None)
    assert rows[-1] == ("2", None, None, 1.5, None, id_)


@pytest.mark.parametrize(
    ("form", "text", "part"),
    [
        ("csv", "", "empty"),
        ("csv", "case,n\na\n", "2.csv: CSV Error on Line: 2"),
        ("csv", "case,n\na,1,2\n", "Found: 3"),
        ("csv", 'case,n\na,"1\n', "unterminated quote"),
        ("csv", "n,case\n1,a\n", "columns in another order than"),
        ("csv", "case,m\na,1\n", "other columns than"),
        ("parquet", "case", "2.parquet"),
        ("jsonl", '{"case": "a"\n', "2.jsonl"),
        ("jsonl", "[1]\n", "2.jsonl"),
    ],
)
def test_an_unreadable_file_among_others_is_named(
    tmp_path: Path, form: str, text: str, part: str
) -> None:
    for n in (1, 3):
        write(tmp_path / f"{n}.{form}", form)
    bad = lines(tmp_path / f"2.{form}", text)

    def audit() -> None:
        connection = files([tmp_path / f"1.{form}", bad, tmp_path / f"3.{form}"], form)
        try:
            read(connection)
        finally:
            connection.close()

    assert part in refusal(audit)


def test_a_file_that_changes_its_types_is_named(tmp_path: Path) -> None:
    pl.DataFrame({"n": [1], "m": [Decimal(1)]}).write_parquet(tmp_path / "1.parquet")
    pl.DataFrame({"n": ["x"], "m": [Decimal(1)]}).write_parquet(tmp_path / "2.parquet")
    message = refusal(lambda: files(sorted(tmp_path.iterdir()), "parquet"))
    assert "2.parquet: other columns" in message and "`n`" in message and "`m`" not in message


def test_a_missing_library_is_named_with_its_extra(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "checker.audit.connections.duckdb", None)
    message = refusal(lambda: connect(parse_source(url(shop))))
    assert "pip install 'returns-checker[duckdb]'" in message
