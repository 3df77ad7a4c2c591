"""eBay's return policies are read as the reviewed results say, and nothing crashes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checker.exchange.ebay import categories, read, seller
from checker.exchange.ebay.values import MARKETPLACES
from checker.exchange.statements import SellerChoices
from tests.drawing import drawing, share
from tests.exchange.json_strategies import as_bytes, check_sound, like
from tests.exchange.plain_results import plain_result

HERE = Path(__file__).parent
DOCUMENTS = sorted(each.name for each in (HERE / "documents").glob("*.*") if each.suffix != ".md")
_MORE = """
    name description warnings returnPolicies total unit value DAY BUSINESS_DAY BUYER SELLER EXCHANGE
    MONEY_BACK MERCHANDISE_CREDIT REPLACEMENT EBAY_US EBAY_DE ALL_EXCLUDING_MOTORS_VEHICLES default
    returnsAcceptanceEnabled returnPeriods refundMethods returnMethods returnShippingCostPayers
    policyDescriptionEnabled message
"""
WORDS = {*seller.FIELDS, *categories.FIELDS, *_MORE.split()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_read_as_reviewed(name: str) -> None:
    document = read((HERE / "documents" / name).read_bytes(), name)
    expected = (HERE / "expected" / f"{name}.yaml").read_text(encoding="utf-8")
    assert plain_result(document) == yaml.safe_load(expected)


def test_every_result_has_its_document() -> None:
    assert sorted(path.stem for path in (HERE / "expected").glob("*.yaml")) == DOCUMENTS


@pytest.mark.parametrize(
    "text", [b'{"returnPolicies": []}', b"[]", b'{"returnPolicies":[],"total":0}']
)
def test_an_empty_list_is_no_problem(text: bytes) -> None:
    assert plain_result(read(text, "f.json")) == {}


@pytest.mark.parametrize("text", [b"{}", b"7", b'{"name": "x"}', b'{"returnPolicies": 5}', b"[[]]"])
def test_what_is_no_policy_is_a_problem(text: bytes) -> None:
    (problem,) = read(text, "f.json").problems
    assert problem.message == "no return policy of eBay's is here"


@pytest.mark.parametrize("name", ["f.json", "f.yaml"])
@pytest.mark.parametrize("text", [b"", b"{", b'{"name": "\xff"}', b"{a: 1, a: 1}"])
def test_what_is_no_data_is_a_problem(text: bytes, name: str) -> None:
    document = read(text, name)
    assert [problem.check for problem in document.problems] == ["unreadable"]
    assert not document.stated


def test_a_rule_of_ebay_itself_is_marked_as_such() -> None:
    (stated,) = read(b'{"returnShippingCostPayer": "BUYER"}', "f.json").stated
    assert [statement.source_text for statement in stated.statements] == [
        "returnShippingCostPayer: BUYER",
        "returnShippingCostPayer: BUYER (eBay: the seller pays where goods are not as described)",
    ]


@pytest.mark.parametrize("marketplace", MARKETPLACES)
def test_every_marketplace_is_known(marketplace: str) -> None:
    (stated,) = read(as_bytes({"marketplaceId": marketplace}), "f.json").stated
    assert stated.value("marketplace") == marketplace
    assert not stated.problems


DETAILS = st.fixed_dictionaries(
    {},
    optional={
        "returnsAcceptanceEnabled": st.booleans(),
        "returnPeriods": st.lists(
            st.sampled_from([{"unit": "DAY", "value": days} for days in (14, 30, 60)]), max_size=3
        ),
        "refundMethods": st.just(["MONEY_BACK"]),
        "returnMethods": st.sampled_from([[], ["REPLACEMENT"]]),
        "returnShippingCostPayers": st.lists(st.sampled_from(["BUYER", "SELLER"]), max_size=2),
    },
)


@given(st.lists(st.fixed_dictionaries({"domestic": DETAILS, "international": DETAILS}), max_size=8))
@drawing(share(200))
def test_categories_with_equal_limits_are_merged(
    drawn: list[Any],
) -> None:
    items = [{"categoryId": str(index), **choices} for index, choices in enumerate(drawn)]
    merged = read(as_bytes({"returnPolicies": items}), "f.json").choices
    distinct = {(each.allowed, tuple(note.text for note in each.notes)) for each in merged}
    assert len(distinct) == len(merged)
    assert len({choices.name for choices in merged}) == len(merged)
    by_category = {
        (_destination(choices), category): choices
        for choices in merged
        for category in choices.categories
    }
    assert len(by_category) == 2 * len(items) == sum(len(choices.categories) for choices in merged)
    for item in items:
        separate = read(as_bytes({"returnPolicies": [item]}), "f.json").choices
        for choices in separate:
            together = by_category[_destination(choices), item["categoryId"]]
            assert _limits(together) == _limits(choices)


def _destination(choices: SellerChoices) -> Any:
    return dict(choices.allowed)["destination"]


def _limits(choices: SellerChoices) -> Any:
    return choices.allowed, [note.text for note in choices.notes]


@given(like(WORDS))
def test_no_data_crashes_it(data: Any) -> None:
    check_sound(read(as_bytes(data), "f.json"), "f.json")


@given(
    st.fixed_dictionaries({}, optional={word: like(WORDS) for word in seller.FIELDS}),
    st.fixed_dictionaries({}, optional={word: like(WORDS) for word in categories.FIELDS}),
)
def test_no_policy_crashes_it(policy: Any, category: Any) -> None:
    document = read(as_bytes({"returnPolicies": [policy, category], "total": 2}), "f.json")
    check_sound(document, "f.json")


@given(st.binary(), st.sampled_from(["f.json", "f.yaml"]))
def test_no_bytes_crash_it(raw: bytes, name: str) -> None:
    check_sound(read(raw, name), name)


@pytest.mark.parametrize("depth", [60, 900, 980, 5000, 100_000])
@pytest.mark.parametrize(
    "name", ["returnPolicies", "returnPeriod", "domestic", "internationalOverride"]
)
def test_no_depth_crashes_it(depth: int, name: str) -> None:
    for opening, closing in ((f'{{"{name}":', "}"), ("[", "]")):
        inner = f"{opening * depth}1{closing * depth}"
        for text in (inner, f'{{"{name}": {inner}, "categoryId": "1"}}'):
            for file in ("f.json", "f.yaml"):
                check_sound(read(text.encode(), file), file)
