"""Questions answered for every case of one world, each failure with its plainest case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from checker.analysis.prove.obligations import AnswerBranch, Obligation
from checker.language.checks import CHECKS, Severity
from checker.language.model.conditions import NO_NAMES
from checker.language.model.types import Value, ValueType
from checker.language.resolve.facts import Facts
from checker.language.resolve.resolver import ResolvedPolicy
from checker.solver.box_search import BoxSearch, Query, Undecided
from checker.solver.encode import MOST_VARIANTS, ConditionEncoder
from checker.solver.formulas import Formula, Some, alternatives, every
from checker.solver.minimal_case import Case, minimal_case
from checker.solver.space import Domain, Space

FAR_OFF = 10**15  # beyond every range: where a parameter without one may go


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A check that fails at a place, and the plainest case that shows it; None where none can.

    `mild` is as the obligation has it.
    """

    check: str
    at: str
    facts: Facts | None
    mild: bool = False

    @property
    def severity(self) -> Severity:
        """The severity that the table of checks gives it."""
        return CHECKS[self.check].severity_if(self.mild)


@dataclass(slots=True)
class Known:
    """A space, which of its cases are possible, and of which formulas one is, as far as known."""

    space: Space
    invariants: Formula
    _ever: dict[int, tuple[Formula, bool]] = field(default_factory=dict)  # by identity

    def refined(self, formulas: Iterable[Formula]) -> Known:
        """Return the same for a space that can tell apart what the formulas tell apart."""
        return replace(self, space=self.space.refined(formulas))

    def cases(self) -> list[Query]:
        """Return queries for all that is possible."""
        return Query(self.space, self.space.full).narrowed(self.invariants)

    def ever(self, formula: Formula) -> bool:
        """Return whether a possible case is one of the formula; True where that is not decided.

        It is remembered: many overrides ask the same.
        """
        kept = self._ever.get(id(formula))
        if kept is None:
            kept = (formula, self._may_have_a_case(formula))
            if len(self._ever) < MOST_VARIANTS:
                self._ever[id(formula)] = kept
        return kept[1]

    def never(self, formula: Formula) -> bool:
        """Return whether it is remembered that no possible case is one of the formula."""
        kept = self._ever.get(id(formula))
        return kept is not None and not kept[1]

    def _may_have_a_case(self, formula: Formula) -> bool:
        if isinstance(formula, Some):
            return any(map(self.ever, formula.parts))
        known = self.refined([formula])
        space, search = known.space, BoxSearch(known.space)
        try:
            if not search.any(Query(space, space.full).narrowed(formula), expect_case=False):
                return False
            possible = (found for each in known.cases() for found in each.narrowed(formula))
            return search.any(possible, expect_case=False)
        except Undecided:
            return True


def formulas_of(obligations: Iterable[Obligation]) -> Iterator[Formula]:
    """Yield every formula of the questions, and those of their places and what comes before."""
    places: set[AnswerBranch] = set()
    for obligation in obligations:
        yield obligation.formula
        branch = obligation.branch
        while branch and branch not in places:
            places.add(branch)
            yield branch.here
            branch = branch.after


class Prover:
    """Answers the questions about one document."""

    def __init__(self, resolved: ResolvedPolicy, known: Known) -> None:
        self.resolved, self.space, self.known = resolved, known.space, known
        self.search = BoxSearch(self.space)
        self.names = [*resolved.vocabulary.decisive()]
        self.possible = known.cases()
        self._beyond: dict[AnswerBranch | None, list[Query]] = {None: self.possible}
        self._at: dict[AnswerBranch, list[Query]] = {}
        self._alone: dict[AnswerBranch, list[Query]] = {}

    def failures(self, obligations: Iterable[Obligation]) -> list[Counterexample]:
        """Return the questions that fail, one for each check and place.

        Undecided where the budget of boxes is spent.
        """
        asked: dict[tuple[str, str, bool], list[Obligation]] = {}
        for each in obligations:
            asked.setdefault((each.check, each.at, each.mild), []).append(each)
        found = (self._failure(each) for each in asked.values())
        return _severe_first([each for each in found if each])

    def _failure(self, obligations: list[Obligation]) -> Counterexample | None:
        """Return the failure of questions about one check and place, None where none fails."""
        first = obligations[0]
        failure = Counterexample(first.check, first.at, None, first.mild)
        if first.absent and any(each.branch and self._answers(each.branch) for each in obligations):
            return None
        queries = [query for each in obligations for query in self.queries(each)]
        if first.absent:
            return None if self.search.any(queries, expect_case=True) else failure
        case = (
            minimal_case(self.space, queries, self.names, self.search.budget) if queries else None
        )
        return None if case is None else replace(failure, facts=facts_of(case, self.resolved))

    def queries(self, obligation: Obligation) -> Iterator[Query]:
        """Yield queries that together ask the question."""
        formula, branch = obligation.formula, obligation.branch
        for part in alternatives(formula):
            if self.known.never(part):
                continue
            if obligation.absent or self._may_be(branch, part):
                for query in self._answered_at(branch) if branch else self.possible:
                    yield from query.narrowed(part)

    def _answers(self, branch: AnswerBranch) -> bool:
        """Return whether a plain case is answered at the place; where not, another one may be."""
        return any(
            self.search.has_typical_case(alone.and_also(before))
            for alone in self._by_itself(branch)
            for before in self._after(branch.after)
        )

    def _by_itself(self, branch: AnswerBranch) -> list[Query]:
        """Return queries for what it would answer if it were the first, possible or not."""
        found = self._alone.get(branch)
        if found is None:
            anything = Query(self.space, self.space.full)
            outside = anything.asserting(branch.not_here)
            found = outside[0].opposite() if len(outside) == 1 else None
            if found is None:
                found = anything.narrowed(branch.here)
            self._alone[branch] = found
        return found

    def _may_be(self, branch: AnswerBranch | None, part: Formula) -> bool:
        """Return whether a case is possible where the place would answer if it were the first.

        Most that can't be can't be for that reason alone, however many places come before and
        whatever is possible.
        """
        if branch is None or branch.after is None:
            return True
        narrowed = [q for query in self._by_itself(branch) for q in query.narrowed(part)]
        queries = (query.and_also(each) for query in narrowed for each in self.possible)
        return self.search.any(queries, expect_case=False)

    def _answered_at(self, branch: AnswerBranch) -> list[Query]:
        """Return the queries for the cases that the place answers."""
        if branch not in self._at:
            before = self._after(branch.after)
            self._at[branch] = [found for query in before for found in query.narrowed(branch.here)]
        return self._at[branch]

    def _after(self, branch: AnswerBranch | None) -> list[Query]:
        """Return the queries for the cases that neither the place nor one before it answers."""
        waiting: list[AnswerBranch] = []
        while branch is not None and branch not in self._beyond:
            waiting.append(branch)
            branch = branch.after
        found = self._beyond[branch]
        for each in reversed(waiting):
            found = [
                query.and_also(after) for query in found for after in query.asserting(each.not_here)
            ]
            self._beyond[each] = found
        return found


def _severe_first(failures: list[Counterexample]) -> list[Counterexample]:
    """Return one failure for each check and place: the severe one where a mild one is beside it."""
    found: dict[tuple[str, str], Counterexample] = {}
    for each in failures:
        key = (each.check, each.at)
        if key not in found or not each.mild:
            found[key] = each
    return [*found.values()]


def possible(resolved: ResolvedPolicy) -> Formula:
    """Return where no invariant is broken."""
    encoder = ConditionEncoder(NO_NAMES, {}, resolved.vocabulary.types())
    return every(encoder.formula(each.always) for each in resolved.vocabulary.invariants)


def domain(type_: ValueType, typical: Value | None) -> Domain:
    """Return the values of a type as numbers; one without range ends far off."""
    if type_.ordered:
        low = 0 if type_.name == "duration" else -FAR_OFF
        assert isinstance(typical, int)
        return Domain(*(type_.range or (low, FAR_OFF)), typical, True)
    values = type_.unordered()
    return Domain(0, len(values) - 1, values.index(typical) if typical in values else 0, False)


def fact_domains(resolved: ResolvedPolicy) -> dict[str, Domain]:
    """Return the domain of every fact that proofs quantify over, in the vocabulary's order."""
    facts = resolved.vocabulary.decisive()
    return {name: domain(fact.type, fact.typical) for name, fact in facts.items()}


def facts_of(case: Case, resolved: ResolvedPolicy) -> Facts:
    """Return the facts of a case of numbers; what proofs leave out is absent."""
    facts: Facts = dict.fromkeys(resolved.vocabulary.facts)
    for name, fact in resolved.vocabulary.decisive().items():
        facts[name] = case[name] if fact.type.ordered else fact.type.unordered()[case[name]]
    return facts
