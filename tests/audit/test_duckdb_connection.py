"""DuckDB: database files, files of rows, and what goes wrong with them."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
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
from checker.language.syntax.problems import UsageError


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
    with pytest.raises(UsageError) as refused:
        call()
    message = str(refused.value)
    assert "\n" not in message
    return message


def read(connection: Connection, *columns: str) -> list[tuple[Any, ...]]:
    names = [exp.column(name, quoted=True) for name in columns or connection.columns()]
    return connection.fetch(exp.select(*names).from_(connection.relation())).rows()


@pytest.fixture
def opened(shop: Path) -> Iterator[Connection]:
    connection = connect(parse_source(url(shop)))
    yield connection
    connection.close()


def test_unusual_types_become_plain(opened: Connection) -> None:
    kinds = {"response": "text", "n": "decimal", "id": "text", "note": "text", "sum": "decimal"}
    assert opened.columns() == {**kinds, "at": "TIME"}
    assert read(opened, "response", "n", "note", "sum") == [("accepted", 7, "x", 2)]


def test_a_big_result_comes_in_parts(opened: Connection) -> None:
    query = parse_one(f"SELECT range AS n FROM range({2 * BATCH + 1})", dialect="duckdb")
    assert isinstance(query, exp.Select)
    batches = [*opened.batches(query)]
    assert len(batches) > 2 and max(map(len, batches)) <= BATCH
    assert sum(map(len, batches)) == 2 * BATCH + 1
    assert {batch.schema["n"] for batch in batches} == {pl.Int64()}
    first = next(opened.batches(query))  # and the rest is left
    assert first.columns == ["n"] and read(opened, "n") == [(7,)]


def test_the_database_is_left_as_it_was(shop: Path) -> None:
    before = shop.read_bytes()
    connection = connect(parse_source(url(shop)))
    temporary = parse_one('CREATE TEMPORARY TABLE "x" AS SELECT 1 AS "n"', dialect="duckdb")
    permanent = parse_one('CREATE TABLE "x" AS SELECT 1 AS "n"', dialect="duckdb")
    assert isinstance(temporary, exp.Create) and isinstance(permanent, exp.Create)
    connection.execute(temporary)
    assert "read-only" in refusal(lambda: connection.execute(permanent))
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
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline()
        message = refusal(lambda: connect(parse_source(url(shop))))
        process.communicate(b"\n")
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


@pytest.mark.parametrize(
    "rows",
    [
        "read_text('{secret}')",
        "read_blob('{secret}')",
        "read_csv('{secret}', columns = {{'n': 'TEXT'}}, auto_detect = false, delim = '~')",
        "read_json('{secret}')",
        "glob('{folder}/*')",
        "'{secret}'",
        "outside('{secret}')",
        "query('SELECT * FROM read_text(''{secret}'')')",
        "sniff_csv('{secret}')",
    ],
)
def test_a_view_reads_no_other_file(tmp_path: Path, rows: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text('{"n": "what nobody may see"}\n')
    names = rows.format(secret=secret, folder=tmp_path)
    path = tmp_path / "shop.db"
    with duckdb.connect(path) as database:
        database.execute("CREATE MACRO outside(name) AS TABLE SELECT * FROM read_text(name)")
        database.execute(f"CREATE VIEW returns AS SELECT * FROM {names}")

    def audited() -> None:
        connection = connect(parse_source(url(path, "returns")))
        try:
            read(connection)
        finally:
            connection.close()

    message = refusal(audited)
    assert "nobody" not in message and len(message) < 600


@pytest.mark.parametrize(
    "statement",
    [
        "SET enable_external_access = true",
        "SET memory_limit = '8GB'",
        "LOAD httpfs",
        "INSTALL httpfs",
        "ATTACH '{folder}/other.db'",
        "COPY (SELECT 1) TO '{folder}/copy.csv'",
        "EXPORT DATABASE '{folder}/export'",
    ],
)
def test_a_session_opens_nothing_else(shop: Path, statement: str) -> None:
    connection = module.connect(parse_source(url(shop)))
    before = [*shop.parent.iterdir()]
    with pytest.raises(duckdb.Error):
        connection.connection.execute(statement.format(folder=shop.parent))
    connection.close()
    assert [*shop.parent.iterdir()] == before


@pytest.mark.parametrize("name", ["sum", "LOWER", "+", "duckdb_functions() AS TABLE SELECT 1 --"])
def test_a_macro_is_never_taken_for_a_function(shop: Path, name: str) -> None:
    named = name if "(" in name else f'"{name}"(a) AS 7'
    with duckdb.connect(shop) as database:
        database.execute(f"CREATE MACRO {named if '--' in name else named + ' --'}\n")
    message = refusal(lambda: connect(parse_source(url(shop))))
    assert "macros of the database" in message and name.partition("(")[0] in message


def test_a_macro_of_its_own_is_no_harm(shop: Path) -> None:
    with duckdb.connect(shop) as database:
        database.execute("CREATE MACRO of_the_shop(a) AS a + 1")
        database.execute("CREATE VIEW counted AS SELECT of_the_shop(1) AS n")
    connection = connect(parse_source(url(shop, "counted")))
    rows = read(connection)
    connection.close()
    assert rows == [(2,)]


@pytest.mark.parametrize("name", ["md:shop", "https://127.0.0.1:1/shop.db", "file:shop.db"])
def test_a_name_is_never_an_address(name: str) -> None:
    assert "does not exist" in refusal(lambda: connect(parse_source(f"duckdb:///{name}?table=t")))


def test_a_database_of_sqlite(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE returns(n)")
    message = refusal(lambda: connect(parse_source(url(path, "returns"))))
    assert "is it a database file of DuckDB?" in message


TABLE = pl.DataFrame({"case": ["a", "b"], "n": [1, None]})


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_files_are_read_one_after_another(tmp_path: Path, form: str) -> None:
    paths = [tmp_path / f"{name}.{form}" for name in ("year=2024", "it's 二")]
    write = {"parquet": "write_parquet", "csv": "write_csv", "jsonl": "write_ndjson"}[form]
    for path in paths:
        getattr(TABLE, write)(path)
    connection = files(paths, form)
    number = "integer" if form == "parquet" else "text"
    assert connection.columns() == {"case": "text", "n": number}
    values = read(connection)
    connection.close()
    assert values == [("a", 1 if form == "parquet" else "1"), ("b", None)] * 2


def test_what_was_written_for_text_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    TABLE.write_csv(tmp_path / "a.csv")
    connection = files([tmp_path / "a.csv"], "csv")
    assert [*(tmp_path / "temporary").rglob("*.parquet")]
    connection.close()
    assert not [*(tmp_path / "temporary").iterdir()]


LITTLE_ROOM = """
import pathlib, resource, signal, sys
from checker.audit.connections import files
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (9999, 9999))
files([pathlib.Path(sys.argv[1])], "csv")
"""


def test_no_room_for_what_is_written_for_text(tmp_path: Path) -> None:
    pl.DataFrame({"n": range(50_000)}).write_csv(tmp_path / "a.csv")
    command = [sys.executable, "-B", "-c", LITTLE_ROOM, str(tmp_path / "a.csv")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    last = done.stderr.splitlines()[-1]
    assert "UsageError" in last and last.endswith("free space in the folder of temporary files")


def test_names_that_differ_in_capitals_only(tmp_path: Path) -> None:
    pl.DataFrame({"id": [1], "ID": ["x"]}).write_parquet(tmp_path / "a.parquet")
    message = refusal(lambda: files([tmp_path / "a.parquet"], "parquet"))
    assert "a.parquet: the column `ID` differs from another only in capitals" in message


def test_a_damaged_file_among_others_is_named(tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.parquet" for n in (1, 2, 3)]
    for path in paths:
        TABLE.write_parquet(path)
    content = bytearray(paths[1].read_bytes())
    content[4:60] = b"\xff" * 56
    paths[1].write_bytes(content)
    connection = files(paths, "parquet")
    assert "2.parquet" in refusal(lambda: read(connection))
    connection.close()


def test_a_missing_library_is_named_with_its_extra(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "checker.audit.connections.duckdb", None)
    message = refusal(lambda: connect(parse_source(url(shop))))
    assert "pip install 'returns-checker[duckdb]'" in message
