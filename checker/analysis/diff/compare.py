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

from checker.analysis.diff.joint_space import side_by_side
from checker.analysis.diff.override_diff import compare_overrides
from checker.analysis.diff.policy_diff import compare_policies
from checker.analysis.diff.results import DatedDocument, Diff
from checker.analysis.diff.semver import version_of
from checker.language.resolve.change_days import days_in_period
from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import InvalidDocument, ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Finding


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
        errors = resolver.shape_errors(document)
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
    return Diff(before_change, after, pair.resolved.vocabulary, tuple(changes), version)


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
