"""The server's side: a limited number of workers, each with a time limit, ended if nobody waits.

Nothing in the working directory is executed: `-P` keeps it off a worker's import path, which is
that of this process. The working directory itself is the same, since questions name files in it.
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

from checker.workers.turns import QueueFull, Turn, Turns

_MOST_BYTES = 1 << 26  # of an answer
_GRACE_SECONDS = 2  # in which a worker may end by itself

T = TypeVar("T")
Process = asyncio.subprocess.Process


class WorkerEnded(Exception):
    """A worker that ended without an answer, or whose answer is too long."""


@dataclass(slots=True)
class _Signals:
    """What a question waits for: that its turn begins, and then that it gives way."""

    begin: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    give_way: asyncio.Event = field(default_factory=asyncio.Event)


class _GaveWay(Exception):
    """A question whose slice is over while others wait."""


@dataclass(slots=True)
class WorkerPool:
    """Up to `most` processes that run `module`, which calls `answer_questions`.

    Clients take turns, as `turns.py` says; one process more runs where all are at long questions.

    Attributes:
        module: The module that a process runs.
        name: The name of the pool in lists of processes.
        most: How many processes run at once.
        seconds: The time limit of a question, None for no limit.
        waiting: How many questions may wait for each process, None for no limit.
        reuse: Whether a process that has answered waits for the next question, or ends.
    """

    module: str
    name: str
    most: int
    seconds: float | None = None
    waiting: int | None = None
    reuse: bool = False
    _idle: list[Process] = field(default_factory=list)
    _questions: set[asyncio.Task[Any]] = field(default_factory=set)
    _ending: set[asyncio.Task[None]] = field(default_factory=set)
    _signals: dict[Turn, _Signals] = field(default_factory=dict)
    _turns: Turns = field(init=False)

    def __post_init__(self) -> None:
        limit = None if self.waiting is None else self.most * self.waiting
        self._turns = Turns(self.most, limit)

    async def ask(self, task: str, argument: object, client: str = "") -> Any:
        """Return the answer of the module's `task` to an argument, both JSON.

        Cancelling this ends the process.

        Args:
            task: The name of the task.
            argument: Its argument.
            client: Who asks; clients take turns.

        Raises:
            TimeoutError: No answer came in time.
            WorkerEnded: The process ended without an answer.
            QueueFull: Too many questions wait, and this client has the most of them.
        """
        question = json.dumps({"task": task, "argument": argument}).encode() + b"\n"
        return await _tracked(self._in_turn(Turn(client), question), self._questions)

    async def _in_turn(self, turn: Turn, question: bytes) -> Any:
        turned_away = self._turns.add(turn)
        if turned_away and not self._signals[turned_away].begin.done():
            self._signals[turned_away].begin.set_exception(QueueFull())
        self._signals[turn] = _Signals()
        try:
            while True:
                self._schedule()
                await self._signals[turn].begin
                try:
                    return await self._run(turn, question)
                except _GaveWay:
                    self._signals[turn] = _Signals()
                    self._turns.again(turn)
        finally:
            self._turns.end(turn)
            del self._signals[turn]
            self._schedule()

    def _schedule(self) -> None:
        """Begin the turns that may begin; for the others, running questions give way."""
        while turn := self._turns.start():
            if not self._signals[turn].begin.done():  # it may have been cancelled just now
                self._signals[turn].begin.set_result(None)
        for turn in self._turns.giving_way():
            self._signals[turn].give_way.set()

    async def _run(self, turn: Turn, question: bytes) -> Any:
        def spent() -> None:
            turn.spent = True
            self._schedule()

        timer = asyncio.get_running_loop().call_later(turn.slice, spent)
        try:
            if self._idle:
                with suppress(WorkerEnded):  # it may have ended while idle: then ask a new one
                    return await self._answer(self._idle.pop(), turn, question)
            return await self._answer(await self._start(), turn, question)
        finally:
            timer.cancel()

    async def _answer(self, process: Process, turn: Turn, question: bytes) -> Any:
        exchange = asyncio.create_task(_exchange(process, question))
        exchange.add_done_callback(_retrieve)
        gives_way = asyncio.create_task(self._signals[turn].give_way.wait())
        try:
            first = asyncio.FIRST_COMPLETED
            await asyncio.wait({exchange, gives_way}, timeout=self.seconds, return_when=first)
            if not exchange.done():
                raise _GaveWay if gives_way.done() else TimeoutError
            answer = exchange.result()
        except BaseException:
            exchange.cancel()
            await self._end(process)
            raise
        finally:
            gives_way.cancel()
        if self.reuse:
            self._idle.append(process)
        else:
            await self._end(process)
        return answer

    async def _start(self) -> Process:
        pipe = asyncio.subprocess.PIPE
        starting = asyncio.ensure_future(
            asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", self.module, self.name),
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
            await self._end(await starting)
            raise
        except OSError as error:
            raise WorkerEnded from error

    async def _end(self, process: Process) -> None:
        """End a process and wait for that; the ending goes on where this is cancelled."""
        await asyncio.shield(_tracked(_end_process(process), self._ending))

    async def warm(self) -> None:
        """Start one process before the first question."""
        self._idle.append(await self._start())

    async def end(self) -> None:
        """End all processes, and wait until they have."""
        for question in self._questions:
            question.cancel()
        await asyncio.gather(*self._questions, return_exceptions=True)
        idle, self._idle = self._idle, []
        await asyncio.gather(*map(_end_process, idle), *self._ending)


def _import_path() -> str:
    """Return the import path of this process, in the same order, for `PYTHONPATH`."""
    folders = map(os.path.abspath, sys.path)
    return os.pathsep.join(folder for folder in folders if os.pathsep not in folder)


def _tracked(work: Coroutine[Any, Any, T], tasks: set[asyncio.Task[T]]) -> asyncio.Task[T]:
    """Return the work as a task that is in `tasks` until it is done."""
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task


def _retrieve(task: asyncio.Task[Any]) -> None:
    """Retrieve the exception of a task, which otherwise is logged where nobody awaits the task."""
    if not task.cancelled():
        task.exception()


async def _exchange(process: Process, question: bytes) -> Any:
    assert process.stdin and process.stdout
    try:
        process.stdin.write(question)
        await process.stdin.drain()
        return json.loads(await process.stdout.readline())
    except (OSError, ValueError):
        raise WorkerEnded from None


async def _end_process(process: Process) -> None:
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
