"""The plainest case, found by an SMT solver (docs/language.md, section 6).

The fewest facts that differ from typical; then, fact by fact in the vocabulary's order, the value
nearest to typical, and of two as near the lower one. Both in one number a fact, its *steps*: none
at the typical value, one at the value below it, two at the value above, three at the next below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checker.language.model.types import Value
from checker.language.model.vocabulary import Fact, Vocabulary
from checker.language.resolve.facts import Facts
from checker.solver.smt.conditions import Typed
from checker.solver.smt.solver import Solver, Term


@dataclass(slots=True)
class Plainest:
    """Finds the plainest of the cases that a solver is told of."""

    solver: Solver
    vocabulary: Vocabulary
    case: Mapping[str, Typed]
    _measures: list[Term] = field(init=False)  # of which the plainest case has the least, in turn

    def __post_init__(self) -> None:
        solver, facts = self.solver, self.vocabulary.decisive()
        steps = [_steps(solver, self.case[name].term, fact) for name, fact in facts.items()]
        none, one = solver.number(0), solver.number(1)
        unusual = sum((solver.either(each == 0, none, one) for each in steps), none)
        self._measures = [unusual, *steps]

    def find(self) -> Facts | None:
        """Return the plainest case, None where there is no case at all.

        Facts that proofs leave out are absent. Undecided where time is up.
        """
        with self.solver.aside():
            if not self.solver.has_case():
                return None
            _, *steps = self._least()
        found: Facts = dict.fromkeys(self.vocabulary.facts)
        facts = self.vocabulary.decisive()
        for (name, fact), each in zip(facts.items(), steps, strict=True):
            found[name] = _value(fact, each)
        return found

    def _least(self) -> list[int]:
        """Return the least value of each measure in the cases with the least of those before it."""
        solver = self.solver
        found = solver.found(self._measures)
        for place, measure in enumerate(self._measures):
            low = 0
            while low < found[place]:
                middle = (low + found[place]) // 2
                with solver.aside():
                    solver.assume(measure <= middle)
                    if solver.has_case():
                        found[place:] = solver.found(self._measures[place:])
                    else:
                        low = middle + 1
            solver.assume(measure == low)
        return found


def _steps(solver: Solver, term: Term, fact: Fact) -> Term:
    typical = _typical(fact)
    if fact.type.name == "boolean":
        term = solver.either(term, solver.number(1), solver.number(0))
    below = 2 * (typical - term) - 1
    return solver.either(term >= typical, 2 * (term - typical), below)


def _value(fact: Fact, steps: int) -> Value:
    """Return the value that is so many steps from typical."""
    apart = -(steps + 1) // 2 if steps % 2 else steps // 2
    place = _typical(fact) + apart
    return place if fact.type.ordered else fact.type.unordered()[place]


def _typical(fact: Fact) -> int:
    assert fact.typical is not None
    if fact.type.ordered:
        return int(fact.typical)  # type: ignore[arg-type]
    return fact.type.unordered().index(fact.typical)
