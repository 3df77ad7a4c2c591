"""The processes that answer: they end where nobody waits, come in time, and are not too many."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from checker.serve.request import ApiError
from checker.serve.worker_pool import RequestWorkers
from tests.conftest import PROJECT
from tests.serve.server import SELLER, Server, served
from tests.waiting import HANGS, wait_until

ROOTS = [PROJECT / "policy"]
PROVE = b'{"policy": "kuaishou/flash-purchase"}'


@asynccontextmanager
async def workers(most: int = 1, seconds: float = HANGS) -> AsyncIterator[RequestWorkers]:
    made = RequestWorkers(ROOTS, "tested", most, seconds)
    try:
        yield made
    finally:
        await made.pool.end()


def test_a_process_ends_where_nobody_waits_and_another_takes_its_place() -> None:
    async def run() -> None:
        async with workers() as made:
            await made.ask("prove", PROVE)
            (idle,) = made.pool._idle
            asking = asyncio.create_task(made.ask("prove", PROVE))
            while made.pool._idle:  # until the process is asked; its answer takes another turn
                await asyncio.sleep(0)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            assert await idle.wait() is not None
            assert (await made.ask("prove", PROVE))[0] == 200

    asyncio.run(run())


def test_an_answer_that_does_not_come_in_time_is_given_up() -> None:
    async def run() -> None:
        async with workers(seconds=0.05) as made:
            with pytest.raises(ApiError, match=r"came to no end within 0\.05 seconds"):
                await made.ask("prove", PROVE)
            assert made.pool._idle == []

    asyncio.run(run())


def test_a_process_that_ended_while_it_was_idle_harms_no_request() -> None:
    async def run() -> None:
        async with workers() as made:
            await made.pool.warm()
            made.pool._idle[0].kill()
            assert (await made.ask("prove", PROVE))[0] == 200
            made.pool._idle[0].kill()
            await made.pool._idle[0].wait()
            assert (await made.ask("prove", PROVE))[0] == 200

    asyncio.run(run())


def test_a_process_that_ends_at_its_request_is_an_answer_too() -> None:
    async def run() -> None:
        async with workers() as made:
            for warm in (False, True):
                if warm:
                    await made.pool.warm()
                with pytest.raises(ApiError, match="too much for the process"):
                    await made.ask("no such task", PROVE)
                assert made.pool._idle == []
            assert (await made.ask("prove", PROVE))[0] == 200

    asyncio.run(run())


def test_more_than_can_be_done_is_turned_away() -> None:
    async def run() -> None:
        async with workers() as made:
            asked = [made.ask("prove", PROVE) for _ in range(12)]
            done = await asyncio.gather(*asked, return_exceptions=True)
            late = [each.status for each in done if isinstance(each, ApiError)]
            assert late == [429, 429, 429]
            assert sum(each[0] == 200 for each in done if isinstance(each, tuple)) == 9
            assert len(made.pool._idle) == 1

    asyncio.run(run())


def test_a_proof_has_its_time_and_decisions_do_not_wait_for_it() -> None:
    with served("--timeout", "0.001") as server:
        answer = server.ask("api/prove", {"override": SELLER})
        assert answer.status == 422
        assert answer.data["detail"] == "came to no end within 0.001 seconds"
        assert server.ask("api/decide", {"override": SELLER, "facts": {}}).status == 200


def test_who_hangs_up_ends_the_proof(server: Server) -> None:
    where = urlsplit(server.url)
    body = json.dumps({"override": SELLER})

    def hang_up() -> None:
        connection = HTTPConnection(where.hostname or "", where.port, timeout=HANGS)
        connection.request("POST", "/api/prove", body, {"content-type": "application/json"})
        time.sleep(0.02)
        connection.close()

    threads = [threading.Thread(target=hang_up) for _ in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    answers: list[int] = []

    def taken() -> bool:
        answers.append(server.ask("api/prove", {"override": SELLER}).status)
        return answers[-1] != 429

    wait_until(taken)
    assert answers[-1] == 200


def test_who_asks_at_once_gets_their_own_answer(server: Server) -> None:
    def asked(case: int) -> tuple[int, str]:
        facts = {"days_since_completion": case}
        answer = server.ask("api/decide", {"override": SELLER, "case": case, "facts": facts})
        return answer.data["case"], answer.data["override"]

    with ThreadPoolExecutor(8) as pool:
        assert [*pool.map(asked, range(1, 41))] == [(case, SELLER) for case in range(1, 41)]


def test_processes_end_with_the_server() -> None:
    with served() as server:
        assert server.ask("api/prove", {"override": SELLER}).status == 200
        children = _children(server.process.pid)
        assert len(children) == 2
    _have_ended(children)


def test_processes_end_where_the_server_was_killed() -> None:
    command = [sys.executable, "-m", "checker", "serve", "--no-open"]
    with subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE) as process:
        assert process.stderr and process.stderr.readline().startswith(b"serving ")
        wait_until(lambda: len(_children(process.pid)) >= 2)
        children = _children(process.pid)
        process.kill()
    _have_ended(children)


def _have_ended(children: list[str]) -> None:
    """Wait until the processes that answer have ended."""
    wait_until(lambda: not any(Path(f"/proc/{each}").exists() for each in children))


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
