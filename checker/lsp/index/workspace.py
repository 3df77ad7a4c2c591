"""The texts that an editor has open, and snapshots of the documents around them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from checker.language.resolve.folders import documents_below, nearest_policy_folder
from checker.language.resolve.library import Library, NotFound
from checker.language.resolve.project import open_library, today
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.documents import KINDS, Document, parse_document, read_bytes
from checker.language.syntax.resources import data_folder

_KIND = re.compile(rf"^kind:[ \t]+[\"']?({'|'.join(KINDS)})\b", re.MULTILINE)


@dataclass(slots=True, eq=False)
class Snapshot:
    """The library of the roots, with open texts in place of files, between two changes."""

    roots: tuple[Path, ...]
    library: Library
    today: int
    resolver: Resolver = field(init=False)

    def __post_init__(self) -> None:
        self.resolver = Resolver(self.library)

    def document(self, path: Path) -> Document | None:
        """Return the document in a file, None where it can't be read."""
        return self.library.add_file(path)

    def pick(self, kind: str, reference: object) -> Document | None:
        """Return the document that a reference picks today, or else its highest version."""
        if not isinstance(reference, str):
            return None
        try:
            versions = self.library.versions(kind, reference)
        except NotFound:
            return None
        try:
            return self.library.find(kind, reference, self.today)
        except NotFound:
            return versions[0]


@dataclass(slots=True)
class Workspace:
    """The texts that an editor has open, by path, and its folders.

    Documents are looked up in `roots`, or in the nearest `policy` folder of each file; open texts
    replace files.
    """

    roots: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    texts: dict[Path, str] = field(default_factory=dict)
    _last_readable: dict[Path, Document] = field(default_factory=dict)
    _snapshots: dict[tuple[Path, ...], Snapshot] = field(default_factory=dict)

    def put(self, path: Path, text: str | None) -> None:
        """Take the text of an open file, None where the file is closed."""
        if text is None:
            self.texts.pop(path, None)
            self._last_readable.pop(path, None)
        else:
            self.texts[path] = text
        self.changed()

    def changed(self) -> None:
        """Drop the snapshots, since files may have changed."""
        self._snapshots.clear()

    def roots_of(self, path: Path) -> tuple[Path, ...]:
        """Return the folders in which references of a file are looked up."""
        nearest = None if self.roots else nearest_policy_folder(path.parent)
        return (nearest,) if nearest else self.roots

    def snapshot(self, path: Path) -> Snapshot:
        """Return the documents around a file, as they are now."""
        roots = self.roots_of(path)
        if roots not in self._snapshots:
            opened = [file for file in self.texts if self.is_ours(file)]
            opened = [file for file in opened if self.roots_of(file) == roots]
            unsaved = {real_path(file): encode(text) for file, text in self.texts.items()}
            library, _ = open_library(roots, opened, unsaved)
            self._snapshots[roots] = Snapshot(roots, library, today())
        return self._snapshots[roots]

    def is_ours(self, path: Path) -> bool:
        """Return whether a file is a document of ours: by its `kind`, or by its folder."""
        real = real_path(path)
        below = any(real.is_relative_to(real_path(root)) for root in self.roots_of(path))
        return below or _KIND.search(self.texts.get(path, "")) is not None

    def readable(self, path: Path) -> Document | None:
        """Return the document in an open file, or the last one that could be read."""
        document = self.snapshot(path).document(path)
        if document:
            self._last_readable[path] = document
        return document or self._last_readable.get(path)

    def opened_as(self, path: Path) -> Path:
        """Return the path by which the editor has a file open, which may go through links."""
        if path in self.texts:
            return path
        real = real_path(path)
        return next((opened for opened in self.texts if real_path(opened) == real), path)

    def text(self, path: Path) -> str:
        """Return the text of a file, open or saved; empty where it can't be read as a document."""
        opened = self.opened_as(path)
        if opened in self.texts:
            return self.texts[opened]
        raw, _ = read_bytes(path)
        return (raw or b"").decode("utf-8", errors="replace")

    def documents_with(self, snapshot: Snapshot, text: str) -> Iterator[tuple[Document, Snapshot]]:
        """Yield every document that may contain a text, with the snapshot that it belongs to.

        They are those of the root and of the editor's folders. A file outside of the root belongs
        to the root nearest to it; it does not join that library, where its id may be taken.
        """
        in_library = snapshot.library.files
        yield from ((document, snapshot) for document in snapshot.library.containing(text))
        paths = (path for folder in self.folders for path in documents_below(folder))
        outside = {real_path(path): path for path in paths if real_path(path) not in in_library}
        for path in outside.values():
            file_text = self.text(path)
            # a backslash may write the text as an escape sequence
            if not _KIND.search(file_text) or not (text in file_text or "\\" in file_text):
                continue
            document, _ = parse_document(encode(file_text), str(path), nfc=True)
            if document:
                yield document, self.snapshot(path)

    def is_shipped(self, path: Path) -> bool:
        """Return whether a file came with the program, and is not for editing."""
        packs = data_folder("policy").resolve()
        if not real_path(path).is_relative_to(packs):
            return False
        installed = packs.parent.name == "data"
        own_folders = [*self.folders, *self.roots]
        return installed or not any(
            packs.is_relative_to(real_path(folder)) for folder in own_folders
        )


def real_path(path: Path) -> Path:
    """Return the path by which the library identifies a file."""
    return Path(os.path.realpath(path))


def encode(text: str) -> bytes:
    """Return a text as UTF-8; reading the document reports half a surrogate pair."""
    return text.encode("utf-8", errors="surrogatepass")
