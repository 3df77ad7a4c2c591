"""Processes of workers: one is started, asked and ended.

Nothing in the working directory is executed: `-P` keeps it off a worker's import path, which is
that of this process. The working directory itself is the same, since questions name files in it.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import suppress
from typing import Any

_MOST_BYTES = 1 << 26  # of an answer
_GRACE_SECONDS = 2  # in which a worker may end by itself

Process = asyncio.subprocess.Process


class WorkerEnded(Exception):
    """A worker that ended without an answer, or whose answer is too long."""


async def start(module: str, name: str) -> Process:
    """Start a process that runs a module, and return it.

    Raises:
        WorkerEnded: The system starts no process.
    """
    pipe = asyncio.subprocess.PIPE
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", module, name),
            stdin=pipe,
            stdout=pipe,
            limit=_MOST_BYTES,
            env={**os.environ, "PYTHONPATH": _import_path()},
            start_new_session=True,  # Ctrl+C is for the server, which ends its workers
        )
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:  # a process can be ended only once it has started
        await end(await starting)
        raise
    except OSError as error:
        raise WorkerEnded from error


async def exchange(process: Process, question: bytes) -> Any:
    """Return the answer to a question, a line of JSON.

    Raises:
        WorkerEnded: There is none.
    """
    assert process.stdin and process.stdout
    try:
        process.stdin.write(question)
        await process.stdin.drain()
        return json.loads(await process.stdout.readline())
    except (OSError, ValueError):
        raise WorkerEnded from None


async def end(process: Process) -> None:
    """End a process by closing its input, and read its output to the end.

    It is killed only after a grace period: killing a process that is ending can lose its status.
    """
    assert process.stdin and process.stdout
    process.stdin.close()
    ended = asyncio.gather(process.stdout.read(), process.wait())
    try:
        await asyncio.wait_for(asyncio.shield(ended), _GRACE_SECONDS)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await ended


def _import_path() -> str:
    """Return the import path of this process, in the same order, for `PYTHONPATH`."""
    folders = map(os.path.abspath, sys.path)
    return os.pathsep.join(folder for folder in folders if os.pathsep not in folder)
