"""`checker diff` of two folders: what a branch changes, document by document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from checker.analysis.diff.folders import DocumentPair, diff_pair, pairs, sellers
from checker.analysis.diff.impact import broken_sellers
from checker.cli.echo import echo
from checker.cli.options import progress
from checker.language.resolve.project import open_library, today
from checker.language.resolve.resolver import InvalidDocument, Resolver
from checker.language.syntax.documents import Document
from checker.report.diffs import Alone, Compared
from checker.solver.box_search import Undecided


def diff_folders(
    folders: Sequence[Path], overrides: Path | None, roots: Sequence[Path], on: int | None
) -> tuple[list[Compared | Alone], bool]:
    """Return what changed from the first folder to the second, and whether files have problems.

    Each side refers to its own documents, and both to those of the roots.
    """
    sides = [open_library([folder, *roots]) for folder in folders]
    old, new = (library.open_all(shelved) for library, shelved in sides)
    before, after = (Resolver(library) for library, _ in sides)
    asked = sellers(overrides, after.library) if overrides else None
    problems = [*before.library.problems, *after.library.problems]
    for problem in problems:
        echo(str(problem), err=True)
    items: list[Compared | Alone] = []
    with progress([*pairs(old, new)], "documents") as watched:
        for pair in watched:
            items += _compared(pair, before, after, asked, on)
    return items, bool(problems)


def _compared(
    pair: DocumentPair,
    before: Resolver,
    after: Resolver,
    asked: list[Document] | None,
    on: int | None,
) -> Iterator[Compared | Alone]:
    """Yield what differs between the two, where anything does."""
    if pair.old is None or pair.new is None:
        alone = pair.new or pair.old
        assert alone is not None
        yield Alone(alone, "new" if pair.new else "no longer there")
        return
    try:
        found = diff_pair(pair.old, pair.new, before, after, on=on, today=today())
    except InvalidDocument as error:
        for problem in error.problems:
            echo(str(problem), err=True)
        yield Alone(pair.new, "can't be compared, because a document has errors", failed=True)
        return
    except Undecided:
        yield Alone(pair.new, "can't be compared within the budget", failed=True)
        return
    if found and asked is not None and pair.new.kind == "policy":
        yield Compared(found, broken_sellers(asked, after, found.old, found.new))
    elif found:
        yield Compared(found)
