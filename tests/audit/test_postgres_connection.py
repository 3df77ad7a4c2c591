"""PostgreSQL: who is let in, what is left behind, and what goes wrong on the way."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlglot import exp, parse_one

from checker.audit.connections import Connection, connect
from checker.audit.connections.plain import BATCH
from checker.audit.connections.urls import parse_source
from checker.language.syntax.problems import UsageError
from tests.servers.postgres import Postgres


@pytest.fixture(scope="module")
def shop(postgres: Postgres) -> Postgres:
    with postgres.connect() as database:
        database.execute("""
            CREATE SCHEMA shop;
            CREATE TYPE shop.answer AS ENUM ('accepted', 'rejected');
            CREATE DOMAIN shop.name AS varchar(20);
            CREATE TABLE shop."Odd" AS SELECT
                'accepted'::shop.answer AS response, 'x'::char(3) AS c, 'n'::shop.name AS name,
                '00000000-0000-0000-0000-00000000000a'::uuid AS id,
                1.50::numeric(6, 2) AS fixed, 1.5::numeric AS free, '{}'::jsonb AS json,
                3::smallint AS small, 0.5::real AS half, TIME '10:00' AS time;
            CREATE VIEW shop.seen AS SELECT * FROM shop."Odd";
            CREATE ROLE stranger LOGIN PASSWORD 'p';
            CREATE ROLE reader LOGIN PASSWORD 'p';
            ALTER ROLE reader SET default_transaction_read_only = on;
            GRANT USAGE ON SCHEMA shop TO stranger, reader;
            GRANT SELECT ON shop."Odd", shop.seen TO reader;
        """)
    return postgres


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    for name in ("PGPASSFILE", "PGSERVICE", "PGSERVICEFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PGPASSWORD", request.getfixturevalue("postgres").password)


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(UsageError) as refused:
        call()
    message = str(refused.value)
    assert "\n" not in message and "s3cret" not in message
    return message


def opened(url: str) -> Connection:
    return connect(parse_source(url))


def query(text: str) -> exp.Query:
    tree = parse_one(text, dialect="postgres")
    assert isinstance(tree, exp.Query)
    return tree


def made(text: str) -> exp.Create:
    tree = parse_one(text, dialect="postgres")
    assert isinstance(tree, exp.Create)
    return tree


@pytest.fixture
def odd(shop: Postgres) -> Iterator[Connection]:
    connection = opened(shop.url("shop.Odd"))
    yield connection
    connection.close()


def test_unusual_types_become_plain(odd: Connection) -> None:
    texts = dict.fromkeys(("response", "c", "name", "id"), "text")
    kinds = {**texts, "fixed": "decimal", "free": "decimal", "json": "jsonb", "small": "integer"}
    assert odd.columns() == {**kinds, "half": "float", "time": "time"}
    rows = odd.fetch(exp.select("*").from_(odd.relation()))
    id_ = "00000000-0000-0000-0000-00000000000a"
    begin = ("accepted", "x", "n", id_, Decimal("1.50"), "1.5")
    assert rows.rows() == [(*begin, "{}", 3, 0.5, "10:00:00")]
    accepted = exp.column("response").eq("accepted")
    assert odd.fetch(exp.select("c").from_(odd.relation()).where(accepted)).height == 1


def test_a_view_is_a_table(shop: Postgres) -> None:
    connection = opened(shop.url("shop.seen"))
    assert connection.columns()["response"] == "text"
    connection.close()


def test_a_big_result_comes_in_parts(odd: Connection) -> None:
    batches = [*odd.batches(query(f"SELECT n FROM generate_series(1, {2 * BATCH + 1}) AS t(n)"))]
    assert len(batches) > 2 and max(map(len, batches)) <= BATCH
    assert {batch.schema["n"] for batch in batches} == {pl.Int64()}
    assert pl.concat(batches)["n"].n_unique() == 2 * BATCH + 1


def everything(server: Postgres) -> list[tuple[Any, ...]]:
    with server.connect() as database:
        text = "SELECT oid, relname, relkind, xmin::text FROM pg_class WHERE oid >= 16384"
        return list(database.execute(f"{text} ORDER BY oid"))


def test_nothing_is_left_behind(shop: Postgres) -> None:
    before = everything(shop)
    connection = opened(shop.url("shop.Odd"))
    connection.execute(made('CREATE TEMPORARY TABLE "t" AS SELECT 1 AS "n"'))
    connection.execute(made('CREATE TABLE "kept" AS SELECT 1 AS "n"'))
    assert connection.fetch(query("SELECT n FROM t")).rows() == [(1,)]
    connection.close()
    assert everything(shop) == before


def test_a_user_that_may_only_read_can_audit(
    shop: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "p")
    connection = opened(shop.url("shop.seen", user="reader"))
    connection.execute(made('CREATE TEMPORARY TABLE "t" AS SELECT "c" FROM "shop"."seen"'))
    assert connection.fetch(query("SELECT c FROM t")).height == 1
    connection.close()


def test_the_table_can_not_change_meanwhile(shop: Postgres) -> None:
    connection = opened(shop.url("shop.Odd"))
    with shop.connect() as database, pytest.raises(Exception, match="lock timeout"):
        database.execute("SET lock_timeout = '200ms'")
        database.execute('ALTER TABLE shop."Odd" DROP COLUMN small')
    with shop.connect() as database:
        database.execute('UPDATE shop."Odd" SET small = 4')
    assert connection.fetch(query('SELECT small FROM shop."Odd"')).rows() == [(3,)]
    connection.close()
    with shop.connect() as database:
        database.execute('UPDATE shop."Odd" SET small = 3')


@pytest.mark.parametrize(
    ("table", "part"),
    [
        ("shop.Od", "no table `shop.Od`; did you mean `Odd`?"),
        ("shop.odd", "did you mean `Odd`?"),
        ("Odd", "no table `Odd`; is its schema named"),
        ("shpo.Odd", "no table `shpo.Odd`"),
    ],
)
def test_no_such_table(shop: Postgres, table: str, part: str) -> None:
    assert part in refusal(lambda: opened(shop.url(table)))


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (("auditor@", "nobody@"), 'password authentication failed for user "nobody"'),
        (("/postgres?", "/nowhere?"), 'database "nowhere" does not exist'),
        (("?table", "?sslmod=require&table"), "no parameter `sslmod`; did you mean `sslmode`?"),
        (("?table", "?sslmode=require&table"), "server does not support SSL"),
        (("?table", "?connect_timeout=x&table"), "connect_timeout"),
        (("/postgres?", "/%zz?"), "%zz"),
    ],
)
def test_who_is_not_let_in(shop: Postgres, change: tuple[str, str], part: str) -> None:
    assert part in refusal(lambda: opened(shop.url("shop.Odd").replace(*change)))


def test_the_first_of_two_hosts_may_be_down(shop: Postgres) -> None:
    url = shop.url("shop.Odd").replace("@127.0.0.1:", "@127.0.0.1:1,127.0.0.1:")
    opened(url).close()


def test_a_wrong_password(shop: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "s3cret but wrong")
    message = refusal(lambda: opened(shop.url("shop.Odd")))
    assert message.startswith(shop.url("shop.Odd")) and "authentication failed" in message
    assert "PGPASSWORD" in message and "PGPASSFILE" in message and "PGSERVICE" in message


def test_no_password(shop: Postgres, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PGPASSWORD")
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    assert "no password supplied" in refusal(lambda: opened(shop.url("shop.Odd")))


def test_a_password_file_lets_in(
    shop: Postgres, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PGPASSWORD")
    file = tmp_path / "pgpass"
    file.write_text(f"127.0.0.1:{shop.port}:*:{shop.user}:{shop.password}\n")
    file.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(file))
    opened(shop.url("shop.Odd")).close()


def test_a_service_file_lets_in(
    shop: Postgres, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PGPASSWORD")
    file = tmp_path / "services"
    service = f"host=127.0.0.1\nport={shop.port}\ndbname=postgres\n"
    file.write_text(f"[shop]\n{service}user={shop.user}\npassword={shop.password}\n")
    monkeypatch.setenv("PGSERVICEFILE", str(file))
    opened("postgresql:///?service=shop&table=shop.Odd").close()
    monkeypatch.setenv("PGSERVICE", "shop")
    opened("postgresql://?table=shop.Odd").close()


def test_a_table_that_may_not_be_read(shop: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "p")
    message = refusal(lambda: opened(shop.url("shop.Odd", user="stranger")))
    assert "permission denied for table Odd; the user needs SELECT" in message


def test_a_query_that_takes_too_long(shop: Postgres) -> None:
    url = shop.url("shop.Odd") + "&options=-c%20statement_timeout%3D2000"
    connection = opened(url)
    message = refusal(lambda: connection.fetch(query("SELECT pg_sleep(20)")))
    assert "statement timeout; the server's statement_timeout" in message
    assert "aborted" in refusal(lambda: connection.fetch(query("SELECT 1 AS n")))
    connection.close()


def test_no_room_for_what_memory_does_not_hold(shop: Postgres) -> None:
    little = "&options=-c%20temp_file_limit%3D1MB%20-c%20work_mem%3D64kB"
    connection = opened(shop.url("shop.Odd") + little)
    rows = "SELECT count(*) FROM (SELECT md5(n::text) AS m FROM generate_series(1, 100000) t(n)"
    message = refusal(lambda: connection.fetch(query(f"{rows} ORDER BY m OFFSET 10) AS sorted")))
    assert "temp_file_limit" in message and "the server lacks room" in message
    connection.close()


def test_a_session_that_the_server_ends(shop: Postgres) -> None:
    connection = opened(shop.url("shop.Odd"))
    with shop.connect() as database:
        text = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
        assert database.execute(text, ["checker"]).fetchall() == [(True,)]
    message = refusal(lambda: connection.fetch(query("SELECT 1 AS n")))
    assert "terminating connection" in message and "run it again" in message
    assert "run it again" in refusal(lambda: connection.fetch(query("SELECT 1 AS n")))
    connection.close()


def test_a_server_that_is_killed(own_postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", own_postgres.password)
    connection = opened(own_postgres.url("pg_catalog.pg_class"))
    text = "SELECT a FROM generate_series(1, 10000) AS t(a), generate_series(1, 10000) AS u(b)"
    rows = connection.batches(query(text))
    assert not len(next(rows)) and len(next(rows)) == BATCH
    own_postgres.kill()
    assert "run it again" in refusal(lambda: [*rows])
    connection.close()
    message = refusal(lambda: opened(own_postgres.url("pg_catalog.pg_class")))
    assert "refused" in message and "check host, port" in message


def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "checker.audit.connections.postgres", raising=False)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    message = refusal(lambda: opened("postgresql://h/d?table=t"))
    assert "`psycopg` is not installed; `pip install 'returns-checker[postgres]'`" in message
