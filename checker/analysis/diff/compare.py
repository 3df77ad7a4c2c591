"""What changes between two policies or two overrides, by meaning, for every possible case.

Both are read on one day, the first of NEW's period on which all that it refers to is in force, so
that a law which changed in between is not counted against either. Where OLD has no world on that
day it is read on the last day of its own that has one. `on` takes the place of both.

The class of the whole, and of each item, is `equal`, `widens` (buyers gain only), `narrows` or
`both`; an item by which buyers neither gain nor lose, and that differs, is `changed`. As JSON::

    {"old": "rules@1.0.0", "new": "rules@1.1.0", "kind": "policy", "on": {"old": DAY, "new": DAY},
     "class": "widens", "items": {"equal": 3, "widens": 1, "narrows": 0, "both": 0, "changed": 1},
     "changes": [{"at": "entitlements.early", "class": "widens", "notes": [TEXT, …],
                  "gains": SHOWN, "loses": null, "differs": null}, …],
     "version": {"required": "minor", "stated": "minor", "least": "1.1.0", "honest": true,
                 "because": [{"at": …, "why": TEXT, "shown": SHOWN}, …]},
     "overrides": null}

SHOWN is null or `{"case": FACTS, "old": TEXT, "new": TEXT}`: the plainest case, and what the two
say of it. `items` counts all that is compared but for the whole, and `changes` leaves out what is
equal. `version` is null but for two versions of one policy; `overrides` is as `broken_sellers`
has it. Of two folders there is a line for each pair that differs, and one like `{"document": NAME,
"kind": KIND, "why": TEXT}` for a document that is not compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from checker.analysis.diff.differences import CLASSES, EQUAL, Change, Example, direction
from checker.analysis.diff.joint_space import JointPolicies, side_by_side
from checker.analysis.diff.override_diff import compare_overrides
from checker.analysis.diff.policy_diff import compare_policies
from checker.analysis.diff.semver import Version, version_of
from checker.language.resolve.change_days import days_in_period
from checker.language.resolve.facts import show_facts
from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import InvalidDocument, ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Finding

WHOLE = ("verdict", "response")  # what a document says as a whole


@dataclass(frozen=True, slots=True)
class DatedDocument:
    """A document, and the world that it is read in on a day."""

    document: Document
    resolved: ResolvedPolicy
    day: int


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs between two documents of one kind."""

    old: DatedDocument
    new: DatedDocument
    pair: JointPolicies
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
        case = show_facts(example.facts, self.pair.resolved.vocabulary)
        return {"case": case, "old": example.old, "new": example.new}


def diff_documents(
    old: Document,
    new: Document,
    resolver: Resolver,
    *,
    on: int | None,
    today: int,
    before: Resolver | None = None,
) -> Diff:
    """Return what differs between two policies or two overrides.

    `before` is what OLD refers to, where that is not what NEW refers to.
    InvalidDocument where one of them or what it refers to has errors, or there is no day on which
    all that it refers to is in force; Undecided where the budget of boxes is spent.
    """
    for document in (old, new):
        errors = [problem for problem in resolver.shape(document)[1] if problem.severity == "error"]
        if errors:
            raise InvalidDocument(document.name, errors)
    after = _dated(
        new, resolver, [on] if on is not None else days_in_period(resolver.library, new, today)
    )
    before = before or resolver
    earlier = (
        [after.day, *reversed(days_in_period(before.library, old, today))] if on is None else [on]
    )
    before_change = _dated(old, before, earlier)
    pair = side_by_side(before_change.resolved, after.resolved)
    if new.kind == "policy":
        changes = compare_policies(pair)
    else:
        overrides = [
            resolver.override_of(document.document, document.resolved)
            for document in (before_change, after)
        ]
        changes = compare_overrides(pair, *overrides)
    version = None
    if new.kind == "policy" and old.id == new.id:
        version = version_of(old, new, changes)
    return Diff(before_change, after, pair, tuple(changes), version)


def _dated(document: Document, resolver: Resolver, days: Iterable[int]) -> DatedDocument:
    """Return the document in its world on the first of the days on which it can be read."""
    first: InvalidDocument | None = None
    for day in days:
        try:
            return DatedDocument(document, _world(document, resolver, day), day)
        except NotFound as error:
            key = "vocabulary" if document.kind == "policy" else "policy"
            problem = Finding(document.position((key,)), error.message, error.help)
            first = first or InvalidDocument(document.name, [problem])
        except InvalidDocument as error:
            first = first or error
    assert first is not None
    raise first


def _world(document: Document, resolver: Resolver, day: int) -> ResolvedPolicy:
    resolved = resolver.resolve_for(document, day)
    if document.kind == "override":
        resolver.override_of(
            document, resolved
        )  # which is InvalidDocument where it has errors there
    return resolved
