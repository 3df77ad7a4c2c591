"""Pipes, devices and sockets in place of files: an error that names the file, and never a hang."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.commands import checker
from tests.lsp.shop import lay_out

POLICY = ("--policy", "market/rules")
COMMANDS = {
    "decide": (("decide", *POLICY), (".jsonl", ".csv", ".parquet")),
    "verify": (("verify",), (".json",)),
    "import": (("import", "schema.org", "--policy", "kuaishou/flash-purchase"), (".json", ".html")),
    "audit returns": (("audit", "returns", *POLICY), (".csv", ".jsonl", ".parquet", ".csv.gz")),
    "audit settings": (("audit", "settings", *POLICY), (".csv", ".jsonl")),
    "validate": (("validate",), (".yaml",)),
    "repair": (("repair",), (".yaml",)),
    "explain": (("explain",), (".yaml",)),
    "fmt": (("fmt", "--check"), (".yaml",)),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = lay_out(tmp_path / "project")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("name", COMMANDS)
def test_a_pipe_or_device_in_place_of_a_file_is_an_error(project: Path, name: str) -> None:
    command, suffixes = COMMANDS[name]
    for suffix in suffixes:
        pipe, device = project / f"pipe{suffix}", project / f"device{suffix}"
        os.mkfifo(pipe)
        device.symlink_to("/dev/zero")
        for path in (pipe, device):
            result = checker(*command, path)
            assert result.status in (1, 2)
            assert f"{path}: " in result.out + result.err
            assert "it is no regular file" in result.out + result.err


@pytest.mark.parametrize("command", ["check", "validate", "prove", "fmt"])
def test_in_a_folder_each_is_named_and_the_others_go_on(project: Path, command: str) -> None:
    folder = project / "policy"
    os.mkfifo(folder / "pipe.yaml")
    (folder / "device.yaml").symlink_to("/dev/zero")
    (folder / "loop.yaml").symlink_to(folder / "loop.yaml")
    (folder / "again").symlink_to(folder)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("policy/socket.yaml")
    result = checker(command, *(["--check", "policy"] if command == "fmt" else []))
    assert result.status == 1
    for name in ("pipe", "device", "loop", "socket"):
        assert f"policy/{name}.yaml: error: can't be read: " in result.out + result.err
    unchanged = {"check": "8 documents, 2 tests", "fmt": "facts.yaml", "prove": "shop@1.0.0: holds"}
    assert unchanged.get(command, "") in result.out
