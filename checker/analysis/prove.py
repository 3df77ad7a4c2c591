"""Section 6, decided for every case: which checks fail, each with its plainest counterexample."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from checker.analysis.claims import (
    Answering,
    FreeParameters,
    Question,
    Required,
    free_parameters,
    gap_question,
    idle_questions,
    undercut_questions,
)
from checker.language.conditions import Names
from checker.language.facts import Facts
from checker.language.override import Override
from checker.language.problems import Severity
from checker.language.values import Value, ValueType
from checker.language.worlds import World
from checker.readings.boxes import Query, Search
from checker.readings.formulas import TRUE, Formula, Reading, every, some
from checker.readings.plainest import Case, plainest
from checker.readings.space import Domain, make_space

FAR_OFF = 10**15  # beyond every range: where a parameter without one may go


@dataclass(frozen=True, slots=True)
class Failure:
    """A check that fails at a place, and the plainest case that shows it; None where none can."""

    check: str
    severity: Severity
    at: str
    facts: Facts | None


def prove_override(required: Required, override: Override) -> list[Failure]:
    """Return the checks of section 6 that the override fails."""
    return answer(required.world, Answering(override, required).questions())


def prove_policy(required: Required, *, silent_otherwise: bool) -> list[Failure]:
    """Return the checks of section 6 that the policy by itself fails.

    `silent_otherwise` says that its document has no `otherwise`.
    """
    world, policy = required.world, required.world.policy
    anything = Question("impossible-vocabulary", "error", "vocabulary", TRUE, absent=True)
    impossible = answer(world, [anything])
    if impossible:
        return impossible  # all else would follow from it
    questions = [*undercut_questions(required)]
    questions += [gap_question(policy)] if silent_otherwise else []
    free = free_parameters(policy)
    idle = answer(world, idle_questions(policy, free), free)
    return [*answer(world, questions), *idle]


def answer(
    world: World, questions: Iterable[Question], free: FreeParameters | None = None
) -> list[Failure]:
    """Return the questions that have the answer that fails them, one for each check and place.

    Undecided where the budget of boxes is spent.
    """
    asked = _by_place(questions)
    invariants = possible(world)
    domains = {
        name: domain(fact.type, fact.typical) for name, fact in world.vocabulary.decisive().items()
    }
    names = [*domains]
    for name, type_ in free.types.items() if free else ():
        domains[name] = domain(type_, free.typical[name] if free else None)
    space = make_space(domains, [invariants, *(each.formula for each in asked)])
    base = Query(space, space.full).narrowed(invariants)
    failures: list[Failure] = []
    for question in asked:
        queries = [each for query in base for each in query.narrowed(question.formula)]
        failure = Failure(question.check, question.severity, question.at, None)
        if question.absent:
            search = Search(space)
            if not any(True for query in queries for _ in search.solutions(query)):
                failures.append(failure)
            continue
        case = plainest(space, queries, names)
        if case is not None:
            failures.append(replace(failure, facts=facts_of(case, world)))
    return _errors_first(failures)


def _errors_first(failures: list[Failure]) -> list[Failure]:
    """Return one failure for each check and place: the error where a warning stands beside it."""
    found: dict[tuple[str, str], Failure] = {}
    for each in failures:
        key = (each.check, each.at)
        if key not in found or each.severity == "error":
            found[key] = each
    return [*found.values()]


def _by_place(questions: Iterable[Question]) -> list[Question]:
    """Return one question for each check and place, for all that are asked about it."""
    found: dict[tuple[str, str, str], Question] = {}
    for each in questions:
        key = (each.check, each.at, each.severity)
        known = found.get(key)
        whole = some([known.formula, each.formula]) if known else each.formula
        found[key] = replace(each, formula=whole)
    return [*found.values()]


def possible(world: World) -> Formula:
    """Return where no invariant is broken."""
    reading = Reading(Names({}, {}), {}, world.vocabulary.types())
    return every(reading.formula(each.always) for each in world.vocabulary.invariants)


def domain(type_: ValueType, typical: Value | None) -> Domain:
    """Return the values of a type as numbers; one without range ends far off."""
    if type_.ordered:
        low = 0 if type_.name == "duration" else -FAR_OFF
        assert isinstance(typical, int)
        return Domain(*(type_.range or (low, FAR_OFF)), typical, True)
    values = type_.unordered()
    return Domain(0, len(values) - 1, values.index(typical) if typical in values else 0, False)


def facts_of(case: Case, world: World) -> Facts:
    """Return the facts of a case of numbers; what proofs leave out is absent."""
    facts: Facts = dict.fromkeys(world.vocabulary.facts)
    for name, fact in world.vocabulary.decisive().items():
        facts[name] = case[name] if fact.type.ordered else fact.type.unordered()[case[name]]
    return facts
