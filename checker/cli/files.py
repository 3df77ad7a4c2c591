"""Files that commands write: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from checker.language.problems import Unusable


def make_folder(path: Path) -> None:
    """Make the folder where there is none; Unusable where that can't be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unusable(f"{path}: can't be made: {_reason(error)}") from None


def write_whole(path: Path, text: str) -> None:
    """Put `text` into the file; Unusable where it can't be written."""
    try:
        replace(path, text.encode(), 0o644)
    except OSError as error:
        raise Unusable(f"{path}: can't be written: {_reason(error)}") from None


def replace(path: Path, content: bytes, mode: int) -> None:
    """Put the content in place of the file's, at once; OSError where that can't be."""
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:50]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(scratch, mode)
        os.replace(scratch, path)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
