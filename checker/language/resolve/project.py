"""A project of policies as a command opens it: its roots, its library and the named files."""

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
    """Return the current moment; nothing else in the program reads the clock."""
    return datetime.now(UTC)


def today() -> int:
    """Return the ordinal of today in the time zone of the system."""
    return now().astimezone().toordinal()


def open_library(
    roots: Iterable[Path],
    files: Iterable[Path] = (),
    unsaved: Mapping[Path, bytes] | None = None,
    *,
    closed: bool = False,
) -> tuple[Library, list[FileEntry]]:
    """Return the library of the roots, and the entries that a check without paths is about.

    The library also has the policies that ship with the program; a root may take over their ids.
    They are checked only where there is no root.

    Args:
        roots: folders; where there are none, the nearest folder `policy` is the root.
        files: documents to add beside those of the roots.
        unsaved: bytes to use in place of a file's own, by its resolved path.
        closed: whether links that lead out of a root are passed over.

    Raises:
        UsageError: a root is no folder.
    """
    library, packs = Library(unsaved=unsaved or {}), data_folder("policy")
    folders = [*roots] or nearest_root()
    own = [entry for folder in folders for entry in library.add_root(Root(folder, closed=closed))]
    for file in files:
        library.add_entry(file)
    shipped = library.add_root(Root(packs, gives_way=True, closed=closed))
    return library, own if folders else shipped


def nearest_root() -> list[Path]:
    """Return the root where the user names none: the nearest folder `policy`, if there is one."""
    nearest = nearest_policy_folder(Path.cwd())
    return [relative_path(nearest)] if nearest else []


def relative_path(path: Path) -> Path:
    """Return `path` relative to the working directory, where it is below it."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path


@dataclass(slots=True)
class Target:
    """The documents that a command is about, and the findings about files that can't be read."""

    resolver: Resolver
    documents: list[Document] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class Selection:
    """The entries that a command is about; their documents are read when they are needed.

    Attributes:
        library: the library of the roots, with the named files.
        entries: the entries of the named files, or of the roots where no file is named.
        files: the real paths of the named files, None where no file is named.
    """

    library: Library
    entries: list[FileEntry]
    files: frozenset[str] | None = None

    def problems(self) -> list[Finding]:
        """Return the findings so far about files that can't be read and names that clash."""
        problems = self.library.problems
        if self.files is None:
            return problems
        # a root may have read a file by another path
        real_path = os.path.realpath
        return [problem for problem in problems if real_path(problem.position.file) in self.files]


def select(roots: Iterable[Path], paths: Iterable[Path]) -> Selection:
    """Return the entries of the files at `paths`, or those of the roots where no path is given.

    Raises:
        UsageError: there is no file or folder at a path, or a folder has no documents.
    """
    files = [file for path in paths for file in files_at(path)]
    library, own = open_library(roots, files)
    if not files:
        if not own and not library.problems:
            raise UsageError("found no documents in the roots")
        return Selection(library, own)
    entries = {id(entry): entry for file in files if (entry := library.add_entry(file))}
    return Selection(library, [*entries.values()], frozenset(map(os.path.realpath, files)))


def open_target(roots: Iterable[Path], paths: Iterable[Path]) -> Target:
    """Return the documents at `paths`, or those of the roots where no path is given.

    Raises:
        UsageError: there is no file or folder at a path, or a folder has no documents.
    """
    selection = select(roots, paths)
    documents = selection.library.open_all(selection.entries)
    return Target(Resolver(selection.library), documents, selection.problems())


def files_at(path: Path) -> list[Path]:
    """Return the file at `path`, or the documents below the folder.

    Raises:
        UsageError: there is nothing at the path, or the folder has no documents.
    """
    if path.is_dir():
        files = [*documents_below(path)]
        if not files:
            raise UsageError(f"{path}: found no documents ({' or '.join(SUFFIXES)}) in the folder")
        return files
    if not path.exists():
        raise UsageError(f"{path}: no such file or folder")
    return [path]
