"""The processes that answer: so many at once, each for so long, ended where nobody waits."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from checker.serve.request import Refused

_LONGEST = 1 << 26  # bytes of an answer
_QUEUE = 8  # requests that may wait for each process

T = TypeVar("T")
Process = asyncio.subprocess.Process


@dataclass(slots=True)
class Workers:
    """Up to `most` processes, which have `seconds` for each question."""

    roots: Sequence[Path]
    most: int
    seconds: float
    _idle: list[Process] = field(default_factory=list)
    _asked: set[asyncio.Task[tuple[int, str]]] = field(default_factory=set)
    _ending: set[asyncio.Task[Any]] = field(default_factory=set)
    _turn: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._turn = asyncio.Semaphore(self.most)

    async def ask(self, task: str, body: bytes) -> tuple[int, str]:
        """Return the status and the JSON text of the answer; Refused where none comes in time.

        Where this is cancelled, the process that works on it ends.
        """
        if len(self._asked) >= self.most * (1 + _QUEUE):
            raise Refused(429, "too much is asked at once; ask again in a while")
        return await _kept(self._in_turn(task, body), self._asked)

    async def _in_turn(self, task: str, body: bytes) -> tuple[int, str]:
        async with self._turn:
            process = self._idle.pop() if self._idle else await self._start()
            try:
                async with asyncio.timeout(self.seconds):
                    answer = await _exchange(process, task, body)
            except TimeoutError:
                self._give_up(process)
                raise Refused(422, f"came to no end within {self.seconds:g} seconds") from None
            except BaseException:
                self._give_up(process)
                raise
            self._idle.append(process)
            return answer

    async def _start(self) -> Process:
        pipe = asyncio.subprocess.PIPE
        command = [sys.executable, "-m", "checker.serve.worker", *map(str, self.roots)]
        starting = asyncio.ensure_future(
            asyncio.create_subprocess_exec(
                *command, stdin=pipe, stdout=pipe, limit=_LONGEST, start_new_session=True
            )
        )
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:  # what is half started could not be ended
            self._give_up(await starting)
            raise

    def _give_up(self, process: Process) -> None:
        """End a process; its pipe is read to the end, as it closes no sooner."""
        with suppress(ProcessLookupError):
            process.kill()
        _kept(process.communicate(), self._ending)

    async def warm(self) -> None:
        """Start one process before it is asked anything."""
        self._idle.append(await self._start())

    async def end(self) -> None:
        """End all processes, and wait until they have."""
        for each in self._asked:
            each.cancel()
        await asyncio.gather(*self._asked, return_exceptions=True)
        while self._idle:
            self._give_up(self._idle.pop())
        await asyncio.gather(*self._ending)


def _kept(work: Coroutine[Any, Any, T], tasks: set[asyncio.Task[T]]) -> asyncio.Task[T]:
    """Return the work as a task, which is one of `tasks` until it is done."""
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task


async def _exchange(process: Process, task: str, body: bytes) -> tuple[int, str]:
    assert process.stdin and process.stdout
    question = {"task": task, "body": body.decode("utf-8", errors="surrogateescape")}
    try:
        process.stdin.write(json.dumps(question).encode() + b"\n")
        await process.stdin.drain()
        answer = json.loads(await process.stdout.readline())
    except (OSError, ValueError):  # it has ended, or its answer is longer than any should be
        raise Refused(422, "the question was too much for the process that worked on it") from None
    return answer["status"], answer["body"]
