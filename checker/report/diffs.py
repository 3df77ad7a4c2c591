"""Comparisons as text: one line an item, with the unusual facts of its minimal cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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
from checker.language.syntax.printable import styled
from checker.language.syntax.scalars import scalar_text

EFFECTS = {
    EQUAL: ("buyers neither gain nor lose", "cyan"),
    WIDENS: ("buyers gain", "green"),
    NARROWS: ("buyers lose", "red"),
    BOTH: ("buyers gain and lose", "yellow"),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison of two documents, and the sellers that the new one breaks, if requested."""

    diff: Diff
    broken: BrokenSellers | None = None

    def text(self) -> Iterator[str]:
        """Yield the lines for a terminal."""
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
    """A document of one of two folders that is not compared, and the reason."""

    document: Document
    why: str
    failed: bool = False

    def text(self) -> Iterator[str]:
        """Yield the line for a terminal."""
        yield f"{styled(self.document.name, 'bold')}: {self.why}"

    def as_json(self) -> dict[str, Any]:
        """Return it as `diff --format json` prints it."""
        return {"document": self.document.name, "kind": self.document.kind, "why": self.why}


def diff_text(diff: Diff) -> Iterator[str]:
    """Yield the lines of the changes, and of whether the version number is high enough."""
    effect, colour = EFFECTS[diff.effect]
    names = styled(f"{diff.old.document.name} -> {diff.new.document.name}", "bold")
    yield f"{names}: {styled(effect, colour)}"
    for change in diff.changes:
        if change.effect != EQUAL:
            yield f"  {change.at}: {'; '.join(_parts(change, diff.vocabulary))}"
    counts = [f"{count} {kind}" for kind, count in diff.items().items() if count]
    yield f"  items: {', '.join(counts) or 'none'}"
    if diff.version:
        yield from _version(diff.version, diff)


def _parts(change: Change, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the notes of a change, and each direction with its case."""
    yield from (note.text for note in change.notes)
    for direction, example in directions(change):
        yield f"{direction}{example.old} -> {example.new} {unusual(example.facts, vocabulary)}"


def directions(change: Change) -> list[tuple[str, Example]]:
    """Return the examples by which buyers gain and lose, or else one of any other difference.

    Each has the text that introduces its direction.
    """
    examples = [("buyers gain: ", change.gains), ("buyers lose: ", change.loses)]
    if not (change.gains or change.loses):
        examples = [("", change.differs)]
    return [(direction, example) for direction, example in examples if example]


def unusual(facts: Facts, vocabulary: Vocabulary) -> str:
    """Return the facts of a case that are not typical, as text."""
    return _facts_text(unusual_facts(facts, vocabulary))


def _facts_text(facts: Mapping[str, Any]) -> str:
    statements = [f"{name} is {scalar_text(value)}" for name, value in facts.items()]
    return f"where {' and '.join(statements)}" if statements else "in the typical case"


def _version(version: Version, diff: Diff) -> Iterator[str]:
    number = diff.new.document.version
    if version.required == NONE and version.honest:
        yield f"  version {number} is honest: nothing changed"
        return
    assessment = styled("honest", "green") if version.honest else styled("dishonest", "red")
    needs = "" if version.honest else f", and needs {version.least} or higher"
    yield f"  version {number} is {assessment}: the change is {version.required}{needs}"
    for reason in version.because:
        where = f" {unusual(reason.shown.facts, diff.vocabulary)}" if reason.shown else ""
        yield f"    {reason.at}: {reason.why}{where}"


def broken_text(impact: BrokenSellers, diff: Diff) -> Iterator[str]:
    """Yield the lines of the sellers whose overrides the new policy breaks."""
    for document, breaks in impact.broken:
        name = styled(document.name, "bold")
        yield f"{name}: {styled('broken', 'red')} by {diff.new.document.name}"
        for finding in breaks:
            facts = {fact.name: fact.value for fact in finding.case.unusual} if finding.case else {}
            where = f" {_facts_text(facts)}" if finding.case else ""
            yield f"  {finding.position}: {finding.message}{where}" + styled(
                f" [{finding.check}]", "dim"
            )
    passing = impact.looked_at - impact.failing_already - len(impact.broken)
    counts = f"{len(impact.broken)} broken, {passing} passing"
    yield f"overrides: {counts}, {impact.failing_already} failing already"
