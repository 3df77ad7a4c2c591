"""The worker processes that answer requests, with their failures as errors of the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from checker.serve.request import ApiError
from checker.workers.pool import WorkerPool
from checker.workers.processes import WorkerEnded
from checker.workers.turns import QueueFull

_WAITING = 8  # requests that may wait for each process


@dataclass(slots=True)
class RequestWorkers:
    """Up to `most` processes, with a limit of `seconds` for each request about the roots."""

    roots: Sequence[Path]
    name: str
    most: int
    seconds: float
    pool: WorkerPool = field(init=False)

    def __post_init__(self) -> None:
        module, seconds = "checker.serve.worker", self.seconds
        self.pool = WorkerPool(module, self.name, self.most, seconds, _WAITING, reuse=True)

    async def ask(self, task: str, body: bytes, client: str = "") -> tuple[int, str]:
        """Return the HTTP status and the JSON text of the answer; ApiError where there is none.

        Args:
            task: The task of the request.
            body: The body of the request.
            client: The address of the client; clients take turns.
        """
        text = body.decode("utf-8", errors="surrogateescape")
        argument = {"roots": [str(root) for root in self.roots], "body": text}
        try:
            answer = await self.pool.ask(task, argument, client)
        except QueueFull:
            raise ApiError(429, "too much is asked at once; ask again in a while") from None
        except TimeoutError:
            raise ApiError(422, f"came to no end within {self.seconds:g} seconds") from None
        except WorkerEnded:
            detail = "the question was too much for the process that worked on it"
            raise ApiError(422, detail) from None
        return answer["status"], answer["body"]
