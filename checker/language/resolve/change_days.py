"""The days on which the references of a document may pick other versions.

Between two such days nothing changes: a check of one day holds on all days up to the next one.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from checker.language.resolve.library import Library, NotFound
from checker.language.resolve.periods import period
from checker.language.syntax.documents import Document
from checker.language.syntax.references import references


def days_in_period(
    library: Library, document: Document, today: int, keys: Container[str] | None = None
) -> list[int]:
    """Return the days of the document's period on which its references may pick others.

    The first one is the start of the period, or `today` where it has none. Days are ordinals.

    Args:
        library: the library that the document is in.
        document: a document with references.
        today: the day of the call.
        keys: the keys whose references are followed (`policy`, `upholds`), None for all.
    """
    start, end = period(document)
    effective = document.data.get("effective")
    if not (isinstance(effective, dict) and "from" in effective):
        start = min(today, end - 1)
    days = {start}
    for reachable in _reachable(library, document, keys):
        days.update(day for day in period(reachable) if start < day < end)
    return sorted(days)


def change_days(library: Library, documents: Iterable[Document]) -> list[int]:
    """Return the days on which a document, or one that it refers to, begins or ends."""
    days: set[int] = set()
    for document in documents:
        for reachable in {document, *_reachable(library, document, None)}:
            days.update(period(reachable))
    return sorted(days)


def _reachable(library: Library, document: Document, keys: Container[str] | None) -> set[Document]:
    """Return every document that `document` may refer to on some day, transitively."""
    reachable: set[Document] = set()
    pending = [document]
    while pending:
        for path, kind, reference in references(pending.pop()):
            if keys is not None and path[0] not in keys:
                continue
            try:
                versions = library.versions(kind, reference)
            except NotFound:
                continue
            pending += [version for version in versions if version not in reachable]
            reachable.update(versions)
    return reachable
