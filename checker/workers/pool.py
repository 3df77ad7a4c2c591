"""The side of a server: so many workers at once, each for so long, ended where nobody waits.

Nothing of the working directory is executed: `-P` keeps it off the path of a worker, which imports
from where this process does. A worker has the same working directory, by which files are named.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

_LONGEST = 1 << 26  # bytes of an answer
_PATIENCE = 2  # seconds in which a worker ends by itself

T = TypeVar("T")
Process = asyncio.subprocess.Process


class QueueFull(Exception):
    """A question that can't even wait: too many do."""


class WorkerEnded(Exception):
    """A worker that ended without an answer, or whose answer is longer than any should be."""


@dataclass(slots=True)
class WorkerPool:
    """Up to `most` processes that run `module`, which calls `answer_questions`.

    `name` is shown in a list of processes. A question has `seconds`, if there is a limit; up to
    `waiting` of them may wait for each process, if there is a limit. With `reuse`, a process that
    has answered waits for the next question, otherwise it ends.
    """

    module: str
    name: str
    most: int
    seconds: float | None = None
    waiting: int | None = None
    reuse: bool = False
    _idle: list[Process] = field(default_factory=list)
    _asked: set[asyncio.Task[Any]] = field(default_factory=set)
    _ending: set[asyncio.Task[None]] = field(default_factory=set)
    _turn: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._turn = asyncio.Semaphore(self.most)

    async def ask(self, task: str, argument: object) -> Any:
        """Return the answer of the module's `task` to an argument, both JSON.

        TimeoutError where none comes in time, WorkerEnded where its process ends without one,
        QueueFull where too many wait. Where this is cancelled, the process ends.
        """
        if self.waiting is not None and len(self._asked) >= self.most * (1 + self.waiting):
            raise QueueFull
        question = json.dumps({"task": task, "argument": argument}).encode() + b"\n"
        return await _kept(self._in_turn(question), self._asked)

    async def _in_turn(self, question: bytes) -> Any:
        async with self._turn:
            if self._idle:
                with suppress(WorkerEnded):  # perhaps before it was asked: a fresh one is asked
                    return await self._answer(self._idle.pop(), question)
            return await self._answer(await self._start(), question)

    async def _answer(self, process: Process, question: bytes) -> Any:
        try:
            async with asyncio.timeout(self.seconds):
                answer = await _exchange(process, question)
        except BaseException:
            await self._ended(process)
            raise
        if self.reuse:
            self._idle.append(process)
        else:
            await self._ended(process)
        return answer

    async def _start(self) -> Process:
        pipe = asyncio.subprocess.PIPE
        starting = asyncio.ensure_future(
            asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", self.module, self.name),
                stdin=pipe,
                stdout=pipe,
                limit=_LONGEST,
                env={**os.environ, "PYTHONPATH": _import_path()},
                start_new_session=True,  # Ctrl+C is for the server, which ends its workers
            )
        )
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:  # what is half started could not be ended
            await self._ended(await starting)
            raise
        except OSError as error:
            raise WorkerEnded from error

    async def _ended(self, process: Process) -> None:
        """Wait for a process to end, which goes on where this is cancelled."""
        await asyncio.shield(_kept(_end(process), self._ending))

    async def warm(self) -> None:
        """Start one process before it is asked anything."""
        self._idle.append(await self._start())

    async def end(self) -> None:
        """End all processes, and wait until they have."""
        for each in self._asked:
            each.cancel()
        await asyncio.gather(*self._asked, return_exceptions=True)
        idle, self._idle = self._idle, []
        await asyncio.gather(*map(_end, idle), *self._ending)


def _import_path() -> str:
    """Return where this process imports from, in the same order, for `PYTHONPATH`."""
    folders = map(os.path.abspath, sys.path)
    return os.pathsep.join(each for each in folders if os.pathsep not in each)


def _kept(work: Coroutine[Any, Any, T], tasks: set[asyncio.Task[T]]) -> asyncio.Task[T]:
    """Return the work as a task, which is one of `tasks` until it is done."""
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task


async def _exchange(process: Process, question: bytes) -> Any:
    assert process.stdin and process.stdout
    try:
        process.stdin.write(question)
        await process.stdin.drain()
        return json.loads(await process.stdout.readline())
    except (OSError, ValueError):
        raise WorkerEnded from None


async def _end(process: Process) -> None:
    """End a process, which ends by itself where its input does; its output is read to the end.

    To kill one that is ending can take its status from who waits for it, so that comes last.
    """
    assert process.stdin and process.stdout
    process.stdin.close()
    ended = asyncio.gather(process.stdout.read(), process.wait())
    try:
        await asyncio.wait_for(asyncio.shield(ended), _PATIENCE)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await ended
