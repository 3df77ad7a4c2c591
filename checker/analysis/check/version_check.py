"""Finds a policy whose version number is too low for the change since the version before it."""

from __future__ import annotations

from checker.analysis.diff.compare import diff_documents
from checker.analysis.diff.joint_space import side_by_side
from checker.analysis.diff.results import NONE, Diff, Version
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
    """Return the finding that the policy's version number is too low, if it is.

    The policy is compared with the next lower version in the library. There is no finding where
    the library has none, or where one of the two has errors (these are reported with that
    document). Where the comparison is undecided, the finding says so.
    """
    before = _predecessor(document, resolver)
    if before is None:
        return []
    try:
        diff = diff_documents(before, document, resolver, on=on, today=today)
    except InvalidDocument:
        return []
    except Undecided:
        message = f"can't be compared with `{before.name}`: the budget of boxes is spent"
        return [_finding(document, message, None, "undecided", None)]
    if diff.version is None or diff.version.honest:
        return []
    message = _too_low_message(diff.version, before)
    help = f"make it {diff.version.least} or higher"
    return [_finding(document, message, help, "dishonest-version", _deciding_case(diff))]


def _too_low_message(version: Version, before: Document) -> str:
    """Return why the version number is too low, compared with that of `before`."""
    if version.required == NONE:
        return f"the number is below that of `{before.name}`"
    message = f"the change since `{before.name}` is {version.required}"
    if not version.because:
        return f"{message}, and the number does not say so"
    reason, remaining = version.because[0], len(version.because) - 1
    others = f", and {remaining} more" if remaining else ""
    return f"{message}: `{reason.at}`: {reason.why}{others}"


def _predecessor(document: Document, resolver: Resolver) -> Document | None:
    """Return the next lower version of the policy in the library."""
    try:
        versions = resolver.library.versions("policy", document.id)
    except NotFound:
        return None
    version = version_key(document.version)
    return next((policy for policy in versions if version_key(policy.version) < version), None)


def _finding(
    document: Document, message: str, help: str | None, check: str, case: PlainestCase | None
) -> Finding:
    position = document.position(("version",))
    return Finding(position, message, help, check, "version", case=case, found_by=VERSION)


def _deciding_case(diff: Diff) -> PlainestCase | None:
    """Return the case of the first reason whose case is possible under the new version."""
    assert diff.version is not None
    side = side_by_side(diff.old.resolved, diff.new.resolved).new
    for reason in diff.version.because:
        if reason.shown and side.is_possible(reason.shown.facts):
            facts = side.facts(reason.shown.facts)
            return plainest_case("dishonest-version", facts, side.resolved, None, diff.new.day)
    return None
