"""Sellers that refuse where nothing is owed are decided, and as looking at every case says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checker.analysis.prove import smt_engine
from checker.analysis.prove.box_engine import prove_override
from checker.analysis.prove.clause_prover import ClauseProver
from checker.analysis.prove.requirements import RequirementFormulas
from checker.solver.formulas import Every, Is, Some, Within
from checker.solver.smt.solver import z3
from tests.proofs.tangles import Data, tangle
from tests.properties.test_proofs import dead_rules, looked_at
from tests.waiting import HANGS
from tests.worlds import decider


@pytest.mark.parametrize("seed", range(6))
def test_small_tangles_are_decided_as_every_case_says(seed: int) -> None:
    read = decider(tangle(5, 9, seed, wide=False))
    assert read.override
    required = RequirementFormulas(read.resolved)
    failures = prove_override(required, read.override)
    assert {(each.check, each.at): each.facts for each in failures if each.facts} == looked_at(read)
    assert {each.at for each in failures if each.check == "dead-rule"} == dead_rules(read)
    assert prove_override(required, read.override, [ClauseProver]) == failures


@pytest.mark.parametrize("count", [16, 30])
def test_ten_rules_that_wait_until_nothing_is_owed(count: int) -> None:
    world = tangle(count, 10, seed=count)
    assert world.override
    rules: list[Data] = [
        {
            "id": f"rule_{number}",
            "when": {"all": [{"ground": f"ground_{number}"}, {"not": {"definition": "owed"}}]},
            "respond": "reject",
            "cites": [f"ground_{number}"],
        }
        for number in range(10)
    ]
    read = decider(replace(world, override={**world.override, "rules": rules}))
    assert read.override
    failures = prove_override(RequirementFormulas(read.resolved), read.override)
    by_z3 = smt_engine.prove_override(read.resolved, read.override, timeout=HANGS, api=z3())
    assert sorted(map(repr, failures)) == sorted(map(repr, by_z3))


def test_definitions_on_definitions_are_as_many_formulas_as_levels() -> None:
    world = tangle(5, 3, seed=1, wide=False)
    lower = {"any": [{"boolean_0": True}, {"boolean_1": True}]}
    definitions: Data = {"level_0": lower}
    for level in range(1, 24):
        below = {"definition": f"level_{level - 1}"}
        more = {"boolean_4": level % 2 == 0}
        definitions[f"level_{level}"] = {
            "any": [{"all": [below, more]}, {"all": [{"not": below}, {"enum_2": "b"}]}]
        }
    assert world.override
    rule: Data = {"id": "top", "when": {"definition": "level_23"}, "respond": "manual"}
    policy = {**world.policy, "definitions": {**world.policy["definitions"], **definitions}}
    read = decider(replace(world, policy=policy, override={**world.override, "rules": [rule]}))
    assert read.override
    failures = prove_override(RequirementFormulas(read.resolved), read.override)
    assert {(each.check, each.at): each.facts for each in failures if each.facts} == looked_at(read)


def test_equal_formulas_are_one_object() -> None:
    week, month = Is(Within("days", 0, 7)), Is(Within("days", 0, 30))
    assert Every((week, Some((week, month)))) is Every((week, Some((week, month))))
    assert Every((week, month)) is not Some((week, month))
