"""Decides obligations by a search of clauses, where boxes give up."""

from __future__ import annotations

from collections.abc import Iterable

from checker.analysis.prove.obligations import AnswerBranch, Obligation, branches_after
from checker.analysis.prove.prover import (
    Counterexample,
    PossibleCases,
    facts_of,
    grouped,
    severe_first,
)
from checker.language.resolve.resolver import ResolvedPolicy
from checker.solver.clause_minimal_case import minimal_case
from checker.solver.clauses import Clauses
from checker.solver.formulas import TRUE, Formula, every, some


class ClauseProver:
    """Decides the obligations of one document; what it learns of one helps with the next ones."""

    def __init__(self, resolved: ResolvedPolicy, known: PossibleCases) -> None:
        self.resolved, self.clauses = resolved, Clauses(known.space)
        self.names = [*resolved.vocabulary.testable_facts()]
        self.clauses.require(known.invariants)
        self._unanswered: dict[AnswerBranch | None, Formula] = {None: TRUE}

    def failures(self, obligations: Iterable[Obligation]) -> list[Counterexample]:
        """Return the obligations that fail, one for each check and position.

        Raises:
            Undecided: The effort is spent.
        """
        failures = map(self._failure, grouped(obligations))
        return severe_first([failure for failure in failures if failure])

    def _failure(self, obligations: list[Obligation]) -> Counterexample | None:
        """Return the failure of obligations with one check and position, None where none fails."""
        first, clauses = obligations[0], self.clauses
        formula = some(
            every([self._answered_by(obligation.branch), obligation.formula])
            for obligation in obligations
        )
        if first.needs_case:
            has_case = clauses.search.solve([clauses.literal(formula)]) is None
            has_case = has_case and not clauses.search.contradictory
            return None if has_case else Counterexample(first.check, first.at, None, first.mild)
        case = minimal_case(clauses, formula, self.names)
        if case is None:
            return None
        facts = facts_of(case, self.resolved)
        return Counterexample(first.check, first.at, facts, first.mild)

    def _answered_by(self, branch: AnswerBranch | None) -> Formula:
        """Return where the branch answers."""
        if branch is None:
            return TRUE
        return every([self._unanswered_after(branch.previous), branch.condition])

    def _unanswered_after(self, branch: AnswerBranch | None) -> Formula:
        """Return where neither the branch nor an earlier one answers."""
        known, after = branches_after(branch, self._unanswered)
        formula = self._unanswered[known]
        for later in after:
            formula = self._unanswered[later] = every([formula, later.negation])
        return formula
