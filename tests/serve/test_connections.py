"""Connections of others: idle ones are closed, and none keeps the server from answering."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from checker.serve import connections
from checker.serve.connections import MOST_CONNECTIONS, BoundedConnection
from tests.serve.server import SELLER, Server
from tests.waiting import HANGS

BEGINNINGS = {
    "nothing": b"",
    "half of a header": b"GET / HTTP/1.1\r\nHost: 127",
    "half of a body": (
        b"POST /api/prove HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Content-Length: 100\r\n\r\n{"
    ),
}


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_160_idle_connections_do_not_stop_the_server(server: Server, beginning: bytes) -> None:
    address = urlsplit(server.url)
    opened = [socket.create_connection((address.hostname, address.port)) for _ in range(160)]
    try:
        for connection in opened:
            with suppress(ConnectionError):  # it was closed already
                connection.sendall(beginning)
        answer = server.ask("api/decide", {"override": SELLER, "facts": {}})
        assert answer.status == 200
        closed = opened[: 160 - MOST_CONNECTIONS]
        assert [*map(is_closed, closed)] == [True] * len(closed)
    finally:
        for connection in opened:
            connection.close()


def is_closed(connection: socket.socket) -> bool:
    connection.settimeout(HANGS)
    try:
        return connection.recv(1) == b""  # a server that waits for the client sends nothing
    except ConnectionError:
        return True


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_a_request_that_does_not_arrive_is_given_up(
    monkeypatch: pytest.MonkeyPatch, beginning: bytes
) -> None:
    monkeypatch.setattr(connections, "IDLE_SECONDS", 0.1)

    async def read(request: Request) -> PlainTextResponse:
        return PlainTextResponse(await request.body())

    app = Starlette(routes=[Route("/{path:path}", read, methods=["GET", "POST"])])
    config = uvicorn.Config(app, http=BoundedConnection, log_level="critical", ws="none")
    running = uvicorn.Server(config)

    async def run() -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            serving = asyncio.create_task(running.serve(sockets=[listening]))
            reader, writer = await asyncio.open_connection(*listening.getsockname())
            writer.write(beginning)
            async with asyncio.timeout(HANGS):
                with suppress(ConnectionError):
                    assert await reader.read() == b""
            writer.close()
            running.should_exit = True
            await serving

    asyncio.run(run())
