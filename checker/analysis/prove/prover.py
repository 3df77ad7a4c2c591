"""Decides obligations for all cases of one resolved policy; each failure has its minimal case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from checker.analysis.prove.obligations import AnswerBranch, Obligation, branches_after
from checker.language.checks import CHECKS, Severity
from checker.language.model.conditions import NO_NAMES
from checker.language.model.types import LONGEST, Value, ValueType
from checker.language.resolve.facts import Facts
from checker.language.resolve.resolver import ResolvedPolicy
from checker.solver.box_search import BoxSearch, Query, Undecided
from checker.solver.constraints import MAX_QUERIES
from checker.solver.encode import MOST_VARIANTS, ConditionEncoder
from checker.solver.formulas import Formula, Some, alternatives, every
from checker.solver.minimal_case import Case, minimal_case
from checker.solver.space import Domain, Space

FAR_OFF = 10**15  # bound of a parameter or fact that has no range


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A check that fails at a position, and the minimal case that shows it.

    `facts` is None where the failure is that no case exists. `mild` is that of the obligation.
    """

    check: str
    at: str
    facts: Facts | None
    mild: bool = False

    @property
    def severity(self) -> Severity:
        """The severity from the table of checks."""
        return CHECKS[self.check].severity_if(self.mild)


@dataclass(slots=True)
class PossibleCases:
    """The cases of a space that keep the invariants.

    It caches which formulas some possible case satisfies.
    """

    space: Space
    invariants: Formula
    _satisfiable: dict[int, tuple[Formula, bool]] = field(default_factory=dict)  # by identity

    def refined(self, formulas: Iterable[Formula]) -> PossibleCases:
        """Return the same cases in a space that distinguishes what the formulas distinguish."""
        return replace(self, space=self.space.refined(formulas))

    def cases(self) -> list[Query]:
        """Return the queries that together cover all possible cases."""
        return Query(self.space, self.space.full).narrowed(self.invariants)

    def may_satisfy(self, formula: Formula) -> bool:
        """Return whether a possible case satisfies the formula; True where that is undecided.

        The result is cached, because many overrides share the formula.
        """
        entry = self._satisfiable.get(id(formula))
        if entry is None:
            entry = (formula, self._search_case(formula))
            if len(self._satisfiable) < MOST_VARIANTS:
                self._satisfiable[id(formula)] = entry
        return entry[1]

    def known_unsatisfiable(self, formula: Formula) -> bool:
        """Return whether the cache says that no possible case satisfies the formula."""
        entry = self._satisfiable.get(id(formula))
        return entry is not None and not entry[1]

    def _search_case(self, formula: Formula) -> bool:
        """Return what `may_satisfy` returns, without the cache for the formula itself."""
        if isinstance(formula, Some):
            return any(map(self.may_satisfy, formula.parts))
        known = self.refined([formula])
        space, search = known.space, BoxSearch(known.space)
        try:
            if not search.any(Query(space, space.full).narrowed(formula), expect_case=False):
                return False
            possible = (case for query in known.cases() for case in query.narrowed(formula))
            return search.any(possible, expect_case=False)
        except Undecided:
            return True


def formulas_of(obligations: Iterable[Obligation]) -> Iterator[Formula]:
    """Yield the formulas of the obligations, of their branches and of all earlier branches."""
    visited: set[AnswerBranch] = set()
    for obligation in obligations:
        yield obligation.formula
        branch = obligation.branch
        while branch and branch not in visited:
            visited.add(branch)
            yield branch.condition
            branch = branch.previous


class Prover:
    """Decides the obligations of one document by boxes of cases."""

    def __init__(self, resolved: ResolvedPolicy, known: PossibleCases) -> None:
        self.resolved, self.space, self.known = resolved, known.space, known
        self.search = BoxSearch(self.space)
        self.names = [*resolved.vocabulary.testable_facts()]
        self.possible = known.cases()
        self._unanswered: dict[AnswerBranch | None, list[Query]] = {None: self.possible}
        self._answered: dict[AnswerBranch, list[Query]] = {}
        self._if_first: dict[AnswerBranch, list[Query]] = {}

    def failures(self, obligations: Iterable[Obligation]) -> list[Counterexample]:
        """Return the obligations that fail, one for each check and position.

        Raises:
            Undecided: The budget of boxes is spent.
        """
        failures = map(self._failure, grouped(obligations))
        return severe_first([failure for failure in failures if failure])

    def _failure(self, obligations: list[Obligation]) -> Counterexample | None:
        """Return the failure of obligations with one check and position, None where none fails."""
        first = obligations[0]
        failure = Counterexample(first.check, first.at, None, first.mild)
        if first.needs_case and any(
            obligation.branch and self._answers_typical_case(obligation.branch)
            for obligation in obligations
        ):
            return None
        queries = [query for obligation in obligations for query in self.queries(obligation)]
        if first.needs_case:
            return None if self.search.any(queries, expect_case=True) else failure
        case = (
            minimal_case(self.space, queries, self.names, self.search.budget) if queries else None
        )
        return None if case is None else replace(failure, facts=facts_of(case, self.resolved))

    def queries(self, obligation: Obligation) -> Iterator[Query]:
        """Yield the queries for the cases of the obligation's formula that its branch answers."""
        formula, branch = obligation.formula, obligation.branch
        for part in alternatives(formula):
            if self.known.known_unsatisfiable(part):
                continue
            if obligation.needs_case or self._may_answer_first(branch, part):
                for query in self._answered_by(branch) if branch else self.possible:
                    yield from query.narrowed(part)

    def _answers_typical_case(self, branch: AnswerBranch) -> bool:
        """Return whether the branch answers a typical case; if not, it may still answer another."""
        return any(
            self.search.has_typical_case(query.and_also(previous_query))
            for query in self._cases_if_first(branch)
            for previous_query in self._unanswered_after(branch.previous)
        )

    def _cases_if_first(self, branch: AnswerBranch) -> list[Query]:
        """Return the cases that the branch would answer if it were first, possible or not."""
        queries = self._if_first.get(branch)
        if queries is None:
            every_case = Query(self.space, self.space.full)
            negated = every_case.asserting(branch.negation)
            queries = negated[0].opposite() if len(negated) == 1 else None
            if queries is None:
                queries = every_case.narrowed(branch.condition)
            self._if_first[branch] = queries
        return queries

    def _may_answer_first(self, branch: AnswerBranch | None, part: Formula) -> bool:
        """Return whether the branch would answer a possible case of the part if it were first.

        Most parts fail this cheap test, and then no earlier branch need be considered.
        """
        if branch is None or branch.previous is None:
            return True
        narrowed = [
            narrowed_query
            for query in self._cases_if_first(branch)
            for narrowed_query in query.narrowed(part)
        ]
        queries = (query.and_also(possible) for query in narrowed for possible in self.possible)
        return self.search.any(queries, expect_case=False)

    def _answered_by(self, branch: AnswerBranch) -> list[Query]:
        """Return the queries for the cases that the branch answers."""
        if branch not in self._answered:
            unanswered = self._unanswered_after(branch.previous)
            self._answered[branch] = [
                narrowed_query
                for query in unanswered
                for narrowed_query in query.narrowed(branch.condition)
            ]
        return self._answered[branch]

    def _unanswered_after(self, branch: AnswerBranch | None) -> list[Query]:
        """Return the cases that neither the branch nor an earlier one answers.

        Raises:
            Undecided: There would be too many queries.
        """
        known, after = branches_after(branch, self._unanswered)
        queries = self._unanswered[known]
        for waiting_branch in after:
            queries = [
                query.and_also(negated)
                for query in queries
                for negated in query.asserting(waiting_branch.negation)
            ]
            if len(queries) > MAX_QUERIES:
                raise Undecided
            self._unanswered[waiting_branch] = queries
        return queries


def grouped(obligations: Iterable[Obligation]) -> Iterable[list[Obligation]]:
    """Return the obligations with one check, position and severity together."""
    groups: dict[tuple[str, str, bool], list[Obligation]] = {}
    for obligation in obligations:
        key = (obligation.check, obligation.at, obligation.mild)
        groups.setdefault(key, []).append(obligation)
    return groups.values()


def severe_first(failures: list[Counterexample]) -> list[Counterexample]:
    """Return one failure for each check and position: a severe one rather than a mild one."""
    severest: dict[tuple[str, str], Counterexample] = {}
    for failure in failures:
        key = (failure.check, failure.at)
        if key not in severest or not failure.mild:
            severest[key] = failure
    return [*severest.values()]


def possible(resolved: ResolvedPolicy) -> Formula:
    """Return the formula that all invariants of the vocabulary hold."""
    encoder = ConditionEncoder(NO_NAMES, {}, resolved.vocabulary.types())
    return every(encoder.formula(invariant.always) for invariant in resolved.vocabulary.invariants)


def domain(type_: ValueType, typical: Value | None) -> Domain:
    """Return the domain of a type, its values as numbers; `FAR_OFF` bounds a type without range."""
    if type_.ordered:
        whole = (0, LONGEST) if type_.name == "duration" else (-FAR_OFF, FAR_OFF)
        assert isinstance(typical, int)
        return Domain(*(type_.range or whole), typical, True)
    values = type_.categories()
    return Domain(0, len(values) - 1, values.index(typical) if typical in values else 0, False)


def fact_domains(resolved: ResolvedPolicy) -> dict[str, Domain]:
    """Return the domain of each fact that proofs quantify over, in the order of the vocabulary."""
    facts = resolved.vocabulary.testable_facts()
    return {name: domain(fact.type, fact.typical) for name, fact in facts.items()}


def facts_of(case: Case, resolved: ResolvedPolicy) -> Facts:
    """Return the facts of a case of numbers; a fact that proofs leave out is absent."""
    facts: Facts = dict.fromkeys(resolved.vocabulary.facts)
    for name, fact in resolved.vocabulary.testable_facts().items():
        facts[name] = case[name] if fact.type.ordered else fact.type.categories()[case[name]]
    return facts
