"""The results of documents that a command remembers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from checker.analysis.check.findings import Examined
from checker.cli.cache.digests import LibraryDigests, name_of, program_digest
from checker.cli.cache.records import record, restored
from checker.cli.cache.store import FOLDER, ResultStore, open_store
from checker.language.resolve.folders import nearest_policy_folder
from checker.language.resolve.library import FileEntry, Library

# What these say may depend on any document, as "did you mean" does.
_OF_ANY_DOCUMENT = frozenset({"invalid-document", "test", "unknown-clause", "stale-acceptance"})


@dataclass(slots=True)
class RememberedResults:
    """The remembered results of one command on one library."""

    store: ResultStore
    digests: LibraryDigests

    def get(self, entry: FileEntry) -> Examined | None:
        """Return the result for the document in an entry, None where it must be found."""
        for key in (self.digests.narrow(entry), self.digests.wide(entry)):
            kept = self.store.get(key)
            if kept is not None:
                examined: Examined = restored(kept)
                return examined
        return None

    def put(self, entry: FileEntry, examined: Examined) -> None:
        """Remember a result, unless how long a proof took decided it."""
        checks = {finding.check for finding in examined.findings}
        if "undecided" in checks:
            return
        narrow = checks.isdisjoint(_OF_ANY_DOCUMENT)
        key = self.digests.narrow(entry) if narrow else self.digests.wide(entry)
        try:
            self.store.put(key, record(examined))
        except TypeError:
            return


def remembered_results(
    library: Library, roots: Iterable[Path], *options: object
) -> RememberedResults | None:
    """Return what is remembered, None where nothing can be.

    Args:
        library: the documents.
        roots: the roots of the call.
        options: all else that the results depend on: the command, its options, the day.
    """
    named = [*roots]
    folder = cache_folder(named)
    if folder is None:
        return None
    name = name_of(program_digest(), repr(options), *map(str, named))
    store = open_store(folder, name)
    return RememberedResults(store, LibraryDigests(library)) if store else None


def cache_folder(roots: Iterable[Path]) -> Path | None:
    """Return the folder for results: in the first root, or beside the nearest `policy` folder."""
    for root in roots:
        return root / FOLDER
    nearest = nearest_policy_folder(Path.cwd())
    return nearest.parent / FOLDER if nearest else None
