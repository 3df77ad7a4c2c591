"""A project of policies as a command opens it: its roots, its library, the files asked for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from checker.language.resolve.folders import SUFFIXES, documents_below, nearest_policy_folder
from checker.language.resolve.library import FileEntry, Library, Root
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Finding, UsageError
from checker.language.syntax.resources import data_folder


def now() -> datetime:
    """Return this moment; the one place where the clock is read."""
    return datetime.now(UTC)


def today() -> int:
    """Return today's day number, as the system's clock shows it."""
    return now().astimezone().toordinal()


def open_library(
    roots: Iterable[Path],
    files: Iterable[Path] = (),
    unsaved: Mapping[Path, bytes] | None = None,
    *,
    closed: bool = False,
) -> tuple[Library, list[FileEntry]]:
    """Return the library of the roots, with the files that a check without paths is about.

    `files` are documents that are named beside the roots, `unsaved` what stands in place of files.
    The packs that came with the program are searched last, give way, and are checked where there is
    nothing else. With `closed`, no link leads out of a root.
    """
    library, packs = Library(unsaved=unsaved or {}), data_folder("policy")
    folders = [*roots] or nearest_root()
    own = [each for folder in folders for each in library.add_root(Root(folder, closed=closed))]
    for file in files:
        library.add_file(file)
    packaged = library.add_root(Root(packs, gives_way=True, closed=closed))
    return library, own if folders else packaged


def nearest_root() -> list[Path]:
    """Return the root where none is named: the nearest `policy` folder, if there is one."""
    nearest = nearest_policy_folder(Path.cwd())
    return [relative_path(nearest)] if nearest else []


def relative_path(path: Path) -> Path:
    """Return `path` as a person in the working directory would write it."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path


@dataclass(slots=True)
class Target:
    """What a command is asked to look at: documents, and the problems of files that are none."""

    resolver: Resolver
    documents: list[Document] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)


def open_target(roots: Iterable[Path], paths: Iterable[Path]) -> Target:
    """Return the documents at `paths`, or those of the roots where no path is given.

    UsageError where a path leads to nothing, or a folder has no document in it.
    """
    files = [file for named in paths for file in files_at(named)]
    library, own = open_library(roots, files)
    if not files:
        if not own and not library.problems:
            raise UsageError("found no documents in the roots")
        return Target(Resolver(library), library.open_all(own), library.problems)
    documents: dict[int, Document] = {}
    for path in files:
        document = library.add_file(path)
        if document:
            documents[id(document)] = document
    named = {*map(os.path.realpath, files)}  # a root may have read a file by another path
    problems = [each for each in library.problems if os.path.realpath(each.position.file) in named]
    return Target(Resolver(library), [*documents.values()], problems)


def files_at(path: Path) -> list[Path]:
    """Return the file, or the documents below the folder; UsageError where there is nothing."""
    if path.is_dir():
        found = [*documents_below(path)]
        if not found:
            raise UsageError(f"{path}: found no documents ({' or '.join(SUFFIXES)}) in the folder")
        return found
    if not path.exists():
        raise UsageError(f"{path}: no such file or folder")
    return [path]
