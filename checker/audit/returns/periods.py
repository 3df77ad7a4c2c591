"""Periods of an audit: the days on which the same versions are in force.

Defined in docs/language.md, section 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from checker.language.model.types import FIRST_DAY, LAST_DAY
from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import InvalidDocument, ResolvedPolicy, Resolver
from checker.language.syntax.problems import UsageError


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both in, and their world; or why there is none."""

    first: int
    last: int
    resolved: ResolvedPolicy | None
    why_none: str = ""


def worlds_of(known: Iterable[Period]) -> list[ResolvedPolicy]:
    """Return the worlds of the periods that have one."""
    return [each.resolved for each in known if each.resolved]


def periods(resolver: Resolver, policy: str, on: int | None) -> list[Period]:
    """Return the periods of a policy, in order, that cover all days; one where `on` picks for all.

    UsageError where the policy is not known, has errors, or is never in force.
    """
    if on is not None:
        try:
            return [Period(FIRST_DAY - 1, LAST_DAY + 1, resolver.resolve(policy, on))]
        except (NotFound, InvalidDocument) as error:
            raise UsageError(str(error)) from None
    try:
        versions = resolver.library.named("policy", policy)
    except NotFound as error:
        raise UsageError(error.with_help) from None
    inner = [day for day in resolver.edges(versions) if FIRST_DAY < day <= LAST_DAY]
    found = [*_joined(_period(resolver, policy, *span) for span in _spans(inner))]
    if not worlds_of(found):
        raise UsageError(found[-1].why_none)
    return found


def _spans(edges: Sequence[int]) -> Iterator[tuple[int, int]]:
    # a moment may lie on the day before the first or after the last, where clocks show another
    for first, after in pairwise([FIRST_DAY - 1, *edges, LAST_DAY + 2]):
        yield first, after - 1


def _period(resolver: Resolver, policy: str, first: int, last: int) -> Period:
    try:
        return Period(first, last, resolver.resolve(policy, max(first, FIRST_DAY)))
    except NotFound as error:
        if not error.never:
            return Period(first, last, None, error.message)
        start, end = (date.fromordinal(day).isoformat() for day in (first, last))
        return Period(first, last, None, f"{error.never} from {start} to {end}")
    except InvalidDocument as error:
        raise UsageError(str(error)) from None


def _joined(found: Iterator[Period]) -> Iterator[Period]:
    """Yield periods of one world that follow one another as one."""
    last: Period | None = None
    for each in found:
        if last and last.resolved is each.resolved and last.why_none == each.why_none:
            last = replace(last, last=each.last)
            continue
        if last:
            yield last
        last = each
    if last:
        yield last
