"""The SMT encoding decides every case as the reference does; a solver keeps its time limit."""

from __future__ import annotations

import itertools
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import pytest

from checker.analysis.prove.smt_engine import Prepared
from checker.language.model.override import Override
from checker.language.resolve.facts import BadCase, PossibleFacts, read_facts, show_facts
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.solver.box_search import Undecided
from checker.solver.smt.conditions import value_term
from checker.solver.smt.policies import encode_override
from checker.solver.smt.solver import Api, NoSolver, Solver, z3
from tests import reference
from tests.test_conformance import groups, world_of
from tests.worlds import DAY, library

APIS = {"z3": z3(), "cvc5": Api(import_module("cvc5.pythonic"), "tlimit-per")}
ENOUGH = 150  # conformance tests that state every fact


def read(documents: reference.World) -> tuple[ResolvedPolicy, Override | None]:
    """Return the resolved policy and the override; fail where a document has errors."""
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
    """Return the decision of one case that the solver gives, None where the case is impossible."""
    solver, own = prepared.solver, prepared.policies[0]
    facts = read_facts(stated, prepared.resolved)
    with solver.pushed():
        seller = encode_override(override, own) if override else None
        for name, (term, type_) in prepared.case.items():
            value = facts[name]
            assert value is not None
            solver.assume(term == value_term(solver, type_, value))
        if not solver.has_case():
            return None

        def true(formula: Any) -> bool:
            return solver.values_of(
                [solver.either(formula, solver.number(1), solver.number(0))]
            ) == [1]

        def ranks(terms: Mapping[str, Any], applies: Mapping[str, Any]) -> dict[str, int]:
            return {n: solver.values_of([r])[0] for n, r in terms.items() if true(applies[n])}

        (verdict,) = (verdict for verdict, where in own.verdict.items() if true(where))
        owed = {
            id
            for policy in prepared.policies
            for id, where in policy.entitlements.items()
            if true(where)
        }
        required = prepared.required
        decision: dict[str, Any] = {
            "verdict": "must_accept" if true(required.must_accept) else verdict,
            "entitlements": sorted(owed),
            "grounds": sorted(id for id, where in own.grounds.items() if true(where)),
            "terms": ranks(required.terms, required.applies),
        }
        if seller:
            (branch,) = (branch for branch in seller.branches if true(branch.reached))
            (response,) = (name for name, where in branch.response.items() if true(where))
            decision["response"] = response
            decision["rule"] = (
                branch.at.removeprefix("rules.") if branch.at != "otherwise" else None
            )
            decision["seller_terms"] = ranks(seller.terms, own.applies)
        return decision


def expected(resolved: ResolvedPolicy, documents: reference.World, stated: dict[str, Any]) -> Any:
    """Return the decision of one case that the reference gives, with terms as ranks."""
    try:
        decision = reference.decide(documents, stated)
    except reference.Refused:
        return None
    terms = {name: term for policy in resolved.policies for name, term in policy.terms.items()}
    keys = ["verdict", "entitlements", "grounds", "terms"]
    keys += ["response", "rule", "seller_terms"] if documents.override else []
    return {
        key: {
            name: terms[name].rank(terms[name].type.read(shown)) for name, shown in result.items()
        }
        if isinstance(result := decision[key], dict)
        else result
        for key in keys
    }


def fully_stated(group: dict[str, Any], resolved: ResolvedPolicy) -> Iterator[dict[str, Any]]:
    """Yield the cases of the group's tests that state every fact with a valid value.

    Where a count may be several, each that is possible is stated in a case of its own.
    """
    for test in group.get("tests", ()):
        try:
            facts = read_facts(test["facts"], resolved)
        except BadCase:
            continue
        vocabulary = resolved.vocabulary
        if any(facts[name] is None for name in vocabulary.testable_facts()):
            continue
        if isinstance(facts, PossibleFacts):
            yield from (show_facts(each, vocabulary) for each in facts.alternatives)
        else:
            yield test["facts"]


@pytest.mark.parametrize("api", APIS)
def test_a_case_is_decided_as_by_the_reference(api: str) -> None:
    cases = 0
    for stem, file, group in groups():
        if "refused" in group:
            continue
        documents = world_of(file, group)
        resolved, override = read(documents)
        prepared = Prepared(resolved, APIS[api])
        for stated in fully_stated(group, resolved):
            where = f"{stem}: {group['name']}: {stated}"
            assert decided(prepared, override, stated) == expected(resolved, documents, stated), (
                where
            )
            cases += 1
    print(f"\n{cases} cases of the conformance suite, decided by {api}")
    assert cases >= ENOUGH


def pigeons(solver: Solver, holes: int) -> None:
    """Assume that there is one more pigeon than holes, each in a hole of its own."""
    nests = [[solver.any_truth("in") for _ in range(holes)] for _ in range(holes + 1)]
    for nest in nests:
        solver.assume(solver.some(nest))
    for a, b in itertools.combinations(nests, 2):
        for first_in, second_in in zip(a, b, strict=True):
            solver.assume(solver.opposite(solver.every([first_in, second_in])))


def test_a_check_that_takes_too_long_is_undecided() -> None:
    solver = Solver(APIS["z3"])
    pigeons(solver, 12)
    with solver.time_limit(0.2), pytest.raises(Undecided):
        solver.has_case()


def test_a_check_can_be_interrupted() -> None:
    solver = Solver(APIS["z3"])
    pigeons(solver, 12)
    timer = threading.Timer(0.2, os.kill, [os.getpid(), signal.SIGINT])
    with solver.time_limit(60), pytest.raises(KeyboardInterrupt):
        timer.start()
        solver.has_case()


def test_a_missing_solver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    with pytest.raises(NoSolver, match=r"pip install 'returns-checker\[z3\]'"):
        z3()
