"""Processes that read the open files: one for all, and one of its own for each slow file.

The server itself reads nothing, so that it answers at once whatever the texts are. A file is slow
where its text is large, or a question about it needs much processor time, which does not depend on
what else the machine does. Then it gets a process of its own, and disturbs no other file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checker.workers.keeper import Keeper
from checker.workers.pool import tracked
from checker.workers.processes import WorkerEnded

LARGE = 100_000  # characters of a text; a file with more is slow
PROCESSOR_SECONDS = 0.3  # what a question about a file may need before the file is slow
MOMENT = 0.1  # seconds that who asks about a slow file waits
SECONDS = 60  # the time limit of a question about a slow file
_MOST_SLOW = 4  # files that have a process of their own

State = Callable[[dict[Any, Any]], dict[str, Any]]


def _keeper() -> Keeper:
    return Keeper("checker.lsp.reader", "read", SECONDS)


@dataclass(slots=True)
class Readers:
    """The processes that read the open files of one editor.

    Attributes:
        size: Returns how many characters the text of a file has.
        state: Returns what has changed since a process was asked last; it notes in the dictionary
            of that process what it knows then.
    """

    size: Callable[[Path], int]
    state: State
    _shared: Keeper = field(default_factory=_keeper)
    _own: dict[Path, Keeper] = field(default_factory=dict)
    _needs_time: set[Path] = field(default_factory=set)
    _late: dict[Path, tuple[Any, asyncio.Task[Any]]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    def start(self) -> None:
        """Start the first process, before it is asked."""
        tracked(self._shared.warm(), self._tasks)

    def slow(self, path: Path) -> bool:
        """Return whether a file is to have a process of its own."""
        return path in self._needs_time or self.size(path) > LARGE

    async def ask(
        self, path: Path, task: str, argument: dict[str, Any], *, urgent: bool = False
    ) -> Any:
        """Return the answer of a reader's task about a file, None where it came to no end."""
        try:
            answer = await self._ask_shared(path, task, argument, urgent=urgent)
            if "late" not in answer:
                return answer
            return await self._ask(self._keeper_of(path), task, argument, None, urgent=urgent)
        except (TimeoutError, WorkerEnded):
            return None

    async def ask_for_a_moment(self, path: Path, task: str, argument: dict[str, Any]) -> Any:
        """Return the answer of a reader's task about a file, None where it is not there at once.

        An answer that comes late is kept for who asks the same next.
        """
        try:
            answer = await self._ask_shared(path, task, argument, urgent=True)
        except (TimeoutError, WorkerEnded):
            return None
        if "late" not in answer:
            return answer
        self._keeper_of(path)
        known, answering = self._late.pop(path, (None, None))
        if answering is None or known != argument:
            if answering:
                answering.cancel()
            answering = tracked(self.ask(path, task, argument, urgent=True), self._tasks)
        done, _ = await asyncio.wait({answering}, timeout=MOMENT)
        if done:
            return answering.result()
        self._late[path] = argument, answering
        return None

    async def _ask_shared(
        self, path: Path, task: str, argument: dict[str, Any], *, urgent: bool
    ) -> Any:
        """Return the answer of the shared process; `late` where it is not for a slow file."""
        if self.slow(path):
            return {"late": True}
        self.forget(path)  # its text was large, and is not any more
        shared, seconds = self._shared, PROCESSOR_SECONDS
        answer = await self._ask(shared, task, argument, seconds, urgent=urgent)
        if "late" in answer:
            self._needs_time.add(path)
        return answer

    async def _ask(
        self,
        keeper: Keeper,
        task: str,
        argument: dict[str, Any],
        seconds: float | None,
        *,
        urgent: bool,
    ) -> Any:
        def whole(known: dict[Any, Any]) -> dict[str, Any]:
            return {**argument, "state": self.state(known), "seconds": seconds}

        return await keeper.ask(task, whole, urgent=urgent)

    def _keeper_of(self, path: Path) -> Keeper:
        """Return the process of a slow file; the one that was asked least lately makes room."""
        keeper = self._own.pop(path) if path in self._own else _keeper()
        self._own[path] = keeper
        if len(self._own) > _MOST_SLOW:
            self.forget(next(iter(self._own)))
        return keeper

    def close(self, path: Path) -> None:
        """Forget a file that was closed."""
        self._needs_time.discard(path)
        self.forget(path)

    def forget(self, path: Path) -> None:
        """End the process of a file that has one of its own."""
        _, answering = self._late.pop(path, (None, None))
        if answering:
            answering.cancel()
        keeper = self._own.pop(path, None)
        if keeper:
            tracked(keeper.end(), self._tasks)

    async def end(self) -> None:
        """End all processes, and wait until they have ended."""
        for path in [*self._own]:
            self.forget(path)
        await self._shared.end()
        await asyncio.gather(*self._tasks, return_exceptions=True)
