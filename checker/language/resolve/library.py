"""The documents of all roots, found by id, version and day, and read once each."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path as FilePath

from checker.language.model.types import FIRST_DAY, LAST_DAY, ValueType
from checker.language.syntax.documents import Document, Reporter, parse_document, read_bytes
from checker.language.syntax.problems import Finding, UsageError, did_you_mean

SUFFIXES = (".yaml", ".yml")
_HEADING = re.compile(rb"^(kind|id|version):[ \t]+([a-z0-9./-]+)[ \t]*(?:#.*)?\r?$", re.MULTILINE)
_REFERENCE = re.compile(r"[a-z0-9/-]+(@[0-9]+(\.[0-9]+\.[0-9]+)?)?")


class NotFound(Exception):
    """A reference names nothing, or nothing that is in force; the message says which.

    `undated_message` is the message without its day, empty where it names no day.
    """

    def __init__(self, message: str, help: str | None = None, undated_message: str = "") -> None:
        super().__init__(message)
        self.message, self.help, self.undated_message = message, help, undated_message

    @property
    def with_help(self) -> str:
        """The message, and what may help behind it."""
        return f"{self.message} ({self.help})" if self.help else self.message


@dataclass(slots=True)
class Root:
    """A folder of documents.

    It `gives_way` where another root may take over its ids, and is `closed` where links that lead
    out of it are passed over.
    """

    path: FilePath
    gives_way: bool = False
    closed: bool = False


@dataclass(slots=True, eq=False)
class FileEntry:
    """A file as the library keeps it: by its heading, read further when it is asked for."""

    file: str
    raw: bytes
    kind: str = ""
    id: str = ""
    version: str = ""
    opened: bool = False
    document: Document | None = None


@dataclass(slots=True)
class Library:
    """Documents by id; `problems` are those of finding and reading them.

    `unsaved` is what stands in place of files, by their resolved paths: an editor's texts.
    """

    problems: list[Finding] = field(default_factory=list)
    unsaved: Mapping[FilePath, bytes] = field(default_factory=dict)
    _shelf: list[FileEntry] = field(default_factory=list)
    _by_id: dict[str, list[FileEntry]] = field(default_factory=dict)
    _root_of: dict[str, FilePath] = field(default_factory=dict)
    _files: dict[FilePath, FileEntry | None] = field(default_factory=dict)
    _clashes: dict[str, str] = field(default_factory=dict)

    @property
    def documents(self) -> list[Document]:
        """Every document of the library, read."""
        return self.open_all(self._shelf)

    @property
    def files(self) -> frozenset[FilePath]:
        """The files of the library, by their resolved paths; those that gave way are among them."""
        return frozenset(self._files)

    def of_kind(self, kind: str) -> list[Document]:
        """Return the documents of one kind, read; no others are."""
        return self.open_all(each for each in self._shelf if each.kind == kind)

    def containing(self, text: str) -> list[Document]:
        """Return the documents, read, in whose files a text may be written."""
        raw = text.encode()  # in quotes it may be written with backslashes
        return self.open_all(each for each in self._shelf if raw in each.raw or b"\\" in each.raw)

    def open_all(self, shelved: Iterable[FileEntry]) -> list[Document]:
        """Return the documents on a shelf, those left out that can't be read."""
        opened = (self._open(each) for each in [*shelved])
        return [document for document in opened if document]

    def add_root(self, root: Root) -> list[FileEntry]:
        """Put every file below `root` on the shelf, and return those that are new."""
        if not root.path.is_dir():
            raise UsageError(f"no folder `{root.path}`")
        taken, before = {*self._by_id}, len(self._shelf)
        for path in documents_below(root.path):
            self._add_path(path, root, taken)
        return self._shelf[before:]

    def add_file(self, path: FilePath) -> Document | None:
        """Return the document at `path`, None where it can't be read."""
        shelved = self._add_path(path, None, ())
        return self._open(shelved) if shelved else None

    def add(self, shelved: FileEntry, root: Root | None = None) -> None:
        """Put a file on the shelf."""
        self._shelf.append(shelved)
        if not shelved.id:
            return
        same = self._by_id.setdefault(shelved.id, [])
        for other in same:
            if other.version == shelved.version:
                self._clash(shelved, other, "is here twice", "raise the version of one")
                return
        home = self._root_of.setdefault(shelved.id, root.path) if root else None
        if home and root and home != root.path:
            self._clash(shelved, same[0], "is in two roots", "rename one of them")
            return
        same.append(shelved)

    def replace_document(self, document: Document) -> None:
        """Put a document that is in no file in the place of the one of its kind and name."""
        shelved = FileEntry(document.file, b"", document.kind, document.id, document.version)
        shelved.opened, shelved.document = True, document

        def others(shelf: Iterable[FileEntry]) -> list[FileEntry]:
            name = (shelved.kind, shelved.id, shelved.version)
            return [each for each in shelf if (each.kind, each.id, each.version) != name]

        self._shelf = [*others(self._shelf), shelved]
        self._by_id[document.id] = [*others(self._by_id.get(document.id, [])), shelved]

    def names(self, kind: str) -> list[str]:
        """Return `id@version` of every document of the kind that can be referred to, sorted."""
        same = (each for found in self._by_id.values() for each in found if each.kind == kind)
        keys = sorted((each.id, version_key(each.version), each.version) for each in same)
        return [f"{id}@{version}" for id, _, version in keys if id not in self._clashes]

    def _add_path(
        self, path: FilePath, root: Root | None, taken: Iterable[str]
    ) -> FileEntry | None:
        """Put the file at `path` on the shelf, once; leave `taken` ids to those who have them."""
        try:
            resolved = path.resolve()
        except (RuntimeError, OSError):  # links that lead in a circle, which reading reports
            resolved = path.absolute()
        if root and root.closed and not resolved.is_relative_to(root.path.resolve()):
            return None
        if resolved not in self._files:
            raw, problems = self._raw(path, resolved)
            self._files[resolved] = None
            self.problems += problems
            if raw is not None:
                shelved = self._shelve(str(path), raw)
                if root and root.gives_way and shelved.id in taken:
                    return None
                self._files[resolved] = shelved
                self.add(shelved, root)
        return self._files[resolved]

    def _raw(self, path: FilePath, resolved: FilePath) -> tuple[bytes | None, list[Finding]]:
        unsaved = self.unsaved.get(resolved)
        return (unsaved, []) if unsaved is not None else read_bytes(path)

    def _shelve(self, file: str, raw: bytes) -> FileEntry:
        """Return the file by its heading; one without a plain heading is read at once."""
        shelved = FileEntry(file, raw)
        found = [(key.decode(), text.decode()) for key, text in _HEADING.findall(raw)]
        if sorted(key for key, _ in found) in (["id", "kind"], ["id", "kind", "version"]):
            heading = dict(found)
            shelved.kind, shelved.id = heading["kind"], heading["id"]
            shelved.version = heading.get("version", "")
            return shelved
        document = self._open(shelved)
        if document:
            shelved.kind, shelved.id = document.kind, document.id
            shelved.version = document.version
        return shelved

    def _open(self, shelved: FileEntry) -> Document | None:
        if not shelved.opened:
            shelved.opened = True
            shelved.document, problems = parse_document(shelved.raw, shelved.file)
            self.problems += problems
        return shelved.document

    def _clash(self, shelved: FileEntry, other: FileEntry, found: str, help: str) -> None:
        """Report two files of one name at both; neither can be referred to."""
        self._clashes[shelved.id] = f"{other.file} and {shelved.file} have the same name"
        for mine, its in ((shelved, other), (other, shelved)):
            document = self._open(mine)
            if document:
                message = f"`{document.name}` {found}: also in {its.file}"
                position = document.position(("id",))
                problem = Finding(position, message, help, check="name-clash", at="id")
                self.problems += [] if problem in self.problems else [problem]

    def versions(self, kind: str, reference: str) -> list[Document]:
        """Return the documents that `reference` may pick on some day, highest version first.

        NotFound where there is none.
        """
        if not _REFERENCE.fullmatch(reference):
            expected = "expected one like `returns`, `returns@1` or `returns@1.0.0`"
            raise NotFound(f"found the reference `{reference}`, {expected}")
        id, _, version = reference.partition("@")
        if id in self._clashes:
            raise NotFound(f"no telling which {kind} `{id}` is: {self._clashes[id]}")
        same_id = [each for each in self._by_id.get(id, []) if each.kind == kind]
        if not same_id:
            ids = [id for id, found in self._by_id.items() if found[0].kind == kind]
            raise NotFound(f"no {kind} `{id}`", did_you_mean(id, ids))
        wanted = [each for each in same_id if _matches(each.version, version)]
        if not wanted:
            have = ", ".join(sorted(each.version for each in same_id))
            raise NotFound(f"no {kind} `{reference}`", f"there is {have}")
        wanted.sort(key=lambda each: version_key(each.version), reverse=True)
        documents = self.open_all(wanted)
        if not documents:
            raise NotFound(f"{wanted[0].file}, with the {kind} `{reference}`, can't be read")
        return documents

    def find(self, kind: str, reference: str, day: int) -> Document:
        """Return what `reference` picks on `day`: exactly `id@1.2.3`, or the highest in force."""
        exact = reference.count(".") == 2
        for each in self.versions(kind, reference):
            start, end = period(each)
            if exact or start <= day < end:
                return each
        shown = date.fromordinal(day).isoformat()
        never = f"no version of the {kind} `{reference}` is in force"
        raise NotFound(f"{never} on {shown}", undated_message=never)


def period(document: Document) -> tuple[int, int]:
    """Return the first day in force and the first no longer in force, as day numbers."""
    effective = document.data.get("effective")
    days = [FIRST_DAY, LAST_DAY + 1]
    for number, key in enumerate(("from", "until")):
        text = effective.get(key) if isinstance(effective, dict) else None
        try:
            days[number] = date.fromisoformat(text).toordinal() if text else days[number]
        except (TypeError, ValueError):
            continue  # a bad date is reported where the document is checked
    return days[0], days[1]


def period_problems(document: Document) -> list[Finding]:
    """Return what is wrong with the `effective` of a document that follows its schema."""
    report, days = Reporter(document), []
    for key, text in document.data.get("effective", {}).items():
        try:
            days.append(ValueType("date").read(text))
        except ValueError as error:
            report.error(("effective", key), str(error))
    start, end = period(document)
    if len(days) == 2 and end <= start:
        ends = document.data["effective"]
        message = f"the period is turned round: {ends['until']} is not after {ends['from']}"
        report.error(("effective", "until"), message, "`until` is the first day without it")
    return report.problems


def version_key(version: str) -> tuple[int, ...]:
    """Return what versions compare by: 1.10.0 is above 1.9.0."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _matches(version: str, wanted: str) -> bool:
    return not wanted or version == wanted or version.split(".", maxsplit=1)[0] == wanted


def documents_below(folder: FilePath, suffixes: tuple[str, ...] = SUFFIXES) -> Iterator[FilePath]:
    """Yield the YAML files below `folder`, sorted; hidden files and folders are passed over.

    `suffixes` are other files'.
    """
    seen: set[str] = set()  # links to folders are followed, each folder once
    for where, folders, files in os.walk(folder, followlinks=True):
        real = os.path.realpath(where)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.lower().endswith(suffixes) and not name.startswith("."):
                yield FilePath(where, name)


def nearest_policy_folder(start: FilePath) -> FilePath | None:
    """Return the nearest folder named `policy` at or above `start`, None where there is none."""
    for folder in (start, *start.parents):
        if folder.name == "policy" and folder.is_dir():
            return folder
        if (folder / "policy").is_dir():
            return folder / "policy"
    return None
