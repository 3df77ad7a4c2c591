"""Comparisons as text: one line an item, with the unusual facts of its plainest cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import click

from checker.analysis.diff.results import (
    BOTH,
    EQUAL,
    NARROWS,
    NONE,
    WIDENS,
    BrokenSellers,
    Change,
    Diff,
    Example,
    Version,
)
from checker.language.model.vocabulary import Vocabulary
from checker.language.resolve.facts import Facts, unusual_facts
from checker.language.syntax.documents import Document
from checker.language.syntax.scalars import scalar_text

EFFECTS = {
    EQUAL: ("buyers neither gain nor lose", "cyan"),
    WIDENS: ("buyers gain", "green"),
    NARROWS: ("buyers lose", "red"),
    BOTH: ("buyers gain and lose", "yellow"),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """Two documents compared, and the sellers that the new one breaks where one asked for them."""

    diff: Diff
    broken: BrokenSellers | None = None

    def text(self) -> Iterator[str]:
        """Yield the lines that say so."""
        yield from diff_text(self.diff)
        if self.broken:
            yield from broken_text(self.broken, self.diff)

    def as_json(self) -> dict[str, Any]:
        """Return it as `diff --format json` prints it."""
        return {
            **self.diff.as_json(),
            "overrides": self.broken.as_json() if self.broken else None,
        }


@dataclass(frozen=True, slots=True)
class Alone:
    """A document of one of two folders that is not compared, and why."""

    document: Document
    why: str
    failed: bool = False

    def text(self) -> Iterator[str]:
        """Yield the line that says so."""
        yield f"{click.style(self.document.name, bold=True)}: {self.why}"

    def as_json(self) -> dict[str, Any]:
        """Return it as `diff --format json` prints it."""
        return {"document": self.document.name, "kind": self.document.kind, "why": self.why}


def diff_text(diff: Diff) -> Iterator[str]:
    """Yield the lines that say what differs, and whether the version number says so."""
    words, colour = EFFECTS[diff.effect]
    names = click.style(f"{diff.old.document.name} -> {diff.new.document.name}", bold=True)
    yield f"{names}: {click.style(words, fg=colour)}"
    for each in diff.changes:
        if each.effect != EQUAL:
            yield f"  {each.at}: {'; '.join(_parts(each, diff.vocabulary))}"
    counts = [f"{count} {kind}" for kind, count in diff.items().items() if count]
    yield f"  items: {', '.join(counts) or 'none'}"
    if diff.version:
        yield from _version(diff.version, diff)


def _parts(change: Change, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the notes of a change, and each direction with its case."""
    yield from (note.text for note in change.notes)
    for word, shown in directions(change):
        yield f"{word}{shown.old} -> {shown.new} {unusual(shown.facts, vocabulary)}"


def directions(change: Change) -> list[tuple[str, Example]]:
    """Return the case by which buyers gain and the one by which they lose, or else any other."""
    found = [("buyers gain: ", change.gains), ("buyers lose: ", change.loses)]
    if not (change.gains or change.loses):
        found = [("", change.differs)]
    return [(word, shown) for word, shown in found if shown]


def unusual(facts: Facts, vocabulary: Vocabulary) -> str:
    """Return the facts of a case that differ from typical, in words."""
    return _where(unusual_facts(facts, vocabulary))


def _where(facts: Mapping[str, Any]) -> str:
    found = [f"{name} is {scalar_text(value)}" for name, value in facts.items()]
    return f"where {' and '.join(found)}" if found else "in the typical case"


def _version(version: Version, diff: Diff) -> Iterator[str]:
    number = diff.new.document.version
    if version.required == NONE and version.honest:
        yield f"  version {number} is honest: nothing changed"
        return
    honest = (
        click.style("honest", fg="green") if version.honest else click.style("dishonest", fg="red")
    )
    needs = "" if version.honest else f", and needs {version.least} or higher"
    yield f"  version {number} is {honest}: the change is {version.required}{needs}"
    for each in version.because:
        shown = f" {unusual(each.shown.facts, diff.vocabulary)}" if each.shown else ""
        yield f"    {each.at}: {each.why}{shown}"


def broken_text(found: BrokenSellers, diff: Diff) -> Iterator[str]:
    """Yield the lines that say which sellers the new policy breaks."""
    for document, breaks in found.broken:
        name = click.style(document.name, bold=True)
        yield f"{name}: {click.style('broken', fg='red')} by {diff.new.document.name}"
        for each in breaks:
            facts = {one.name: one.value for one in each.case.unusual} if each.case else {}
            where = f" {_where(facts)}" if each.case else ""
            yield f"  {each.position}: {each.message}{where}" + click.style(
                f" [{each.check}]", dim=True
            )
    passing = found.looked_at - found.failing_already - len(found.broken)
    counts = f"{len(found.broken)} broken, {passing} passing"
    yield f"overrides: {counts}, {found.failing_already} failing already"
