"""The application: the page's files, and the API, whose questions the workers answer."""

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
from checker.serve.request import Refused
from checker.serve.security import Guard, refusal
from checker.serve.worker_pool import Workers

LARGEST = 4 << 20  # bytes of a request: two documents, and how JSON writes them
QUICK = ("documents", "document", "decide", "validate", "form", "setting")
SLOW = ("prove", "limits")  # what may take long waits in a queue of its own
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

    It proves up to so many documents at once, each for so many seconds.
    """
    quick = Workers(roots, "quick", 1, _QUICK_SECONDS)
    slow = Workers(roots, "slow", proofs, seconds)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await asyncio.gather(quick.pool.warm(), slow.pool.warm())
        yield
        await asyncio.gather(quick.pool.end(), slow.pool.end())

    asked = {**dict.fromkeys(QUICK, quick), **dict.fromkeys(SLOW, slow)}
    routes = [Route(path, _file(*file)) for path, file in _FILES.items()]
    routes.append(Route("/page.css", _text(style(_PAGE), "text/css")))
    routes.append(Route("/api/openapi.json", _text(json.dumps(description()), "application/json")))
    for path, operations in description()["paths"].items():
        for method, operation in operations.items():
            task = operation["operationId"]
            answer = _answered(task, asked[task], read=_BODIES[method])
            routes.append(Route(path, answer, methods=[method.upper()]))
    handlers: Any = {HTTPException: _problem, Refused: _refused}
    return Guard(Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers), host)


def _file(name: str, kind: str) -> Any:
    return _text(part(_PAGE, name), kind)


def _text(text: str, kind: str) -> Any:
    async def sent(_: Request) -> Response:
        return Response(text, media_type=kind)

    return sent


def _answered(task: str, workers: Workers, *, read: Any) -> Any:
    async def answered(request: Request) -> Response:
        body = await read(request)
        done = await _while_waited_for(request, workers.ask(task, body))
        if done is None:
            return Response(status_code=499)  # nobody sees it
        status, text = done
        kind = "application/json" if status == 200 else "application/problem+json"
        return Response(text, status, media_type=kind)

    return answered


async def _while_waited_for(
    request: Request, work: Coroutine[Any, Any, tuple[int, str]]
) -> tuple[int, str] | None:
    """Return what the work comes to; None, with the work given up, where the asker has gone."""
    working, gone = asyncio.create_task(work), asyncio.create_task(_gone(request))
    try:
        await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for each in (working, gone):
            each.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _query(request: Request) -> bytes:
    return json.dumps(dict(request.query_params)).encode()


async def _body(request: Request) -> bytes:
    """Return the body of a request; Refused where it is too large, or not JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(415, f"found a body of the type `{kind}`, expected `application/json`")
    found = bytearray()
    try:
        async for chunk in request.stream():
            found += chunk
            if len(found) > LARGEST:
                raise Refused(413, f"a request of more than {LARGEST >> 20} MiB")
    except ClientDisconnect:
        raise Refused(400, "the request broke off") from None
    return bytes(found)


_BODIES = {"get": _query, "post": _body}


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = {404: "there is nothing at this address", 405: "the method is not one of this address"}
    return refusal(error.status_code, words.get(error.status_code, error.detail), error.headers)


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return refusal(error.status, error.detail)
