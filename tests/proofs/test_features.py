"""Proofs of overrides, feature by feature: `features.yaml` holds them and what they have to find.

What is expected there was worked out from the language, not taken from what the program says.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from checker.analysis.prove.prover import Counterexample
from checker.evaluate.decider import Decider
from checker.evaluate.decision import FailedCheck
from checker.language.syntax.parser import compose
from tests.proofs.marketplace import Data
from tests.proofs.platforms import Platform

FILE, _ = compose(Path(__file__).with_name("features.yaml").read_text(encoding="utf-8"))
GROUPS = {group["name"]: group for group in FILE["groups"]}
PROOFS = [
    pytest.param(group, proof["override"], proof["expect"], id=f"{group}: {proof['name']}")
    for group, data in GROUPS.items()
    for proof in data["proofs"]
]


@cache
def platform_of(group: str) -> Platform:
    data = GROUPS[group]
    vocabulary = _filled("vocabulary", "returns", data.get("vocabulary") or FILE["vocabulary"])
    upholds = [_policy(law) for law in data.get("upholds", [])]
    named = {"id": "platform", "upholds": [law["id"] for law in upholds]}
    return Platform([vocabulary, *upholds, _policy({**named, **data["policy"]})])


def _policy(data: Data) -> Data:
    return _filled("policy", data["id"], {"vocabulary": "returns@1", **data})


def _filled(kind: str, id: str, data: Data) -> Data:
    return {"kind": kind, "id": id, "version": "1.0.0", **data}


def _override(data: Data) -> Data:
    return _filled("override", "shop", {"policy": "platform@1", **data})


def unusual(failure: Counterexample, platform: Platform) -> Data | None:
    """Return the facts of the counterexample that are not typical, as documents write them."""
    if failure.facts is None:
        return None
    return {
        name: fact.type.show(failure.facts[name])  # type: ignore[arg-type]
        for name, fact in platform.resolved.vocabulary.facts.items()
        if failure.facts[name] != fact.typical
    }


@pytest.mark.parametrize(("group", "data", "expected"), PROOFS)
def test_proof(group: str, data: Data, expected: list[Any]) -> None:
    platform = platform_of(group)
    failures = platform.failures(_override(data))
    results = {(failure.check, failure.at): unusual(failure, platform) for failure in failures}
    assert results == {
        (check, at): dict(*facts) if facts else None for check, at, *facts in expected
    }
    decider = Decider(platform.resolved, platform.override(_override(data)))
    for failure in failures:
        if failure.facts:
            assert not decider.broken_invariants(failure.facts)
            assert FailedCheck(failure.check, failure.at) in decider.decide(failure.facts).findings


@pytest.mark.parametrize(
    ("last_day", "expected"),
    [
        (3649, ("rejects-required-return", "rules.line-30", {"days": 3650})),
        (3650, ("dead-rule", "rules.line-30", None)),
    ],
)
def test_the_thirtieth_rule_lives_by_one_value(last_day: int, expected: tuple[Any, ...]) -> None:
    """29 rules accept up to the last day; the thirtieth refuses what they leave."""
    group = "a policy that accepts where no ground holds"
    ends = [*range(0, 2800, 100), last_day]
    rules = [
        {"id": f"line-{number}", "when": {"days": {"at_most": end}}, "respond": "accept"}
        for number, end in enumerate(ends, 1)
    ]
    last = {"when": {"days": {"more_than": 3000}}, "respond": "reject", "cites": ["worn"]}
    rules.append({"id": "line-30", **last})
    platform = platform_of(group)
    (failure,) = platform.failures(_override({"rules": rules}))
    assert (failure.check, failure.at, unusual(failure, platform)) == expected


def test_the_table_is_sound() -> None:
    names = [proof["name"] for group in GROUPS.values() for proof in group["proofs"]]
    assert len(names) == len({*names})
    entries = [entry for proof in PROOFS for entry in proof.values[2]]  # type: ignore[union-attr]
    assert {len(entry) for entry in entries} == {2, 3}
    assert len(PROOFS) >= 60
