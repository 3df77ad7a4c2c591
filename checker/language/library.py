"""The documents of all roots, found by id, version and day, and read once each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path as FilePath

from checker.language.documents import Document, Reporter, read_document
from checker.language.problems import Problem, Unusable, did_you_mean
from checker.language.values import FIRST_DAY, LAST_DAY, ValueType

Version = tuple[int, ...]
SUFFIXES = (".yaml", ".yml")


class NotFound(Exception):
    """A reference names nothing, or nothing that is in force; the message says which."""

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.message, self.help = message, help


@dataclass(slots=True)
class Root:
    """A folder of documents; `gives_way` where another root may take over its ids."""

    path: FilePath
    gives_way: bool = False


@dataclass(slots=True)
class Library:
    """Documents by id; `problems` are those of finding them, by file."""

    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _by_id: dict[str, list[Document]] = field(default_factory=dict)
    _root_of: dict[str, FilePath] = field(default_factory=dict)
    _files: set[FilePath] = field(default_factory=set)

    def add_root(self, root: Root) -> None:
        """Read every document below `root`."""
        if not root.path.is_dir():
            raise Unusable(f"no folder `{root.path}`")
        taken = {*self._by_id}
        for path in documents_below(root.path):
            self.add_file(path, root, taken)

    def add_file(
        self, path: FilePath, root: Root | None = None, taken: Iterable[str] = ()
    ) -> Document | None:
        """Read the document at `path`; `taken` are ids that a root which gives way leaves alone."""
        resolved = path.resolve()
        if resolved in self._files:
            return next((d for d in self.documents if FilePath(d.file).resolve() == resolved), None)
        document, problems = read_document(path)
        if root and root.gives_way and (document is None or document.id in taken):
            return document
        self._files.add(resolved)
        self.problems += problems
        if document:
            self._add(document, root)
        return document

    def _add(self, document: Document, root: Root | None) -> None:
        self.documents.append(document)
        if not document.id:
            return
        same = self._by_id.setdefault(document.id, [])
        for other in same:
            if other.version == document.version:
                self._clash(document, other, "is here twice", "raise the version of one")
                return
        home = self._root_of.setdefault(document.id, root.path) if root else None
        if home and root and home != root.path:
            self._clash(document, same[0], "is in two roots", "rename one of them")
            return
        same.append(document)

    def _clash(self, document: Document, other: Document, found: str, help: str) -> None:
        message = f"`{document.name}` {found}: also in {other.file}"
        position = document.position(("id",))
        self.problems.append(Problem(position, message, help, check="name-clash", at="id"))

    def named(self, kind: str, reference: str) -> list[Document]:
        """Return the documents that `reference` may pick on some day, highest version first.

        NotFound where there is none.
        """
        id, _, version = reference.partition("@")
        same_id = [each for each in self._by_id.get(id, []) if each.kind == kind]
        if not same_id:
            ids = [id for id, found in self._by_id.items() if found[0].kind == kind]
            raise NotFound(f"no {kind} `{id}`", did_you_mean(id, ids))
        wanted = [each for each in same_id if _matches(each.version, version)]
        if not wanted:
            have = ", ".join(sorted(each.version for each in same_id))
            raise NotFound(f"no {kind} `{reference}`", f"there is {have}")
        return sorted(wanted, key=lambda each: version_key(each.version), reverse=True)

    def find(self, kind: str, reference: str, day: int) -> Document:
        """Return what `reference` picks on `day`: exactly `id@1.2.3`, or the highest in force."""
        wanted = self.named(kind, reference)
        exact = reference.count(".") == 2
        for each in wanted:
            start, end = period(each)
            if exact or start <= day < end:
                return each
        shown = date.fromordinal(day).isoformat()
        raise NotFound(f"no version of the {kind} `{reference}` is in force on {shown}")


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


def period_problems(document: Document) -> list[Problem]:
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


def version_key(version: str) -> Version:
    """Return what versions compare by: 1.10.0 is above 1.9.0."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _matches(version: str, wanted: str) -> bool:
    return not wanted or version == wanted or version.split(".", maxsplit=1)[0] == wanted


def documents_below(folder: FilePath) -> Iterator[FilePath]:
    """Yield the YAML files below `folder`, sorted; hidden files and folders are passed over."""
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.endswith(SUFFIXES) and not name.startswith("."):
                yield FilePath(where, name)


def nearest_policy_folder(start: FilePath) -> FilePath | None:
    """Return the nearest folder named `policy` at or above `start`, None where there is none."""
    for folder in (start, *start.parents):
        if folder.name == "policy" and folder.is_dir():
            return folder
        if (folder / "policy").is_dir():
            return folder / "policy"
    return None
