"""Days between two events and last days of periods as column expressions, by calendars too.

The mirror of `checker.language.counting`, in the values of `day_columns`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Generic
from zoneinfo import ZoneInfo

from checker.language.calendars import Calendar, Roll
from checker.language.vocabulary import Derivation
from checker.readings.columns import Columns, E, is_true
from checker.readings.day_columns import DAY, day_text, local_day


@dataclass(frozen=True, slots=True)
class Rolling(Generic[E]):
    """Which calendar each case rolls by; `calendars` are a world's, `facts` columns by name."""

    engine: Columns[E]
    roll: Roll
    calendars: Mapping[str, Calendar]
    facts: Mapping[str, E]

    def picks(self) -> E:
        """Return whether the case picks a calendar at all: true or false, never NULL."""
        if not self.roll.fact:
            return self.engine.value(True)
        picked = self.engine.one_of(self.facts[self.roll.fact], [*self.roll.calendars])
        return is_true(self.engine, picked)

    def say(self, like: type, say: Callable[[Calendar], E]) -> E:
        """Return what is said of the calendar that the case picks, absent where it picks none."""
        if not self.roll.fact:
            return say(self.calendars[self.roll.calendars[""]])
        values: dict[str, list[str]] = {}
        for value, reference in self.roll.calendars.items():
            values.setdefault(reference, []).append(value)
        rows = [
            (
                self.engine.one_of(self.facts[self.roll.fact], picking),
                say(self.calendars[reference]),
            )
            for reference, picking in values.items()
        ]
        return self.engine.first(rows, self.engine.absent(like))


def days_between(
    engine: Columns[E],
    facts: Mapping[str, E],
    derivation: Derivation,
    calendars: Mapping[str, Calendar],
    zone: ZoneInfo,
    datetimes: bool,
    local: tuple[E, E] | None = None,
) -> tuple[E, E, E]:
    """Return the days that a derivation counts, whether there is a problem, and which.

    The days are absent where one of the two events is, the case picks no calendar, or there is a
    problem. `local` are the local days of two datetimes, where they are columns already.
    """
    counting = derivation.counting
    start, end = facts[derivation.days_from], facts[derivation.to]
    rolling = counting.roll and Rolling(engine, counting.roll, calendars, facts)
    before = is_true(engine, engine.less(end, start))
    if rolling:
        before = engine.every([rolling.picks(), before])
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
        if rolling:
            days = _rolled_back(rolling, end, days, counting.weekends)
            outside, said = _outside(rolling, (start, end))
            outside = engine.every([engine.opposite(before), outside])
            reason = engine.first([(outside, said)], reason)
    if derivation.before_is_zero:
        problem, days = outside, engine.first([(before, engine.value(0))], days)
    else:
        problem = engine.some([before, outside])
    return engine.first([(problem, engine.absent(int))], days), problem, reason


def rolled(rolling: Rolling[E], day: E, weekends: bool) -> tuple[E, E]:
    """Return the first day from `day` on that is not off, and whether there is a problem.

    It is one where a day that is looked at lies outside of the calendar's years; the result is
    absent there, and where the case picks no calendar.
    """
    engine = rolling.engine

    def moved(calendar: Calendar) -> E:
        shifts = _runs(calendar, weekends, forward=True)
        known = {number: shift for number, shift in shifts.items() if shift is not None}
        return engine.sum(day, _shift(engine, day, known, {6: 2, 0: 1} if weekends else {}))

    def uncovered(calendar: Calendar) -> E:
        shifts = _runs(calendar, weekends, forward=True)
        endless = [number for number, shift in shifts.items() if shift is None]
        beyond = engine.opposite(engine.inside(day, *_covered(calendar)))
        return engine.some([beyond, engine.one_of(day, endless)]) if endless else beyond

    problem = is_true(engine, rolling.say(bool, uncovered))
    return engine.first([(problem, engine.absent(int))], rolling.say(int, moved)), problem


def _covered(calendar: Calendar) -> tuple[int, int]:
    first, last = calendar.years
    return date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal()


def _outside(rolling: Rolling[E], days: Sequence[E]) -> tuple[E, E]:
    """Return whether one of the days is not in the calendar's years, and what is said of it."""
    engine = rolling.engine

    def covers(calendar: Calendar) -> E:
        first, last = calendar.years
        return engine.value(f"the calendar `{calendar.name}` covers {first} to {last}, not ")

    def alien(day: E) -> E:
        inside = rolling.say(bool, lambda calendar: engine.inside(day, *_covered(calendar)))
        return is_true(engine, engine.opposite(inside))

    aliens = [alien(day) for day in days]
    known = [engine.opposite(engine.is_absent(day)) for day in days]
    rows = list(zip(aliens, (day_text(engine, day) for day in days), strict=True))
    said = engine.joined([rolling.say(str, covers), engine.first(rows, engine.value(""))])
    return engine.every([*known, engine.some(aliens)]), said


def _rolled_back(rolling: Rolling[E], end: E, days: E, weekends: bool) -> E:
    """Return the days up to the first of the days off right before `end`, or to `end`."""
    engine = rolling.engine

    def back(calendar: Calendar) -> E:
        shifts = {day: shift or 0 for day, shift in _runs(calendar, weekends).items()}
        return _shift(engine, end, shifts, {0: 1, 1: 2} if weekends else {})

    left = engine.sum(days, engine.times(rolling.say(int, back), -1))
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


@lru_cache(maxsize=128)
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
