"""One process that keeps what it has read, and answers one question at a time.

The urgent questions come first. A question that began is answered to its end, also where nobody
waits any more: what the process reads for it, it knows for the next one.
"""

from __future__ import annotations

import asyncio
import heapq
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from checker.workers.pool import tracked
from checker.workers.processes import Process, WorkerEnded, end, exchange, start

Argument = Callable[[dict[Any, Any]], Any]


@dataclass(slots=True)
class Keeper:
    """A process that runs `module`, which calls `answer_questions`, from the first question on.

    Attributes:
        module: The module.
        name: The name of the process in lists of processes.
        seconds: The time limit of a question, after which the process ends.
    """

    module: str
    name: str
    seconds: float
    _process: Process | None = None
    _known: dict[Any, Any] = field(default_factory=dict)
    _busy: bool = False
    _waiting: list[tuple[bool, int, asyncio.Future[None]]] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)
    _questions: set[asyncio.Task[Any]] = field(default_factory=set)

    async def ask(self, task: str, argument: Argument, *, urgent: bool) -> Any:
        """Return the answer of the module's `task`.

        A process that ended is started anew and asked again, once.

        Args:
            task: The name of the task.
            argument: Called when the turn of the question comes, with a dictionary in which the
                caller notes what this process knows; returns the argument.
            urgent: Whether the question comes before those that are not.

        Raises:
            TimeoutError: No answer came in time.
            WorkerEnded: The process ended twice without an answer.
        """
        turn = self._turn(urgent=urgent)
        working = tracked(self._in_turn(turn, task, argument), self._questions)
        try:
            return await asyncio.shield(working)
        except asyncio.CancelledError:
            if turn.cancel():  # it has not begun
                working.cancel()
            raise

    async def warm(self) -> None:
        """Start the process before the first question."""
        await self._turn(urgent=True)
        try:
            self._process = self._process or await start(self.module, self.name)
        finally:
            self._busy = False
            self._next()

    def _turn(self, *, urgent: bool) -> asyncio.Future[None]:
        """Return what is done when a turn begins."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (not urgent, next(self._numbers), turn))
        self._next()
        return turn

    def _next(self) -> None:
        while self._waiting and not self._busy:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                self._busy = True
                turn.set_result(None)

    async def _in_turn(self, turn: asyncio.Future[None], task: str, argument: Argument) -> Any:
        await turn
        try:
            if self._process:
                try:
                    return await self._answer(self._process, task, argument)
                except WorkerEnded:  # an earlier question may have brought it to its end
                    pass
            self._process = await start(self.module, self.name)
            return await self._answer(self._process, task, argument)
        finally:
            self._busy = False
            self._next()

    async def _answer(self, process: Process, task: str, argument: Argument) -> Any:
        question = {"task": task, "argument": argument(self._known)}
        try:
            async with asyncio.timeout(self.seconds):
                return await exchange(process, json.dumps(question).encode() + b"\n")
        except BaseException:
            self._process, self._known = None, {}
            await asyncio.shield(end(process))
            raise

    async def end(self) -> None:
        """End the process, and wait until it has ended."""
        for question in self._questions:
            question.cancel()
        await asyncio.gather(*self._questions, return_exceptions=True)
        if self._process:
            await end(self._process)
            self._process = None
