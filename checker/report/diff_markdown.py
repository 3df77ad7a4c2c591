"""Comparisons as Markdown for a pull request: what `diff_text` says, with tables.

What documents say in it is text and nothing else (`report/markdown.py`). A comment has room for so
much: long tables are cut, and what they leave out is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from checker.analysis.diff.results import (
    EQUAL,
    NONE,
    WHOLE,
    BrokenSellers,
    Change,
    Diff,
    Example,
    Reason,
    Version,
)
from checker.language.model.vocabulary import Vocabulary
from checker.language.resolve.facts import Facts, unusual_facts
from checker.language.syntax.documents import Document
from checker.language.syntax.localized import english
from checker.language.syntax.scalars import scalar_text
from checker.report.diffs import EFFECTS, Alone, Compared, directions
from checker.report.markdown_escape import code, shortened, table, words

MOST_ROWS = 30
MOST_FACTS = 12
LONGEST_CELL = 200
LONGEST = 60_000  # GitHub takes comments of 65,536 characters
Each = TypeVar("Each")
_TYPICAL = "the typical case"


def comment(items: Iterable[Compared | Alone]) -> str:
    """Return what was compared as one comment; sections for which there is no room are counted."""
    shown, room, left_out = [], LONGEST, 0
    for each in items:
        section = _section(each)
        if len(section) + 2 > room:
            left_out += 1
            continue
        shown.append(section)
        room -= len(section) + 2
    if left_out:
        shown.append(f"{left_out:,} more would not fit into a comment; `checker diff` prints all.")
    return "\n\n".join(shown or ["Nothing changes."])


def _section(item: Compared | Alone) -> str:
    """Return what differs: the class, the version number, each change, a case a direction."""
    if isinstance(item, Alone):
        return f"### {_name(item.document)}: {_words(item.why)}"
    diff, vocabulary = item.diff, item.diff.vocabulary
    names = f"{_name(diff.old.document)} → {_name(diff.new.document)}"
    parts = [f"### {names}: {EFFECTS[diff.effect][0]}"]
    changed = [each for each in diff.changes if each.effect != EQUAL]
    if changed:
        rows = [row for each in changed for row in _rows(each, vocabulary)]
        parts.append(_table(("what", "changes", "the plainest case"), rows, tuple))
    for direction in ("gain", "lose"):
        parts += _example(direction, changed, vocabulary)
    counts = [f"{count} {kind}" for kind, count in diff.items().items() if count]
    parts.append(f"Compared: {', '.join(counts) or 'nothing'}.")
    if diff.version:
        parts += _version(diff.version, diff)
    return "\n\n".join([*parts, *_sellers(item.broken, diff)])


def _name(document: Document) -> str:
    return _code(document.name)


def _version(version: Version, diff: Diff) -> Iterator[str]:
    number = _code(diff.new.document.version)
    if version.required == NONE and version.honest:
        yield f"Version {number} is **honest**: nothing changed."
        return
    honest = "honest" if version.honest else "dishonest"
    needs = "" if version.honest else f", and needs {_code(version.least)} or higher"
    yield f"Version {number} is **{honest}**: the change is {version.required}{needs}."
    vocabulary = diff.vocabulary
    if version.because:
        yield "\n".join(_cut(version.because, lambda each: f"- {_because(each, vocabulary)}", "- "))


def _because(reason: Reason, vocabulary: Vocabulary) -> str:
    said = f"{_code(reason.at)}: {_words(reason.why)}"
    if reason.shown is None:
        return said
    case = _case(reason.shown.facts, vocabulary)
    return f"{said} {'in' if case == _TYPICAL else 'where'} {case}"


def _rows(change: Change, vocabulary: Vocabulary) -> Iterator[tuple[str, str, str]]:
    """Yield the notes of a change, and each direction with its case."""
    at = _code(change.at)
    for note in change.notes:
        yield at, _words(note.text), ""
    for word, shown in directions(change):
        yield at, f"{word}{_from_to(shown)}", _case(shown.facts, vocabulary)


def _example(direction: str, changed: Sequence[Change], vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the case by which buyers gain or lose: by the whole, or else by a term."""
    whole = [each for each in changed if each.at in WHOLE or each.at.startswith("terms.")]
    found = [(each, each.gains if direction == "gain" else each.loses) for each in whole]
    for each, shown in found:
        if shown:
            yield f"**A return by which buyers {direction}**: {_code(each.at)}: {_from_to(shown)}"
            yield _facts_table(shown.facts, vocabulary)
            return


def _facts_table(facts: Facts, vocabulary: Vocabulary) -> str:
    unusual = unusual_facts(facts, vocabulary)
    if not unusual:
        return "It is the usual one."

    def row(name: str) -> tuple[str, str, str]:
        fact = vocabulary.facts[name]
        assert fact.typical is not None
        title = f"{_words(english(fact.title))} ({_code(name)})" if fact.title else _code(name)
        usual = scalar_text(fact.type.show(fact.typical))
        return title, _code(scalar_text(unusual[name])), _code(usual)

    return _table(("fact", "here", "usually"), [*unusual], row)


def _sellers(found: BrokenSellers | None, diff: Diff) -> Iterator[str]:
    """Yield which sellers the new policy breaks, and the case by which each does."""
    if found is None:
        return
    passing = found.looked_at - found.failing_already - len(found.broken)
    counts = f"{len(found.broken):,} broken, {passing:,} passing"
    yield f"**Sellers**: {counts}, {found.failing_already:,} failing already."
    rows = [
        (
            _name(document),
            f"{_words(each.message)} ({_code(each.check)}, {_code(str(each.position))})",
            _stated({one.name: one.value for one in each.case.unusual}) if each.case else "",
        )
        for document, breaks in found.broken
        for each in breaks
    ]
    if rows:
        head = (f"broken by {_name(diff.new.document)}", "why", "the plainest case")
        yield _table(head, rows, tuple)


def _table(head: Sequence[str], items: Sequence[Each], row: Callable[[Each], Sequence[str]]) -> str:
    rows = [row(each) for each in items[:MOST_ROWS]]
    more = len(items) - len(rows)
    rows += [(f"… and {more:,} more", *[""] * (len(head) - 1))] if more else []
    return "\n".join(table(head, rows))


def _cut(items: Sequence[Each], line: Callable[[Each], str], mark: str) -> list[str]:
    more = len(items) - MOST_ROWS
    lines = [line(each) for each in items[:MOST_ROWS]]
    return [*lines, f"{mark}… and {more:,} more"] if more > 0 else lines


def _from_to(shown: Example) -> str:
    return f"{_code(shown.old)} → {_code(shown.new)}"


def _case(facts: Facts, vocabulary: Vocabulary) -> str:
    return _stated(unusual_facts(facts, vocabulary))


def _stated(facts: Mapping[str, Any]) -> str:
    """Return the facts of a case that differ from typical, where there are any."""
    unusual = [*facts.items()]
    if not unusual:
        return _TYPICAL
    said = [f"{_code(name)} is {_code(scalar_text(value))}" for name, value in unusual[:MOST_FACTS]]
    more = [f"{len(unusual) - MOST_FACTS} more"] if len(unusual) > MOST_FACTS else []
    return " and ".join([*said, *more])


def _code(text: str) -> str:
    return code(shortened(text, LONGEST_CELL))


def _words(text: str) -> str:
    return words(shortened(text, LONGEST_CELL))
