"""What the tests share."""

from __future__ import annotations

import importlib
import os
import pkgutil
import secrets
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import checker
from tests.drawing import share
from tests.servers import needed, not_run, postgres, spark
from tests.waiting import HANGS

PROJECT = Path(__file__).resolve().parent.parent

# The language server, the commands and pytest are started often: they are compiled once, also where
# the environment has said that no bytecode is to be kept.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Commands keep their results where the user has a key for them. Tests find all results anew.
os.environ["XDG_STATE_HOME"] = os.devnull

LONG = ("tests/test_tools.py", "tests/test_hostile_repository.py")

# How busy the machine is says nothing of the program, and no run depends on luck: each test draws
# the same examples in each run. `--hypothesis-profile=full` draws all that a test asks for; a seed
# or a number of worlds draws them anew.
settings.register_profile(
    "part",
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("full", settings.get_profile("part"), max_examples=100)
settings.register_profile("anew", settings.get_profile("full"), derandomize=False)
settings.load_profile("part")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--worlds", type=int, help="How many worlds the properties draw, anew.")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Draw anew where a number of worlds or a seed is given; choose a seed where none is."""
    options = config.option
    if options.worlds is None and options.hypothesis_seed is None:
        return
    options.hypothesis_profile = options.hypothesis_profile or "anew"
    if options.hypothesis_seed is None:
        options.hypothesis_seed = str(secrets.randbits(32))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long in one piece, so that no worker waits for it in the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Import all of the program before any test draws.

    Hypothesis draws constants that it sees in the modules that are loaded; these must not depend
    on which tests ran before.
    """
    modules = {item.module for item in session.items if isinstance(item, pytest.Function)}
    if any(hasattr(each, "given") for each in modules):
        for module in pkgutil.walk_packages(checker.__path__, "checker."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)


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
    """Say which servers were missing, and how to draw the same again."""
    skipped = terminalreporter.stats.get("skipped", [])
    for line in not_run(report.longrepr[2] for report in skipped):
        terminalreporter.write_line(line, yellow=True)
    seed = terminalreporter.config.option.hypothesis_seed
    if seed is not None:
        terminalreporter.write_line(f"drawn anew; the same again: --hypothesis-seed={seed}")


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Processes started take an interrupt, which a shell has those in its background ignore."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


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
        from checker.audit.connections import spark_sessions

        patch.setattr(spark_sessions, "SECONDS_TO_ANSWER", HANGS)
        patch.setattr(spark_sessions, "SECONDS_WITHOUT_WORKERS", HANGS)
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
    """Return how many worlds a property draws, or a fixed share of it."""
    count: int | None = request.config.getoption("--worlds")
    return share(300) if count is None else count


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
