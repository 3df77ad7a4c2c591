"""The guard in front of the application: which requests pass, and the security headers.

The server has no passwords: it answers this machine only, and in its browsers only its own page. A
page of another site can send requests too; their `Origin` and `Sec-Fetch-Site` differ, or their
`Host`, if a name of another site resolves to this machine (DNS rebinding).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checker.serve.worker import problem

_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


@dataclass(slots=True)
class Guard:
    """An ASGI application, bound to `host`, that passes permitted requests on to `app`."""

    app: ASGIApp
    host: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        reason = refusal_reason(
            Headers(scope=scope), self.host, reading=scope["method"] in _READING
        )
        app: Any = refusal(403, reason) if reason else self.app
        await app(scope, receive, send_guarded)


_READING = ("GET", "HEAD")


def refusal_reason(headers: Mapping[str, str], bound_to: str, *, reading: bool) -> str:
    """Return why a request is refused, an empty text if it passes."""
    host = headers.get("host", "")
    if not _is_ours(host, bound_to):
        return f"this server does not answer as `{host}`; call it by its address"
    origin, site = headers.get("origin"), headers.get("sec-fetch-site", "same-origin")
    if origin is not None and origin != f"http://{host}":
        return f"the request comes from the site `{origin}`, expected `http://{host}`"
    is_link = reading and headers.get("sec-fetch-mode") == "navigate"  # a user followed a link
    if site not in ("same-origin", "none") and not is_link:
        return f"the request comes from another site (`Sec-Fetch-Site: {site}`)"
    return ""


def _is_ours(host: str, bound_to: str) -> bool:
    """Return whether a `Host` is an address, which no other site can use, or our own name."""
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    if name.lower() in ("localhost", bound_to.lower()):
        return True
    try:
        ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def refusal(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return an error as problem details."""
    text = problem(status, detail)
    return Response(text, status, headers, media_type="application/problem+json")
