"""Python's garbage collector, out of the way of work that leaves it nothing to do."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Look for no unreachable circles meanwhile.

    A proof makes many objects and hardly a circle, and each full collection goes through every
    document that is in memory.
    """
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()
