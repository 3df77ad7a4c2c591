"""Days between two events, and last days of periods, as column expressions; also by calendars.

The counterpart of `checker.language.model.counting`; values are those of `checker.columns.days`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from checker.columns.base import Columns, E, is_true
from checker.columns.days import DAY, day_text, local_day, months_between
from checker.language.model.calendars import Calendar, Roll
from checker.language.model.vocabulary import Derivation

T = TypeVar("T")
# weekend days in a row, by the day of the week (0 is Sunday): from that day on, and right before it
_AHEAD, _BEHIND = {6: 2, 0: 1}, {0: 1, 1: 2}
_STRIDE = 7 * 150_000  # above every day number, and whole weeks, which keeps the day of the week


@dataclass(frozen=True, slots=True)
class Rolling(Generic[E]):
    """The calendars that move the deadlines of cases, with one range of numbers for each.

    Day `d` of the calendar at index `n` has the number `n * _STRIDE + d`. So one list of numbers
    serves all calendars at once, however many there are.

    Attributes:
        engine: the operations of the engine.
        calendars: the calendars that a case may have.
        offset: what to add to a day of the case, NULL where the case has no calendar; None where
            all cases have the same one.
    """

    engine: Columns[E]
    calendars: Sequence[Calendar]
    offset: E | None

    @classmethod
    def of(
        cls,
        engine: Columns[E],
        roll: Roll,
        calendars: Mapping[str, Calendar],
        facts: Mapping[str, E],
        keep: Callable[[E], E],
    ) -> Rolling[E]:
        """Return the calendars of cases with `facts`.

        Args:
            engine: the operations of the engine.
            roll: which calendar a case has.
            calendars: the calendars, by the references that `roll` names.
            facts: each fact's column.
            keep: makes an expression a computed column, and returns the column.
        """
        values_of: dict[str, list[str]] = {}  # values of the fact, by the calendar they choose
        for value, reference in roll.calendars.items():
            values_of.setdefault(reference, []).append(value)
        offset = None
        if roll.fact:
            rows = [
                (engine.one_of(facts[roll.fact], values), engine.value(n * _STRIDE))
                for n, values in enumerate(values_of.values())
            ]
            offset = keep(engine.first_match(rows, engine.absent(int)))
        return cls(engine, [calendars[reference] for reference in values_of], offset)

    def has_calendar(self) -> E:
        """Return whether the case has a calendar: true or false, never NULL."""
        if self.offset is None:
            return self.engine.value(True)
        return self.engine.negation(self.engine.is_absent(self.offset))

    def number(self, day: E) -> E:
        """Return the number of a day in the case's calendar."""
        return day if self.offset is None else self.engine.sum(day, self.offset)

    def by_number(self, days: Callable[[Calendar], Mapping[int, T]]) -> dict[int, T]:
        """Return a property of days of all calendars, by the numbers of the days."""
        return {
            n * _STRIDE + day: value
            for n, calendar in enumerate(self.calendars)
            for day, value in days(calendar).items()
        }

    def covers(self, number: E) -> E:
        """Return whether the calendar has the year of the day with this number."""
        spans = [
            self.engine.inside(number, n * _STRIDE + days[0], n * _STRIDE + days[-1])
            for n, days in enumerate(map(_days, self.calendars))
        ]
        return self.engine.some(spans)

    def text(self, text_of: Callable[[Calendar], str]) -> E:
        """Return the text for the calendar of the case, NULL where it has none."""
        if self.offset is None:
            return self.engine.value(text_of(self.calendars[0]))
        rows = [
            (
                self.engine.equal(self.offset, self.engine.value(n * _STRIDE)),
                self.engine.value(text_of(calendar)),
            )
            for n, calendar in enumerate(self.calendars)
        ]
        return self.engine.first_match(rows, self.engine.absent(str))


def days_between(
    engine: Columns[E],
    facts: Mapping[str, E],
    derivation: Derivation,
    rolling: Rolling[E] | None,
    zone: ZoneInfo,
    datetimes: bool,
    local: tuple[E, E] | None = None,
) -> tuple[E, E, E]:
    """Return the days that a derived fact counts, whether there is a problem, and its message.

    The days are NULL where one of the two events is, where the case has no calendar, and where
    there is a problem (docs/language.md, section 2.3).

    Args:
        engine: the operations of the engine.
        facts: each fact's column.
        derivation: the two events and how to count.
        rolling: the calendars, if the derivation counts by any.
        zone: the time zone that local days are in.
        datetimes: whether the events are datetimes; else they are dates.
        local: the local days of the two datetimes, where they are columns already.
    """
    counting = derivation.counting
    start, end = facts[derivation.days_from], facts[derivation.to]
    before = is_true(engine, engine.less(end, start))
    if rolling:
        before = engine.every([rolling.has_calendar(), before])
    reason = engine.value(f"`{derivation.to}` comes before `{derivation.days_from}`")
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
        if counting.months:
            after = engine.sum(start, engine.value(counting.and_days))
            days = months_between(engine, after, engine.sum(start, days))
        if rolling:
            outside, message = _outside(rolling, (start, end))
            outside = engine.every([engine.negation(before), outside])
            reason = engine.first_match([(outside, message)], reason)
    if derivation.before_is_zero:
        problem, days = outside, engine.first_match([(before, engine.value(0))], days)
    else:
        problem = engine.some([before, outside])
    return engine.first_match([(problem, engine.absent(int))], days), problem, reason


def rolled(rolling: Rolling[E], day: E, weekends: bool) -> tuple[E, E]:
    """Return the first working day from `day` on, and whether there is a problem.

    The problem is that the search leaves the calendar's years; the working day is NULL then, and
    also where the case has no calendar.

    Args:
        rolling: the calendars.
        day: the number of a day.
        weekends: whether Saturdays and Sundays are days off.
    """
    engine, day_number = rolling.engine, rolling.number(day)
    runs = rolling.by_number(lambda calendar: _runs(calendar, weekends, forward=True))
    endless = [number for number, run in runs.items() if run is None]
    covered = rolling.covers(day_number)
    if endless:
        covered = engine.every([covered, engine.negation(engine.one_of(day_number, endless))])
    finite = {number: run for number, run in runs.items() if run is not None}
    moved = engine.sum(day, _run(engine, day_number, finite, _AHEAD if weekends else {}))
    problem = is_true(engine, engine.negation(covered))
    return engine.first_match([(problem, engine.absent(int))], moved), problem


def _outside(rolling: Rolling[E], days: Sequence[E]) -> tuple[E, E]:
    """Return whether one of the days is outside the calendar's years, and a message about it."""
    engine = rolling.engine
    outside = [
        is_true(engine, engine.negation(rolling.covers(rolling.number(day)))) for day in days
    ]
    present = [engine.negation(engine.is_absent(day)) for day in days]
    rows = list(zip(outside, (day_text(engine, day) for day in days), strict=True))
    message = engine.joined([rolling.text(_coverage), engine.first_match(rows, engine.value(""))])
    return engine.every([*present, engine.some(outside)]), message


def _coverage(calendar: Calendar) -> str:
    """Return how the message about a day outside the calendar begins."""
    first, last = calendar.years
    return f"the calendar `{calendar.name}` covers {first} to {last}, not "


def _rolled_back(rolling: Rolling[E], end: E, days: E, weekends: bool) -> E:
    """Return the days less the days off right before `end`, at least 0."""
    engine = rolling.engine
    runs = rolling.by_number(lambda calendar: _runs(calendar, weekends, forward=False))
    finite = {number: run or 0 for number, run in runs.items()}
    back = _run(engine, rolling.number(end), finite, _BEHIND if weekends else {})
    left = engine.sum(days, engine.times(back, -1))
    return engine.first_match([(engine.less(left, engine.value(0)), engine.value(0))], left)


def _run(engine: Columns[E], number: E, runs: Mapping[int, int], usual: Mapping[int, int]) -> E:
    """Return how many days off are next to a day.

    `runs` has the exceptions by the numbers of days; `usual` has the rest by the day of the week.
    """
    rows = [(engine.is_absent(number), engine.absent(int))]
    rows += [
        (
            engine.one_of(number, [day for day, length in runs.items() if length == run]),
            engine.value(run),
        )
        for run in sorted({*runs.values()})
    ]
    if usual:
        day_of_week = engine.sum(number, engine.times(engine.divided(number, 7), -7))
        rows += [
            (engine.equal(day_of_week, engine.value(day)), engine.value(run))
            for day, run in usual.items()
        ]
    return engine.first_match(rows, engine.value(0))


def _days(calendar: Calendar) -> range:
    """Return the numbers of the days of the calendar's years."""
    first, last = calendar.years
    return range(date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal() + 1)


@lru_cache(maxsize=128)
def _runs(calendar: Calendar, weekends: bool, *, forward: bool) -> Mapping[int, int | None]:
    """Return the number of days off right before each day, where it is not the usual one.

    With `forward`, the number of days off from each day on, None where the calendar ends first.
    """
    usual = (_AHEAD if forward else _BEHIND) if weekends else {}
    days = _days(calendar)
    run: int | None = None if forward else 0
    runs: dict[int, int | None] = {}
    for day in reversed(days) if forward else days:
        off = calendar.is_off(day, weekends)
        if forward:
            run = 0 if not off else None if run is None else run + 1
        if run != usual.get(day % 7, 0):
            runs[day] = run
        if not forward:
            run = (run or 0) + 1 if off else 0
    return runs
