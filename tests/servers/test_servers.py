"""The servers of the tests: a missing one is said, and none is left behind."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.servers import Missing, needed, not_run
from tests.servers.postgres import Postgres
from tests.waiting import wait_until

STARTING = """
import time
from tests.servers.postgres import started
with started() as server:
    print(server.process.popen.pid, server.process.log.parent, flush=True)
    time.sleep(1000)
"""


@contextlib.contextmanager
def nowhere() -> Iterator[None]:
    raise Missing("PostgreSQL", "install `postgresql`")
    yield


def test_a_missing_server_skips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHECKER_SERVERS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="PostgreSQL was not found"), needed(nowhere()):
        pass


def test_a_missing_server_fails_where_servers_are_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CHECKER_SERVERS", "required")
    with pytest.raises(pytest.fail.Exception, match="PostgreSQL was not found"), needed(nowhere()):
        pass


def test_the_end_of_the_run_names_what_was_missing() -> None:
    reasons = ["Skipped: PostgreSQL was not found: install `postgresql`"] * 2
    reasons += ["Skipped: Spark was not found: install Java 17", "Skipped: of another reason"]
    assert not_run(reasons) == [
        "PostgreSQL was not found, and tests that need it did not run (2): install `postgresql`",
        "Spark was not found, and tests that need it did not run (1): install Java 17",
    ]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_killed_leaves_no_server(postgres: Postgres, number: signal.Signals) -> None:
    command = [sys.executable, "-c", STARTING]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        server, folder = run.stdout.readline().split()
        run.send_signal(number)
    try:
        wait_until(lambda: not runs(server))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def runs(pid: str) -> bool:
    """Return whether a process runs; one that ended and wasn't collected has no command line."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except OSError:
        return False
