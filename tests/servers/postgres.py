"""A PostgreSQL server of our own, on a free port of loopback, in a temporary folder."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT
from typing import Any
from urllib.parse import quote

from tests.servers import LOOPBACK, Missing, Process, on_free_port, temporary_folder
from tests.waiting import HANGS

USER, PASSWORD, DATABASE = "auditor", "s3cret, not to be seen", "postgres"
UNPRIVILEGED = "checker-tests"

# What a crash would lose doesn't matter here. The time zone is not UTC, so that what a session
# leaves to the server is seen; locks are not waited for, so that a test can't hang.
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "32MB",
    "max_connections": "20",
    "timezone": "Asia/Shanghai",
    "lock_timeout": "20s",
}


@dataclass
class Postgres:
    """A server that runs: how it is reached, and how it is ended."""

    port: int
    process: Process
    user: str = USER
    password: str = PASSWORD

    def url(self, table: str = "returns", user: str = USER) -> str:
        """Return the source that names one of its tables."""
        return f"postgresql://{user}@{LOOPBACK}:{self.port}/{DATABASE}?table={quote(table)}"

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment variables that let a command in."""
        return {"PGPASSWORD": self.password}

    def connect(self, **parameters: Any) -> Any:
        """Return a psycopg connection as the owner of all; what is done is committed at once."""
        import psycopg

        where = {"host": LOOPBACK, "port": self.port, "dbname": DATABASE}
        who = {"user": self.user, "password": self.password, "autocommit": True}
        return psycopg.connect(**{**where, **who, **parameters})

    def stop(self) -> None:
        """Stop it, as at the end of the tests."""
        self.process.stop()

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self.process.kill()


@contextlib.contextmanager
def started() -> Iterator[Postgres]:
    """Give a new server, with one user and an empty database; stop it at the end.

    Raises `Missing` where there are no binaries.
    """
    folder_of = _binaries()
    user = _unprivileged() if os.geteuid() == 0 else None
    with temporary_folder("postgres") as folder:
        if user:
            shutil.chown(folder, user, user)
        data = folder / "data"
        _initialise(folder_of, data, user)
        options = [f"--{name}={value}" for name, value in SETTINGS.items()]

        def start(port: int) -> Postgres:
            command = [folder_of / "postgres", "-D", data, f"--port={port}", *options]
            process = Process(command, folder / "log", user=user, stop_by=SIGINT)
            server = Postgres(port, process)
            process.wait_until(lambda: _answers(server))
            return server

        server = on_free_port(start)
        try:
            yield server
        finally:
            server.stop()


def _binaries() -> Path:
    """Return the folder of PostgreSQL's server programs."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    by_version = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3])
    )
    if not by_version:
        raise Missing("PostgreSQL", "install `postgresql`, or put its `initdb` on the PATH")
    return by_version[-1].parent


def _unprivileged() -> str:
    """Return a user that is not root, which PostgreSQL refuses to run as; make one if need be."""
    for name in ("postgres", UNPRIVILEGED):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    command = ["useradd", "--system", "--no-create-home", "--user-group", UNPRIVILEGED]
    subprocess.run(command, check=True, capture_output=True)
    return UNPRIVILEGED


def _initialise(binaries: Path, data: Path, user: str | None) -> None:
    """Make the server's data folder, with passwords asked of everyone."""
    secret = data.parent / "password"
    secret.write_text(PASSWORD + "\n", encoding="utf-8")
    secret.chmod(0o644)
    options = ["--auth=scram-sha-256", f"--pwfile={secret}", f"--username={USER}"]
    options += ["--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
    command = [binaries / "initdb", "-D", data, *options]
    making = Process(command, data.parent / "initdb.log", user=user)
    if making.popen.wait(HANGS):
        raise RuntimeError(f"initdb failed:\n{making.log.read_text(encoding='utf-8')}")
    secret.unlink()


def _answers(server: Postgres) -> bool:
    """Return whether the server lets us in."""
    import psycopg

    with contextlib.suppress(psycopg.OperationalError), server.connect():
        return True
    return False
