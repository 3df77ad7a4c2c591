"""Questions answered for every case of one world, each failure with its plainest case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from checker.analysis.prove.obligations import Place, Question
from checker.language.model.conditions import NO_NAMES
from checker.language.model.types import Value, ValueType
from checker.language.resolve.facts import Facts
from checker.language.resolve.resolver import World
from checker.language.syntax.problems import Severity
from checker.solver.box_search import Query, Search, Undecided
from checker.solver.encode import MOST_VARIANTS, Reading
from checker.solver.formulas import Formula, Some, alternatives, every
from checker.solver.minimal_case import Case, plainest
from checker.solver.space import Domain, Space

FAR_OFF = 10**15  # beyond every range: where a parameter without one may go


@dataclass(frozen=True, slots=True)
class Failure:
    """A check that fails at a place, and the plainest case that shows it; None where none can."""

    check: str
    severity: Severity
    at: str
    facts: Facts | None


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
        space, search = known.space, Search(known.space)
        try:
            if not search.any(Query(space, space.full).narrowed(formula), likely=False):
                return False
            possible = (found for each in known.cases() for found in each.narrowed(formula))
            return search.any(possible, likely=False)
        except Undecided:
            return True


def formulas_of(questions: Iterable[Question]) -> Iterator[Formula]:
    """Yield every formula of the questions, and those of their places and what comes before."""
    places: set[Place] = set()
    for question in questions:
        yield question.formula
        place = question.place
        while place and place not in places:
            places.add(place)
            yield place.here
            place = place.after


class Prover:
    """Answers the questions about one document."""

    def __init__(self, world: World, known: Known) -> None:
        self.world, self.space, self.known = world, known.space, known
        self.search = Search(self.space)
        self.names = [*world.vocabulary.decisive()]
        self.possible = known.cases()
        self._beyond: dict[Place | None, list[Query]] = {None: self.possible}
        self._at: dict[Place, list[Query]] = {}
        self._alone: dict[Place, list[Query]] = {}

    def failures(self, questions: Iterable[Question]) -> list[Failure]:
        """Return the questions that fail, one for each check and place.

        Undecided where the budget of boxes is spent.
        """
        asked: dict[tuple[str, str, str], list[Question]] = {}
        for each in questions:
            asked.setdefault((each.check, each.at, each.severity), []).append(each)
        found = (self._failure(each) for each in asked.values())
        return _errors_first([each for each in found if each])

    def _failure(self, questions: list[Question]) -> Failure | None:
        """Return the failure of questions about one check and place, None where none fails."""
        first = questions[0]
        failure = Failure(first.check, first.severity, first.at, None)
        if first.absent and any(each.place and self._answers(each.place) for each in questions):
            return None
        queries = [query for each in questions for query in self.queries(each)]
        if first.absent:
            return None if self.search.any(queries, likely=True) else failure
        case = plainest(self.space, queries, self.names, self.search.budget) if queries else None
        return None if case is None else replace(failure, facts=facts_of(case, self.world))

    def queries(self, question: Question) -> Iterator[Query]:
        """Yield queries that together ask the question."""
        formula, place = question.formula, question.place
        for part in alternatives(formula):
            if self.known.never(part):
                continue
            if question.absent or self._may_be(place, part):
                for query in self._answered_at(place) if place else self.possible:
                    yield from query.narrowed(part)

    def _answers(self, place: Place) -> bool:
        """Return whether a plain case is answered at the place; where not, another one may be."""
        return any(
            self.search.has_plain_case(alone.and_also(before))
            for alone in self._by_itself(place)
            for before in self._after(place.after)
        )

    def _by_itself(self, place: Place) -> list[Query]:
        """Return queries for what it would answer if it were the first, possible or not."""
        found = self._alone.get(place)
        if found is None:
            anything = Query(self.space, self.space.full)
            outside = anything.asserting(place.not_here)
            found = outside[0].opposite() if len(outside) == 1 else None
            if found is None:
                found = anything.narrowed(place.here)
            self._alone[place] = found
        return found

    def _may_be(self, place: Place | None, part: Formula) -> bool:
        """Return whether a case is possible where the place would answer if it were the first.

        Most that can't be can't be for that reason alone, however many places come before and
        whatever is possible.
        """
        if place is None or place.after is None:
            return True
        narrowed = [q for query in self._by_itself(place) for q in query.narrowed(part)]
        queries = (query.and_also(each) for query in narrowed for each in self.possible)
        return self.search.any(queries, likely=False)

    def _answered_at(self, place: Place) -> list[Query]:
        """Return the queries for the cases that the place answers."""
        if place not in self._at:
            before = self._after(place.after)
            self._at[place] = [found for query in before for found in query.narrowed(place.here)]
        return self._at[place]

    def _after(self, place: Place | None) -> list[Query]:
        """Return the queries for the cases that neither the place nor one before it answers."""
        waiting: list[Place] = []
        while place is not None and place not in self._beyond:
            waiting.append(place)
            place = place.after
        found = self._beyond[place]
        for each in reversed(waiting):
            found = [
                query.and_also(after) for query in found for after in query.asserting(each.not_here)
            ]
            self._beyond[each] = found
        return found


def _errors_first(failures: list[Failure]) -> list[Failure]:
    """Return one failure for each check and place: the error where a warning stands beside it."""
    found: dict[tuple[str, str], Failure] = {}
    for each in failures:
        key = (each.check, each.at)
        if key not in found or each.severity == "error":
            found[key] = each
    return [*found.values()]


def possible(world: World) -> Formula:
    """Return where no invariant is broken."""
    reading = Reading(NO_NAMES, {}, world.vocabulary.types())
    return every(reading.formula(each.always) for each in world.vocabulary.invariants)


def domain(type_: ValueType, typical: Value | None) -> Domain:
    """Return the values of a type as numbers; one without range ends far off."""
    if type_.ordered:
        low = 0 if type_.name == "duration" else -FAR_OFF
        assert isinstance(typical, int)
        return Domain(*(type_.range or (low, FAR_OFF)), typical, True)
    values = type_.unordered()
    return Domain(0, len(values) - 1, values.index(typical) if typical in values else 0, False)


def fact_domains(world: World) -> dict[str, Domain]:
    """Return the domain of every fact that proofs quantify over, in the vocabulary's order."""
    facts = world.vocabulary.decisive()
    return {name: domain(fact.type, fact.typical) for name, fact in facts.items()}


def facts_of(case: Case, world: World) -> Facts:
    """Return the facts of a case of numbers; what proofs leave out is absent."""
    facts: Facts = dict.fromkeys(world.vocabulary.facts)
    for name, fact in world.vocabulary.decisive().items():
        facts[name] = case[name] if fact.type.ordered else fact.type.unordered()[case[name]]
    return facts
