"""Opens regular files alone: a pipe, a socket or a device may have no end."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO


def open_regular(path: Path) -> BinaryIO:
    """Return a regular file, opened for reading.

    Raises:
        OSError: The file can't be opened, or is no regular file.
        ValueError: The path is none, such as one with a NUL character.
    """
    _check_regular(os.stat(path).st_mode)
    return open(path, "rb", opener=_open_checked)


def _open_checked(name: str, flags: int) -> int:
    """Open a file without waiting for a writer, and look once more: it may be another one now."""
    handle = os.open(name, flags | getattr(os, "O_NONBLOCK", 0))
    try:
        _check_regular(os.fstat(handle).st_mode)
    except OSError:
        os.close(handle)
        raise
    return handle


def _check_regular(mode: int) -> None:
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # `open` says it of a folder
        raise OSError("it is no regular file")
