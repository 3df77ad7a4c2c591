"""`--jobs`: the same output in as many processes as one likes, and an end at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

from benchmarks.sellers import write_sellers
from checker.cli import parallel
from tests.commands import checker
from tests.waiting import HANGS


@pytest.mark.parametrize(
    "command", [["check"], ["test", "--examples", "5"], ["prove", "--format", "json"]], ids=str
)
def test_output_is_the_same(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(parallel, "SMALL", 0)
    write_sellers(tmp_path / "policy", 40)
    one, three = (checker(*command, "--jobs", jobs) for jobs in (1, 3))
    assert one == three
    assert one.status == 1


def test_a_process_that_the_system_ends_is_an_error() -> None:
    items = [*range(100)]

    def work(item: int) -> int:
        if item == 99:
            os.kill(os.getpid(), signal.SIGKILL)
        return item

    previous, parallel.SMALL = parallel.SMALL, 0
    try:
        with pytest.raises(parallel.UsageError, match="ended a process"):
            list(parallel.in_processes(work, items, 2))
    finally:
        parallel.SMALL = previous


@pytest.mark.parametrize("seconds", [0, 1])
def test_an_interrupt_ends_all_processes(
    seconds: float, tmp_path: Path, interruptible: None
) -> None:
    write_sellers(tmp_path / "policy", 2000)
    command = [sys.executable, "-m", "checker", "prove", "--jobs", "2"]
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    process.stdout.readline()  # it is at work
    sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=HANGS)
    assert (process.returncode, err.strip()) == (130, "checker: stopped")
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
