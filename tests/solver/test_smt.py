"""The SMT reading says of a case what the reference reading says; a solver keeps to its time."""

from __future__ import annotations

import itertools
import os
import signal
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from checker.analysis.prove.smt_engine import Prepared
from checker.language.model.override import Override
from checker.language.resolve.facts import BadCase, read_facts
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.solver.box_search import Undecided
from checker.solver.smt.conditions import value
from checker.solver.smt.policies import answer
from checker.solver.smt.solver import Api, NoSolver, Solver, z3
from tests import reference
from tests.test_conformance import groups, world_of
from tests.worlds import DAY, library

APIS = {"z3": z3(), "cvc5": Api(import_module("cvc5.pythonic"), "tlimit-per")}
ENOUGH = 150  # conformance tests that state every fact


def read(documents: reference.World) -> tuple[ResolvedPolicy, Override | None]:
    """Return the typed world and override; fails where a document has errors."""
    given = [documents.vocabulary, *documents.calendars.values(), documents.policy]
    override = documents.override
    resolver = Resolver(library([*given, *documents.upholds, *([override] if override else [])]))
    resolved = resolver.resolve(documents.policy["id"], DAY)
    if override is None:
        return resolved, None
    return resolved, resolver.override_of(resolver.library.find("override", "shop", DAY), resolved)


def decided(
    prepared: Prepared, override: Override | None, stated: dict[str, Any]
) -> dict[str, Any] | None:
    """Return what the solver makes of one case, None where it is impossible."""
    solver, own = prepared.solver, prepared.said[0]
    facts = read_facts(stated, prepared.resolved)
    with solver.aside():
        seller = answer(override, own) if override else None
        for name, (term, type_) in prepared.case.items():
            kept = facts[name]
            assert kept is not None
            solver.assume(term == value(solver, type_, kept))
        if not solver.has_case():
            return None

        def true(formula: Any) -> bool:
            return solver.found([solver.either(formula, solver.number(1), solver.number(0))]) == [1]

        (verdict,) = (each for each, where in own.verdict.items() if true(where))
        owed = [each.entitlements.items() for each in prepared.said]
        required, ranks = prepared.required, prepared.required.terms.items()
        found: dict[str, Any] = {
            "verdict": "must_accept" if true(required.must_accept) else verdict,
            "entitlements": sorted({id for each in owed for id, where in each if true(where)}),
            "grounds": sorted(id for id, where in own.grounds.items() if true(where)),
            "terms": {name: solver.found([rank])[0] for name, rank in ranks},
        }
        if seller:
            (place,) = (each for each in seller.places if true(each.reached))
            rule = place.at.removeprefix("rules.") if place.at != "otherwise" else None
            (found["response"],) = (each for each in place.response if true(place.response[each]))
            found["rule"] = rule
            ranks = seller.terms.items()
            found["seller_terms"] = {name: solver.found([rank])[0] for name, rank in ranks}
        return found


def expected(resolved: ResolvedPolicy, documents: reference.World, stated: dict[str, Any]) -> Any:
    """Return what the reference reading makes of one case, its terms as ranks."""
    try:
        decision = reference.decide(documents, stated)
    except reference.Refused:
        return None
    terms = {name: term for policy in resolved.policies for name, term in policy.terms.items()}
    keys = ["verdict", "entitlements", "grounds", "terms"]
    keys += ["response", "rule", "seller_terms"] if documents.override else []
    return {
        key: {name: terms[name].rank(terms[name].type.read(shown)) for name, shown in found.items()}
        if isinstance(found := decision[key], dict)
        else found
        for key in keys
    }


def compared(group: dict[str, Any], resolved: ResolvedPolicy) -> Iterator[dict[str, Any]]:
    """Yield the cases of the group's tests that state every fact, and no value that is none."""
    for test in group.get("tests", ()):
        try:
            facts = read_facts(test["facts"], resolved)
        except BadCase:
            continue
        if all(facts[name] is not None for name in resolved.vocabulary.decisive()):
            yield test["facts"]


@pytest.mark.parametrize("api", APIS)
def test_a_case_is_decided_as_by_the_reference_reading(api: str) -> None:
    cases = 0
    for stem, file, group in groups():
        if "refused" in group:
            continue
        documents = world_of(file, group)
        resolved, override = read(documents)
        prepared = Prepared(resolved, APIS[api])
        for stated in compared(group, resolved):
            where = f"{stem}: {group['name']}: {stated}"
            assert decided(prepared, override, stated) == expected(resolved, documents, stated), (
                where
            )
            cases += 1
    print(f"\n{cases} cases of the conformance suite, read by {api}")
    assert cases >= ENOUGH


def pigeons(solver: Solver, holes: int) -> None:
    """Tell the solver that there is a pigeon more than holes, each in one of its own."""
    nests = [[solver.any_truth("in") for _ in range(holes)] for _ in range(holes + 1)]
    for nest in nests:
        solver.assume(solver.some(nest))
    for a, b in itertools.combinations(nests, 2):
        for one, other in zip(a, b, strict=True):
            solver.assume(solver.opposite(solver.every([one, other])))


def test_a_question_that_takes_too_long_is_undecided() -> None:
    solver = Solver(APIS["z3"])
    pigeons(solver, 12)
    with solver.within(0.2), pytest.raises(Undecided):
        solver.has_case()


def test_a_question_can_be_interrupted() -> None:
    solver = Solver(APIS["z3"])
    pigeons(solver, 12)
    timer = threading.Timer(0.2, os.kill, [os.getpid(), signal.SIGINT])
    with solver.within(60), pytest.raises(KeyboardInterrupt):
        timer.start()
        solver.has_case()


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    with pytest.raises(NoSolver, match=r"pip install 'returns-checker\[z3\]'"):
        z3()
