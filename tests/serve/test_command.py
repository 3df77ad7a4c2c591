"""`checker serve` starts, opens the page, ends, and says what is in its way."""

from __future__ import annotations

import os
import pty
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.commands import checker
from tests.conftest import PROJECT
from tests.serve.server import served
from tests.waiting import wait_until

COMMAND = [sys.executable, "-m", "checker", "serve"]


def test_what_cant_be_served_says_why(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = checker("serve", "--no-open", "--port", port)
        assert result.status == 2
        assert result.err == (
            f"checker: can't listen on 127.0.0.1, port {port}: address already in use\n"
        )
    absent = tmp_path / "none"
    assert checker("serve", "--root", absent).err == f"checker: no folder `{absent}`\n"
    result = checker("serve", "--host", "no such host")
    assert result.err.startswith("checker: can't listen on no such host, port 0: ")
    assert os.sep not in result.err


@pytest.mark.parametrize("module", ["starlette", "uvicorn"])
def test_what_is_not_installed_is_named(module: str, tmp_path: Path) -> None:
    (tmp_path / f"{module}.py").write_text(
        f"raise ModuleNotFoundError('none', name='{module}')", encoding="utf-8"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        COMMAND, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"checker: serving needs {module}, which is not installed; "
        "`pip install 'returns-checker[serve]'`\n"
    )


def test_ctrl_c_ends_it(interruptible: None) -> None:
    process = subprocess.Popen(
        [*COMMAND, "--no-open"], cwd=PROJECT, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr
    with process:
        assert process.stderr.readline().startswith("serving http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        assert process.stderr.read().strip() == "checker: stopped"
    assert process.returncode == 130


@pytest.mark.parametrize(
    ("option", "at_a_terminal", "opened"),
    [
        ("", True, True),
        ("", False, False),
        ("--open", False, True),
        ("--no-open", True, False),
    ],
)
def test_the_page_opens_where_one_sits_at_the_terminal(
    option: str, at_a_terminal: bool, opened: bool, tmp_path: Path
) -> None:
    seen, browser = tmp_path / "seen", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {seen}.part && mv {seen}.part {seen}\n')
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *([option] if option else [])],
        cwd=PROJECT,
        env={**os.environ, "BROWSER": f"{browser} %s"},
        stderr=end if at_a_terminal else subprocess.PIPE,
    )
    with process:
        os.close(end)
        said = process.stderr.readline() if process.stderr else os.read(terminal, 1000)
        address = said.split()[1].decode()
        if opened:
            wait_until(seen.exists)
        else:
            time.sleep(1)  # nothing is to come
        process.terminate()
    os.close(terminal)
    assert (seen.read_text().strip() if seen.exists() else "") == (address if opened else "")


def test_only_this_machine_is_answered_unless_told_otherwise() -> None:
    with served() as server:
        assert server.url.startswith("http://127.0.0.1:")
        assert "warning" not in server.said
    with served("--host", "0.0.0.0") as open_to_all:
        warning = "checker: warning: whoever reaches 0.0.0.0 can read the documents of the roots"
        assert open_to_all.said.startswith(warning)
        assert open_to_all.ask("api/documents").status == 200
        assert open_to_all.ask("api/documents", Host="evil.example").status == 403
    with served("--host", "localhost") as named:
        assert "warning" not in named.said
