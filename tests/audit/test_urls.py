"""Sources that are named by a URL."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.audit.connections.urls import is_url, parse_source
from checker.language.syntax.problems import UsageError
from tests.commands import checker

TABLES = [
    ("duckdb:///shop.db?table=returns", "duckdb", "shop.db", ("returns",)),
    ("duckdb:////data/shop.db?table=returns", "duckdb", "/data/shop.db", ("returns",)),
    ("duckdb:///my%20shop%3F.db?table=退货", "duckdb", "my shop?.db", ("退货",)),
    ("duckdb:///a.db?table=audit.Returns", "duckdb", "a.db", ("audit", "Returns")),
    ('duckdb:///a.db?table="v1.2"."a ""b"""', "duckdb", "a.db", ("v1.2", 'a "b"')),
    ("duckdb:///a.db?table=all%20returns%2B+x", "duckdb", "a.db", ("all returns++x",)),
    ("postgresql://db/shop?table=r", "postgres", "postgresql://db/shop", ("r",)),
    ("postgres://me@db:5433/shop?table=r", "postgres", "postgresql://me@db:5433/shop", ("r",)),
    (
        "postgresql:///?service=shop&table=a.r",
        "postgres",
        "postgresql:///?service=shop",
        ("a", "r"),
    ),
    (
        "postgresql://a:1,b:2/shop?sslmode=require&table=r&connect_timeout=3",
        "postgres",
        "postgresql://a:1,b:2/shop?sslmode=require&connect_timeout=3",
        ("r",),
    ),
    ("postgresql://%2Frun%2Fpg/shop?table=r", "postgres", "postgresql://%2Frun%2Fpg/shop", ("r",)),
    (
        "postgresql://me@[::1]:5432,b/shop?table=token%3Da&require_auth=password&options=-c%20a%3Db",
        "postgres",
        "postgresql://me@[::1]:5432,b/shop?require_auth=password&options=-c%20a%3Db",
        ("token=a",),
    ),
    ("spark://master:7077?table=r", "spark", "spark://master:7077", ("r",)),
    ("spark://[::1]:7077/?table=c.s.r", "spark", "spark://[::1]:7077", ("c", "s", "r")),
    ("sc://host:15002?table=r", "spark", "sc://host:15002", ("r",)),
    ("sc://h:443/;use_ssl=true?table=r", "spark", "sc://h:443/;use_ssl=true", ("r",)),
]


@pytest.mark.parametrize(("text", "kind", "address", "table"), TABLES)
def test_a_url_names_a_table(text: str, kind: str, address: str, table: tuple[str, ...]) -> None:
    source = parse_source(text)
    assert (source.kind, source.address, source.table) == (kind, address, table)
    assert source.name == text
    assert source.path is None and source.format is None


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/data/returns.parquet", "parquet"),
        ("/data/returns.parquet/", "parquet"),
        ("hdfs://name:9000/data/*.parquet", "parquet"),
        ("/data/returns.CSV", "csv"),
        ("/data/returns.csv.gz", "csv"),
        ("returns.json", "json"),
        ("/data/退货.jsonl", "json"),
        ("/v1.2/returns.ndjson", "json"),
    ],
)
@pytest.mark.parametrize("server", ["spark://host:7077", "sc://host:15002"])
def test_a_url_names_a_path_that_spark_reads(server: str, path: str, form: str) -> None:
    source = parse_source(f"{server}?path={path}")
    assert (source.table, source.path, source.format) == (None, path, form)


REFUSED = [
    ("duckbd:///a.db?table=r", "did you mean `duckdb`?"),
    ("mysql://host/db?table=r", "expected `duckdb://`"),
    ("://host/db", "no such kind of source"),
    ("duckdb:///a.db", "end the URL with `?table=…`"),
    ("duckdb:///a.db?table=", "end the URL with `?table=…`"),
    ("duckdb:///a.db?tabel=r", "no parameter `tabel`; did you mean `table`?"),
    ("duckdb:///a.db?table=r&path=x", "no parameter `path`; expected `table`"),
    ("duckdb:///a.db?table=r&table=s", "the parameter `table` stands twice"),
    ("duckdb://a.db?table=r", "three slashes"),
    ("duckdb:///?table=r", "expected a file"),
    ("duckdb:///a.db?table=a..b", "is no table's name"),
    ("duckdb:///a.db?table=.b", "is no table's name"),
    ('duckdb:///a.db?table="b', "is no table's name"),
    ('duckdb:///a.db?table="a"b', "is no table's name"),
    ("duckdb:///a.db?table=a.b.c", "has 3 parts; expected at most `schema.table`"),
    ("postgresql://h/d?table=a.b.c", "has 3 parts; expected at most `schema.table`"),
    ("postgresql://h/d?tables=r", "no parameter `tables`; did you mean `table`?"),
    ("postgresql://h/d", "which table?"),
    ("spark://h:7077?table=a.b.c.d", "expected at most `catalog.schema.table`"),
    ("spark://h:7077", "`?table=…` or `?path=…`"),
    ("spark://h:7077?table=t&path=/x.csv", "give either `table` or `path`"),
    ("spark://h?table=t", "like `spark://master:7077?table=…`"),
    ("spark://h:0?table=t", "like `spark://master:7077?table=…`"),
    ("spark://h:99999?table=t", "like `spark://master:7077?table=…`"),
    ("spark://h:7077/x?table=t", "like `spark://master:7077?table=…`"),
    ("sc://h?table=t", "like `sc://server:15002?table=…`"),
    ("sc://h:1/x?table=t", "like `sc://server:15002?table=…`"),
    ("sc://h:1?paht=/x.csv", "no parameter `paht`; did you mean `path`?"),
    ("sc://h:1?path=/data/returns", "doesn't say what it holds"),
    ("sc://h:1?path=/data/returns.xlsx", "expected `.parquet`, `.csv`"),
]


@pytest.mark.parametrize(("text", "part"), REFUSED)
def test_what_is_wrong_is_said_in_one_line(text: str, part: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_source(text)
    assert part in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("postgresql://me:hunter2@db/shop?table=r", "PGPASSWORD"),
        ("postgresql://me:hunter/2@db/shop?table=r", "PGPASSWORD"),
        ("postgresql://me:hunter?2@db/shop?table=r", "PGPASSWORD"),
        ("postgresql://me:hunter@2@db/shop?table=r", "PGPASSWORD"),
        ("postgresql://me:hunter#2@db/shop", "PGPASSWORD"),
        ("postgresql://db/shop?table=r&password=hunter2", "PGPASSWORD"),
        ("postgresql://db/shop?table=r&Pass%77ord=hunter2", "PGPASSWORD"),
        ("postgresql://db/shop?sslpassword=hunter2", "PGPASSWORD"),
        ("postgresql://me%3Ahunter2@db/shop?table=r", "PGPASSWORD"),
        ("postgresql://me%253Ahunter2@db/shop?table=r", "PGPASSWORD"),
        ("postgresql://me:hunter2%40db/shop?table=r", "PGPASSWORD"),
        ("postgresql://me:hunter2/shop?table=r", "PGPASSWORD"),
        ("postgresql://me%3ahunter2/shop?table=r", "PGPASSWORD"),
        ("postgresql://db/shop?table=r&user=me:hunter2", "PGPASSWORD"),
        ("postgresql://db/shop?user=me%3Ahunter2&table=r", "PGPASSWORD"),
        ("postgresql://db/shop?table=r&options=password%3Dhunter2", "PGPASSWORD"),
        ("postgresql://db/shop?table=r&options=-c%20app.Password+%3D+hunter2", "PGPASSWORD"),
        ("postgresql://db/shop?table=r&options=-c%2520app.db_password%253Dhunter2", "PGPASSWORD"),
        ("postgresql://db/shop?table=r&options=--password%20hunter2", "PGPASSWORD"),
        ("postgresql://db?table=r&dbname=host%3Dh%20pass%77ord%3D'hunter2'", "PGPASSWORD"),
        ("postgrseql://me:hunter2@db/shop?table=r", "did you mean `postgresql`?"),
        ("hunter2@me://db/shop", "expected `duckdb://`"),
        ("duckdb://me:hunter2@/a.db?table=r", "a DuckDB file has none"),
        ("spark://me:hunter2@h:7077?table=r", "SPARK_CONNECT_AUTHENTICATE_TOKEN"),
        ("spark://h:7077?path=s3a://key:hunter2@bucket/x.csv", "SPARK_CONNECT_AUTHENTICATE_TOKEN"),
        ("spark://me:hunter2?table=r", "SPARK_CONNECT_AUTHENTICATE_TOKEN"),
        ("sc://h:443/;use_ssl=true;token=hunter2?table=r", "SPARK_CONNECT_AUTHENTICATE_TOKEN"),
        ("sc://h:443/;token%3Dhunter2?table=r", "SPARK_CONNECT_AUTHENTICATE_TOKEN"),
    ],
)
def test_a_password_is_refused_and_not_shown(text: str, place: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_source(text)
    assert "hunter" not in str(refused.value)
    assert place in str(refused.value)


def test_a_url_is_told_from_a_path() -> None:
    assert is_url("duckdb:///a.db")
    assert not is_url("data/returns.parquet") and not is_url("C:\\data\\*.csv")


@pytest.mark.parametrize(
    "text",
    [
        "host=h password=hunter2 dbname=d",
        "host=h password = 'hunter2'",
        "password='hunter 2\\' x'",
        "host=h\npassword=hunter2",
        "'password=hunter2'",
        "dbname=x user=me passwd=hunter2",
        "service=x sslpassword=hunter2",
        "Server=h;Pwd=hunter2",
        "jdbc:postgresql://h/d?user=me&password=hunter2",
        "postgresql//me:hunter2@db/shop?table=r",
        "postgresql:/me:hunter2@db/shop?table=r",
        "postgresql:me:hunter2@db/shop",
        "postgresql;//me:hunter2@db/shop",
        "//me:hunter2@db/shop?table=r",
        "me:hunter2@db/shop?table=r",
        "mysql:me:hunter2@h",
        "POSTGRESQL://me:hunter2@db/shop?table=r",
        " postgresql://me:hunter2@db/shop?table=r",
        "postgresql://db/shop?table=r&pasword=hunter2",
        "postgresql://db/shop?table=r&pwd=hunter2",
        "postgresql://db/shop?table=r&auth=hunter2",
        "postgresql://db/shop?table=r&PGPASSWORD=hunter2",
        "postgresql://db/shop?table=r&oauth_client_secret=hunter2",
        "postgresql://db/shop?port=hunter2",
        "postgresql://db/shop?sslmode=hunter!",
        "postgresql://db/shop?connect_timeout=hunter2",
        "postgresql://db/shop?table=r&hunter2",
        "postgresql://db/shop?hunter2",
        "postgresql://db/shop#hunter2",
        "postgresql://db/shop?options=-c%20x.pw%3Dhunter2",
        "duckdb:///a.db?pass=hunter2&table=r",
        "duckdb:///a.db?encryption_key=hunter2",
        "spark://h:7077?table=r&pwd=hunter2",
        "sc://h:443/hunter2?table=r",
        "sc://h:443/;x-api=hunter2?table=r",
        "sc://h:443/;authorization=Bearer%20hunter2?table=r",
    ],
)
def test_no_message_shows_what_may_be_a_password(
    text: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    result = checker("audit", "returns", text, "--policy", "kuaishou/flash-purchase@1")
    assert result.status == 2 and "hunter" not in result.out + result.err


@pytest.mark.parametrize(
    "text", ["year=2024/a.csv", "a b.csv", "out:1.csv", "password.csv", "tokens/*.csv", "user.csv"]
)
def test_a_file_is_no_connection(text: str) -> None:
    assert not is_url(text)


def test_a_file_that_is_named_as_a_connection(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "user=me.csv").write_text("seller\n")
    assert not is_url("user=me.csv") and is_url("user=you.csv")
