"""Which rules of an item the law lets a seller choose on Kuaishou, for which goods."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.commands import checker
from tests.conftest import PROJECT

GOODS = yaml.safe_load(Path(__file__).with_name("items.yaml").read_text(encoding="utf-8"))
PROMISES = yaml.safe_load(
    Path(__file__).with_name("item_promises.yaml").read_text(encoding="utf-8")
)

ORDINARY = (
    "packaging_complete",
    "accessories_complete",
    "labels_intact",
    "gifts_returned",
    "order_completed",
)


def test_each_choice_is_lawful_or_shown_not_to_be(tmp_path: Path) -> None:
    expected: dict[str, Any] = {}
    for number, (goods, choices) in enumerate(GOODS.items()):
        scope = choices.pop("scope")
        for rule, case in choices.items():
            id = f"item-{number}-{rule.replace('_', '-')}"
            expected[id] = (goods, rule, scope, case)
            _write(tmp_path / f"{id}.yaml", id, rule, scope)
    result = checker("prove", tmp_path, "--root", PROJECT / "policy", "--format", "json")
    proofs = [json.loads(line) for line in result.out.splitlines()]
    assert {each["document"].partition("@")[0] for each in proofs} == {*expected}
    for each in proofs:
        goods, rule, scope, case = expected[each["document"].partition("@")[0]]
        assert each["holds"] == (case == "lawful"), (goods, rule)
        for finding in each["findings"]:
            assert finding["check"] == "rejects-required-return", (goods, rule)
            assert _unusual(finding["counterexample"], scope) == case, (goods, rule)


def _write(file: Path, id: str, rule: str, scope: dict[str, Any]) -> None:
    override = {"kind": "override", "id": id, "version": "1.0.0"}
    override |= {"policy": "kuaishou/item-returns@2", "effective": {"from": "2025-01-01"}}
    override |= {"scope": scope} if scope else {}
    file.write_text(json.dumps(override | {"settings": {"refund_rule": rule}}))


def _unusual(case: dict[str, Any], scope: dict[str, Any]) -> dict[str, Any]:
    """Return what of a case is neither asked for nor ordinary."""
    true = {fact for fact, value in case.items() if value is True}
    return dict.fromkeys(true - {*ORDINARY, *scope}, True)


@pytest.mark.parametrize("promise", PROMISES, ids=str)
def test_a_choice_is_a_promise(promise: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "item.yaml"
    _write(path, "item", promise["rule"], {})
    facts = {
        "request_type": "return_refund",
        "reason": "no_reason",
        "inspected": False,
        "defect_confirmed": False,
        "category": "general",
        "days_since_delivery": 3,
        **dict.fromkeys(("accessories_complete", "labels_intact"), True),
        **dict.fromkeys(("used", "altered", "swapped"), False),
        "damage_cause": "none",
        **promise["facts"],
    }
    named = ["--override", path, "--root", PROJECT / "policy", "--on", "2026-06-01"]
    result = checker("decide", "-", *named, "--format", "json", stdin=json.dumps(facts).encode())
    assert json.loads(result.out)["response"] == promise["response"], result.out
