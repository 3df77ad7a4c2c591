"""How days are counted between two events: section 2 of the language, `derive`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from checker.language.vocabulary import Calendar, Counting, Derivation

_DAY = timedelta(days=1)


def days_between(
    start: Any, end: Any, derivation: Derivation, calendars: Mapping[str, Calendar], zone: ZoneInfo
) -> int:
    """Return the days from `start` to `end`, two day numbers or two datetimes.

    ValueError where `end` comes first and that is impossible, and where a day that is counted
    lies outside of the calendar's years.
    """
    counting = derivation.counting
    if end < start:
        if derivation.before_is_zero:
            return 0
        raise ValueError(f"`{derivation.to}` comes before `{derivation.days_from}`")
    if isinstance(start, datetime):
        if counting.elapsed:
            return int(-((start - end) // _DAY))
        start, end = local_day(start, zone), local_day(end, zone)
    if not counting.roll:
        return int(end - start)
    return _rolled(start, end, counting, calendars[counting.roll])


def _rolled(start: int, end: int, counting: Counting, calendar: Calendar) -> int:
    """Return the smallest n such that `start` plus n, moved off holidays, is not before `end`.

    A period that ends on one of the holidays right before `end` still reaches it. Every day
    that is counted must lie in the calendar's years.
    """
    calendar.is_off(start, counting.weekends)
    calendar.is_off(end, counting.weekends)
    last = end
    while last > start and calendar.is_off(last - 1, counting.weekends):
        last -= 1
    return last - start


def local_day(moment: datetime, zone: ZoneInfo) -> int:
    """Return the number of the day that `moment` falls on in the time zone."""
    return moment.astimezone(zone).toordinal()
