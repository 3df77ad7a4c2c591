"""What the tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.servers import needed, not_run, postgres, spark

PROJECT = Path(__file__).resolve().parent.parent

# How busy the machine is says nothing of the program.
settings.register_profile("any-speed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-speed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--worlds", type=int, default=300, help="How many worlds the properties draw.")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give tests with `spark` in their names to one worker, which then starts the only cluster.

    Marks of `xdist_group` would say it, but pytest 9.2 and pytest-xdist 3.8 together ignore them.
    """
    from xdist.scheduler import LoadScopeScheduling

    class SparkOnOneWorker(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "spark" if "spark" in nodeid else nodeid

    return SparkOnOneWorker(config, log) if config.getoption("dist") == "load" else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which servers were missing."""
    skipped = terminalreporter.stats.get("skipped", [])
    for line in not_run(report.longrepr[2] for report in skipped):
        terminalreporter.write_line(line, yellow=True)


@pytest.fixture(scope="session", name="postgres")
def _postgres() -> Iterator[postgres.Postgres]:
    """Give a PostgreSQL server that the tests share; each makes tables of its own names."""
    with needed(postgres.started()) as server:
        yield server


@pytest.fixture
def own_postgres() -> Iterator[postgres.Postgres]:
    """Give a PostgreSQL server that the test may kill."""
    with needed(postgres.started()) as server:
        yield server


@pytest.fixture(scope="session")
def spark_cluster() -> Iterator[spark.Cluster]:
    """Give a Spark cluster of two workers, for drivers in this process and in its children."""
    with needed(spark.cluster()) as cluster, pytest.MonkeyPatch.context() as patch:
        for name, value in cluster.environment.items():
            patch.setenv(name, value)
        yield cluster
        spark.end_driver()


@pytest.fixture(scope="session")
def spark_session(spark_cluster: spark.Cluster) -> Iterator[Any]:
    """Give a session of a driver in this process, which connections to the cluster then share."""
    from checker.audit.connections.spark_sessions import cluster_session

    with ExitStack() as ends:
        yield cluster_session("the tests", spark_cluster.url, ends)


@pytest.fixture(scope="session")
def spark_connect() -> Iterator[spark.ConnectServer]:
    """Give a Spark Connect server that the tests share."""
    with needed(spark.connect_server()) as server:
        yield server


@pytest.fixture
def worlds_to_draw(request: pytest.FixtureRequest) -> int:
    count: int = request.config.getoption("--worlds")
    return count


@pytest.fixture
def project() -> Path:
    """Return the checkout's folder."""
    return PROJECT


@pytest.fixture
def in_project(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run the test in the checkout's folder."""
    monkeypatch.chdir(PROJECT)
    yield
    assert os.getcwd()
