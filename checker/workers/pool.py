"""The server's side: a limited number of workers, each with a time limit, ended if nobody waits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from checker.workers.processes import Process, WorkerEnded, end, exchange, start
from checker.workers.turns import QueueFull, Turn, Turns

T = TypeVar("T")


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
        return await tracked(self._in_turn(Turn(client), question), self._questions)

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
            return await self._answer(await start(self.module, self.name), turn, question)
        finally:
            timer.cancel()

    async def _answer(self, process: Process, turn: Turn, question: bytes) -> Any:
        answering = asyncio.create_task(exchange(process, question))
        answering.add_done_callback(_retrieve)
        gives_way = asyncio.create_task(self._signals[turn].give_way.wait())
        try:
            first = asyncio.FIRST_COMPLETED
            await asyncio.wait({answering, gives_way}, timeout=self.seconds, return_when=first)
            if not answering.done():
                raise _GaveWay if gives_way.done() else TimeoutError
            answer = answering.result()
        except BaseException:
            answering.cancel()
            await self._end(process)
            raise
        finally:
            gives_way.cancel()
        if self.reuse:
            self._idle.append(process)
        else:
            await self._end(process)
        return answer

    async def _end(self, process: Process) -> None:
        """End a process and wait for that; the ending goes on where this is cancelled."""
        await asyncio.shield(tracked(end(process), self._ending))

    async def warm(self) -> None:
        """Start one process before the first question."""
        self._idle.append(await start(self.module, self.name))

    async def end(self) -> None:
        """End all processes, and wait until they have."""
        for question in self._questions:
            question.cancel()
        await asyncio.gather(*self._questions, return_exceptions=True)
        idle, self._idle = self._idle, []
        await asyncio.gather(*map(end, idle), *self._ending)


def tracked(work: Coroutine[Any, Any, T], tasks: set[asyncio.Task[T]]) -> asyncio.Task[T]:
    """Return the work as a task that is in `tasks` until it is done."""
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    task.add_done_callback(_retrieve)
    return task


def _retrieve(task: asyncio.Task[Any]) -> None:
    """Retrieve the exception of a task, which otherwise is logged where nobody awaits the task."""
    if not task.cancelled():
        task.exception()
