"""One function over many items, in as many processes as one asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from typing import Any, TypeVar

Item = TypeVar("Item")
Done = TypeVar("Done")
CHUNK = 16  # items that a process takes at a time

_work: Callable[[Any], Any] | None = None  # what the processes do: they are forked with it


def in_processes(work: Callable[[Item], Done], items: Iterable[Item], jobs: int) -> Iterator[Done]:
    """Yield `work(item)` for each item, in order.

    The processes are forks, so that `work` may hold what can't be sent to another one; items and
    results can. A fork imports nothing anew, so that nothing of the working directory is executed.
    Where the system does not fork, one process does it all.
    """
    context = _forking()
    if jobs == 1 or context is None:
        yield from map(work, items)
        return
    global _work  # noqa: PLW0603 - a fork has it from here
    _work = work
    try:
        with ProcessPoolExecutor(jobs, context) as pool:
            yield from pool.map(_do, items, chunksize=CHUNK)
    finally:
        _work = None


def _forking() -> BaseContext | None:
    try:
        return get_context("fork")
    except ValueError:
        return None


def _do(item: Any) -> Any:
    assert _work is not None
    return _work(item)
