"""What goes on behind the typing: a process for each question, ended where none waits for it."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from checker.lsp.index.workspace import Workspace

_LONGEST = 1 << 26  # bytes of an answer
_PATIENCE = 2  # seconds in which a process ends by itself


async def ask(task: str, path: Path, workspace: Workspace) -> dict[str, Any] | None:
    """Return the answer of the worker's `task` about a file, None where it ended without one.

    Where this is cancelled, the process ends, in the middle of whatever it proves.
    """
    request = {
        "file": str(path),
        "roots": [str(each) for each in workspace.roots],
        "folders": [str(each) for each in workspace.folders],
        "texts": {str(each): text for each, text in workspace.texts.items()},
    }
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "checker.lsp.worker", task)
    nowhere = asyncio.subprocess.DEVNULL
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *command, stdin=pipe, stdout=pipe, stderr=nowhere, limit=_LONGEST
        )
    )
    try:
        process = await asyncio.shield(starting)  # what is half started could not be ended
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps(request).encode() + b"\n")
        await process.stdin.drain()
        answer = await process.stdout.read()  # its input stays open, or it would end at once
        return json.loads(answer) if answer else None
    except (OSError, ValueError):
        return None
    finally:
        await _ended(starting)


async def _ended(starting: asyncio.Future[asyncio.subprocess.Process]) -> None:
    """Wait for a process to end, which it does where its input does.

    To kill one that is ending can take its status from who waits for it, so that comes last.
    """
    try:
        process = await starting
    except OSError:
        return
    assert process.stdin
    process.stdin.close()
    try:
        async with asyncio.timeout(_PATIENCE):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
