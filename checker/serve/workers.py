"""The processes that answer: so many at once, each for so long, ended where nobody waits."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from checker.serve.asked import Refused

_LONGEST = 1 << 26  # bytes of an answer
_QUEUE = 8  # requests that may wait for each process

Process = asyncio.subprocess.Process


@dataclass(slots=True)
class Workers:
    """Up to `most` processes, which have `seconds` for each question."""

    roots: Sequence[Path]
    most: int
    seconds: float
    _idle: list[Process] = field(default_factory=list)
    _busy: set[Process] = field(default_factory=set)
    _asked: int = 0
    _turn: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._turn = asyncio.Semaphore(self.most)

    async def ask(self, task: str, body: bytes) -> tuple[int, str]:
        """Return the status and the JSON text of the answer; Refused where none comes in time.

        Where this is cancelled, the process that works on it ends.
        """
        if self._asked >= self.most * (1 + _QUEUE):
            raise Refused(429, "too much is asked at once; ask again in a while")
        self._asked += 1
        try:
            async with self._turn:
                return await self._answer(task, body)
        finally:
            self._asked -= 1

    async def _answer(self, task: str, body: bytes) -> tuple[int, str]:
        process = self._idle.pop() if self._idle else await self._start()
        self._busy.add(process)
        try:
            async with asyncio.timeout(self.seconds):
                status, text = await _exchange(process, task, body)
        except TimeoutError:
            _end(process)
            raise Refused(422, f"came to no end within {self.seconds:g} seconds") from None
        except BaseException:
            _end(process)
            raise
        finally:
            self._busy.discard(process)
        self._idle.append(process)
        return status, text

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
            starting.add_done_callback(lambda done: _end(done.result()))
            raise

    async def warm(self) -> None:
        """Start one process before it is asked anything."""
        self._idle.append(await self._start())

    async def end(self) -> None:
        """End all processes, and wait until they have."""
        processes = [*self._idle, *self._busy]
        for each in processes:
            _end(each)
        await asyncio.gather(*(each.wait() for each in processes))


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


def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
