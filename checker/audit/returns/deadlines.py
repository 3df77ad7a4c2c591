"""Deadlines of terms as column expressions: when each ends, and whether it was kept (section 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic

from checker.language.calendars import Calendar
from checker.language.terms import Term
from checker.language.worlds import World
from checker.readings.columns import Columns, E, Layer, is_false, is_true
from checker.readings.counting_columns import Rolling, rolled
from checker.readings.day_columns import end_of_day, local_day

MINUTE = 60_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class Deadline(Generic[E]):
    """One term's deadline in every record: columns that are true or false, and minutes.

    `started` is where the period has begun and its limit is known; of those it was `met`, came
    `late`, or is `overdue`; or nothing of it yet, or ever, where the case picks no calendar to
    count by. `taken` and `limit` are whole minutes. `problem` is where a calendar does not cover
    the days that count, and `reason` says so.
    """

    term: Term
    met: E
    late: E
    overdue: E
    taken: E
    limit: E
    problem: E
    reason: E


def has_deadline(term: Term) -> bool:
    """Return whether the term is a time that runs from one event until another."""
    return bool(term.start) and term.type.name == "duration"


def deadlines(
    engine: Columns[E],
    world: World,
    terms: Mapping[str, Term],
    ranks: Mapping[str, E],
    facts: Mapping[str, E],
    as_of: int,
    keep: list[Layer[E]],
) -> list[Deadline[E]]:
    """Return the deadlines of the terms that have one, by their required values.

    `ranks` are the values by `Term.rank`; `as_of` is in microseconds since 1970 UTC. Layers that
    the columns stand on are added to `keep`.
    """
    named = [name for name, term in sorted(terms.items()) if has_deadline(term)]
    running = [
        _Running(engine, world, terms[name], ranks[name], facts, as_of, f"d{place}_")
        for place, name in enumerate(named)
    ]
    for step in (_Running.days, _Running.rolled, _Running.ends, _Running.outcomes):
        keep.append({name: column for each in running for name, column in step(each).items()})
    return [each.deadline() for each in running]


class _Running(Generic[E]):
    """One deadline, step by step; each step's columns stand on those of the step before."""

    def __init__(
        self,
        engine: Columns[E],
        world: World,
        term: Term,
        rank: E,
        facts: Mapping[str, E],
        as_of: int,
        prefix: str,
    ) -> None:
        self.engine, self.world, self.term, self.as_of = engine, world, term, as_of
        roll = term.counting.roll
        self.rolling = roll and Rolling(engine, roll, world.calendars, facts)
        self.start, self.until = facts[term.start], facts[term.until]
        self.limit = rank if term.better == "lower" else engine.times(rank, -1)
        self.prefix = prefix

    def column(self, name: str) -> E:
        return self.engine.column(self.prefix + name)

    def days(self) -> Layer[E]:
        """Return the local day of the start, where days are counted."""
        if self.term.counting.elapsed:
            return {}
        zone = self.world.vocabulary.time_zone
        return {f"{self.prefix}start": local_day(self.engine, self.start, zone)}

    def rolled(self) -> Layer[E]:
        """Return the last day, moved off holidays, and where the calendar does not cover it."""
        counting, engine = self.term.counting, self.engine
        if counting.elapsed:
            return {}
        day = engine.sum(self.column("start"), engine.divided(self.limit, 1440))
        if not self.rolling:
            return {f"{self.prefix}last": day}
        day, problem = rolled(self.rolling, day, counting.weekends)
        return {f"{self.prefix}last": day, f"{self.prefix}wrong": problem}

    def ends(self) -> Layer[E]:
        """Return the last moment that is in time, and the minutes that were taken."""
        engine = self.engine
        if self.term.counting.elapsed:
            end = engine.sum(self.start, engine.times(self.limit, MINUTE))
        else:
            after = end_of_day(engine, self.column("last"), self.world.vocabulary.time_zone)
            end = engine.sum(after, engine.value(-1))
        length = engine.sum(self.until, engine.times(self.start, -1))
        early = engine.less(length, engine.value(0))
        taken = engine.first([(early, engine.value(0))], engine.divided(length, MINUTE))
        return {f"{self.prefix}end": end, f"{self.prefix}taken": taken}

    def outcomes(self) -> Layer[E]:
        """Return whether the deadline was met, came late, or is overdue."""
        engine, end = self.engine, self.column("end")
        late = engine.less(end, self.until)
        # a day is over with its last moment
        over = self.as_of + (0 if self.term.counting.elapsed else 1)
        passed = engine.less(end, engine.value(over))
        return {
            f"{self.prefix}met": is_false(engine, late),
            f"{self.prefix}late": is_true(engine, late),
            f"{self.prefix}overdue": is_true(
                engine, engine.every([engine.is_absent(self.until), passed])
            ),
        }

    def deadline(self) -> Deadline[E]:
        problem, reason = self.engine.value(False), self.engine.absent(str)
        if self.rolling:
            problem, reason = self.column("wrong"), self.rolling.say(str, self.not_covered)
        met, late, overdue, taken = map(self.column, ("met", "late", "overdue", "taken"))
        return Deadline(self.term, met, late, overdue, taken, self.limit, problem, reason)

    def not_covered(self, calendar: Calendar) -> E:
        """Return what is said where the calendar does not cover the days that count."""
        said = f"the calendar `{calendar.name}` does not cover the deadline's days"
        return self.engine.value(f"term `{self.term.name}`: {said}")
