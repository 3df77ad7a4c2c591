"""Proofs and searches in worker processes, which end when the text changes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checker.lsp.index.workspace import Workspace
from checker.workers.pool import WorkerPool
from checker.workers.processes import WorkerEnded

# how many workers of each task run at once: the editor needs the machine, too
_AT_ONCE = {"check": 1, "limits": 4, "repair": 4}
SECONDS = 60  # the time limit of a proof or search


def _pools() -> dict[str, WorkerPool]:
    return {
        task: WorkerPool("checker.lsp.worker", task, most, SECONDS)
        for task, most in _AT_ONCE.items()
    }


@dataclass(slots=True)
class Background:
    """The worker processes of one editor, a process for each question."""

    _pools: dict[str, WorkerPool] = field(default_factory=_pools)

    async def ask(self, task: str, path: Path, workspace: Workspace) -> dict[str, Any] | None:
        """Return the answer of the worker's `task` about a file, None where it ended without one.

        Files take turns. Cancelling this ends the process, also in the middle of a proof.
        """
        argument = {
            "file": str(path),
            "roots": [str(root) for root in workspace.roots],
            "folders": [str(folder) for folder in workspace.folders],
            "texts": {str(opened): text for opened, text in workspace.texts.items()},
        }
        try:
            answer: dict[str, Any] = await self._pools[task].ask(task, argument, str(path))
        except (TimeoutError, WorkerEnded):
            return None
        return answer

    async def end(self) -> None:
        """End all processes, and wait until they have ended."""
        await asyncio.gather(*(pool.end() for pool in self._pools.values()))
