"""What comparisons of documents come to: the results that reports print."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from checker.language.model.vocabulary import Vocabulary
from checker.language.resolve.facts import Facts, show_facts
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Finding

EQUAL, WIDENS, NARROWS, BOTH, CHANGED = CLASSES = ("equal", "widens", "narrows", "both", "changed")
NONE, PATCH, MINOR, MAJOR = BUMPS = ("none", "patch", "minor", "major")
WHOLE = ("verdict", "response")  # what a document says as a whole


@dataclass(frozen=True, slots=True)
class DiffNote:
    """A difference that no case is needed for; `major` where it can make an override fail."""

    text: str
    major: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """The plainest case of a difference, and what the old side and the new one say of it."""

    facts: Facts
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """What was found of an item; `breaks` is a case by which an override may come to fail."""

    at: str
    notes: tuple[DiffNote, ...] = ()
    gains: Example | None = None
    loses: Example | None = None
    differs: Example | None = None
    breaks: Example | None = None

    @property
    def effect(self) -> str:
        """One of CLASSES; `changed` where buyers neither gain nor lose by it."""
        if self.gains or self.loses:
            return direction(bool(self.gains), bool(self.loses))
        return CHANGED if self.differs or self.notes else EQUAL


def direction(gains: bool, loses: bool) -> str:
    """Return the class of what buyers gain or lose by."""
    if gains and loses:
        return BOTH
    return WIDENS if gains else NARROWS if loses else EQUAL


@dataclass(frozen=True, slots=True)
class Reason:
    """What makes a rise necessary: where, why, and the plainest case where one shows it."""

    at: str
    why: str
    shown: Example | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """How far a number had to rise, how far it did, and the least number that is honest."""

    required: str
    stated: str
    least: str
    honest: bool
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class DatedDocument:
    """A document, and the world that it is read in on a day."""

    document: Document
    resolved: ResolvedPolicy
    day: int


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs between two documents of one kind; cases state facts of the `vocabulary`."""

    old: DatedDocument
    new: DatedDocument
    vocabulary: Vocabulary
    changes: tuple[Change, ...]
    version: Version | None

    @property
    def effect(self) -> str:
        """The class of the whole: what buyers gain and lose by verdict or response, and terms."""
        changes = [
            change
            for change in self.changes
            if change.at in WHOLE or change.at.startswith("terms.")
        ]
        return direction(
            any(change.gains for change in changes), any(change.loses for change in changes)
        )

    def items(self) -> dict[str, int]:
        """Return how many items there are of each class."""
        effects = [change.effect for change in self.changes if change.at not in WHOLE]
        return {effect: effects.count(effect) for effect in CLASSES}

    def as_json(self) -> dict[str, Any]:
        """Return the comparison as `diff --format json` prints it, without overrides."""
        days = {"old": self.old.day, "new": self.new.day}
        return {
            "old": self.old.document.name,
            "new": self.new.document.name,
            "kind": self.new.document.kind,
            "on": {side: date.fromordinal(day).isoformat() for side, day in days.items()},
            "class": self.effect,
            "items": self.items(),
            "changes": [self._change(change) for change in self.changes if change.effect != EQUAL],
            "version": self._version(self.version) if self.version else None,
        }

    def _change(self, change: Change) -> dict[str, Any]:
        return {
            "at": change.at,
            "class": change.effect,
            "notes": [note.text for note in change.notes],
            "gains": self._shown(change.gains),
            "loses": self._shown(change.loses),
            "differs": self._shown(change.differs),
        }

    def _version(self, version: Version) -> dict[str, Any]:
        because = [
            {"at": reason.at, "why": reason.why, "shown": self._shown(reason.shown)}
            for reason in version.because
        ]
        return {
            "required": version.required,
            "stated": version.stated,
            "least": version.least,
            "honest": version.honest,
            "because": because,
        }

    def _shown(self, example: Example | None) -> dict[str, Any] | None:
        if example is None:
            return None
        case = show_facts(example.facts, self.vocabulary)
        return {"case": case, "old": example.old, "new": example.new}


@dataclass(slots=True)
class BrokenSellers:
    """What was found; `failing_already` counts the overrides that do not pass against OLD."""

    looked_at: int = 0
    failing_already: int = 0
    broken: list[tuple[Document, list[Finding]]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return it as `diff --overrides --format json` prints it."""
        broken = [
            {
                "override": document.name,
                "findings": [_finding(finding) for finding in findings],
            }
            for document, findings in self.broken
        ]
        return {
            "looked_at": self.looked_at,
            "failing_already": self.failing_already,
            "broken": broken,
        }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check,
        "at": finding.at,
        "position": str(finding.position),
        "message": finding.message,
        "case": finding.case.facts if finding.case else None,
    }
