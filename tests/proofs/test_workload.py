"""The overrides that proofs are timed on are what they claim to be."""

from __future__ import annotations

import pytest

from benchmarks.proofs.workload import DOZEN, workload
from checker.analysis.prove.prover import Counterexample
from checker.analysis.prove.smt_engine import Prepared
from checker.solver.smt.solver import z3
from tests.proofs.marketplace import Data
from tests.proofs.platforms import Platform
from tests.waiting import HANGS

COUNT = 80


def errors(failures: list[Counterexample]) -> list[Counterexample]:
    return [failure for failure in failures if failure.severity == "error"]


def test_about_three_in_ten_fail_and_few_rules_are_dead() -> None:
    documents, overrides = workload(DOZEN, COUNT, seed=1)
    platform = Platform(documents)
    results = [platform.failures(override) for override in overrides]
    assert 0.2 * COUNT <= sum(bool(errors(failures)) for failures in results) <= 0.4 * COUNT
    dead = [failure for failures in results for failure in failures if failure.check == "dead-rule"]
    assert len(dead) <= 0.1 * sum(len(override["rules"]) for override in overrides)


def test_z3_finds_the_same_with_the_same_cases() -> None:
    documents, overrides = workload(DOZEN, 40, seed=7)
    platform = Platform(documents)
    prepared = Prepared(platform.resolved, z3())
    for override in overrides:
        second = prepared.prove_override(platform.override(override), timeout=HANGS)
        assert [*map(repr, platform.failures(override))] == [*map(repr, second)], override


def test_what_is_remembered_of_other_sellers_changes_nothing() -> None:
    documents, overrides = workload(DOZEN, 40, seed=3)
    platform = Platform(documents)
    for override in overrides:
        alone = Platform(documents).failures(override)
        assert [*map(repr, platform.failures(override))] == [*map(repr, alone)], override


@pytest.mark.parametrize(("rules", "sizes"), [(DOZEN, {*range(1, DOZEN + 1)}), (200, {200})])
def test_overrides_have_as_many_rules_as_asked_for(rules: int, sizes: set[int]) -> None:
    _, overrides = workload(rules, COUNT, seed=1)
    assert {len(override["rules"]) for override in overrides} == sizes
    assert len({override["id"] for override in overrides}) == COUNT


def test_long_overrides_have_no_errors_of_their_own() -> None:
    documents, overrides = workload(200, 3, seed=1)
    platform = Platform(documents)
    for override in overrides:
        assert len(platform.override(override).rules) == 200


def test_the_same_numbers_give_the_same_overrides() -> None:
    def drawn(seed: int) -> list[Data]:
        return workload(DOZEN, 10, seed)[1]

    assert drawn(1) == drawn(1) != drawn(2)
