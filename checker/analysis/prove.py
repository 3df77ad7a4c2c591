"""Section 6, decided for every case: which checks fail, each with its plainest counterexample."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from checker.analysis.claims import Answering, Question, Required
from checker.language.conditions import Names
from checker.language.facts import Facts
from checker.language.override import Override
from checker.language.values import Value, ValueType
from checker.language.vocabulary import Fact
from checker.language.worlds import World
from checker.readings.boxes import Query, Search
from checker.readings.formulas import Formula, Reading, every, some
from checker.readings.plainest import Case, plainest
from checker.readings.space import Domain, make_space


@dataclass(frozen=True, slots=True)
class Failure:
    """A check that fails at a place, and the plainest case that shows it; None where none can."""

    check: str
    severity: str
    at: str
    facts: Facts | None


def prove_override(required: Required, override: Override) -> list[Failure]:
    """Return the checks of section 6 that the override fails."""
    questions = [*Answering(override, required).questions()]
    return answer(required.world, questions)


def answer(world: World, questions: Iterable[Question]) -> list[Failure]:
    """Return the questions that have the answer that fails them, one for each check and place."""
    asked = _by_place(questions)
    invariants = possible(world)
    domains = {name: domain(fact) for name, fact in decisive_facts(world).items()}
    space = make_space(domains, [invariants, *(each.formula for each in asked)])
    base = Query(space, space.full).narrowed(invariants)
    failures: list[Failure] = []
    for question in asked:
        queries = [each for query in base for each in query.narrowed(question.formula)]
        if question.absent:
            search = Search(space)
            if not any(True for query in queries for _ in search.solutions(query)):
                failures.append(Failure(question.check, question.severity, question.at, None))
            continue
        case = plainest(space, queries, [*domains])
        if case is not None:
            facts = facts_of(case, world)
            failures.append(Failure(question.check, question.severity, question.at, facts))
    return failures


def _by_place(questions: Iterable[Question]) -> list[Question]:
    """Return one question for each check and place, for all that are asked about it."""
    found: dict[tuple[str, str], Question] = {}
    for each in questions:
        key = (each.check, each.at)
        known = found.get(key)
        whole = some([known.formula, each.formula]) if known else each.formula
        found[key] = replace(each, formula=whole)
    return [*found.values()]


def decisive_facts(world: World) -> dict[str, Fact]:
    """Return the facts that proofs range over, in the vocabulary's order (section 6)."""
    vocabulary = world.vocabulary
    return {
        name: fact
        for name, fact in vocabulary.facts.items()
        if name not in vocabulary.derived_from and fact.type.name != "datetime"
    }


def possible(world: World) -> Formula:
    """Return where no invariant is broken."""
    reading = Reading(Names({}, {}), {}, world.vocabulary.types())
    return every(reading.formula(each.always) for each in world.vocabulary.invariants)


def domain(fact: Fact) -> Domain:
    """Return the values of a fact as numbers."""
    if fact.type.ordered:
        assert fact.type.range is not None and isinstance(fact.typical, int)
        return Domain(*fact.type.range, fact.typical, True)
    values = _values(fact.type)
    typical = values.index(fact.typical) if fact.typical is not None else 0
    return Domain(0, len(values) - 1, typical, False)


def facts_of(case: Case, world: World) -> Facts:
    """Return the facts of a case of numbers; what proofs leave out is absent."""
    facts: Facts = dict.fromkeys(world.vocabulary.facts)
    for name, fact in decisive_facts(world).items():
        facts[name] = case[name] if fact.type.ordered else _values(fact.type)[case[name]]
    return facts


def _values(type_: ValueType) -> tuple[Value, ...]:
    return (False, True) if type_.name == "boolean" else type_.values
