"""The minimal case, found by an SMT solver: the plainest counterexample of docs/language.md.

It is defined in docs/language.md, section 6: the fewest facts that differ from typical; then, fact
by fact in the vocabulary's order, the value nearest to typical, and of two equally near ones the
lower one. One number for each fact, its *steps*, expresses both: 0 is the typical value, 1 the
value below it, 2 the value above it, 3 the next one below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checker.language.model.types import Value
from checker.language.model.vocabulary import Fact, Vocabulary
from checker.language.resolve.facts import Facts
from checker.solver.smt.conditions import TypedTerm
from checker.solver.smt.solver import Solver, Term


@dataclass(slots=True)
class SmtMinimalCase:
    """Finds the minimal case of all that a solver assumes.

    The search is lexicographic: each measure in turn is minimized by bisection and then fixed.
    """

    solver: Solver
    vocabulary: Vocabulary
    case: Mapping[str, TypedTerm]
    _measures: list[Term] = field(init=False)  # the number of unusual facts, each fact's steps

    def __post_init__(self) -> None:
        solver, facts = self.solver, self.vocabulary.testable_facts()
        steps = [_steps(solver, self.case[name].term, fact) for name, fact in facts.items()]
        none, one = solver.number(0), solver.number(1)
        unusual = sum((solver.either(fact_steps == 0, none, one) for fact_steps in steps), none)
        self._measures = [unusual, *steps]

    def find(self) -> Facts | None:
        """Return the minimal case, None where there is no case at all.

        Facts that no condition can test are absent.

        Raises:
            Undecided: the time is up.
        """
        with self.solver.pushed():
            if not self.solver.has_case():
                return None
            _, *steps = self._least()
        case: Facts = dict.fromkeys(self.vocabulary.facts)
        facts = self.vocabulary.testable_facts()
        for (name, fact), fact_steps in zip(facts.items(), steps, strict=True):
            case[name] = _value(fact, fact_steps)
        return case

    def _least(self) -> list[int]:
        """Return each measure's least value in the cases with the least values of all before it."""
        solver = self.solver
        least = solver.values_of(self._measures)
        for index, measure in enumerate(self._measures):
            low = 0
            while low < least[index]:
                middle = (low + least[index]) // 2
                with solver.pushed():
                    solver.assume(measure <= middle)
                    if solver.has_case():
                        least[index:] = solver.values_of(self._measures[index:])
                    else:
                        low = middle + 1
            solver.assume(measure == low)
        return least


def _steps(solver: Solver, term: Term, fact: Fact) -> Term:
    """Return the steps of a fact as a term."""
    typical = _typical(fact)
    if fact.type.name == "boolean":
        term = solver.either(term, solver.number(1), solver.number(0))
    below = 2 * (typical - term) - 1
    return solver.either(term >= typical, 2 * (term - typical), below)


def _value(fact: Fact, steps: int) -> Value:
    """Return the value that has these steps."""
    distance = -(steps + 1) // 2 if steps % 2 else steps // 2
    value = _typical(fact) + distance
    return value if fact.type.ordered else fact.type.categories()[value]


def _typical(fact: Fact) -> int:
    """Return the number that stands for the fact's typical value."""
    assert fact.typical is not None
    if fact.type.ordered:
        return int(fact.typical)  # type: ignore[arg-type]
    return fact.type.categories().index(fact.typical)
