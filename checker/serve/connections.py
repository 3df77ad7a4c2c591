"""Connections: a limited number, each with a limited time in which the client must say something.

A connection is idle while the server waits for the client: for a request, or for the rest of one.
Where there are too many connections, an idle one of the client with the most is closed for the new
one, and an idle one is closed after a while.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from itertools import count
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

IDLE_SECONDS = 20  # the time for one request to arrive
MOST_CONNECTIONS = 100
_numbers = count()


class BoundedConnection(H11Protocol):
    """One connection of the server."""

    _timer: asyncio.TimerHandle | None = None
    _number = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection; close an idle one where there are too many."""
        super().connection_made(transport)
        self._number = next(_numbers)
        self._watch()
        everyone: list[Any] = [
            connection for connection in self.connections if not connection.transport.is_closing()
        ]
        if len(everyone) > _most_connections():
            clients = Counter(connection.host for connection in everyone)
            idle = [connection for connection in everyone if connection.idle]
            # the new one is idle, too, and the last in order
            greedy = max(idle, key=lambda each: (clients[each.host], -each._number))
            greedy.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what the client sends."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Wait for the next request; uvicorn closes the connection if nothing of it comes."""
        super().on_response_complete()
        self._watch()

    @property
    def host(self) -> str:
        """The address of the client."""
        return self.client[0] if self.client else ""

    @property
    def idle(self) -> bool:
        """Whether the server waits for the client."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    def _watch(self) -> None:
        """Start the timer where the server begins to wait, and stop it where it no longer does."""
        if not self.idle:
            self._stop_timer()
        elif self._timer is None:
            self._timer = self.loop.call_later(IDLE_SECONDS, self.transport.abort)

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None


def _most_connections() -> int:
    """Return how many connections may be open: fewer where the system allows few open files."""
    with suppress(ImportError):
        import resource

        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if files != resource.RLIM_INFINITY:
            return min(MOST_CONNECTIONS, max(files // 2, 1))
    return MOST_CONNECTIONS
