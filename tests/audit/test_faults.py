"""What can go wrong around an audit: status 2, one clear message, and nothing written in part."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from checker.audit.returns.sql_table import SqlTable
from tests.audit.returns_documents import write_documents
from tests.commands import Result, checker

ROW = {"id": "1", "seller": "a", "response": "accepted", "used": "false", "opened": "false",
       "requested_at": "2024-09-05T10:00:00+08:00"}  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "policy"
    folder.mkdir()
    return write_documents(folder)


def audit(source: object, root: Path, *more: object) -> tuple[Result, Path]:
    out = root.parent / "out"
    options = ["--policy", "platform", "--root", root, "--as-of", "2024-10-01", "--out", out]
    return checker("audit", "returns", source, *options, *more), out


def refused(value: tuple[Result, Path], *words: str) -> str:
    """Check that the audit was refused in one line, and that nothing is left of it."""
    result, out = value
    assert result.status == 2, result
    assert result.out == ""
    lines = [line for line in result.err.splitlines() if line.startswith("checker: ")]
    assert len(lines) == 1 and "Traceback" not in result.err
    for word in words:
        assert word in lines[0]
    assert not out.exists()
    assert not [*out.parent.glob(".out.*")]
    return lines[0]


def table(folder: Path, rows: int = 3, **other: Any) -> Path:
    """Write a table of returns; `other` are columns in place of what they are usually."""
    folder.mkdir(exist_ok=True)
    path = folder / "returns.parquet"
    columns = {**{name: [value] * rows for name, value in ROW.items()}, **other}
    pl.DataFrame(columns).write_parquet(path)
    return path


def damaged(path: Path) -> None:
    """Overwrite the pages of a Parquet file; its footer stays."""
    content = bytearray(path.read_bytes())
    content[4:120] = b"\xff" * 116
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:200])


@pytest.mark.parametrize("harm", [damaged, cut])
def test_one_unreadable_file_among_a_thousand_is_named(
    harm: Callable[[Path], None], root: Path, tmp_path: Path
) -> None:
    content = table(tmp_path / "one").read_bytes()
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(1000):
        (folder / f"{number:04}.parquet").write_bytes(content)
    harm(folder / "0617.parquet")
    refused(audit(folder, root), "0617.parquet", "can't be read")


def test_a_column_of_the_wrong_type_is_named(root: Path, tmp_path: Path) -> None:
    path = table(tmp_path / "data", kind_of=[True, False, None])
    refused(audit(path, root), "`kind_of`", "boolean", "--columns")


def test_a_table_that_changes_its_columns_is_named(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = table(folder)
    first.rename(folder / "2024-09.parquet")
    pl.read_parquet(folder / "2024-09.parquet").drop("used").write_parquet(
        folder / "2024-10.parquet"
    )
    refused(audit(folder, root), "2024-10.parquet", "lacks the columns `used`")


def test_an_unknown_column_has_a_hint(root: Path, tmp_path: Path) -> None:
    path = table(tmp_path / "data", opend=["true"] * 3)
    refused(audit(path, root), "`opend`", "did you mean `opened`?")


def test_a_full_disk_leaves_nothing(root: Path, tmp_path: Path) -> None:
    path = table(tmp_path / "data", rows=200_000)
    rows = {"id": [str(n) for n in range(200_000)], "response": ["rejected"] * 200_000}
    path = table(tmp_path / "data", rows=200_000, **rows)
    out = tmp_path / "out"
    arguments = ["audit", "returns", path, "--policy", "platform", "--root", root, "--out", out]

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    command = [sys.executable, "-m", "checker", *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, preexec_fn=limit)
    assert done.returncode == 2
    assert "can't be written" in done.stderr and "Traceback" not in done.stderr
    assert not out.exists() and not [*tmp_path.glob(".out.*")]


def test_an_interrupted_run_leaves_nothing_and_can_be_started_again(
    root: Path, tmp_path: Path, interruptible: None
) -> None:
    path = table(tmp_path / "data", rows=3_000_000)
    out = tmp_path / "out"
    arguments = ["audit", "returns", path, "--policy", "platform", "--root", root, "--out", out]
    command = [sys.executable, "-m", "checker", *map(str, arguments)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not [*tmp_path.glob(".out.*")] and running.poll() is None:
        time.sleep(0.01)
    os.kill(running.pid, signal.SIGINT)
    running.communicate()
    assert running.returncode in (130, 0)
    assert out.exists() is (running.returncode == 0)
    assert not [*tmp_path.glob(".out.*")]
    result, out = audit(path, root)
    assert result.status in (0, 1) and (out / "summary.json").exists()


# --- databases ---


def filled(server: Any) -> str:
    columns = ", ".join(f"{name} text" for name in ROW)
    with server.connect() as database:
        database.execute("DROP TABLE IF EXISTS faulty")
        database.execute(f"CREATE TABLE faulty ({columns})")
        values = ", ".join(f"'{value}'" for value in ROW.values())
        database.execute(f"INSERT INTO faulty VALUES ({values})")
    return str(server.url("faulty"))


def test_a_wrong_password_is_said_and_not_shown(
    postgres: Any, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "a-wrong-one")
    message = refused(audit(filled(postgres), root), "password")
    assert "a-wrong-one" not in message


def test_a_database_that_is_audited_gives_results(
    postgres: Any, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", postgres.password)
    result, out = audit(filled(postgres), root)
    assert result.status == 0, result
    assert (out / "report.html").exists()
    for file in out.iterdir():
        assert postgres.password.encode() not in file.read_bytes()


@pytest.mark.parametrize("harm", ["kill", "terminate"])
def test_a_lost_server_is_said(
    harm: str, own_postgres: Any, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", own_postgres.password)
    url, judge = filled(own_postgres), SqlTable.judge

    def lost(self: SqlTable, *arguments: Any) -> Any:
        if harm == "kill":
            own_postgres.kill()
        else:
            with own_postgres.connect() as database:
                database.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
                )
        return judge(self, *arguments)

    monkeypatch.setattr(SqlTable, "judge", lost)
    refused(audit(url, root), "127.0.0.1")


def test_a_table_that_is_not_there_is_named(
    postgres: Any, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", postgres.password)
    refused(audit(postgres.url("nothing_here"), root), "nothing_here")
