"""The server: a listening socket, and uvicorn, which answers on it."""

from __future__ import annotations

import socket
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import uvicorn

from checker.language.syntax.printable import printable
from checker.language.syntax.problems import UsageError, system_reason
from checker.serve.app import application
from checker.serve.connections import BoundedConnection

_CLOSING_SECONDS = 1  # for requests in progress when the server is stopped


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; UsageError where the host or port can't be used."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except (OSError, UnicodeError) as error:
        reason = system_reason(error).partition(" (")[0]
        raise UsageError(f"can't listen on {host}, port {port}: {reason}") from None


def serve(
    listening: socket.socket,
    roots: Sequence[Path],
    host: str,
    *,
    opens: bool,
    proofs: int,
    seconds: float,
) -> None:
    """Serve until stopped, and print the address.

    Args:
        listening: The socket.
        roots: The folders of the documents.
        host: The host name or address that the socket is bound to.
        opens: Whether to open the page in the browser.
        proofs: How many proofs run at once.
        seconds: The time limit of a proof.
    """
    config = uvicorn.Config(
        application(roots, host, proofs=proofs, seconds=seconds),
        log_level="error",
        log_config=None,  # the command's own, whose lines are safe to print
        access_log=False,
        server_header=False,
        ws="none",
        http=BoundedConnection,
        timeout_graceful_shutdown=_CLOSING_SECONDS,
    )
    _Server(config, url(listening), opens).run(sockets=[listening])


class _Server(uvicorn.Server):
    """A server that prints its address once it answers; a single Ctrl+C ends it cleanly."""

    def __init__(self, config: uvicorn.Config, address: str, opens: bool) -> None:
        super().__init__(config)
        self.address = address
        self.opens = opens

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(f"serving {printable(self.address)} (Ctrl+C ends it)", file=sys.stderr, flush=True)
        if self.opens:  # a thread, since opening may wait until the page is served
            Thread(target=webbrowser.open, args=[self.address], daemon=True).start()


def url(listening: socket.socket) -> str:
    """Return the address of the page, as this machine reaches it."""
    host, port = listening.getsockname()[:2]
    unspecified = {"0.0.0.0": "127.0.0.1", "::": "::1"}
    host = unspecified.get(host, host)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
