"""Proofs say what looking at every case says, on drawn worlds that are small enough for it.

`pytest tests/properties --worlds 2000 -s` draws as many worlds; the counts are printed.
"""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from checker.analysis.prove.box_engine import prove_override
from checker.analysis.prove.clause_prover import ClauseProver
from checker.analysis.prove.requirements import RequirementFormulas
from checker.evaluate.decider import Decider
from checker.language.model.types import ValueType
from checker.language.resolve.facts import Facts
from tests import document_strategies as drawn
from tests import reference
from tests.drawing import drawing, print_counts, share
from tests.worlds import decider

ENOUGH = 400  # worlds, for each finding to come up


@st.composite
def small_worlds(draw: st.DrawFn) -> reference.World:
    vocabulary = draw(drawn.small_vocabularies())
    policy = draw(drawn.policies(vocabulary))
    law = draw(drawn.policies(vocabulary, "law")) if draw(st.booleans()) else None
    policy["upholds"] = ["law"] if law else []
    override = draw(drawn.overrides(vocabulary, policy))
    return reference.World(vocabulary, policy, [law] if law else [], override, {})


def all_cases(read: Decider) -> list[Facts]:
    """Return every possible case of the world."""
    facts = read.resolved.vocabulary.testable_facts()
    domains = [_values(fact.type) for fact in facts.values()]
    cases = [dict(zip(facts, values, strict=True)) for values in itertools.product(*domains)]
    return [case for case in cases if not read.broken_invariants(case)]


def _values(type_: ValueType) -> list[Any]:
    if type_.ordered:
        assert type_.range
        return [*range(type_.range[0], type_.range[1] + 1)]
    return [False, True] if type_.name == "boolean" else [*type_.values]


def plainness(facts: Facts, read: Decider) -> tuple[Any, ...]:
    """Return what the plainest case has the least of, as docs/language.md, section 6 says it."""
    unusual, distances = 0, []
    for name, fact in read.resolved.vocabulary.testable_facts().items():
        values = _values(fact.type)
        place, typical = values.index(facts[name]), values.index(fact.typical)
        unusual += place != typical
        distances.append((abs(place - typical), place))
    return unusual, distances


def looked_at(read: Decider) -> dict[tuple[str, str], Facts]:
    """Return the plainest case of each check and place, by looking at every case."""
    found: dict[tuple[str, str], Facts] = {}
    for case in all_cases(read):
        for finding in read.decide(case).findings:
            key = (finding.check, finding.at)
            if key not in found or plainness(case, read) < plainness(found[key], read):
                found[key] = case
    return found


def dead_rules(read: Decider) -> set[str]:
    assert read.override
    answered = set()
    for case in all_cases(read):
        answer = read.decide(case).answer
        answered.add(answer.rule if answer else None)
    return {f"rules.{rule.id}" for rule in read.override.rules if rule.id not in answered}


def test_proofs_agree_with_every_case(worlds_to_draw: int) -> None:
    seen: Counter[str] = Counter()

    @drawing(max(share(60), worlds_to_draw // 5))
    @given(small_worlds())
    def agree(resolved: reference.World) -> None:
        read = decider(resolved)
        assert read.override
        seen["worlds"] += 1
        failures = prove_override(RequirementFormulas(read.resolved), read.override)
        shown = {(each.check, each.at): each.facts for each in failures if each.facts}
        assert shown == looked_at(read)
        dead = {each.at for each in failures if each.check == "dead-rule"}
        assert dead == dead_rules(read)
        for each in failures:
            seen[each.check] += 1
        # boxes decide such small worlds: clauses have to find the same
        assert prove_override(
            RequirementFormulas(read.resolved), read.override, [ClauseProver]
        ) == (failures)

    agree()
    print_counts(seen)
    if seen["worlds"] >= ENOUGH:
        assert {"rejects-required-return", "worse-term", "dead-rule"} <= {*seen}
