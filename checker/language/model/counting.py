"""How days are counted between two events: `derive` (docs/language.md, section 2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from checker.language.model.calendars import Calendar, Counting
from checker.language.model.vocabulary import Derivation

_DAY = timedelta(days=1)


def days_between(
    facts: Mapping[str, Any],
    derivation: Derivation,
    calendars: Mapping[str, Calendar],
    zone: ZoneInfo,
) -> int | None:
    """Return the days that a case has between two day numbers or two datetimes.

    None where one of the two is absent, or the case picks none of the calendars. ValueError where
    the second comes first and that is impossible, and where a day that is counted lies outside of
    the calendar's years.
    """
    counting, roll = derivation.counting, derivation.counting.roll
    start, end = facts[derivation.days_from], facts[derivation.to]
    picked = roll.calendar(facts) if roll else None
    if start is None or end is None or (roll and picked is None):
        return None
    if end < start:
        if derivation.before_is_zero:
            return 0
        raise ValueError(f"`{derivation.to}` comes before `{derivation.days_from}`")
    if isinstance(start, datetime):
        if counting.elapsed:
            return int(-((start - end) // _DAY))
        start, end = local_day(start, zone), local_day(end, zone)
    if picked is None:
        return int(end - start)
    return _rolled(start, end, calendars[picked], counting.weekends)


def _rolled(start: int, end: int, calendar: Calendar, weekends: bool) -> int:
    """Return the smallest n such that `start` plus n, moved off holidays, is not before `end`.

    A period that ends on one of the holidays right before `end` still reaches it. Every day
    that is counted must lie in the calendar's years.
    """
    calendar.is_off(start, weekends)
    calendar.is_off(end, weekends)
    last = end
    while last > start and calendar.is_off(last - 1, weekends):
        last -= 1
    return last - start


def last_day(
    start: datetime,
    days: int,
    counting: Counting,
    facts: Mapping[str, Any],
    calendars: Mapping[str, Calendar],
    zone: ZoneInfo,
) -> int | None:
    """Return the last day of a period of whole days, moved off holidays.

    None where the case picks no calendar, or the calendar does not cover the day.
    """
    last, roll = local_day(start, zone) + days, counting.roll
    if roll is None:
        return last
    picked = roll.calendar(facts)
    if picked is None:
        return None
    try:
        while calendars[picked].is_off(last, counting.weekends):
            last += 1
    except ValueError:  # nothing is known of days outside of its years
        return None
    return last


def local_day(moment: datetime, zone: ZoneInfo) -> int:
    """Return the number of the day that `moment` falls on in the time zone."""
    return moment.astimezone(zone).toordinal()
