"""Terms compared: where the value that a side gives is better or worse for the buyer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from checker.analysis.diff.differences import CaseStatement, Item, Say
from checker.analysis.diff.joint_space import JointPolicies, Side, only
from checker.analysis.diff.results import DiffNote
from checker.language.model.terms import Term
from checker.language.model.types import Value
from checker.language.resolve.facts import Facts
from checker.language.syntax.scalars import scalar_text
from checker.solver.formulas import FALSE, Formula, every, some

NO_VALUE = 1 << 200  # the rank of a term that a side does not have: worse than every value


@dataclass(frozen=True, slots=True)
class Values:
    """Where a side gives which value for a term; the best one counts where it gives several."""

    term: Term
    given: list[tuple[Formula, Value]]

    def no_worse_than(self, rank: int) -> Formula:
        """Return where the value is as good for the buyer as one of that rank, or better."""
        return some(where for where, value in self.given if self.term.rank(value) <= rank)

    def better_than(self, other: Values | None) -> Formula:
        """Return where the value is better for the buyer than the other side's."""
        ranks = sorted({self.term.rank(value) for _, value in self.given})
        return some(
            only(self.no_worse_than(rank), other.no_worse_than(rank) if other else FALSE)
            for rank in ranks
        )


def comparable(first: Term, second: Term) -> bool:
    """Return whether values of both terms can be ranked together."""
    return first.type == second.type and first.better == second.better


def term_item(
    at: str,
    pair: JointPolicies,
    old: Values | None,
    new: Values | None,
    statements: tuple[Say, Say],
    notes: tuple[DiffNote, ...] = (),
) -> Item:
    """Return the item of a term that one side has, or both have and can be ranked together."""
    both = pair.both_possible
    gains = every([both, new.better_than(old)]) if new else FALSE
    loses = every([both, old.better_than(new)]) if old else FALSE
    return Item(at, statements, gains=gains, loses=loses, notes=notes)


def describe_value(
    side: Side, term: Term | None, values: Callable[[Facts], Mapping[str, Value | None]]
) -> Say:
    """Return what a side says of a case: its value of the term, by the compiled reading."""

    def describe(case: Facts) -> CaseStatement:
        if term is None:
            return CaseStatement(NO_VALUE, "nothing")
        value = values(side.facts(case)).get(term.name)
        if value is None:  # every fact is known, so that the term does not apply
            return CaseStatement(NO_VALUE, "nothing")
        return CaseStatement(term.rank(value), scalar_text(term.type.show(value)))

    return describe


def disagreement(old: Term, new: Term) -> tuple[DiffNote, ...]:
    """Return how the two terms disagree, whatever their values."""
    if not comparable(old, new):
        text = "is of another type, or better in another direction, and can't be compared"
        return (DiffNote(text, major=True),)
    if old.counting.elapsed and not new.counting.elapsed and new.type.name == "duration":
        return (DiffNote("takes whole days only", major=True),)
    if not old.agrees_with(new):
        return (DiffNote("its deadline runs in another way"),)
    return ()
