"""Days and moments as column expressions: local days, days between two events, deadlines' ends.

The mirror of `checker.language.counting`. Datetimes are microseconds since 1970 UTC, days are
proleptic day numbers; both lie in 1970 to 2199, give or take an offset.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import groupby
from zoneinfo import ZoneInfo

from checker.language.values import FIRST_DAY, LAST_DAY
from checker.language.vocabulary import Calendar, Counting, Derivation
from checker.readings.columns import Columns, E, is_true

DAY = 86_400_000_000  # microseconds
_SHIFT = 10  # days that are added before a division, so that nothing is below zero
_SECOND = timedelta(seconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MARCH_1968 = date(1968, 3, 1).toordinal()
_MARCH_2100 = date(2100, 3, 1).toordinal()
Steps = Sequence[tuple[int, int]]  # from where on, in order, and the value that holds from there


def local_day(engine: Columns[E], moment: E, zone: ZoneInfo) -> E:
    """Return the number of the day that `moment` falls on in the time zone."""
    offset = _step(engine, moment, offsets(zone))
    shifted = engine.sum(engine.sum(moment, offset), engine.value(_SHIFT * DAY))
    return engine.sum(engine.divided(shifted, DAY), engine.value(FIRST_DAY - _SHIFT))


def moment_of(engine: Columns[E], clock: E, zone: ZoneInfo) -> E:
    """Return the moment at which clocks in the zone showed `clock`, microseconds as if in UTC.

    A time that was shown twice is the first; one that was skipped counts by the offset before.
    """
    known = offsets(zone)
    before = (known[0], *known)
    steps = [
        (start + max(old, new), new) for (_, old), (start, new) in zip(before, known, strict=False)
    ]
    return engine.sum(clock, engine.times(_step(engine, clock, steps), -1))


def end_of_day(engine: Columns[E], day: E, zone: ZoneInfo) -> E:
    """Return the first microsecond after the local day."""
    midnight = engine.times(engine.sum(day, engine.value(1 - FIRST_DAY)), DAY)
    return engine.sum(midnight, engine.times(_step(engine, day, _ends(zone)), -1))


def days_between(
    engine: Columns[E],
    start: E,
    end: E,
    derivation: Derivation,
    calendars: Mapping[str, Calendar],
    zone: ZoneInfo,
    datetimes: bool,
    local: tuple[E, E] | None = None,
) -> tuple[E, E, E]:
    """Return the days from `start` to `end`, whether there is a problem, and which.

    The days are absent where one of the two is, or there is a problem. `local` are the local days
    of two datetimes, where they are columns already.
    """
    counting = derivation.counting
    before = is_true(engine, engine.less(end, start))
    problem, reason = (
        before,
        engine.value(f"`{derivation.to}` comes before `{derivation.days_from}`"),
    )
    outside = engine.value(False)
    if datetimes and counting.elapsed:
        length = engine.sum(engine.sum(end, engine.times(start, -1)), engine.value(DAY - 1))
        days = engine.divided(length, DAY)
    else:
        if datetimes:
            start, end = local or (local_day(engine, start, zone), local_day(engine, end, zone))
        days = engine.sum(end, engine.times(start, -1))
        if counting.roll:
            calendar = calendars[counting.roll]
            days = _rolled_back(engine, start, end, days, counting, calendar)
            outside, said = _outside(engine, (start, end), calendar)
            outside = engine.every([engine.opposite(before), outside])
            reason = engine.first([(outside, said)], reason)
    if derivation.before_is_zero:
        problem, days = outside, engine.first([(before, engine.value(0))], days)
    else:
        problem = engine.some([before, outside])
    return engine.first([(problem, engine.absent(int))], days), problem, reason


def rolled(engine: Columns[E], day: E, calendar: Calendar, weekends: bool) -> tuple[E, E]:
    """Return the first day from `day` on that is not off, and whether there is a problem.

    It is one where a day that is looked at lies outside of the calendar's years; the result is
    absent there.
    """
    shifts = _runs(calendar, weekends, forward=True)
    endless = [number for number, shift in shifts.items() if shift is None]
    there = engine.opposite(engine.is_absent(day))
    covered = engine.inside(day, *_covered(calendar))
    if endless:
        covered = engine.every([covered, engine.opposite(engine.one_of(day, endless))])
    known = {number: shift for number, shift in shifts.items() if shift is not None}
    moved = engine.sum(day, _shift(engine, day, known, {6: 2, 0: 1} if weekends else {}))
    problem = is_true(engine, engine.every([there, engine.opposite(covered)]))
    return engine.first([(problem, engine.absent(int))], moved), problem


def day_text(engine: Columns[E], day: E) -> E:
    """Return a day number as text, like `2024-08-19`."""
    late = engine.less(engine.value(_MARCH_2100 - 1), day)  # count as if 2100 had a leap day
    leap = engine.first([(late, engine.value(1 - _MARCH_1968))], engine.value(-_MARCH_1968))
    since = engine.sum(day, leap)
    years = engine.divided(engine.sum(engine.times(since, 4), engine.value(3)), 1461)
    days = engine.divided(engine.times(years, 1461), 4)
    day_of_year = engine.sum(since, engine.times(days, -1))  # from March on
    month = engine.divided(engine.sum(engine.times(day_of_year, 5), engine.value(2)), 153)
    past = engine.divided(engine.sum(engine.times(month, 153), engine.value(2)), 5)
    day_of_month = engine.sum(day_of_year, engine.times(past, -1))
    early = engine.less(engine.value(9), month)
    years = engine.sum(years, engine.first([(early, engine.value(1969))], engine.value(1968)))
    months = engine.sum(month, engine.first([(early, engine.value(91))], engine.value(103)))
    two = [engine.text(months), engine.text(engine.sum(day_of_month, engine.value(101)))]
    month_text, day_text = (engine.part(text, 2, 2) for text in two)
    dash = engine.value("-")
    return engine.joined([engine.text(years), dash, month_text, dash, day_text])


@cache
def offsets(zone: ZoneInfo) -> tuple[tuple[int, int], ...]:
    """Return the zone's offsets of 1970 to 2199: from which moment on, and the microseconds."""

    def offset(moment: datetime) -> timedelta:
        found = moment.astimezone(zone).utcoffset()
        assert found is not None
        return found

    first, days = _EPOCH - timedelta(days=3), LAST_DAY - FIRST_DAY + 6
    found = [(first, offset(first))]
    for day in range(1, days):
        low, high = first + timedelta(days=day - 1), first + timedelta(days=day)
        if offset(high) == found[-1][1]:
            continue
        while high - low > _SECOND:
            middle = low + (high - low) // _SECOND // 2 * _SECOND
            low, high = (middle, high) if offset(middle) == found[-1][1] else (low, middle)
        found.append((high, offset(high)))
    return tuple((_microseconds(start - _EPOCH), _microseconds(length)) for start, length in found)


@cache
def _ends(zone: ZoneInfo) -> Steps:
    """Return by how much the end of local days is ahead of that of UTC's, from which day on.

    A day ends where its last period does, if the clock then skips midnight.
    """
    known = [*offsets(zone), (10**18, 0)]
    ends: list[tuple[int, int]] = []
    period = 0
    for day in range(FIRST_DAY - 2, LAST_DAY + 3):
        midnight = (day + 1 - FIRST_DAY) * DAY
        while sum(known[period + 1]) < midnight:
            period += 1
        end = min(midnight - known[period][1], known[period + 1][0])
        ends.append((day, midnight - end))
    return [next(run) for _, run in groupby(ends, key=lambda step: step[1])]


def _step(engine: Columns[E], subject: E, steps: Steps) -> E:
    """Return the value of the step that the subject stands on: few values, each tested for once."""
    otherwise = steps[-1][1]
    until = [*[start - 1 for start, _ in steps[1:]], 10**18]
    rows = []
    for value in dict.fromkeys(value for _, value in steps if value != otherwise):
        spans = [
            engine.inside(subject, start if number else -(10**18), end)
            for number, ((start, each), end) in enumerate(zip(steps, until, strict=True))
            if each == value
        ]
        rows.append((engine.some(spans), engine.value(value)))
    return engine.first(rows, engine.value(otherwise))


def _covered(calendar: Calendar) -> tuple[int, int]:
    first, last = calendar.years
    return date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal()


def _outside(engine: Columns[E], days: Sequence[E], calendar: Calendar) -> tuple[E, E]:
    """Return whether one of the days is not in the calendar's years, and what is said of it."""
    first, last = calendar.years
    covers = engine.value(f"the calendar `{calendar.name}` covers {first} to {last}, not ")
    alien = [
        is_true(engine, engine.opposite(engine.inside(day, *_covered(calendar)))) for day in days
    ]
    known = [engine.opposite(engine.is_absent(day)) for day in days]
    rows = list(zip(alien, (day_text(engine, day) for day in days), strict=True))
    said = engine.joined([covers, engine.first(rows, engine.value(""))])
    return engine.every([*known, engine.some(alien)]), said


def _rolled_back(
    engine: Columns[E], start: E, end: E, days: E, counting: Counting, calendar: Calendar
) -> E:
    """Return the days from `start` to the first of the days off right before `end`, or to `end`."""
    shifts = {day: shift or 0 for day, shift in _runs(calendar, counting.weekends).items()}
    usual = {0: 1, 1: 2} if counting.weekends else {}
    back = engine.times(_shift(engine, end, shifts, usual), -1)
    left = engine.sum(days, back)
    return engine.first([(engine.less(left, engine.value(0)), engine.value(0))], left)


def _shift(engine: Columns[E], day: E, shifts: Mapping[int, int], usual: Mapping[int, int]) -> E:
    """Return how many days off are next to `day`: as listed, or as usual on its day of the week."""
    rows = []
    for shift in sorted({*shifts.values()}):
        days = [
            each for each, listed in shifts.items() if listed == shift != usual.get(each % 7, 0)
        ]
        if days:
            rows.append((engine.one_of(day, days), engine.value(shift)))
    if usual:
        weeks = engine.times(engine.divided(day, 7), -7)
        day_of_week = engine.sum(day, weeks)
        rows += [
            (engine.equal(day_of_week, engine.value(each)), engine.value(shift))
            for each, shift in usual.items()
        ]
    return engine.first(rows, engine.value(0))


def _runs(calendar: Calendar, weekends: bool, *, forward: bool = False) -> dict[int, int | None]:
    """Return for each day of the calendar how many days off there are right before it.

    With `forward`, how many there are from it on; None where they do not end with the calendar.
    """
    first, last = _covered(calendar)
    run: int | None = None if forward else 0
    runs: dict[int, int | None] = {}
    for day in range(last, first - 1, -1) if forward else range(first, last + 1):
        off = calendar.is_off(day, weekends)
        if forward:
            run = 0 if not off else None if run is None else run + 1
            runs[day] = run
        else:
            runs[day] = run
            run = (run or 0) + 1 if off else 0
    return runs


def _microseconds(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
