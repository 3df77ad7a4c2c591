"""Real servers that tests start on loopback: PostgreSQL and Spark.

A server is started when the first test asks for it and stopped when the run ends. Where one
can't be set up, its tests are skipped, and the end of the run says by name what was missing;
with `CHECKER_SERVERS=required` in the environment they fail instead.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

import pytest

from tests.waiting import HANGS

LOOPBACK = "127.0.0.1"
Server = TypeVar("Server")
Started = TypeVar("Started")


class Missing(Exception):
    """A server can't be set up here: its name, and what to install."""

    def __init__(self, name: str, remedy: str) -> None:
        super().__init__(f"{name} was not found: {remedy}")


@contextlib.contextmanager
def needed(starting: AbstractContextManager[Server]) -> Iterator[Server]:
    """Give the server that starts; where it can't be set up, skip the test, or fail it."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(starting)
        except Missing as missing:
            end = pytest.fail if os.environ.get("CHECKER_SERVERS") == "required" else pytest.skip
            end(str(missing))
        yield server


def not_run(reasons: Iterable[str]) -> list[str]:
    """Return a sentence for each server that was missing, from the reasons of skipped tests."""
    found = (re.fullmatch(r"Skipped: (.+) was not found: (.+)", each) for each in reasons)
    counts = Counter(each.groups() for each in found if each)
    return [
        f"{name} was not found, and tests that need it did not run ({count}): {remedy}"
        for (name, remedy), count in counts.items()
    ]


@contextlib.contextmanager
def temporary_folder(name: str) -> Iterator[Path]:
    """Give a folder that other users may pass through, unlike those that pytest makes."""
    folder = Path(tempfile.mkdtemp(prefix=f"checker-{name}-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def closed_port() -> Iterator[int]:
    """Give a port of loopback that nothing listens on, and that nobody else can take meanwhile."""
    with socket.socket() as held:
        held.bind((LOOPBACK, 0))
        yield held.getsockname()[1]


def on_free_port(start: Callable[[int], Started]) -> Started:
    """Return what starts on a free port; on another one where somebody takes it first."""
    while True:
        with closed_port() as port:
            pass
        try:
            return start(port)
        except RuntimeError as error:
            if "already in use" not in str(error):
                raise


class Process:
    """A server's process with its children: started with its output in a file, and stopped."""

    def __init__(
        self,
        command: Sequence[str | Path],
        log: Path,
        *,
        user: str | None = None,
        environment: Mapping[str, str] | None = None,
        stop_by: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.log = log
        self.stop_by = stop_by
        with log.open("wb") as output:
            self.popen = subprocess.Popen(
                [*dies_with_us(stop_by), *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                cwd=log.parent,
                user=user,
                group=user,
                extra_groups=[] if user else None,
                start_new_session=True,
            )

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Return when `ready()` is true; raise `RuntimeError` with the log where it stays false."""
        end = time.monotonic() + HANGS
        while not ready():
            ended = self.popen.poll() is not None
            if ended or time.monotonic() > end:
                self.stop()
                why = "ended" if ended else "hangs"
                raise RuntimeError(f"{self.popen.args!r} {why}:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Ask it to end, then end it and whatever it started."""
        self.send(self.stop_by)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(20)
        self.kill()

    def kill(self) -> None:
        """End it and whatever it started, at once."""
        self.send(signal.SIGKILL)
        self.popen.wait()

    def send(self, number: signal.Signals) -> None:
        """Send a signal to it and to whatever it started."""
        with contextlib.suppress(ProcessLookupError):  # its session has gone
            os.killpg(self.popen.pid, number)


def dies_with_us(stop_by: signal.Signals) -> list[str]:
    """Return what to put before a command so that it ends when a run of tests is killed.

    Where there is no `setpriv` (it is in every Debian) a server would outlive the run.
    """
    setpriv = shutil.which("setpriv")
    return [setpriv, f"--pdeathsig={stop_by.name.removeprefix('SIG')}", "--"] if setpriv else []
