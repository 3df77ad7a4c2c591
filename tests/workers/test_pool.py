"""A pool of processes: nobody waits for somebody else's endless question."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from checker.workers.pool import WorkerPool
from checker.workers.processes import WorkerEnded
from checker.workers.turns import QueueFull
from tests.waiting import HANGS


@asynccontextmanager
async def pool(
    most: int = 1, seconds: float = HANGS, waiting: int | None = None, *, reuse: bool = True
) -> AsyncIterator[WorkerPool]:
    made = WorkerPool("tests.workers.tasks", "tested", most, seconds, waiting, reuse)
    try:
        yield made
    finally:
        await made.end()


@pytest.mark.parametrize(("most", "reuse"), [(1, True), (2, False)])
def test_eight_endless_questions_keep_no_other_waiting(most: int, reuse: bool) -> None:
    async def run() -> None:
        async with pool(most, reuse=reuse) as made:
            asked = [asyncio.create_task(made.ask("endless", 0, "A")) for _ in range(8)]
            await asyncio.sleep(0)
            for number in range(3):
                assert await made.ask("echo", number, "B") == number
            assert not any(each.done() for each in asked)

    asyncio.run(run())


def test_who_gave_way_comes_to_an_end() -> None:
    async def run() -> None:
        async with pool(seconds=1.2) as made:
            asked = [asyncio.create_task(made.ask("endless", 0, client)) for client in "AB"]
            ended = await asyncio.gather(*asked, return_exceptions=True)
            assert [type(error) for error in ended] == [TimeoutError, TimeoutError]
            assert await made.ask("echo", 1) == 1

    asyncio.run(run())


def test_a_greedy_client_does_not_fill_the_queue() -> None:
    async def run() -> None:
        async with pool(waiting=8) as made:
            asked = [asyncio.create_task(made.ask("endless", 0, "A")) for _ in range(20)]
            await asyncio.wait(asked, return_when=asyncio.FIRST_EXCEPTION)
            full = [each.exception() for each in asked if each.done()]
            assert {*map(type, full)} == {QueueFull}
            assert await made.ask("echo", 1, "B") == 1

    asyncio.run(run())


def test_a_question_that_needs_too_much_memory_ends_its_process_alone() -> None:
    async def run() -> None:
        async with pool() as made:
            assert await made.ask("echo", 1) == 1
            with pytest.raises(WorkerEnded):
                await made.ask("large", 4)
            assert await made.ask("echo", 2) == 2

    asyncio.run(run())


def test_a_question_that_is_cancelled_before_its_turn_leaves_no_trace() -> None:
    async def run() -> None:
        async with pool() as made:
            endless = asyncio.create_task(made.ask("endless", 0))
            await asyncio.sleep(0)
            for turns in range(3):
                waits = asyncio.create_task(made.ask("endless", 0))
                for _ in range(turns):
                    await asyncio.sleep(0)
                waits.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await waits
            endless.cancel()
            assert await made.ask("echo", 1) == 1
            with pytest.raises(asyncio.CancelledError):
                await endless
            assert made._turns.waiting == made._turns.running == []

    asyncio.run(run())
