"""Days between two events and last days of periods as column expressions, by calendars too.

The mirror of `checker.language.counting`, in the values of `day_columns`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from checker.columns.base import Columns, E, is_true
from checker.columns.days import DAY, day_text, local_day
from checker.language.model.calendars import Calendar, Roll
from checker.language.model.vocabulary import Derivation

T = TypeVar("T")
# days off from a day of the week on, or right before it, where there are no holidays; 0 is Sunday
_AHEAD, _BEHIND = {6: 2, 0: 1}, {0: 1, 1: 2}
_STRETCH = 7 * 150_000  # above every day number, and whole weeks


@dataclass(frozen=True, slots=True)
class Rolling(Generic[E]):
    """The calendars that cases roll by, side by side: the days of each are a stretch of numbers.

    So all of them are asked at once, however many there are. `stretch` is the number before the
    one of a case, absent where the case picks none; None where all cases have the same calendar.
    """

    engine: Columns[E]
    calendars: Sequence[Calendar]
    stretch: E | None

    @classmethod
    def of(
        cls,
        engine: Columns[E],
        roll: Roll,
        calendars: Mapping[str, Calendar],
        facts: Mapping[str, E],
        keep: Callable[[E], E],
    ) -> Rolling[E]:
        """Return what the cases of `facts` roll by; `keep` makes an expression a column."""
        picking: dict[str, list[str]] = {}
        for value, reference in roll.calendars.items():
            picking.setdefault(reference, []).append(value)
        stretch = None
        if roll.fact:
            rows = [
                (engine.one_of(facts[roll.fact], values), engine.value(n * _STRETCH))
                for n, values in enumerate(picking.values())
            ]
            stretch = keep(engine.first(rows, engine.absent(int)))
        return cls(engine, [calendars[each] for each in picking], stretch)

    def picks(self) -> E:
        """Return whether the case picks a calendar: true or false, never NULL."""
        if self.stretch is None:
            return self.engine.value(True)
        return self.engine.opposite(self.engine.is_absent(self.stretch))

    def place(self, day: E) -> E:
        """Return the number of the day in the case's calendar."""
        return day if self.stretch is None else self.engine.sum(day, self.stretch)

    def places(self, days: Callable[[Calendar], Mapping[int, T]]) -> dict[int, T]:
        """Return what is known of days of each calendar, by their numbers."""
        return {
            n * _STRETCH + day: known
            for n, calendar in enumerate(self.calendars)
            for day, known in days(calendar).items()
        }

    def covers(self, place: E) -> E:
        """Return whether the calendar has the year of a numbered day."""
        spans = [
            self.engine.inside(place, n * _STRETCH + days[0], n * _STRETCH + days[-1])
            for n, days in enumerate(map(_days, self.calendars))
        ]
        return self.engine.some(spans)

    def said(self, words: Callable[[Calendar], str]) -> E:
        """Return the words for the calendar of the case."""
        if self.stretch is None:
            return self.engine.value(words(self.calendars[0]))
        rows = [
            (
                self.engine.equal(self.stretch, self.engine.value(n * _STRETCH)),
                self.engine.value(words(each)),
            )
            for n, each in enumerate(self.calendars)
        ]
        return self.engine.first(rows, self.engine.absent(str))


def days_between(
    engine: Columns[E],
    facts: Mapping[str, E],
    derivation: Derivation,
    rolling: Rolling[E] | None,
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
    engine, place = rolling.engine, rolling.place(day)
    runs = rolling.places(lambda calendar: _runs(calendar, weekends, forward=True))
    endless = [number for number, run in runs.items() if run is None]
    covered = rolling.covers(place)
    if endless:
        covered = engine.every([covered, engine.opposite(engine.one_of(place, endless))])
    known = {number: run for number, run in runs.items() if run is not None}
    moved = engine.sum(day, _run(engine, place, known, _AHEAD if weekends else {}))
    problem = is_true(engine, engine.opposite(covered))
    return engine.first([(problem, engine.absent(int))], moved), problem


def _outside(rolling: Rolling[E], days: Sequence[E]) -> tuple[E, E]:
    """Return whether one of the days is not in the calendar's years, and what is said of it."""
    engine = rolling.engine
    alien = [is_true(engine, engine.opposite(rolling.covers(rolling.place(day)))) for day in days]
    known = [engine.opposite(engine.is_absent(day)) for day in days]
    rows = list(zip(alien, (day_text(engine, day) for day in days), strict=True))
    said = engine.joined([rolling.said(_covers), engine.first(rows, engine.value(""))])
    return engine.every([*known, engine.some(alien)]), said


def _covers(calendar: Calendar) -> str:
    first, last = calendar.years
    return f"the calendar `{calendar.name}` covers {first} to {last}, not "


def _rolled_back(rolling: Rolling[E], end: E, days: E, weekends: bool) -> E:
    """Return the days up to the first of the days off right before `end`, or to `end`."""
    engine = rolling.engine
    runs = rolling.places(lambda calendar: _runs(calendar, weekends, forward=False))
    known = {number: run or 0 for number, run in runs.items()}
    back = _run(engine, rolling.place(end), known, _BEHIND if weekends else {})
    left = engine.sum(days, engine.times(back, -1))
    return engine.first([(engine.less(left, engine.value(0)), engine.value(0))], left)


def _run(engine: Columns[E], place: E, runs: Mapping[int, int], usual: Mapping[int, int]) -> E:
    """Return how many days off are next to a day: as listed, or as usual on its day of the week."""
    rows = [(engine.is_absent(place), engine.absent(int))]
    rows += [
        (
            engine.one_of(place, [number for number, each in runs.items() if each == run]),
            engine.value(run),
        )
        for run in sorted({*runs.values()})
    ]
    if usual:
        day_of_week = engine.sum(place, engine.times(engine.divided(place, 7), -7))
        rows += [
            (engine.equal(day_of_week, engine.value(each)), engine.value(run))
            for each, run in usual.items()
        ]
    return engine.first(rows, engine.value(0))


def _days(calendar: Calendar) -> range:
    first, last = calendar.years
    return range(date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal() + 1)


@lru_cache(maxsize=128)
def _runs(calendar: Calendar, weekends: bool, *, forward: bool) -> Mapping[int, int | None]:
    """Return how many days off there are right before a day of the calendar, if not as usual.

    With `forward`, how many there are from it on; None where they do not end with the calendar.
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
