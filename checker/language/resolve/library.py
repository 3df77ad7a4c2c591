"""The library: the documents of all roots, found by id, version and day.

Roots are defined in docs/language.md, section 1.4; references and versions in
docs/language.md, section 1.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path as FilePath

from checker.language.resolve.folders import documents_below
from checker.language.resolve.periods import period
from checker.language.syntax.documents import Document, parse_document, read_bytes
from checker.language.syntax.problems import Finding, UsageError, did_you_mean

_HEADING = re.compile(rb"^(kind|id|version):[ \t]+([a-z0-9./-]+)[ \t]*(?:#.*)?\r?$", re.MULTILINE)
_REFERENCE = re.compile(r"[a-z0-9/-]+(@[0-9]+(\.[0-9]+\.[0-9]+)?)?")


class NotFound(Exception):
    """A reference names nothing, or nothing that is in force.

    Attributes:
        message: which of the two, and of what reference.
        help: what else the reference may have meant, None where nothing is near.
        undated_message: the message without its day, empty where it names no day.
    """

    def __init__(self, message: str, help: str | None = None, undated_message: str = "") -> None:
        super().__init__(message)
        self.message, self.help, self.undated_message = message, help, undated_message

    @property
    def with_help(self) -> str:
        """The message, followed by the help in parentheses."""
        return f"{self.message} ({self.help})" if self.help else self.message


@dataclass(slots=True)
class Root:
    """A folder of documents.

    Attributes:
        path: the folder.
        gives_way: whether a document of it is left out where a root before it has the id.
        closed: whether links that lead out of the folder are passed over.
    """

    path: FilePath
    gives_way: bool = False
    closed: bool = False


@dataclass(slots=True, eq=False)
class FileEntry:
    """A file of the library; its document is read when it is needed.

    Attributes:
        file: the name of the file in positions.
        raw: its bytes.
        kind, id, version: the heading of the document, empty where it can't be read.
        opened: whether it has been read.
        document: the document, None until it is read and where it can't be read.
    """

    file: str
    raw: bytes
    kind: str = ""
    id: str = ""
    version: str = ""
    opened: bool = False
    document: Document | None = None


@dataclass(slots=True)
class Library:
    """The documents of all roots and named files.

    Attributes:
        problems: the findings about files that can't be read and names that clash.
        unsaved: the bytes to use in place of a file's own, by its resolved path: what an editor has
            not saved.
    """

    problems: list[Finding] = field(default_factory=list)
    unsaved: Mapping[FilePath, bytes] = field(default_factory=dict)
    _entries: list[FileEntry] = field(default_factory=list)
    _by_id: dict[str, list[FileEntry]] = field(default_factory=dict)
    _root_of: dict[str, FilePath] = field(default_factory=dict)
    _files: dict[FilePath, FileEntry | None] = field(default_factory=dict)
    _clashes: dict[str, str] = field(default_factory=dict)

    @property
    def documents(self) -> list[Document]:
        """All documents of the library that can be read."""
        return self.open_all(self._entries)

    @property
    def entries(self) -> list[FileEntry]:
        """The entries of all files, in the order in which they were added."""
        return self._entries

    @property
    def files(self) -> frozenset[FilePath]:
        """The resolved paths of all files that were found, also of those that gave way."""
        return frozenset(self._files)

    def of_kind(self, kind: str) -> list[Document]:
        """Return the documents of one kind; no others are read."""
        return self.open_all(entry for entry in self._entries if entry.kind == kind)

    def containing(self, text: str) -> list[Document]:
        """Return the documents in which the text may occur: all of those, and perhaps more."""
        raw = text.encode()  # a string in quotes may have it with escapes, which begin with `\`
        return self.open_all(
            entry for entry in self._entries if raw in entry.raw or b"\\" in entry.raw
        )

    def open_all(self, entries: Iterable[FileEntry]) -> list[Document]:
        """Return the documents of entries; those that can't be read are left out."""
        documents = (self._open(entry) for entry in [*entries])
        return [document for document in documents if document]

    def add_root(self, root: Root) -> list[FileEntry]:
        """Add every document below a root, and return the entries that are new.

        Raises:
            UsageError: the root is no folder.
        """
        if not root.path.is_dir():
            raise UsageError(f"no folder `{root.path}`")
        taken_ids, count = {*self._by_id}, len(self._entries)
        for path in documents_below(root.path):
            self._add_path(path, root, taken_ids)
        return self._entries[count:]

    def add_file(self, path: FilePath) -> Document | None:
        """Add the file at `path`, and return its document; None where it can't be read."""
        entry = self.add_entry(path)
        return self._open(entry) if entry else None

    def add_entry(self, path: FilePath) -> FileEntry | None:
        """Add the file at `path`, and return its entry; None where it has no bytes."""
        return self._add_path(path, None, ())

    def add(self, entry: FileEntry, root: Root | None = None) -> None:
        """Add an entry; a name that another entry has already becomes a finding about both."""
        self._entries.append(entry)
        if not entry.id:
            return
        same_id = self._by_id.setdefault(entry.id, [])
        for other in same_id:
            if other.version == entry.version:
                self._clash(entry, other, "is here twice", "raise the version of one")
                return
        first_root = self._root_of.setdefault(entry.id, root.path) if root else None
        if first_root and root and first_root != root.path:
            self._clash(entry, same_id[0], "is in two roots", "rename one of them")
            return
        same_id.append(entry)

    def replace_document(self, document: Document) -> None:
        """Add a document that is in no file, in place of that with its kind, id and version."""
        new = FileEntry(document.file, b"", document.kind, document.id, document.version)
        new.opened, new.document = True, document

        def others(entries: Iterable[FileEntry]) -> list[FileEntry]:
            name = (new.kind, new.id, new.version)
            return [entry for entry in entries if (entry.kind, entry.id, entry.version) != name]

        self._entries = [*others(self._entries), new]
        self._by_id[document.id] = [*others(self._by_id.get(document.id, [])), new]

    def names(self, kind: str) -> list[str]:
        """Return `id@version` of every document of the kind that can be referred to, sorted."""
        same_kind = (
            entry for entries in self._by_id.values() for entry in entries if entry.kind == kind
        )
        keys = sorted((entry.id, version_key(entry.version), entry.version) for entry in same_kind)
        return [f"{id}@{version}" for id, _, version in keys if id not in self._clashes]

    def _add_path(
        self, path: FilePath, root: Root | None, taken_ids: Iterable[str]
    ) -> FileEntry | None:
        """Add the file at `path` once; a root that gives way leaves out the taken ids."""
        try:
            resolved = path.resolve()
        except (RuntimeError, OSError):  # links that lead in a circle; reading the file reports it
            resolved = path.absolute()
        if root and root.closed and not resolved.is_relative_to(root.path.resolve()):
            return None
        if resolved not in self._files:
            raw, problems = self._raw(path, resolved)
            self._files[resolved] = None
            self.problems += problems
            if raw is not None:
                entry = self._entry(str(path), raw)
                if root and root.gives_way and entry.id in taken_ids:
                    return None
                self._files[resolved] = entry
                self.add(entry, root)
        return self._files[resolved]

    def _raw(self, path: FilePath, resolved: FilePath) -> tuple[bytes | None, list[Finding]]:
        unsaved = self.unsaved.get(resolved)
        return (unsaved, []) if unsaved is not None else read_bytes(path)

    def _entry(self, file: str, raw: bytes) -> FileEntry:
        """Return the entry of a file; one without plain heading lines is read at once."""
        entry = FileEntry(file, raw)
        lines = [(key.decode(), text.decode()) for key, text in _HEADING.findall(raw)]
        if sorted(key for key, _ in lines) in (["id", "kind"], ["id", "kind", "version"]):
            heading = dict(lines)
            entry.kind, entry.id = heading["kind"], heading["id"]
            entry.version = heading.get("version", "")
            return entry
        document = self._open(entry)
        if document:
            entry.kind, entry.id = document.kind, document.id
            entry.version = document.version
        return entry

    def _open(self, entry: FileEntry) -> Document | None:
        """Return the document of an entry, None where it can't be read."""
        if not entry.opened:
            entry.opened = True
            entry.document, problems = parse_document(entry.raw, entry.file, nfc=True)
            self.problems += problems
        return entry.document

    def _clash(self, entry: FileEntry, other: FileEntry, clash: str, help: str) -> None:
        """Report two files with one name at both; neither can be referred to."""
        self._clashes[entry.id] = f"{other.file} and {entry.file} have the same name"
        for reported, counterpart in ((entry, other), (other, entry)):
            document = self._open(reported)
            if document:
                message = f"`{document.name}` {clash}: also in {counterpart.file}"
                position = document.position(("id",))
                problem = Finding(position, message, help, check="name-clash", at="id")
                self.problems += [] if problem in self.problems else [problem]

    def versions(self, kind: str, reference: str) -> list[Document]:
        """Return the documents that `reference` may pick on some day, highest version first.

        Args:
            kind: the kind of the documents.
            reference: `id`, `id@1` for one major version, or `id@1.2.3` for exactly one.

        Raises:
            NotFound: there is none, it can't be read, or two files have the name.
        """
        if not _REFERENCE.fullmatch(reference):
            expected = "expected one like `returns`, `returns@1` or `returns@1.0.0`"
            raise NotFound(f"found the reference `{reference}`, {expected}")
        id, _, version = reference.partition("@")
        if id in self._clashes:
            raise NotFound(f"no telling which {kind} `{id}` is: {self._clashes[id]}")
        same_id = [entry for entry in self._by_id.get(id, []) if entry.kind == kind]
        if not same_id:
            ids = [id for id, entries in self._by_id.items() if entries[0].kind == kind]
            raise NotFound(f"no {kind} `{id}`", did_you_mean(id, ids))
        matches = [entry for entry in same_id if _matches(entry.version, version)]
        if not matches:
            versions = ", ".join(sorted(entry.version for entry in same_id))
            raise NotFound(f"no {kind} `{reference}`", f"there is {versions}")
        matches.sort(key=lambda entry: version_key(entry.version), reverse=True)
        documents = self.open_all(matches)
        if not documents:
            raise NotFound(f"{matches[0].file}, with the {kind} `{reference}`, can't be read")
        return documents

    def find(self, kind: str, reference: str, day: int) -> Document:
        """Return the document that `reference` picks on `day`, an ordinal.

        A reference to exactly one version (`id@1.2.3`) picks it on every day, any other one the
        highest version that is in force.

        Raises:
            NotFound: there is none.
        """
        is_exact = reference.count(".") == 2
        for document in self.versions(kind, reference):
            start, end = period(document)
            if is_exact or start <= day < end:
                return document
        message = f"no version of the {kind} `{reference}` is in force"
        on_day = date.fromordinal(day).isoformat()
        raise NotFound(f"{message} on {on_day}", undated_message=message)


def version_key(version: str) -> tuple[int, ...]:
    """Return the sort key of a version: 1.10.0 is above 1.9.0."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _matches(version: str, wanted: str) -> bool:
    """Return whether a version is the wanted one, or has the wanted major version, if any."""
    return not wanted or version == wanted or version.split(".", maxsplit=1)[0] == wanted
