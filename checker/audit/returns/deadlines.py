"""Deadlines of terms as column expressions: when each ends, and whether it was met.

Defined in docs/language.md, section 8.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic

from checker.audit.intake.typed_rows import Intake
from checker.columns.base import Columns, E, Layer, is_false, is_true
from checker.columns.counting import Rolling, not_covered, rolled
from checker.columns.days import end_of_day, local_day
from checker.language.model.terms import Term
from checker.language.resolve.resolver import ResolvedPolicy

MINUTE = 60_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class Deadline(Generic[E]):
    """One term's deadline in every record.

    A record may state the end of the deadline. Else the end is computed; it is unknown where the
    period has not begun, the limit is unknown, or the case has no calendar. Where the end is
    unknown, and where the deadline is still running, `met`, `late` and `overdue` are all false.

    Attributes:
        term: the term.
        met: whether the event came in time; never NULL.
        late: whether the event came too late; never NULL.
        overdue: whether the event has not come and the end has passed; never NULL.
        taken: the whole minutes from the start to the event, NULL where one is unknown.
        limit: the policy's limit in minutes, NULL where the record states the end.
        allowed: the minutes to the end, stated or computed; None where the table has no column
            for the end.
        problem: whether the end lies in a year that the calendar does not cover, and makes a
            difference; never NULL.
        reason: the message about it.
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
    not_applicable: Mapping[str, E],
    intake: Intake[E],
    as_of: int,
    keep: list[Layer[E]],
) -> list[Deadline[E]]:
    """Return the deadlines of the terms that have one, with their required values as limits.

    Args:
        engine: the operations of the engine.
        resolved: the policy with its vocabulary and calendars.
        terms: the terms by name.
        ranks: the required value of each term, as `Term.rank` gives it.
        not_applicable: for each term that may not apply, whether it certainly does not.
        intake: the facts and other columns of the table.
        as_of: the moment of the audit, in microseconds since 1970 UTC.
        keep: the layers to compute, to which the layers of deadlines are added.
    """
    names = [name for name, term in sorted(terms.items()) if term.has_deadline]
    steps = [
        _DeadlineSteps(
            engine,
            resolved,
            terms[name],
            ranks[name],
            _never_runs(engine, terms[name], not_applicable.get(name), intake),
            intake,
            as_of,
            f"deadline{number}_",
        )
        for number, name in enumerate(names)
    ]
    for step in (
        _DeadlineSteps.days,
        _DeadlineSteps.rolled,
        _DeadlineSteps.ends,
        _DeadlineSteps.outcomes,
    ):
        keep.append({name: column for deadline in steps for name, column in step(deadline).items()})
    return [deadline.deadline() for deadline in steps]


def _never_runs(
    engine: Columns[E], term: Term, not_applicable: E | None, intake: Intake[E]
) -> E | None:
    """Return whether no deadline of the term runs in a record, never NULL; None if it always may.

    It does not where the term does not apply, and after another response than `after` names.
    """
    reasons = [] if not_applicable is None else [not_applicable]
    if term.after != "any":
        after = is_true(engine, engine.equal(intake.response, engine.value(term.after)))
        reasons.append(engine.negation(after))
    return engine.some(reasons) if reasons else None


class _DeadlineSteps(Generic[E]):
    """One deadline, step by step; each step is a layer and uses the layers of earlier steps."""

    def __init__(
        self,
        engine: Columns[E],
        resolved: ResolvedPolicy,
        term: Term,
        rank: E,
        never_runs: E | None,
        intake: Intake[E],
        as_of: int,
        prefix: str,
    ) -> None:
        self.engine, self.resolved, self.term, self.as_of = engine, resolved, term, as_of
        roll, facts = term.counting.roll, intake.facts
        self.start, self.until = facts[term.start], facts[term.until]
        self.stated, self.known = intake.ends.get(term.name), term.until in intake.columns
        self.limit = rank if term.better == "lower" else engine.times(rank, -1)
        self.prefix, self.never_runs = prefix, never_runs
        if never_runs is not None:
            self.limit = engine.first_match([(never_runs, engine.absent(int))], self.limit)
            if self.stated is not None:
                runs = [(never_runs, engine.absent(int))]
                self.stated = engine.first_match(runs, self.stated)
        self.picked: Layer[E] = {}
        rolling = Rolling.of(engine, roll, resolved.calendars, facts, self.pick) if roll else None
        self.rolling = rolling

    def column(self, name: str) -> E:
        """Return a computed column of this deadline."""
        return self.engine.column(self.prefix + name)

    def pick(self, calendar: E) -> E:
        """Compute the offset of each record's calendar in the layer of `days`."""
        self.picked = {f"{self.prefix}calendar": calendar}
        return self.column("calendar")

    def days(self) -> Layer[E]:
        """Return the local day of the start, where days are counted."""
        if self.term.counting.elapsed:
            return {}
        zone = self.resolved.vocabulary.time_zone
        return {**self.picked, f"{self.prefix}start": local_day(self.engine, self.start, zone)}

    def rolled(self) -> Layer[E]:
        """Return the last day, moved to a working day, and whether no calendar covers it.

        Where none does, it is the first day that it can be.
        """
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
        """Return the last moment that is in time, and the minutes that the event took."""
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
        # counted days are over at the last moment of the last day, elapsed time only after its end
        over = self.as_of + (0 if self.term.counting.elapsed else 1)
        passed = self.unless_stated(
            engine.less(end, engine.value(over)),
            lambda stated: engine.less(stated, engine.value(self.as_of)),
        )
        # without a column for the event it is unknown whether it has come
        missing = engine.is_absent(self.until) if self.known else engine.value(False)
        return {
            f"{self.prefix}met": is_false(engine, late),
            f"{self.prefix}late": is_true(engine, late),
            f"{self.prefix}overdue": is_true(engine, engine.every([missing, passed])),
        }

    def deadline(self) -> Deadline[E]:
        """Return the columns of the result."""
        problem, reason = self.engine.value(False), self.engine.absent(str)
        if self.rolling:
            # before the first day that it can be, the end makes no difference
            needed = self.engine.some([self.column("late"), self.column("overdue")])
            problem = self.engine.every([self.column("wrong"), needed])
            subject = self.engine.value(f"term `{self.term.name}`: ")
            message = not_covered(self.rolling, (self.column("last"),))
            reason = self.engine.joined([subject, message])
        met, late, overdue, taken = map(self.column, ("met", "late", "overdue", "taken"))
        limit = self.unless_stated(self.limit, lambda _: self.engine.absent(int))
        allowed = None
        if self.stated is not None:
            allowed = self.unless_stated(self.limit, self.minutes_to)
        return Deadline(self.term, met, late, overdue, taken, limit, allowed, problem, reason)

    def unless_stated(self, counted: E, stated: Callable[[E], E]) -> E:
        """Return `counted`, or where the record states the end, what follows from that."""
        if self.stated is None:
            return counted
        rows = [(self.engine.is_absent(self.stated), counted)]
        return self.engine.first_match(rows, stated(self.stated))

    def minutes_to(self, moment: E) -> E:
        """Return the whole minutes from the start, 0 where the moment is before it."""
        engine = self.engine
        length = engine.sum(moment, engine.times(self.start, -1))
        early = engine.less(length, engine.value(0))
        return engine.first_match([(early, engine.value(0))], engine.divided(length, MINUTE))
