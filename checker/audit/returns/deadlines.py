"""Deadlines of terms as column expressions: when each ends, and whether it was kept.

Defined in docs/language.md, section 8.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic

from checker.audit.intake.typed_rows import Intake
from checker.columns.base import Columns, E, Layer, is_false, is_true
from checker.columns.counting import Rolling, rolled
from checker.columns.days import end_of_day, local_day
from checker.language.model.calendars import Calendar
from checker.language.model.terms import Term
from checker.language.resolve.resolver import ResolvedPolicy

MINUTE = 60_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class Deadline(Generic[E]):
    """One term's deadline in every record: columns that are true or false, and minutes.

    Where its end is known it was `met`, came `late`, or is `overdue`; or nothing of it yet. It is
    not known where the period has not begun, its limit is unknown, or the case picks no calendar
    to count by; the record may state it all the same. `taken`, `limit` and `allowed` are whole
    minutes: `limit` is the policy's, absent where the record states the end, and `allowed` is what
    there was of either, None where no record states it. `problem` is where a calendar does not
    cover the days that count, and `reason` says so.
    """

    term: Term
    met: E
    late: E
    overdue: E
    taken: E
    limit: E
    allowed: E | None
    problem: E
    reason: E


def deadlines(
    engine: Columns[E],
    resolved: ResolvedPolicy,
    terms: Mapping[str, Term],
    ranks: Mapping[str, E],
    read: Intake[E],
    as_of: int,
    keep: list[Layer[E]],
) -> list[Deadline[E]]:
    """Return the deadlines of the terms that have one, by their required values.

    `ranks` are the values by `Term.rank`; `as_of` is in microseconds since 1970 UTC. Layers that
    the columns stand on are added to `keep`.
    """
    named = [name for name, term in sorted(terms.items()) if term.has_deadline]
    running = [
        _Running(engine, resolved, terms[name], ranks[name], read, as_of, f"d{place}_")
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
        resolved: ResolvedPolicy,
        term: Term,
        rank: E,
        read: Intake[E],
        as_of: int,
        prefix: str,
    ) -> None:
        self.engine, self.resolved, self.term, self.as_of = engine, resolved, term, as_of
        roll, facts = term.counting.roll, read.facts
        self.start, self.until = facts[term.start], facts[term.until]
        self.stated, self.known = read.ends.get(term.name), term.until in read.known
        self.limit = rank if term.better == "lower" else engine.times(rank, -1)
        self.prefix = prefix
        self.picked: Layer[E] = {}
        made = Rolling.of(engine, roll, resolved.calendars, facts, self.pick) if roll else None
        self.rolling = made

    def column(self, name: str) -> E:
        return self.engine.column(self.prefix + name)

    def pick(self, calendar: E) -> E:
        """Keep the calendar of each record beside the day of the start."""
        self.picked = {f"{self.prefix}calendar": calendar}
        return self.column("calendar")

    def days(self) -> Layer[E]:
        """Return the local day of the start, where days are counted."""
        if self.term.counting.elapsed:
            return {}
        zone = self.resolved.vocabulary.time_zone
        return {**self.picked, f"{self.prefix}start": local_day(self.engine, self.start, zone)}

    def rolled(self) -> Layer[E]:
        """Return the last day, moved off holidays, and where the calendar does not cover it."""
        counting, engine = self.term.counting, self.engine
        if counting.elapsed:
            return {}
        day = engine.sum(self.column("start"), engine.divided(self.limit, 1440))
        if not self.rolling:
            return {f"{self.prefix}last": day}
        day, problem = rolled(self.rolling, day, counting.weekends)
        problem = self.unless_stated(problem, lambda _: engine.value(False))
        return {f"{self.prefix}last": day, f"{self.prefix}wrong": problem}

    def ends(self) -> Layer[E]:
        """Return the last moment that is in time, and the minutes that were taken."""
        engine = self.engine
        if self.term.counting.elapsed:
            end = engine.sum(self.start, engine.times(self.limit, MINUTE))
        else:
            after = end_of_day(engine, self.column("last"), self.resolved.vocabulary.time_zone)
            end = engine.sum(after, engine.value(-1))
        end = self.unless_stated(end, lambda stated: stated)
        return {f"{self.prefix}end": end, f"{self.prefix}taken": self.minutes_to(self.until)}

    def outcomes(self) -> Layer[E]:
        """Return whether the deadline was met, came late, or is overdue."""
        engine, end = self.engine, self.column("end")
        late = engine.less(end, self.until)
        # a day is over with its last moment
        over = self.as_of + (0 if self.term.counting.elapsed else 1)
        passed = self.unless_stated(
            engine.less(end, engine.value(over)),
            lambda stated: engine.less(stated, engine.value(self.as_of)),
        )
        # where the table has no column for the event, nobody knows that it has not come
        missing = engine.is_absent(self.until) if self.known else engine.value(False)
        return {
            f"{self.prefix}met": is_false(engine, late),
            f"{self.prefix}late": is_true(engine, late),
            f"{self.prefix}overdue": is_true(engine, engine.every([missing, passed])),
        }

    def deadline(self) -> Deadline[E]:
        problem, reason = self.engine.value(False), self.engine.absent(str)
        if self.rolling:
            problem, reason = self.column("wrong"), self.rolling.text(self.not_covered)
        met, late, overdue, taken = map(self.column, ("met", "late", "overdue", "taken"))
        limit = self.unless_stated(self.limit, lambda _: self.engine.absent(int))
        allowed = None
        if self.stated is not None:
            allowed = self.unless_stated(self.limit, self.minutes_to)
        return Deadline(self.term, met, late, overdue, taken, limit, allowed, problem, reason)

    def unless_stated(self, counted: E, stated: Callable[[E], E]) -> E:
        """Return what is counted, or what follows from the end where the record states it."""
        if self.stated is None:
            return counted
        rows = [(self.engine.is_absent(self.stated), counted)]
        return self.engine.first_match(rows, stated(self.stated))

    def minutes_to(self, moment: E) -> E:
        """Return the whole minutes from the start, none where the moment lies before it."""
        engine = self.engine
        length = engine.sum(moment, engine.times(self.start, -1))
        early = engine.less(length, engine.value(0))
        return engine.first_match([(early, engine.value(0))], engine.divided(length, MINUTE))

    def not_covered(self, calendar: Calendar) -> str:
        """Return what is said where the calendar does not cover the days that count."""
        said = f"the calendar `{calendar.name}` does not cover the deadline's days"
        return f"term `{self.term.name}`: {said}"
