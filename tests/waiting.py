"""How tests wait: for the thing itself, with a bound that only ends a hang."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

HANGS = 300  # seconds; what takes so long has hung, on however busy a machine
_PAUSE = 0.02  # seconds between two looks

T = TypeVar("T")


def wait_until(ready: Callable[[], T]) -> T:
    """Return what `ready()` returns once that is true; TimeoutError where it never is."""
    end = time.monotonic() + HANGS
    while not (found := ready()):
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(_PAUSE)
    return found


async def until(ready: Callable[[], T]) -> T:
    """Do as `wait_until`, and let other tasks run meanwhile."""
    async with asyncio.timeout(HANGS):
        while not (found := ready()):
            await asyncio.sleep(_PAUSE)
    return found
