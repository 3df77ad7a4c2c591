"""What a result depends on, as digests: the documents, and this program."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import checker
from checker.language.resolve.library import FileEntry, Library
from checker.language.syntax.resources import data_folder

_NAME = re.compile(rb"[a-z0-9/-]+")  # the characters of an id


@dataclass(slots=True)
class LibraryDigests:
    """The digests of the entries of a library with all that they can refer to.

    A reference is a string with the id of another document in it. So an entry can refer to no more
    than the entries whose ids stand in its bytes, in whatever place; only a backslash in a quoted
    string can hide an id, and an entry with one is taken to refer to all.
    """

    library: Library
    _by_id: dict[bytes, list[FileEntry]] = field(default_factory=dict)
    _reachable: dict[bytes, str] = field(default_factory=dict)
    _everything: str | None = None
    _named_in: dict[FileEntry, set[bytes] | None] = field(default_factory=dict)
    _own: dict[FileEntry, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.library.entries:
            if entry.id:
                self._by_id.setdefault(entry.id.encode(), []).append(entry)

    def narrow(self, entry: FileEntry) -> str:
        """Return the digest of an entry and of all that it can refer to, over others as well."""
        ids = self._named(entry)
        if ids is None or entry.kind == "source":  # a source is compared with all that cite it
            return self.wide(entry)
        return _digest(self._of(entry), *(self._of_id(id) for id in sorted(ids)))

    def wide(self, entry: FileEntry) -> str:
        """Return the digest of an entry and of the whole library."""
        if self._everything is None:
            self._everything = _digest(*map(self._of, self.library.entries))
        return _digest("all", self._of(entry), self._everything)

    def _named(self, entry: FileEntry) -> set[bytes] | None:
        """Return the ids in an entry; None where it may have others that can't be seen."""
        if entry not in self._named_in:
            names = None if b"\\" in entry.raw else {*_NAME.findall(entry.raw)}
            self._named_in[entry] = None if names is None else names & self._by_id.keys()
        return self._named_in[entry]

    def _of(self, entry: FileEntry) -> str:
        """Return the digest of an entry alone."""
        if entry not in self._own:
            raw = sha256(entry.raw).hexdigest()
            self._own[entry] = _digest(entry.file, entry.kind, entry.id, entry.version, raw)
        return self._own[entry]

    def _of_id(self, id: bytes) -> str:
        """Return the digest of the entries with the id and of all that can be reached from them."""
        if id not in self._reachable:
            reached, pending = {id}, [id]
            while pending:
                for entry in self._by_id[pending.pop()]:
                    named = self._named(entry)
                    new = (self._by_id.keys() if named is None else named) - reached
                    reached |= new
                    pending += new
            entries = (entry for name in sorted(reached) for entry in self._by_id[name])
            self._reachable[id] = _digest(*map(self._of, entries))
        return self._reachable[id]


def program_digest() -> str:
    """Return the digest of this program: its files, the interpreter, the installed packages."""
    package = Path(checker.__file__).parent
    files = [*_files(package, ".py"), *_files(data_folder("schemas"), ".json")]
    contents = (sha256(path.read_bytes()).hexdigest() for path in files)
    return _digest(sys.version, *map(str, files), *contents, *_packages())


def _files(folder: Path, suffix: str) -> list[Path]:
    found: list[Path] = []
    for current, folders, names in os.walk(folder):
        folders.sort()
        found += [Path(current, name) for name in sorted(names) if name.endswith(suffix)]
    return found


def _packages() -> Iterable[str]:
    """Yield the names and versions of the installed packages, which name their folders so."""
    for folder in sys.path:
        if os.path.isdir(folder):
            yield from sorted(name for name in os.listdir(folder) if name.endswith("-info"))


def _digest(*parts: str) -> str:
    """Return one digest of texts, which tells them apart."""
    whole = sha256()
    for part in parts:
        encoded = part.encode(errors="surrogateescape")
        whole.update(b"%d:" % len(encoded) + encoded)
    return whole.hexdigest()


def name_of(*parts: str) -> str:
    """Return the name of the file for a command with options, of texts that tell them apart."""
    return f"{_digest(*parts)[:32]}.json"
