"""What goes on behind the typing: proofs and searches, in processes that a change ends."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checker.lsp.index.workspace import Workspace
from checker.workers.pool import WorkerEnded, WorkerPool

# how many questions of each kind are worked on at once: an editor needs the machine, too
_AT_ONCE = {"check": 1, "limits": 4, "repair": 4}


def _pools() -> dict[str, WorkerPool]:
    return {task: WorkerPool("checker.lsp.worker", task, most) for task, most in _AT_ONCE.items()}


@dataclass(slots=True)
class Background:
    """The processes of one editor, one for each question."""

    _pools: dict[str, WorkerPool] = field(default_factory=_pools)

    async def ask(self, task: str, path: Path, workspace: Workspace) -> dict[str, Any] | None:
        """Return the answer of the worker's `task` about a file, None where it ended without one.

        Where this is cancelled, the process ends, in the middle of whatever it proves.
        """
        argument = {
            "file": str(path),
            "roots": [str(each) for each in workspace.roots],
            "folders": [str(each) for each in workspace.folders],
            "texts": {str(each): text for each, text in workspace.texts.items()},
        }
        try:
            answer: dict[str, Any] = await self._pools[task].ask(task, argument)
        except WorkerEnded:
            return None
        return answer

    async def end(self) -> None:
        """End all that goes on, and wait until it has."""
        await asyncio.gather(*(pool.end() for pool in self._pools.values()))
