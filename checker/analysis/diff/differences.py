"""What differs between two sides: each item asked about for every case, each answer replayed.

An item is something that a document names, or its verdict as a whole. Four questions are asked of
it: is there a case by which buyers gain, one by which they lose, one in which it differs at all,
and one by which an override that passes may come to fail? The plainest case of each is decided
again by the compiled reading of both sides before it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from checker.analysis.diff.joint_space import JointPolicies
from checker.analysis.diff.results import EQUAL, Change, DiffNote, Example
from checker.analysis.prove.box_engine import answer
from checker.analysis.prove.free_parameters import FreeParameters
from checker.analysis.prove.obligations import Obligation
from checker.analysis.prove.replay import Mismatch
from checker.language.resolve.facts import Facts, show_facts
from checker.solver.formulas import FALSE, Formula, every

UNSETTLED = "says the same at the defaults, and something else under other settings"


class CaseStatement(NamedTuple):
    """What a side says of a case: the lower the rank, the better for the buyer."""

    rank: int
    words: str


Say = Callable[[Facts], CaseStatement]


@dataclass(frozen=True, slots=True)
class Item:
    """What is compared at a place: where buyers gain and lose, where it differs, where it breaks.

    `say` is what the old side and the new one say of a joint case, None where no case is asked
    for. `unsettled` is where they differ under some settings, over parameters that are free.
    """

    at: str
    say: tuple[Say, Say] | None = None
    gains: Formula = FALSE
    loses: Formula = FALSE
    differs: Formula = FALSE
    breaks: Formula = FALSE
    unsettled: Formula = FALSE
    notes: tuple[DiffNote, ...] = ()

    def asked(self) -> dict[str, Formula]:
        """Return the formula of each question, by its name."""
        return {
            "gains": self.gains,
            "loses": self.loses,
            "differs": self.differs,
            "breaks": self.breaks,
        }


# how what OLD and NEW say of a case relates where the case answers the question
_SHOWS: Mapping[str, Callable[[CaseStatement, CaseStatement], bool]] = {
    "gains": lambda old, new: new.rank < old.rank,
    "loses": lambda old, new: new.rank > old.rank,
    "differs": lambda old, new: new.words != old.words,
    "breaks": lambda old, new: new.words != old.words,
}


def compare(pair: JointPolicies, items: Sequence[Item], free: FreeParameters) -> list[Change]:
    """Return what is found of each item, in their order.

    Undecided where the budget of boxes is spent, Mismatch where a case does not show what it was
    found for.
    """
    examples: dict[str, dict[str, Example]] = {item.at: {} for item in items}
    for check, at, example in _shown(pair, items):
        examples[at][check] = example
    changes = [Change(item.at, item.notes, **examples[item.at]) for item in items]
    same = {change.at for change in changes if change.effect == EQUAL}
    unsettled = _unsettled(pair, [item for item in items if item.at in same], free)
    return [
        replace(change, notes=(DiffNote(UNSETTLED),)) if change.at in unsettled else change
        for change in changes
    ]


def _shown(pair: JointPolicies, items: Iterable[Item]) -> Iterable[tuple[str, str, Example]]:
    """Yield question, place and plainest case of every question that has one, replayed."""
    statements = {item.at: item.say for item in items}
    obligations = [
        _question(check, item.at, formula, pair)
        for item in items
        for check, formula in item.asked().items()
        if formula != FALSE
    ]
    for counterexample in answer(pair.resolved, obligations):
        sides, facts = statements[counterexample.at], counterexample.facts
        assert sides is not None and facts is not None
        old, new = (side(facts) for side in sides)
        if not _SHOWS[counterexample.check](old, new):
            case = show_facts(facts, pair.resolved.vocabulary)
            failure = f"{counterexample.check} at {counterexample.at}"
            raise Mismatch(f"internal error: {failure} is not shown by {case}")
        yield counterexample.check, counterexample.at, Example(facts, old.words, new.words)


def _unsettled(pair: JointPolicies, items: Iterable[Item], free: FreeParameters) -> set[str]:
    """Return the places that differ under some settings."""
    obligations = [
        _question("unsettled", item.at, item.unsettled, pair)
        for item in items
        if item.unsettled != FALSE
    ]
    return {counterexample.at for counterexample in answer(pair.resolved, obligations, free)}


def _question(check: str, at: str, formula: Formula, pair: JointPolicies) -> Obligation:
    return Obligation(check, at, every([pair.always, formula]))
