"""Proofs by SMT: the plainest case, scope, settings, deep conditions, many rules, time."""

from __future__ import annotations

from typing import Any

import pytest

from checker.analysis.prove.box_engine import prove_override
from checker.analysis.prove.prover import Counterexample
from checker.analysis.prove.requirements import RequirementFormulas
from checker.analysis.prove.smt_engine import Prepared
from checker.analysis.prove.smt_engine import prove_override as prove_by_smt
from checker.analysis.prove.smt_engine import prove_policy as prove_policy_by_smt
from checker.language.model.override import Override
from checker.language.resolve.facts import Facts
from checker.language.resolve.resolver import ResolvedPolicy
from checker.solver.box_search import Undecided
from checker.solver.smt.policies import encode_override
from tests import reference
from tests.solver.test_smt import APIS, read
from tests.waiting import HANGS

VOCABULARY = {
    "kind": "vocabulary",
    "id": "returns",
    "version": "1.0.0",
    "facts": {
        "used": {"type": "boolean"},
        "amount": {"type": "money", "range": ["0.00", "1000000.00"], "typical": "99.00"},
        "days": {"type": "integer", "range": [0, 3650], "typical": 3},
        "category": {"type": "enum", "values": ["toys", "food", "tools"], "typical": "food"},
    },
}
OWED = {"otherwise": "must_accept"}


def small(policy: dict[str, Any], **seller: Any) -> tuple[ResolvedPolicy, Override]:
    """Return a world of four facts with a seller."""
    made = {"kind": "policy", "id": "platform", "version": "1.0.0", "vocabulary": "returns"}
    shop = {"kind": "override", "id": "shop", "version": "1.0.0", "policy": "platform"}
    documents = reference.World(VOCABULARY, {**made, **policy}, [], {**shop, **seller})
    resolved, override = read(documents)
    assert override
    return resolved, override


def as_set(failures: list[Counterexample]) -> set[tuple[Any, ...]]:
    """Return failures without an order."""
    return {
        (each.check, each.severity, each.at, str(each.facts and sorted(each.facts.items())))
        for each in failures
    }


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize(
    ("when", "plainest"),
    [
        ({"amount": {"at_least": "500000.00"}}, {"amount": 50_000_000}),
        ({"amount": {"is_not": "99.00"}}, {"amount": 9899}),
        ({"days": {"none_of": [2, 3, 4]}}, {"days": 1}),
        ({"category": {"is_not": "food"}}, {"category": "toys"}),
        ({"any": [{"used": True, "days": 4}, {"days": {"at_least": 900}}]}, {"days": 900}),
        ({"any": [{"days": 2}, {"used": True}]}, {"days": 2}),
        ({"any": [{"used": True}, {"category": "tools"}]}, {"category": "tools"}),
        ({"used": True, "days": {"more_than": 7}}, {"used": True, "days": 8}),
    ],
)
def test_the_plainest_case_is_found(
    when: dict[str, Any], plainest: dict[str, Any], api: str
) -> None:
    resolved, override = small(OWED, rules=[{"id": "r", "when": when, "respond": "manual"}])
    (failure,) = prove_by_smt(resolved, override, timeout=HANGS, api=APIS[api])
    typical: Facts = {"used": False, "amount": 9900, "days": 3, "category": "food"}
    assert failure == Counterexample("defers-required-return", "rules.r", {**typical, **plainest})


@pytest.mark.parametrize("api", APIS)
def test_out_of_scope_the_policy_answers_as_it_stands(api: str) -> None:
    policy = {
        "parameters": {
            "window": {"type": "integer", "default": 7},
            "wait": {"type": "duration", "default": "2d"},
        },
        "grounds": {"late": {"when": {"days": {"more_than": {"param": "window"}}}}},
        "otherwise": "must_accept",
        "terms": {
            "fast": {"type": "duration", "better": "lower", "decide": [{"then": {"param": "wait"}}]}
        },
    }
    settings = {"window": 5, "wait": "3d"}
    resolved, override = small(policy, scope={"category": "toys"}, settings=settings)
    found = prove_by_smt(resolved, override, timeout=HANGS, api=APIS[api])
    in_scope: Facts = {"used": False, "amount": 9900, "days": 3, "category": "toys"}
    assert found == [
        Counterexample("rejects-required-return", "otherwise", {**in_scope, "days": 6}),
        Counterexample("worse-term", "terms.fast", in_scope),
    ]


@pytest.mark.parametrize("api", APIS)
def test_sellers_set_anything_in_the_ranges_and_no_fixed_parameter(api: str) -> None:
    policy = {
        "parameters": {
            "wait": {"type": "duration", "default": "2d"},
            "few": {"type": "integer", "default": 2, "range": [0, 9]},
            "many": {"type": "integer", "default": 2},
            "ours": {"type": "boolean", "default": False, "fixed": True},
            "theirs": {"type": "boolean", "default": False},
            "kinds": {"type": "set", "of": "category", "default": []},
        },
        "grounds": {
            "no-wait": {"when": {"wait": "0m"}},
            "below-no-wait": {"when": {"wait": {"less_than": "0m"}}},
            "few-at-most": {"when": {"few": 9}},
            "few-beyond": {"when": {"few": {"more_than": 9}}},
            "many": {"when": {"many": {"more_than": 10**9}}},
            "ours": {"when": {"ours": True}},
            "theirs": {"when": {"theirs": True}},
            "all-kinds": {"when": {"kinds": {"includes": ["toys", "food", "tools"]}}},
        },
        **OWED,
    }
    resolved, _ = small(policy)
    failures = prove_policy_by_smt(resolved, silent_otherwise=False, timeout=HANGS, api=APIS[api])
    assert {each.check for each in failures} == {"dead-ground"}
    dead = ["grounds.below-no-wait", "grounds.few-beyond", "grounds.ours"]
    assert [each.at for each in failures] == dead


@pytest.mark.parametrize("api", APIS)
def test_deep_conditions_are_read(api: str) -> None:
    when: dict[str, Any] = {"days": {"at_most": 5}}
    for number in range(28):  # two levels of the document each; it may have 64
        other = {"amount": {"at_least": number}} if number % 3 else {"used": True}
        when = {"all" if number % 2 else "any": [when, other]}
    resolved, override = small(
        OWED, rules=[{"id": "r", "when": {"not": when}, "respond": "manual"}]
    )
    found = prove_by_smt(resolved, override, timeout=HANGS, api=APIS[api])
    assert as_set(found) == as_set(prove_override(RequirementFormulas(resolved), override))


def test_names_that_stand_on_one_another_are_said_once() -> None:
    definitions: dict[str, Any] = {"d0": {"used": True}}
    for number in range(1, 29):  # where used differs from an odd number of other conditions
        before, other = {"definition": f"d{number - 1}"}, {"amount": {"at_least": number}}
        both = [{"all": [before, {"not": other}]}, {"all": [{"not": before}, other]}]
        definitions[f"d{number}"] = {"any": both}
    rules = [{"id": "r", "when": {"definition": "d28", "amount": 20}, "respond": "manual"}]
    resolved, override = small({**OWED, "definitions": definitions}, rules=rules)
    (failure,) = prove_by_smt(resolved, override, timeout=HANGS, api=APIS["z3"])
    assert failure.facts == {"used": True, "amount": 2000, "days": 3, "category": "food"}


def many_rules(count: int) -> list[dict[str, Any]]:
    """Return as many rules, each of which is reached."""
    answers = ["accept", "manual", "follow"]
    return [
        {
            "id": f"r{number}",
            "when": {"days": {"at_most": number}, "amount": {"at_least": number}},
            "respond": answers[number % len(answers)],
        }
        for number in range(count)
    ]


def test_many_rules_are_said_in_proportion() -> None:
    lengths = []
    for count in (100, 200):
        resolved, override = small(OWED, rules=many_rules(count))
        prepared = Prepared(resolved, APIS["z3"])
        encode_override(override, prepared.policies[0])
        lengths.append(len(prepared.solver._solver.sexpr()))
    assert lengths[1] < 2.5 * lengths[0]


def test_many_rules_are_proved() -> None:
    resolved, override = small(OWED, rules=many_rules(200))
    found = prove_by_smt(resolved, override, timeout=HANGS, api=APIS["z3"])
    assert as_set(found) == as_set(prove_override(RequirementFormulas(resolved), override))
    assert len(found) == 67


@pytest.mark.parametrize("api", APIS)
def test_time_that_is_up_is_undecided_and_the_next_question_is_answered(api: str) -> None:
    rules = [{"id": "r", "when": {"used": True}, "respond": "manual"}]
    resolved, override = small(OWED, rules=rules)
    prepared = Prepared(resolved, APIS[api])
    with pytest.raises(Undecided):
        prepared.prove_override(override, timeout=0)
    with pytest.raises(Undecided):
        prepared.prove_policy(silent_otherwise=True, timeout=0)
    (failure,) = prepared.prove_override(override, timeout=None)
    assert failure.facts and failure.facts["used"]
