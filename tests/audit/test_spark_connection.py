"""Spark: files that a cluster reads, and what goes wrong with servers, files and workers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlglot import exp, parse_one

from checker.audit.connections import Connection, connect, spark_sessions
from checker.audit.connections.urls import parse_source
from checker.language.syntax.problems import UsageError
from tests.servers import closed_port, needed, spark


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(UsageError) as refused:
        call()
    message = str(refused.value)
    assert "\n" not in message and "at org." not in message
    return message


def opened(url: str) -> Connection:
    return connect(parse_source(url))


def read(url: str) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    connection = opened(url)
    try:
        rows = connection.fetch(exp.select("*").from_(connection.relation()))
        return {**connection.columns()}, sorted(rows.rows(), key=str)
    finally:
        connection.close()


@pytest.fixture(
    params=[
        pytest.param("spark_session", marks=pytest.mark.slow),
        pytest.param("spark_connect", marks=pytest.mark.slow),
    ]
)
def server(request: pytest.FixtureRequest) -> str:
    connection = request.getfixturevalue(request.param)
    url: str = (
        connection.url if request.param == "spark_connect" else connection.sparkContext.master
    )
    return url


FILES = {
    "a.parquet": {"case": "text", "n": "integer"},
    "a.csv": {"case": "text", "n": "text"},
    "a.jsonl": {"case": "text", "n": "integer"},
}
CASES = [("007", 1), ("商品\n\"坏\", 'x'", None)]


def write(folder: Path) -> None:
    frame = pl.DataFrame(CASES, ["case", "n"], orient="row")
    frame.write_parquet(folder / "a.parquet")
    frame.write_csv(folder / "a.csv")
    frame.write_ndjson(folder / "a.jsonl")


@pytest.mark.parametrize("name", FILES)
def test_files_are_read(server: str, tmp_path: Path, name: str) -> None:
    write(tmp_path)
    kinds, rows = read(f"{server}?path={tmp_path / name}")
    assert kinds == FILES[name]
    assert rows == [(case, n if n is None or name != "a.csv" else str(n)) for case, n in CASES]


def test_what_cannot_be_read_is_said(server: str, tmp_path: Path) -> None:
    (tmp_path / "junk.parquet").write_text("junk")
    (tmp_path / "short.csv").write_text("case,n\na\n")
    (tmp_path / "1.csv").write_text("case,n\na,1\n")
    (tmp_path / "2.csv").write_text("case,m\nb,2\n")
    (tmp_path / "half.json").write_text('{"case": "a"\n')
    urls = {
        "none.parquet": "Path does not exist",
        "junk.parquet": "junk.parquet",
        "short.csv": "short.csv",
        "[12].csv": "header does not conform",
        "half.json": "is every line a whole record?",
    }
    for name, url in urls.items():
        assert url in refusal(lambda name=name: read(f"{server}?path={tmp_path / name}"))  # type: ignore[misc]


def test_no_such_table(server: str) -> None:
    message = refusal(lambda: opened(f"{server}?table=shop.none"))
    assert "`shop`.`none` cannot be found" in message


def test_a_temporary_table_is_computed_once(server: str, tmp_path: Path) -> None:
    write(tmp_path)
    connection = opened(f"{server}?path={tmp_path / 'a.parquet'}")
    statement = parse_one('CREATE TEMPORARY TABLE "once" AS SELECT UUID() AS "id"', dialect="spark")
    assert isinstance(statement, exp.Create)
    connection.execute(statement)
    again = exp.select("id").from_("once")
    assert connection.fetch(again).item() == connection.fetch(again).item()
    connection.close()


@pytest.mark.parametrize("scheme", ["spark", "sc"])
def test_a_server_that_is_not_there(scheme: str) -> None:
    with closed_port() as port:
        message = refusal(lambda: opened(f"{scheme}://127.0.0.1:{port}?table=t"))
    assert "nothing answers at 127.0.0.1" in message and "refused" in message


@pytest.mark.parametrize("greeting", [b"", b"SSH-2.0-OpenSSH_9.6\r\n", b"\0\0\x12\x04\0\0\0\0\0"])
def test_what_is_no_master_is_found_out_in_seconds(
    greeting: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark_sessions, "SECONDS_TO_ANSWER", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor() as threads:
        accepted = threads.submit(server.accept)
        accepted.add_done_callback(lambda done: done.result()[0].sendall(greeting))
        message = refusal(lambda: opened(f"spark://127.0.0.1:{server.getsockname()[1]}?table=t"))
        accepted.result()[0].close()
    assert "doesn't answer as a master of Spark does; is it another port?" in message


@pytest.mark.slow
def test_a_second_cluster_in_one_process(spark_session: Any) -> None:
    address = spark_session.sparkContext.master.replace("127.0.0.1", "localhost")
    message = refusal(lambda: opened(f"{address}?table=t"))
    assert f"the driver of {spark_session.sparkContext.master} already" in message


@pytest.mark.slow
def test_a_connect_server_that_is_killed(tmp_path: Path) -> None:
    write(tmp_path)
    with needed(spark.connect_server()) as server:
        connection = opened(f"{server.url}?path={tmp_path / 'a.csv'}")
        server.kill()
        query = exp.select(exp.Literal.number(1).as_("n"))
        assert "the server was lost; run it again" in refusal(lambda: connection.fetch(query))
        connection.close()


def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "checker.audit.connections.spark", raising=False)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    message = refusal(lambda: opened("spark://127.0.0.1:1?table=t"))
    assert "`pyspark` is not installed; `pip install 'returns-checker[spark]'`" in message


# A driver lives as long as its process, so each of these has its own.
ALONE = """
import sys
from checker.audit.connections import connect, spark_sessions
from checker.audit.connections.urls import parse_source
from checker.language.syntax.problems import UsageError
from sqlglot import exp

try:
    connection = connect(parse_source(sys.argv[1]))
    for line in iter(input, "end"):
        spark_sessions.SECONDS_WITHOUT_WORKERS = float(line)
        query = exp.select(exp.Count(this=exp.Star()).as_("n")).from_(connection.relation())
        print(connection.fetch(query).item(), flush=True)
    connection.close()
except UsageError as error:
    print(error, flush=True)
"""


class Alone:
    """A process with a connection of its own, which counts rows and ends with what uses it."""

    def __init__(self, url: str, environment: dict[str, str]) -> None:
        self.popen = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", ALONE, url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )

    def __enter__(self) -> Alone:
        return self

    def __exit__(self, *_: object) -> None:
        self.popen.kill()
        self.popen.communicate()

    def ask(self, seconds_without_workers: float = 120) -> str:
        """Return how many rows it counts, or why it can't."""
        assert self.popen.stdin and self.popen.stdout
        self.popen.stdin.write(f"{seconds_without_workers}\n")
        self.popen.stdin.flush()
        return self.popen.stdout.readline().strip()

    def end(self) -> str:
        """End it; return what it printed in the end and among errors."""
        output, errors = self.popen.communicate("end\n")
        return output + errors


@pytest.mark.slow
def test_without_java_the_need_is_named(spark_cluster: spark.Cluster, tmp_path: Path) -> None:
    no_java = {"JAVA_HOME": "", "PATH": str(tmp_path)}
    for name in ("bash", "dirname", "env", "cat", "tr", "sed"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    with Alone(f"{spark_cluster.url}?table=t", no_java) as alone:
        assert "needs Java 17 or later" in alone.end()


@pytest.mark.slow
def test_a_cluster_that_is_killed(tmp_path: Path) -> None:
    write(tmp_path)
    with needed(spark.cluster()) as cluster:
        url = f"{cluster.url}?path={tmp_path / 'a.parquet'}"
        with Alone(url, {**cluster.environment}) as alone:
            assert alone.ask() == "2"
            cluster.kill()
            message = alone.ask(seconds_without_workers=5)
            assert message.startswith(url)
            assert "no worker of the cluster took the work for 5 seconds" in message
            assert alone.end() == ""
