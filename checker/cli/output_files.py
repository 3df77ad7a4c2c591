"""A document's file written anew: whole or not at all."""

from __future__ import annotations

import codecs
import os
import secrets
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from checker.language.resolve.folders import nearest_policy_folder
from checker.language.resolve.project import relative_path
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import UsageError, system_reason
from checker.language.syntax.resources import data_folder


def byte_order_mark(document: Document) -> str:
    """Return what the file begins with that is no part of the document's text."""
    with Path(document.file).open("rb") as file:
        start = file.read(len(codecs.BOM_UTF8))
    return start.decode() if start == codecs.BOM_UTF8 else ""


def relative_name(document: Document) -> str:
    """Return the file's name from the working directory, or else from the top."""
    return relative_path(Path(os.path.abspath(document.file))).as_posix()


def write(document: Document, text: str, roots: Iterable[Path]) -> None:
    """Put `text` in place of the document's file; its mode stays.

    UsageError where it came with the program, is read-only or is no longer what was read.
    """
    path = Path(document.file).resolve()
    before = (byte_order_mark(document) + document.text).encode()
    if _came_with_the_program(path, roots):
        raise UsageError(f"{document.file} came with the program, and is not written")
    if not os.access(path, os.W_OK) or not path.stat().st_mode & 0o222:
        raise UsageError(f"{document.file} can't be written: it is read-only")
    if path.read_bytes() != before:
        raise UsageError(f"{document.file} has changed while it was looked at")
    try:
        content = (byte_order_mark(document) + text).encode()
        replace(path, content, stat.S_IMODE(path.stat().st_mode))
    except OSError as error:
        raise UsageError(f"{document.file} can't be written: {system_reason(error)}") from None


def _came_with_the_program(path: Path, roots: Iterable[Path]) -> bool:
    nearest = nearest_policy_folder(Path.cwd())
    own = [*roots] or ([nearest] if nearest else [])
    if any(path.is_relative_to(folder.resolve()) for folder in own):
        return False
    return path.is_relative_to(data_folder("policy").resolve())


def make_folder(path: Path) -> None:
    """Make the folder where there is none; UsageError where that can't be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{path}: can't be made: {system_reason(error)}") from None


def write_whole(path: Path, text: str) -> None:
    """Put `text` into the file; UsageError where it can't be written."""
    try:
        replace(path, text.encode(), 0o644)
    except OSError as error:
        raise UsageError(f"{path}: can't be written: {system_reason(error)}") from None


def write_new(texts: Mapping[Path, str]) -> None:
    """Put each text into a new file, all or none.

    A file with the same text stays. No other is overwritten, also none that appears meanwhile.

    Raises:
        UsageError: a file holds something else, or can't be written.
    """
    created: list[Path] = []
    try:
        for path, text in texts.items():
            make_folder(path.parent)
            if _created(path, text.encode()):
                created.append(path)
    except BaseException:
        for path in created:
            path.unlink(missing_ok=True)
        raise


def _created(path: Path, content: bytes) -> bool:
    """Return whether the file is made with the content, rather than there with the same one."""
    scratch = _scratch(path)
    try:
        with open(scratch, "xb", opener=_own) as file:
            file.write(content)
        os.chmod(scratch, 0o644)
        os.link(scratch, path)  # never takes the place of a file, as `replace` does
    except FileExistsError:
        if not path.is_symlink() and path.is_file() and path.read_bytes() == content:
            return False
        raise UsageError(
            f"{path}: holds something else, and nothing is overwritten; move it away, or name"
            " another folder"
        ) from None
    except OSError as error:
        raise UsageError(f"{path}: can't be written: {system_reason(error)}") from None
    finally:
        scratch.unlink(missing_ok=True)
    return True


def _scratch(path: Path) -> Path:
    """Return a new name beside the path."""
    return path.parent / f".{path.name[:50]}.{secrets.token_hex(4)}"


def replace(path: Path, content: bytes, mode: int) -> None:
    """Put the content in place of the file's, at once; OSError where that can't be."""
    scratch = _scratch(path)
    try:  # from before the file is there, so that an interrupt never leaves it behind
        with open(scratch, "xb", opener=_own) as file:
            file.write(content)
        os.chmod(scratch, mode)
        os.replace(scratch, path)
    finally:
        scratch.unlink(missing_ok=True)


def _own(path: str, flags: int) -> int:
    """Open a file that nobody else may read."""
    return os.open(path, flags, 0o600)
