"""Honest version numbers: how far a policy's number must rise for what changed in its meaning.

*Major*: a seller's override that passed may not pass any more. A case becomes `must_accept`; a
ground stops holding where it could be cited; a term gets better for the buyer; a setting
disappears, becomes fixed, changes its type or loses values; a fact changes its domain; or a name
that overrides may use disappears. *Minor*: something else changed in meaning. *Patch*: only what
is written did. Below 1.0.0 every number stands one place lower: a major change raises the second
number, and any other the third.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checker.analysis.diff.results import (
    BUMPS,
    EQUAL,
    MAJOR,
    MINOR,
    NONE,
    PATCH,
    Change,
    Reason,
    Version,
)
from checker.language.resolve.library import version_key
from checker.language.syntax.documents import Document

_BREAKS = {
    "verdict": "a case becomes must_accept",
    "grounds": "stops holding where it could be cited",
    "terms": "gets better for the buyer",
}
_CHANGES = {
    "widens": "buyers gain by it",
    "narrows": "buyers lose by it",
    "both": "buyers gain and lose by it",
    "changed": "differs",
}
Number = tuple[int, ...]


def version_of(old: Document, new: Document, changes: Sequence[Change]) -> Version:
    """Return whether NEW's number says of the changes what it must, of one policy's versions."""
    required, because = _required(old, new, changes)
    before, after = version_key(old.version), version_key(new.version)
    least = raised(before, required)
    number = ".".join(map(str, least))
    return Version(required, _stated(before, after), number, after >= least, because)


def raised(number: Number, bump: str) -> Number:
    """Return the least number that states the change `bump` over `number`."""
    major, minor, patch = number
    if bump == NONE:
        return number
    if major == 0:
        return (0, minor + 1, 0) if bump == MAJOR else (0, minor, patch + 1)
    if bump == MAJOR:
        return (major + 1, 0, 0)
    return (major, minor + 1, 0) if bump == MINOR else (major, minor, patch + 1)


def _stated(old: Number, new: Number) -> str:
    """Return the greatest change that the new number may stand for."""
    return next(bump for bump in reversed(BUMPS) if bump == NONE or new >= raised(old, bump))


def _required(
    old: Document, new: Document, changes: Sequence[Change]
) -> tuple[str, tuple[Reason, ...]]:
    breaking = tuple(reason for change in changes for reason in _breaking(change))
    if breaking:
        return MAJOR, breaking
    changed = tuple(_reason(change) for change in changes if change.effect != EQUAL)
    if changed:
        return MINOR, changed
    return (NONE if _written(old) == _written(new) else PATCH), ()


def _breaking(change: Change) -> list[Reason]:
    reasons = [Reason(change.at, note.text) for note in change.notes if note.major]
    if change.breaks:
        why = _BREAKS[change.at.partition(".")[0]]
        reasons.append(Reason(change.at, why, change.breaks))
    return reasons


def _reason(change: Change) -> Reason:
    example = change.gains or change.loses or change.differs
    notes = [note.text for note in change.notes]
    return Reason(change.at, "; ".join(notes) or _CHANGES[change.effect], example)


def _written(document: Document) -> dict[str, Any]:
    return {key: value for key, value in document.data.items() if key != "version"}
