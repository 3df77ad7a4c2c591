"""Two folders of documents: which policies and overrides of NEW to compare with which of OLD.

A document is compared with its own version in OLD, or else with the next lower one. Policies are
compared all, because what they refer to may have changed beneath them; an override where its text
changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from checker.analysis.diff.compare import diff_documents
from checker.analysis.diff.results import EQUAL, Diff
from checker.language.resolve.folders import documents_below
from checker.language.resolve.library import Library, version_key
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.documents import Document

COMPARED = ("policy", "override")


@dataclass(frozen=True, slots=True)
class DocumentPair:
    """A document on both sides; None where a side has none to compare it with."""

    old: Document | None
    new: Document | None


def pairs(old: Iterable[Document], new: Iterable[Document]) -> Iterator[DocumentPair]:
    """Yield the pairs to compare: policies, then overrides, then what NEW has no longer."""
    before, after = _by_name(old), _by_name(new)
    for kind in COMPARED:
        for name, versions in after.items():
            if name[0] == kind:
                for document in versions:
                    yield from _pair(_counterpart(document, before.get(name, [])), document)
    gone = (versions for name, versions in before.items() if name not in after)
    yield from (DocumentPair(document, None) for versions in gone for document in versions)


def diff_pair(
    old: Document,
    new: Document,
    before: Resolver,
    resolver: Resolver,
    *,
    on: int | None,
    today: int,
) -> Diff | None:
    """Return what differs; None where neither text nor meaning does. Raises as `diff_documents`.

    A text that stayed as it is, over something that did not, needs no other number.
    """
    diff = diff_documents(old, new, resolver, on=on, today=today, before=before)
    if old.text != new.text:
        return diff
    changed = any(change.effect != EQUAL for change in diff.changes)
    return replace(diff, version=None) if changed else None


def _by_name(documents: Iterable[Document]) -> dict[tuple[str, str], list[Document]]:
    versions: dict[tuple[str, str], list[Document]] = {}
    for document in documents:
        if document.kind in COMPARED and document.id:
            versions.setdefault((document.kind, document.id), []).append(document)
    return versions


def _counterpart(document: Document, candidates: Iterable[Document]) -> Document | None:
    """Return the document of the same number, or else the one of the next lower."""
    number = version_key(document.version)
    lower = [document for document in candidates if version_key(document.version) <= number]
    return max(lower, key=lambda document: version_key(document.version), default=None)


def _pair(old: Document | None, new: Document) -> Iterator[DocumentPair]:
    if old and new.kind == "override" and old.text == new.text:
        return
    yield DocumentPair(old, new)


def sellers(folder: Path, library: Library) -> list[Document]:
    """Return the documents below the folder that can be read."""
    documents = [library.add_file(path) for path in documents_below(folder)]
    return [document for document in documents if document]
