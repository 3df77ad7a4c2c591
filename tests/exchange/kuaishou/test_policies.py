"""What is stated becomes settings, rules and records of Kuaishou's policies, and is proved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.exchange.importing import exchange_of
from checker.exchange.kuaishou import read
from checker.exchange.kuaishou.codes import RULES
from checker.exchange.overrides import override_of, overrides_of
from checker.exchange.parameters import parameters_of
from checker.exchange.records import record_of
from checker.language.formatter.dump import yaml_text
from checker.language.model.exchange.document import Exchange
from checker.language.resolve.library import Library, Root
from checker.language.resolve.resolver import Resolver
from tests.commands import checker
from tests.conftest import PROJECT
from tests.exchange import shops

HERE = Path(__file__).parent
DAY = date(2025, 1, 6).toordinal()
FLASH_PURCHASE, ITEMS = "kuaishou/flash-purchase@2", "kuaishou/item-returns@2"


def table(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return data


SELLERS = [(policy, row) for policy, rows in table("sellers.yaml").items() for row in rows]


@cache
def exchange(policy: str) -> Exchange:
    return _exchange(policy, Root(PROJECT / "policy"))


def _exchange(policy: str, *roots: Root) -> Exchange:
    library = Library()
    for root in roots:
        library.add_root(root)
    resolver = Resolver(library)
    return exchange_of(resolver, resolver.resolve(policy, DAY), DAY)


@pytest.mark.parametrize(("policy", "row"), SELLERS, ids=lambda each: str(each)[:60])
def test_what_is_stated_becomes_an_override(policy: str, row: Mapping[str, Any]) -> None:
    override = override_of(shops.stated(row["stated"]), exchange(f"{policy}@2"), "shop")
    if "override" not in row:
        assert override.data is None
        assert override.problems or override.notes
        return
    head = {"kind": "override", "id": "shop", "version": "1.0.0", "policy": f"{policy}@2"}
    assert override.data == {**head, **row["override"]}
    assert not override.problems


def test_and_is_proved(tmp_path: Path) -> None:
    rows = [(policy, row) for policy, row in SELLERS if "override" in row]
    for index, (policy, row) in enumerate(rows):
        data = {"kind": "override", "id": f"shop-{index}", "version": "1.0.0"}
        data |= {"policy": f"{policy}@2", "effective": {"from": "2025-01-06"}, **row["override"]}
        (tmp_path / f"shop-{index}.yaml").write_text(yaml_text(data), encoding="utf-8")
    result = checker("prove", tmp_path, "--root", PROJECT / "policy", "--format", "json")
    proofs = [yaml.safe_load(line) for line in result.out.splitlines()]
    checks = {
        proof["document"]: [finding["check"] for finding in proof["findings"]] for proof in proofs
    }
    assert len(proofs) == len(rows)
    assert checks == {f"shop-{index}@1.0.0": row["finds"] for index, (_, row) in enumerate(rows)}


def test_items_become_settings() -> None:
    stated = read(_document("item-list.json"), "item-list.json").stated
    overrides = overrides_of(stated, exchange(ITEMS), "items")
    for number, override in enumerate(overrides, 1):
        rule = override.stated.value("no_reason_return")
        assert override.data
        assert override.data["id"] == f"item-{21_000_000_000 + number}"
        assert override.data.get("settings") == ({"refund_rule": rule} if rule else None)
        assert not override.problems
    rules = [override.stated.value("no_reason_return") for override in overrides]
    assert rules == [value for value, _ in RULES.values()] + [None] * 3


def test_categories_become_parameters() -> None:
    document = read(_document("category-configs.json"), "category-configs.json")
    parameters = [parameters_of(choices, exchange(ITEMS)) for choices in document.choices]
    assert [choices.data for choices in parameters] == [
        {"refund_rule": {"values": ["supported", "unless_opened"]}},
        {"refund_rule": {"values": ["supported", "unless_activated"]}},
        {"refund_rule": {"values": ["any_time_and_when_expired", "when_expired", "never"]}},
        {},
        {},
        {},
    ]


@pytest.mark.parametrize(("name", "expected"), table("records.yaml").items())
def test_refunds_become_records(name: str, expected: list[Any], tmp_path: Path) -> None:
    path = PROJECT / "policy/exchange/kuaishou/flash-purchase.yaml"
    reasons = '  reject_reason: {fact: cites, values: {"101": not-resaleable}}\n'
    text = path.read_text(encoding="utf-8")
    (tmp_path / "reasons.yaml").write_text(text + reasons, encoding="utf-8")
    known = _exchange(FLASH_PURCHASE, Root(tmp_path), Root(PROJECT / "policy", gives_way=True))
    refunds = [record for record in read(_document(name), name).records if record.columns]
    records = [record_of(record, known) for record in refunds]
    assert [record.columns for record in records] == expected
    for record in records:
        assert record.columns or "left out" in record.problems[-1].message


def test_a_refusal_whose_reason_is_no_ground_is_left_out() -> None:
    (record,) = read(_document("refund-detail.json"), "refund-detail.json").records
    mapped = record_of(record, exchange(FLASH_PURCHASE))
    assert not mapped.columns
    assert [problem.message for problem in mapped.problems] == [
        "left out, as it would say something else without `reject_reason: 101`"
    ]


def _document(name: str) -> bytes:
    return (HERE / "documents" / name).read_bytes()
