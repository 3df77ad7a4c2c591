"""The overrides of `hard.py` are decided, and decided rightly."""

from __future__ import annotations

import pytest

from checker.analysis.prove import smt_engine
from checker.analysis.prove.box_engine import prove_override
from checker.analysis.prove.prover import Counterexample
from checker.analysis.prove.requirements import RequirementFormulas
from checker.evaluate.decider import Decider
from checker.evaluate.decision import FailedCheck
from checker.language.model.override import Override
from checker.language.resolve.resolver import ResolvedPolicy
from checker.solver.box_search import Undecided
from checker.solver.smt.solver import z3
from tests.proofs.hard import HARD, Hard, wide_all_of_anys
from tests.proofs.platforms import Platform
from tests.waiting import HANGS

SLOW = {"cycles of comparisons"}  # boxes take long before they give up on the one that fails

FAILING = [pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in HARD]


def decided(resolved: ResolvedPolicy, override: Override) -> list[Counterexample]:
    """Return what the override fails, by boxes, or by z3 where they give up."""
    try:
        return prove_override(RequirementFormulas(resolved), override)
    except Undecided:
        return smt_engine.prove_override(resolved, override, timeout=HANGS, api=z3())


def opened(hard: Hard) -> tuple[ResolvedPolicy, Override]:
    platform = Platform(hard.documents)
    return platform.resolved, platform.override(hard.override)


def assert_needle(
    hard: Hard, resolved: ResolvedPolicy, override: Override, failures: list[Counterexample]
) -> None:
    """Fail unless the needle is the only failure, with the plainest case, which shows it."""
    (failure,) = failures
    assert (failure.check, failure.at) == ("rejects-required-return", "rules.rest")
    assert failure.facts
    typical = {name: fact.typical for name, fact in resolved.vocabulary.facts.items()}
    assert failure.facts == typical | hard.needle
    findings = Decider(resolved, override).decide(failure.facts).findings
    assert findings == (FailedCheck(failure.check, failure.at),)


@pytest.mark.parametrize("name", FAILING)
def test_the_one_case_is_found(name: str) -> None:
    hard = HARD[name](fails=True)
    resolved, override = opened(hard)
    assert_needle(hard, resolved, override, decided(resolved, override))


@pytest.mark.parametrize("name", HARD)
def test_without_it_nothing_fails(name: str) -> None:
    failures = decided(*opened(HARD[name](fails=False)))
    assert [each.check for each in failures if each.severity == "error"] == []


def test_what_is_given_up_is_never_guessed() -> None:
    hard = wide_all_of_anys()
    resolved, override = opened(hard)
    try:
        failures = prove_override(RequirementFormulas(resolved), override)
    except Undecided:
        return
    assert_needle(hard, resolved, override, failures)


def test_the_shapes_are_as_large_as_they_claim() -> None:
    facts = {name: len(build(fails=True).documents[0]["facts"]) for name, build in HARD.items()}
    rules = {name: len(build(fails=True).override["rules"]) for name, build in HARD.items()}
    assert facts == dict(zip(HARD, (43, 4, 90), strict=True))
    assert rules == dict(zip(HARD, (3, 481, 1), strict=True))
