"""Comparisons as Markdown for a comment on a pull request: the content of `diff_text`, in tables.

Texts of documents are escaped (`report/markdown_escape.py`). The length of a comment is limited:
long tables are cut, and the number of rows left out is stated.
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
from checker.language.syntax.problems import Finding
from checker.language.syntax.scalars import scalar_text
from checker.report.diffs import EFFECTS, Alone, Compared, directions
from checker.report.markdown_escape import code, shortened, table, words

MOST_ROWS = 30
MOST_FACTS = 12
LONGEST_CELL = 200
LONGEST = 60_000  # GitHub takes comments of 65,536 characters
Item = TypeVar("Item")
_TYPICAL = "the typical case"


def comment(items: Iterable[Compared | Alone]) -> str:
    """Return the comparisons as one comment; it states how many sections do not fit."""
    sections, room, left_out = [], LONGEST, 0
    for item in items:
        section = _section(item)
        if len(section) + 2 > room:
            left_out += 1
            continue
        sections.append(section)
        room -= len(section) + 2
    if left_out:
        sections.append(
            f"{left_out:,} more would not fit into a comment; `checker diff` prints all."
        )
    return "\n\n".join(sections or ["Nothing changes."])


def _section(item: Compared | Alone) -> str:
    """Return the section of one comparison.

    It has the effect, the changes, a case for each direction, the version number and the sellers.
    """
    if isinstance(item, Alone):
        return f"### {_name(item.document)}: {_words(item.why)}"
    diff, vocabulary = item.diff, item.diff.vocabulary
    names = f"{_name(diff.old.document)} → {_name(diff.new.document)}"
    parts = [f"### {names}: {EFFECTS[diff.effect][0]}"]
    changes = [change for change in diff.changes if change.effect != EQUAL]
    if changes:
        rows = [row for change in changes for row in _rows(change, vocabulary)]
        parts.append(_table(("what", "changes", "the plainest case"), rows, tuple))
    for direction in ("gain", "lose"):
        parts += _direction_example(direction, changes, vocabulary)
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
    assessment = "honest" if version.honest else "dishonest"
    needs = "" if version.honest else f", and needs {_code(version.least)} or higher"
    yield f"Version {number} is **{assessment}**: the change is {version.required}{needs}."
    vocabulary = diff.vocabulary
    if version.because:
        yield "\n".join(
            _cut(version.because, lambda reason: f"- {_reason(reason, vocabulary)}", "- ")
        )


def _reason(reason: Reason, vocabulary: Vocabulary) -> str:
    text = f"{_code(reason.at)}: {_words(reason.why)}"
    if reason.shown is None:
        return text
    case = _case(reason.shown.facts, vocabulary)
    return f"{text} {'in' if case == _TYPICAL else 'where'} {case}"


def _rows(change: Change, vocabulary: Vocabulary) -> Iterator[tuple[str, str, str]]:
    """Yield a row for each note of a change, and one for each direction with its case."""
    at = _code(change.at)
    for note in change.notes:
        yield at, _words(note.text), ""
    for direction, example in directions(change):
        yield at, f"{direction}{_old_and_new(example)}", _case(example.facts, vocabulary)


def _direction_example(
    direction: str, changed: Sequence[Change], vocabulary: Vocabulary
) -> Iterator[str]:
    """Yield a case by which buyers gain or lose: by the verdict or response, or else by a term."""
    summary_changes = [
        change for change in changed if change.at in WHOLE or change.at.startswith("terms.")
    ]
    examples = [
        (change, change.gains if direction == "gain" else change.loses)
        for change in summary_changes
    ]
    for change, example in examples:
        if example:
            values = f"{_code(change.at)}: {_old_and_new(example)}"
            yield f"**A return by which buyers {direction}**: {values}"
            yield _facts_table(example.facts, vocabulary)
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


def _sellers(impact: BrokenSellers | None, diff: Diff) -> Iterator[str]:
    """Yield the sellers whose overrides the new policy breaks, each with a case."""
    if impact is None:
        return
    passing = impact.looked_at - impact.failing_already - len(impact.broken)
    counts = f"{len(impact.broken):,} broken, {passing:,} passing"
    yield f"**Sellers**: {counts}, {impact.failing_already:,} failing already."
    rows = [
        (
            _name(document),
            f"{_words(finding.message)} ({_code(finding.check)}, {_code(str(finding.position))})",
            _finding_case(finding),
        )
        for document, breaks in impact.broken
        for finding in breaks
    ]
    if rows:
        head = (f"broken by {_name(diff.new.document)}", "why", "the plainest case")
        yield _table(head, rows, tuple)


def _finding_case(finding: Finding) -> str:
    """Return the facts of a finding's case that are not typical, empty where it has no case."""
    if finding.case is None:
        return ""
    return _facts_text({fact.name: fact.value for fact in finding.case.unusual})


def _table(head: Sequence[str], items: Sequence[Item], row: Callable[[Item], Sequence[str]]) -> str:
    rows = [row(item) for item in items[:MOST_ROWS]]
    more = len(items) - len(rows)
    rows += [(f"… and {more:,} more", *[""] * (len(head) - 1))] if more else []
    return "\n".join(table(head, rows))


def _cut(items: Sequence[Item], line: Callable[[Item], str], mark: str) -> list[str]:
    more = len(items) - MOST_ROWS
    lines = [line(item) for item in items[:MOST_ROWS]]
    return [*lines, f"{mark}… and {more:,} more"] if more > 0 else lines


def _old_and_new(example: Example) -> str:
    return f"{_code(example.old)} → {_code(example.new)}"


def _case(facts: Facts, vocabulary: Vocabulary) -> str:
    return _facts_text(unusual_facts(facts, vocabulary))


def _facts_text(facts: Mapping[str, Any]) -> str:
    """Return the facts of a case that are not typical, as text."""
    unusual = [*facts.items()]
    if not unusual:
        return _TYPICAL
    statements = [
        f"{_code(name)} is {_code(scalar_text(value))}" for name, value in unusual[:MOST_FACTS]
    ]
    more = [f"{len(unusual) - MOST_FACTS} more"] if len(unusual) > MOST_FACTS else []
    return " and ".join([*statements, *more])


def _code(text: str) -> str:
    return code(shortened(text, LONGEST_CELL))


def _words(text: str) -> str:
    return words(shortened(text, LONGEST_CELL))
