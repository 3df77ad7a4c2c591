"""The application: the page's files, and the API, whose requests the workers answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from checker.report.html_page import part, style
from checker.serve.openapi import description
from checker.serve.request import ApiError
from checker.serve.security import Guard, refusal
from checker.serve.worker_pool import RequestWorkers

LARGEST = 4 << 20  # bytes of a request: two documents as JSON
QUICK = ("documents", "document", "decide", "validate", "form", "setting")
SLOW = ("prove", "limits")  # tasks that may take long have a queue of their own
_QUICK_SECONDS = 10
_PAGE = "checker.serve.page"
_SCRIPTS = (
    *("api.js", "case.js", "decision.js", "state.js", "dom.js", "editors.js"),
    *("page.js", "proof.js", "settings.js", "stops.js", "words.js"),
)
_FILES = {
    "/": ("index.html", "text/html"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
    **{f"/{name}": (name, "text/javascript") for name in _SCRIPTS},
}


def application(roots: Sequence[Path], host: str, *, proofs: int, seconds: float) -> ASGIApp:
    """Return the application for the documents of the roots, bound to `host`.

    Args:
        roots: The folders of the documents.
        host: The host name or address of the server.
        proofs: How many requests of slow tasks are answered at once.
        seconds: The time limit of such a request.
    """
    quick = RequestWorkers(roots, "quick", 1, _QUICK_SECONDS)
    slow = RequestWorkers(roots, "slow", proofs, seconds)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await asyncio.gather(quick.pool.warm(), slow.pool.warm())
        yield
        await asyncio.gather(quick.pool.end(), slow.pool.end())

    workers_of = {**dict.fromkeys(QUICK, quick), **dict.fromkeys(SLOW, slow)}
    routes = [Route(path, _file(*file)) for path, file in _FILES.items()]
    routes.append(Route("/page.css", _text(style(_PAGE), "text/css")))
    routes.append(Route("/api/openapi.json", _text(json.dumps(description()), "application/json")))
    for path, operations in description()["paths"].items():
        for method, operation in operations.items():
            task = operation["operationId"]
            endpoint = _endpoint(task, workers_of[task], read=_BODIES[method])
            routes.append(Route(path, endpoint, methods=[method.upper()]))
    handlers: Any = {HTTPException: _http_error, ApiError: _api_error}
    return Guard(Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers), host)


def _file(name: str, kind: str) -> Any:
    return _text(part(_PAGE, name), kind)


def _text(text: str, kind: str) -> Any:
    async def endpoint(_: Request) -> Response:
        return Response(text, media_type=kind)

    return endpoint


def _endpoint(task: str, workers: RequestWorkers, *, read: Any) -> Any:
    async def endpoint(request: Request) -> Response:
        body = await read(request)
        client = request.client.host if request.client else ""
        answer = await _while_connected(request, workers.ask(task, body, client))
        if answer is None:
            return Response(status_code=499)  # the client has gone
        status, text = answer
        kind = "application/json" if status == 200 else "application/problem+json"
        return Response(text, status, media_type=kind)

    return endpoint


async def _while_connected(
    request: Request, work: Coroutine[Any, Any, tuple[int, str]]
) -> tuple[int, str] | None:
    """Return the result of the work; cancel it and return None if the client disconnects."""
    working = asyncio.create_task(work)
    disconnected = asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait({working, disconnected}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, disconnected):
            task.cancel()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _query(request: Request) -> bytes:
    return json.dumps(dict(request.query_params)).encode()


async def _body(request: Request) -> bytes:
    """Return the body of a request; ApiError where it is too large, or not JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ApiError(415, f"found a body of the type `{kind}`, expected `application/json`")
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                raise ApiError(413, f"a request of more than {LARGEST >> 20} MiB")
    except ClientDisconnect:
        raise ApiError(400, "the request broke off") from None
    return bytes(body)


_BODIES = {"get": _query, "post": _body}


async def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    details = {
        404: "there is nothing at this address",
        405: "the method is not one of this address",
    }
    return refusal(error.status_code, details.get(error.status_code, error.detail), error.headers)


async def _api_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return refusal(error.status, error.detail)
