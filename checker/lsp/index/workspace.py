"""What an editor has open, and the documents that go with it, as of one change."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from checker.language.resolve.library import (
    Library,
    NotFound,
    documents_below,
    nearest_policy_folder,
)
from checker.language.resolve.project import open_library, today
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.documents import KINDS, Document, parse_document
from checker.language.syntax.resources import data_folder

_KIND = re.compile(rf"^kind:[ \t]+[\"']?({'|'.join(KINDS)})\b", re.MULTILINE)


@dataclass(slots=True, eq=False)
class Snapshot:
    """The library of one root, with what is typed in place of files."""

    roots: tuple[Path, ...]
    library: Library
    today: int
    resolver: Resolver = field(init=False)

    def __post_init__(self) -> None:
        self.resolver = Resolver(self.library)

    def document(self, path: Path) -> Document | None:
        """Return the document in a file, None where it can't be read."""
        return self.library.add_file(path)

    def picked(self, kind: str, reference: object) -> Document | None:
        """Return what a reference picks today, or else the highest version that it names."""
        if not isinstance(reference, str):
            return None
        try:
            named = self.library.versions(kind, reference)
        except NotFound:
            return None
        try:
            return self.library.find(kind, reference, self.today)
        except NotFound:
            return named[0]


@dataclass(slots=True)
class Workspace:
    """The texts that an editor has open, by path, and its folders.

    Documents are looked up in `roots`, or in the `policy` folder that is nearest to each file;
    what is typed stands in place of files.
    """

    roots: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    texts: dict[Path, str] = field(default_factory=dict)
    _good: dict[Path, Document] = field(default_factory=dict)
    _snapshots: dict[tuple[Path, ...], Snapshot] = field(default_factory=dict)

    def put(self, path: Path, text: str | None) -> None:
        """Take what an open file says now, None where it is closed."""
        if text is None:
            self.texts.pop(path, None)
            self._good.pop(path, None)
        else:
            self.texts[path] = text
        self.changed()

    def changed(self) -> None:
        """Forget what was read: files may say something else now."""
        self._snapshots.clear()

    def roots_of(self, path: Path) -> tuple[Path, ...]:
        """Return the folders in which what a file refers to is looked up."""
        nearest = None if self.roots else nearest_policy_folder(path.parent)
        return (nearest,) if nearest else self.roots

    def snapshot(self, path: Path) -> Snapshot:
        """Return the documents that go with a file, as they are now."""
        roots = self.roots_of(path)
        if roots not in self._snapshots:
            mine = [each for each in self.texts if self.concerns(each)]
            mine = [each for each in mine if self.roots_of(each) == roots]
            unsaved = {resolved(each): encoded(text) for each, text in self.texts.items()}
            library, _ = open_library(roots, mine, unsaved)
            self._snapshots[roots] = Snapshot(roots, library, today())
        return self._snapshots[roots]

    def concerns(self, path: Path) -> bool:
        """Return whether a file is one of ours: by its kind, or by where it lies."""
        here = resolved(path)
        below = any(here.is_relative_to(resolved(root)) for root in self.roots_of(path))
        return below or _KIND.search(self.texts.get(path, "")) is not None

    def readable(self, path: Path) -> Document | None:
        """Return the document in an open file as it is now, or was when it last could be read."""
        document = self.snapshot(path).document(path)
        if document:
            self._good[path] = document
        return document or self._good.get(path)

    def opened_as(self, path: Path) -> Path:
        """Return the path by which the editor has a file open, which may lead there by links."""
        if path in self.texts:
            return path
        here = resolved(path)
        return next((each for each in self.texts if resolved(each) == here), path)

    def text(self, path: Path) -> str:
        """Return what a file says: what is typed, or else what is saved; nothing of no file."""
        opened = self.opened_as(path)
        if opened in self.texts:
            return self.texts[opened]
        try:
            return path.read_bytes().decode("utf-8", errors="replace")
        except OSError:
            return ""

    def everywhere(self, snapshot: Snapshot, text: str) -> Iterator[tuple[Document, Snapshot]]:
        """Yield every document in which a text may be written, with what it is read in.

        They are those of the root and of the editor's folders. A file outside of the root is read
        in the root nearest to it, and joins no library: what it is called may be taken there.
        """
        seen = snapshot.library.files
        yield from ((each, snapshot) for each in snapshot.library.containing(text))
        found = (path for folder in self.folders for path in documents_below(folder))
        for path in {resolved(each): each for each in found if resolved(each) not in seen}.values():
            written = self.text(path)
            if not _KIND.search(written) or not (text in written or "\\" in written):
                continue
            document, _ = parse_document(encoded(written), str(path))
            if document:
                yield document, self.snapshot(path)

    def came_along(self, path: Path) -> bool:
        """Return whether a file came with the program, and is not there to be edited."""
        packs = data_folder("policy").resolve()
        if not resolved(path).is_relative_to(packs):
            return False
        installed = packs.parent.name == "data"
        ours = [*self.folders, *self.roots]
        return installed or not any(packs.is_relative_to(resolved(each)) for each in ours)


def resolved(path: Path) -> Path:
    """Return the path as the library knows files by."""
    return Path(os.path.realpath(path))


def encoded(text: str) -> bytes:
    """Return a text as a file has it; half of a pair, which is none, is found by reading it."""
    return text.encode("utf-8", errors="surrogatepass")
