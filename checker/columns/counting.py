"""Days between two events, and last days of periods, as column expressions; also by calendars.

The counterpart of `checker.language.model.counting`; values are those of `checker.columns.days`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Generic, TypeVar
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

    def number_of(self, day_of: Callable[[Calendar], int]) -> E:
        """Return a day of the calendar of the case, NULL where it has none."""
        return self._of_calendar(day_of, int)

    def day_after(self) -> E:
        """Return the day after the last year of the calendar of the case."""
        return self.number_of(lambda calendar: _days(calendar)[-1] + 1)

    def text(self, text_of: Callable[[Calendar], str]) -> E:
        """Return the text for the calendar of the case, NULL where it has none."""
        return self._of_calendar(text_of, str)

    def _of_calendar(self, value_of: Callable[[Calendar], Any], type_: type) -> E:
        """Return the value for the calendar of the case, NULL of the type where it has none."""
        if self.offset is None:
            return self.engine.value(value_of(self.calendars[0]))
        rows = [
            (
                self.engine.equal(self.offset, self.engine.value(n * _STRIDE)),
                self.engine.value(value_of(calendar)),
            )
            for n, calendar in enumerate(self.calendars)
        ]
        return self.engine.first_match(rows, self.engine.absent(type_))


@dataclass(frozen=True, slots=True)
class Count(Generic[E]):
    """The days, or months, between two events, which days that no calendar covers may change.

    `most` and `least` are NULL where one of the two events is, where the case has no calendar, and
    where there is a problem (docs/language.md, sections 2.3 and 2.4).

    Attributes:
        most: the count if no period ends later because of a day that the calendar does not cover.
        least: the count if all those days are holidays; the same column where none of them counts.
        above: besides `least`, the counts that are possible are above this.
        problem: whether the second event comes first where that is an error; never NULL.
        reason: the message about the problem.
        not_covered: the message about a day that the calendar does not cover.
    """

    most: E
    least: E
    above: E
    problem: E
    reason: E
    not_covered: E


def days_between(
    engine: Columns[E],
    facts: Mapping[str, E],
    derivation: Derivation,
    rolling: Rolling[E] | None,
    zone: ZoneInfo,
    datetimes: bool,
    local: tuple[E, E] | None = None,
) -> Count[E]:
    """Return the days that a derived fact counts.

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
    message = engine.value("")
    if datetimes and counting.elapsed:
        length = engine.sum(engine.sum(end, engine.times(start, -1)), engine.value(DAY - 1))
        days = engine.divided(length, DAY)
        counts = (days, days, days)
    else:
        if datetimes:
            start, end = local or (local_day(engine, start, zone), local_day(engine, end, zone))
        days = engine.sum(end, engine.times(start, -1))
        counts = (days, days, days)
        if rolling:
            counts = _rolled_back(rolling, start, end, counting.weekends)
            message = not_covered(rolling, (end, start))
        if counting.months:
            after = engine.sum(start, engine.value(counting.and_days))
            one = engine.value(1)
            lasts = (counts[0], counts[1], engine.sum(counts[2], one))
            most, least, next_one = (
                months_between(engine, after, engine.sum(start, last)) for last in lasts
            )
            counts = (most, least, engine.sum(next_one, engine.value(-1)))
    zero, nothing = engine.value(0), engine.absent(int)
    rows = [(before, zero if derivation.before_is_zero else nothing)]
    problem = engine.value(False) if derivation.before_is_zero else before
    most, least, above = (engine.first_match(rows, days) for days in counts)
    return Count(most, least, above, problem, reason, message)


def rolled(rolling: Rolling[E], day: E, weekends: bool) -> tuple[E, E]:
    """Return the first working day from `day` on, and whether that is uncertain.

    It is uncertain where the search leaves the calendar's years. Then it is the first day that is
    not covered, which no working day precedes. It is NULL where the case has no calendar.

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
    left = engine.first_match([(rolling.covers(day_number), rolling.day_after())], day)
    return engine.first_match([(problem, left)], moved), problem


def not_covered(rolling: Rolling[E], days: Sequence[E]) -> E:
    """Return the message about the first of the days that is not in the calendar's years."""
    engine = rolling.engine
    outside = [
        is_true(engine, engine.negation(rolling.covers(rolling.number(day)))) for day in days
    ]
    rows = list(zip(outside, (day_text(engine, day) for day in days), strict=True))
    return engine.joined([rolling.text(_coverage), engine.first_match(rows, engine.value(""))])


def _coverage(calendar: Calendar) -> str:
    """Return how the message about a day outside the calendar begins."""
    first, last = calendar.years
    return f"the calendar `{calendar.name}` covers {first} to {last}, not "


def _rolled_back(rolling: Rolling[E], start: E, end: E, weekends: bool) -> tuple[E, E, E]:
    """Return the days from `start` to the first day on which a period that reaches `end` may end.

    The counterpart of `checker.language.model.counting.Period.ends`.

    Returns:
        `Count.most`, `Count.least` and `Count.above`.
    """
    engine = rolling.engine
    runs = rolling.by_number(lambda calendar: _runs(calendar, weekends, forward=False))
    finite = {number: run or 0 for number, run in runs.items()}
    first = rolling.number_of(lambda calendar: _days(calendar)[0])
    beyond = rolling.day_after()
    late, early = engine.less(beyond, end), engine.negation(engine.less(first, end))
    covered_end = engine.first_match([(late, beyond)], end)
    back = _run(engine, rolling.number(covered_end), finite, _BEHIND if weekends else {})
    last = engine.sum(covered_end, engine.times(back, -1))  # by the days that are known
    from_before = engine.every(
        [engine.less(start, first), engine.negation(engine.less(first, last))]
    )
    outside = engine.some([late, early])

    def since_start(day: E) -> E:
        days = engine.sum(day, engine.times(start, -1))
        return engine.first_match([(engine.less(days, engine.value(0)), engine.value(0))], days)

    most = since_start(engine.first_match([(outside, end)], last))
    unknown_start = engine.some([early, from_before])
    least = engine.first_match([(unknown_start, engine.value(0))], since_start(last))
    above = engine.first_match([(unknown_start, engine.value(-1))], since_start(covered_end))
    return most, least, above


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

    The day after the calendar's years has one, too. With `forward`, it is the number of days off
    from each day on, None where the calendar ends first.
    """
    usual = (_AHEAD if forward else _BEHIND) if weekends else {}
    days = _days(calendar)
    run: int | None = None if forward else 0
    runs: dict[int, int | None] = {}
    for day in reversed(days) if forward else range(days[0], days[-1] + 2):
        off = day in days and calendar.is_off(day, weekends)
        if forward:
            run = 0 if not off else None if run is None else run + 1
        if run != usual.get(day % 7, 0):
            runs[day] = run
        if not forward:
            run = (run or 0) + 1 if off else 0
    return runs
