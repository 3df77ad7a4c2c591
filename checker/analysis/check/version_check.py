"""Finds a policy whose version number hides what changed since the version before it."""

from __future__ import annotations

from checker.analysis.diff.compare import Diff, diff_documents
from checker.analysis.diff.semver import NONE, Version
from checker.language.resolve.facts import plainest_case
from checker.language.resolve.library import NotFound, version_key
from checker.language.resolve.resolver import InvalidDocument, Resolver
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Finding, PlainestCase
from checker.solver.box_search import Undecided

VERSION = "honest version number"


def version_findings(
    document: Document, resolver: Resolver, *, on: int | None, today: int
) -> list[Finding]:
    """Return the finding that the policy's number rises too little, if it does.

    It is compared with the next lower version in the library. Where there is none, or one of the
    two can't be put into a world (which is reported where that document is checked), nothing is
    found.
    """
    before = _predecessor(document, resolver)
    if before is None:
        return []
    try:
        found = diff_documents(before, document, resolver, on=on, today=today)
    except InvalidDocument:
        return []
    except Undecided:
        message = f"can't be compared with `{before.name}`: the budget of boxes is spent"
        return [_finding(document, message, None, "undecided", None)]
    if found.version is None or found.version.honest:
        return []
    message = dishonest(found.version, before)
    help = f"make it {found.version.least} or higher"
    return [_finding(document, message, help, "dishonest-version", _shown(found))]


def dishonest(version: Version, before: Document) -> str:
    """Return what is wrong with a number that rises too little over that of `before`."""
    if version.required == NONE:
        return f"the number is below that of `{before.name}`"
    message = f"the change since `{before.name}` is {version.required}"
    if not version.because:
        return f"{message}, and the number does not say so"
    first, more = version.because[0], len(version.because) - 1
    others = f", and {more} more" if more else ""
    return f"{message}: `{first.at}`: {first.why}{others}"


def _predecessor(document: Document, resolver: Resolver) -> Document | None:
    """Return the next lower version of the policy in the library."""
    try:
        versions = resolver.library.versions("policy", document.id)
    except NotFound:
        return None
    mine = version_key(document.version)
    return next((each for each in versions if version_key(each.version) < mine), None)


def _finding(
    document: Document, message: str, help: str | None, check: str, case: PlainestCase | None
) -> Finding:
    position = document.position(("version",))
    return Finding(position, message, help, check, "version", case=case, found_by=VERSION)


def _shown(found: Diff) -> PlainestCase | None:
    """Return the case of the first reason that the new version can decide."""
    assert found.version is not None
    side = found.pair.new
    for each in found.version.because:
        if each.shown and side.is_possible(each.shown.facts):
            facts = side.facts(each.shown.facts)
            return plainest_case("dishonest-version", facts, side.resolved, None, found.new.day)
    return None
