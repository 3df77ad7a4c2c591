"""Counts days between two events, and the last day of a period.

Derived facts and calendars are defined in docs/language.md, sections 2.3 and 2.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from checker.language.model.calendars import Calendar, Counting
from checker.language.model.vocabulary import Derivation

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from one event of a case to another, of which the last may move by a calendar.

    Attributes:
        start, end: the days of the two events, as ordinals.
        counting: how the days are counted.
        calendar: the calendar that moves the last day, None where it does not move.
    """

    start: int
    end: int
    counting: Counting
    calendar: Calendar | None

    @property
    def key(self) -> tuple[int, str, bool]:
        """What decides where the period may end, but for its start."""
        name = self.calendar.name if self.calendar else ""
        return self.end, name, self.counting.weekends

    def ends(self) -> list[int]:
        """Return the days on which a period may end that reaches `end`, the latest first.

        That is the first day that, moved off holidays, is not before `end`: a period that ends on
        one of the holidays right before `end` still reaches it. Where the calendar does not cover a
        day, the day may be one on which no period ends, and there are several.
        """
        if self.calendar is None:
            return [self.end]
        ends, day = [], self.end
        while day > self.start:
            covered = self.calendar.covers(day - 1)
            off = covered and self.calendar.is_off(day - 1, self.counting.weekends)
            if not off:
                ends.append(day)
            if covered and not off:
                return ends
            day -= 1
        return [*ends, day]

    def count(self, last: int) -> int:
        """Return the days, or months, of a period that ends on the day `last`."""
        if self.counting.months:
            return months_between(self.start + self.counting.and_days, last)
        return max(0, last - self.start)

    def not_covered(self) -> str:
        """Return the message that the calendar does not cover a day that counts."""
        assert self.calendar
        return self.calendar.not_covered(self.start if self.calendar.covers(self.end) else self.end)


def days_between(
    facts: Mapping[str, Any],
    derivation: Derivation,
    calendars: Mapping[str, Calendar],
    zone: ZoneInfo,
) -> int | Period | None:
    """Return the number of days between two dates or two datetimes of a case.

    A `Period` where days of the calendar are counted: it says how many days, or months, they are.
    None where one of the two is absent, or the case picks no calendar.

    Args:
        facts: the facts of the case; a date is an ordinal.
        derivation: the two facts, and how the days are counted.
        calendars: calendars by reference.
        zone: the time zone that says on which day a moment is.

    Raises:
        ValueError: the second comes first where that is an error.
    """
    counting, roll = derivation.counting, derivation.counting.roll
    start, end = facts[derivation.days_from], facts[derivation.to]
    reference = roll.calendar(facts) if roll else None
    if start is None or end is None or (roll and reference is None):
        return None
    if end < start:
        if derivation.before_is_zero:
            return 0
        raise ValueError(f"`{derivation.to}` comes before `{derivation.days_from}`")
    if isinstance(start, datetime):
        if counting.elapsed:
            return int(-((start - end) // _DAY))  # rounded up: a day that has begun counts
        start, end = local_day(start, zone), local_day(end, zone)
    return Period(start, end, counting, calendars[reference] if reference else None)


def months_between(start: int, end: int) -> int:
    """Return the smallest n such that `end` is not after the day n months after `start`.

    That is the day with the same number in its month, or else the last one of the month (Regulation
    1182/71, article 3(2)(c)). It is 0 where `end` is not after `start`.
    """
    if end <= start:
        return 0
    first, last = date.fromordinal(start), date.fromordinal(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    return months + (last.day > first.day)


def last_day(
    start: datetime,
    days: int,
    counting: Counting,
    facts: Mapping[str, Any],
    calendars: Mapping[str, Calendar],
    zone: ZoneInfo,
) -> int | None:
    """Return the last day, an ordinal, of a period of whole days, moved off holidays.

    None where the case picks no calendar, or the calendar does not cover the day.

    Args:
        start: the moment at which the period begins.
        days: how many days after that day it ends.
        counting: the calendar that moves its end.
        facts: the facts of the case, which may pick the calendar.
        calendars: calendars by reference.
        zone: the time zone that says on which day `start` is.
    """
    last, roll = local_day(start, zone) + days, counting.roll
    if roll is None:
        return last
    reference = roll.calendar(facts)
    if reference is None:
        return None
    try:
        while calendars[reference].is_off(last, counting.weekends):
            last += 1
    except ValueError:  # the calendar does not cover this year
        return None
    return last


def local_day(moment: datetime, zone: ZoneInfo) -> int:
    """Return the ordinal of the day on which `moment` is in the time zone."""
    return moment.astimezone(zone).toordinal()
