"""One function over many items, in as many processes as one asks for."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from time import process_time
from typing import TYPE_CHECKING, Any, TypeVar

from checker.language.syntax.problems import UsageError

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

Item = TypeVar("Item")
Done = TypeVar("Done")
CHUNK = 16  # items that a process takes at a time
SMALL = 0.5  # seconds: work that takes less costs less than processes to share it

_work: Callable[[Any], Any] | None = None  # what the processes do: they are forked with it


def usable_cores() -> int:
    """Return how many cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_processes(work: Callable[[Item], Done], items: Sequence[Item], jobs: int) -> Iterator[Done]:
    """Yield `work(item)` for each item, in order.

    The first items are done in this process; only where they take a while, and many are left,
    other processes share the rest. These are forks, so that `work` may hold what can't be sent to
    another one; items and results can. A fork imports nothing anew, so that nothing of the working
    directory is executed. Where the system does not fork, one process does it all.

    Raises:
        UsageError: the system ended a process.
    """
    start, count = process_time(), 0
    context = _forking() if jobs > 1 and len(items) > CHUNK else None
    for item in items:
        if context and len(items) - count > CHUNK and process_time() - start > SMALL:
            break
        yield work(item)
        count += 1
    if context and count < len(items):
        yield from _in_forks(work, items[count:], jobs, context)


def _in_forks(
    work: Callable[[Item], Done], items: Sequence[Item], jobs: int, context: BaseContext
) -> Iterator[Done]:
    import multiprocessing  # small work does without, and they take time to load
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor

    global _work  # noqa: PLW0603 - a fork has it from here
    _work = work
    others = {*multiprocessing.active_children()}
    pool = ProcessPoolExecutor(jobs, context, initializer=_leave_interrupts_to_parent)
    chunk = max(1, min(CHUNK, len(items) // (jobs * 4)))
    gc.freeze()  # a collection in a fork would copy the pages of all that is shared
    # An interrupt waits until every process ignores it: the processes begin at the first item.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        results = pool.map(_do, items, chunksize=chunk)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        yield from results
    except BrokenProcessPool:
        help = "`--jobs 1` needs less memory"
        raise UsageError(
            f"the system ended a process, perhaps for want of memory; {help}"
        ) from None
    except BaseException:
        for process in {*multiprocessing.active_children()} - others:
            process.terminate()
        raise
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        pool.shutdown(cancel_futures=True)
        gc.unfreeze()
        _work = None


def _leave_interrupts_to_parent() -> None:
    """Ignore Ctrl+C, which a terminal sends to every process: the parent ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _forking() -> BaseContext | None:
    import multiprocessing

    try:
        return multiprocessing.get_context("fork")
    except ValueError:
        return None


def _do(item: Any) -> Any:
    assert _work is not None
    return _work(item)
