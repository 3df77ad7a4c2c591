"""Periods of an audit: the days on which the same versions are in force.

Defined in docs/language.md, section 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from checker.language.model.types import FIRST_DAY, LAST_DAY
from checker.language.resolve.change_days import change_days
from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import InvalidDocument, ResolvedPolicy, Resolver
from checker.language.syntax.problems import UsageError


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, inclusive, and the policy that is in force then.

    Where no version is in force, `resolved` is None and `not_in_force` is the message.
    """

    first: int
    last: int
    resolved: ResolvedPolicy | None
    not_in_force: str = ""


def policies_of(periods: Iterable[Period]) -> list[ResolvedPolicy]:
    """Return the policies of the periods in which a version is in force."""
    return [period.resolved for period in periods if period.resolved]


def periods(resolver: Resolver, policy: str, on: int | None) -> list[Period]:
    """Return the periods of a policy in order; together they cover all days.

    Args:
        resolver: resolves the policy.
        policy: the policy's name.
        on: the day that picks one version for all days, if one is given.

    Raises:
        UsageError: the policy is unknown, has errors, or is never in force.
    """
    if on is not None:
        try:
            return [Period(FIRST_DAY - 1, LAST_DAY + 1, resolver.resolve(policy, on))]
        except (NotFound, InvalidDocument) as error:
            raise UsageError(str(error)) from None
    try:
        versions = resolver.library.versions("policy", policy)
    except NotFound as error:
        raise UsageError(error.with_help) from None
    inner = [day for day in change_days(resolver.library, versions) if FIRST_DAY < day <= LAST_DAY]
    result = [*_joined(_period(resolver, policy, *span) for span in _spans(inner))]
    if not policies_of(result):
        raise UsageError(result[-1].not_in_force)
    return result


def _spans(edges: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last day of each period between the edges."""
    # one day more at both ends: the local day of a moment may differ from its day in UTC
    for first, after in pairwise([FIRST_DAY - 1, *edges, LAST_DAY + 2]):
        yield first, after - 1


def _period(resolver: Resolver, policy: str, first: int, last: int) -> Period:
    """Return the period of these days, on which the same versions are in force."""
    try:
        return Period(first, last, resolver.resolve(policy, max(first, FIRST_DAY)))
    except NotFound as error:
        if not error.undated_message:
            return Period(first, last, None, error.message)
        start, end = (date.fromordinal(day).isoformat() for day in (first, last))
        return Period(first, last, None, f"{error.undated_message} from {start} to {end}")
    except InvalidDocument as error:
        raise UsageError(str(error)) from None


def _joined(periods: Iterator[Period]) -> Iterator[Period]:
    """Yield the periods, consecutive ones of the same policy merged."""
    last: Period | None = None
    for period in periods:
        if last and last.resolved is period.resolved and last.not_in_force == period.not_in_force:
            last = replace(last, last=period.last)
            continue
        if last:
            yield last
        last = period
    if last:
        yield last
