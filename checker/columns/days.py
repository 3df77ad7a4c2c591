"""Days and moments as column expressions: local days, their ends, days as text.

Datetimes are microseconds since 1970-01-01 UTC, days are proleptic day numbers. Both lie in 1970
to 2199, plus or minus the offset of a time zone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import groupby
from zoneinfo import ZoneInfo

from checker.columns.base import Columns, E
from checker.language.model.types import FIRST_DAY, LAST_DAY

DAY = 86_400_000_000  # microseconds
_SHIFT = 10  # days that are added before a division, so that no dividend is negative
_SECOND = timedelta(seconds=1)
_APART = 3  # days; no zone changes its clock twice within six (tz database, 1970 to 2199)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MARCH_1968 = date(1968, 3, 1).toordinal()
_MARCH_2100 = date(2100, 3, 1).toordinal()
Steps = Sequence[tuple[int, int]]  # start and value of each step of a step function, in order


def local_day(engine: Columns[E], moment: E, zone: ZoneInfo) -> E:
    """Return the number of the day that `moment` falls on in the time zone."""
    offset = _step(engine, moment, offsets(zone))
    shifted = engine.sum(engine.sum(moment, offset), engine.value(_SHIFT * DAY))
    return engine.sum(engine.divided(shifted, DAY), engine.value(FIRST_DAY - _SHIFT))


def moment_of(engine: Columns[E], clock: E, zone: ZoneInfo) -> E:
    """Return the moment at which clocks in the zone showed `clock`.

    A local time that occurs twice means the first one; a local time that a change of the clock
    skips counts by the offset before the change.

    Args:
        engine: the operations of the engine.
        clock: the local time, in microseconds as if it were UTC.
        zone: the time zone.
    """
    changes = offsets(zone)
    before = (changes[0], *changes)
    steps = [
        (start + max(old, new), new)
        for (_, old), (start, new) in zip(before, changes, strict=False)
    ]
    return engine.sum(clock, engine.times(_step(engine, clock, steps), -1))


def end_of_day(engine: Columns[E], day: E, zone: ZoneInfo) -> E:
    """Return the first microsecond after the local day."""
    midnight = engine.times(engine.sum(day, engine.value(1 - FIRST_DAY)), DAY)
    return engine.sum(midnight, engine.times(_step(engine, day, _ends(zone)), -1))


def months_between(engine: Columns[E], start: E, end: E) -> E:
    """Return the smallest n such that `end` is not after the day n months after `start`.

    The counterpart of `checker.language.model.counting.months_between`.
    """
    years, months, days = zip(*(_date(engine, day) for day in (start, end)), strict=True)
    numbers = [engine.sum(engine.times(y, 12), m) for y, m in zip(years, months, strict=True)]
    length = engine.sum(numbers[1], engine.times(numbers[0], -1))
    past = engine.first_match([(engine.less(days[0], days[1]), engine.value(1))], engine.value(0))
    early = engine.less(end, start)
    return engine.first_match([(early, engine.value(0))], engine.sum(length, past))


def day_text(engine: Columns[E], day: E) -> E:
    """Return a day number as text, like `2024-08-19`."""
    years, month, day_of_month = _date(engine, day)
    early = engine.less(engine.value(9), month)
    years = engine.sum(years, engine.first_match([(early, engine.value(1969))], engine.value(1968)))
    months = engine.sum(month, engine.first_match([(early, engine.value(91))], engine.value(103)))
    two = [engine.text(months), engine.text(engine.sum(day_of_month, engine.value(101)))]
    month_text, day_text = (engine.substring(text, 2, 2) for text in two)
    dash = engine.value("-")
    return engine.joined([engine.text(years), dash, month_text, dash, day_text])


def _date(engine: Columns[E], day: E) -> tuple[E, E, E]:
    """Return year, month and day of a day number, each counted from 0: the first is March 1968.

    Years begin in March here, so that the leap day is the last of its year. In this calendar every
    month starts on day `(153 * month + 2) // 5` of the year.
    """
    late = engine.less(engine.value(_MARCH_2100 - 1), day)  # count as if 2100 had a leap day
    leap = engine.first_match([(late, engine.value(1 - _MARCH_1968))], engine.value(-_MARCH_1968))
    since = engine.sum(day, leap)
    years = engine.divided(engine.sum(engine.times(since, 4), engine.value(3)), 1461)
    days = engine.divided(engine.times(years, 1461), 4)
    day_of_year = engine.sum(since, engine.times(days, -1))  # from March on
    month = engine.divided(engine.sum(engine.times(day_of_year, 5), engine.value(2)), 153)
    past = engine.divided(engine.sum(engine.times(month, 153), engine.value(2)), 5)
    return years, month, engine.sum(day_of_year, engine.times(past, -1))


@cache
def offsets(zone: ZoneInfo) -> tuple[tuple[int, int], ...]:
    """Return the zone's offsets from 1970 to 2199.

    Returns:
        For each change of the offset, the moment and the offset from then on, both in
        microseconds; the first lies before 1970.
    """

    def offset(moment: datetime) -> timedelta:
        length = moment.astimezone(zone).utcoffset()
        assert length is not None
        return length

    first, days = _EPOCH - timedelta(days=3), LAST_DAY - FIRST_DAY + 6
    changes = [(first, offset(first))]
    for day in range(_APART, days + _APART, _APART):
        low, high = first + timedelta(days=day - _APART), first + timedelta(days=day)
        if offset(high) == changes[-1][1]:
            continue
        while high - low > _SECOND:  # bisection: the offset at `low` is still the old one
            middle = low + (high - low) // _SECOND // 2 * _SECOND
            low, high = (middle, high) if offset(middle) == changes[-1][1] else (low, middle)
        changes.append((high, offset(high)))
    return tuple(
        (_microseconds(start - _EPOCH), _microseconds(length)) for start, length in changes
    )


@cache
def _ends(zone: ZoneInfo) -> Steps:
    """Return by how many microseconds local days end before those of UTC, as a step function.

    Where a change of the clock skips midnight, the day ends with the change.
    """
    periods = [*offsets(zone), (10**18, 0)]
    changes = (FIRST_DAY + start // DAY for start, _ in periods[1:-1])
    near = {day for change in changes for day in range(change - 3, change + 4)}
    ends: list[tuple[int, int]] = []
    period = 0
    for day in sorted({FIRST_DAY - 2, *near}):
        midnight = (day + 1 - FIRST_DAY) * DAY
        while sum(periods[period + 1]) < midnight:
            period += 1
        end = min(midnight - periods[period][1], periods[period + 1][0])
        ends.append((day, midnight - end))
    return [next(run) for _, run in groupby(ends, key=lambda step: step[1])]


def _step(engine: Columns[E], subject: E, steps: Steps) -> E:
    """Return the value of a step function at the subject; it tests once for each value."""
    otherwise = steps[-1][1]
    until = [*[start - 1 for start, _ in steps[1:]], 10**18]
    rows = []
    for value in dict.fromkeys(value for _, value in steps if value != otherwise):
        spans = [
            engine.inside(subject, start if number else -(10**18), end)
            for number, ((start, step_value), end) in enumerate(zip(steps, until, strict=True))
            if step_value == value
        ]
        rows.append((engine.some(spans), engine.value(value)))
    return engine.first_match(rows, engine.value(otherwise))


def _microseconds(length: timedelta) -> int:
    """Return a length of time as microseconds."""
    return length // timedelta(microseconds=1)
