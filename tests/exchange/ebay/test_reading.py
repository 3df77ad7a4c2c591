"""eBay's return policies are read as the reviewed results say, and nothing crashes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checker.exchange.ebay import categories, read, seller
from checker.exchange.ebay.words import MARKETPLACES
from checker.exchange.statements import Parameters
from tests.drawing import drawing, share
from tests.exchange.drawn_json import as_bytes, check_sound, like
from tests.exchange.plainly import plainly

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
    found = read((HERE / "documents" / name).read_bytes(), name)
    expected = (HERE / "expected" / f"{name}.yaml").read_text(encoding="utf-8")
    assert plainly(found) == yaml.safe_load(expected)


def test_every_result_has_its_document() -> None:
    assert sorted(each.stem for each in (HERE / "expected").glob("*.yaml")) == DOCUMENTS


@pytest.mark.parametrize(
    "text", [b'{"returnPolicies": []}', b"[]", b'{"returnPolicies":[],"total":0}']
)
def test_an_empty_list_is_no_problem(text: bytes) -> None:
    assert plainly(read(text, "f.json")) == {}


@pytest.mark.parametrize("text", [b"{}", b"7", b'{"name": "x"}', b'{"returnPolicies": 5}', b"[[]]"])
def test_what_is_no_policy_is_told(text: bytes) -> None:
    (problem,) = read(text, "f.json").problems
    assert problem.message == "no return policy of eBay's is here"


@pytest.mark.parametrize("name", ["f.json", "f.yaml"])
@pytest.mark.parametrize("text", [b"", b"{", b'{"name": "\xff"}', b"{a: 1, a: 1}"])
def test_what_is_no_data_is_told(text: bytes, name: str) -> None:
    found = read(text, name)
    assert [each.check for each in found.problems] == ["unreadable"]
    assert not found.stated


def test_what_ebay_fixes_is_said_so() -> None:
    (found,) = read(b'{"returnShippingCostPayer": "BUYER"}', "f.json").stated
    assert [each.said for each in found.statements] == [
        "returnShippingCostPayer: BUYER",
        "returnShippingCostPayer: BUYER (eBay: the seller pays where goods are not as described)",
    ]


@pytest.mark.parametrize("marketplace", MARKETPLACES)
def test_every_marketplace_is_known(marketplace: str) -> None:
    (found,) = read(as_bytes({"marketplaceId": marketplace}), "f.json").stated
    assert found.value("marketplace") == marketplace
    assert not found.problems


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
def test_each_category_stands_once_for_each_destination_with_its_own_limits(
    drawn: list[Any],
) -> None:
    items = [{"categoryId": str(number), **each} for number, each in enumerate(drawn)]
    found = read(as_bytes({"returnPolicies": items}), "f.json").parameters
    assert len({(each.allowed, tuple(n.text for n in each.notes)) for each in found}) == len(found)
    assert len({each.name for each in found}) == len(found)
    together = {(_to(each), category): each for each in found for category in each.categories}
    assert len(together) == 2 * len(items) == sum(len(each.categories) for each in found)
    for item in items:
        alone = read(as_bytes({"returnPolicies": [item]}), "f.json").parameters
        for each in alone:
            assert _says(together[_to(each), item["categoryId"]]) == _says(each)


def _to(each: Parameters) -> Any:
    return dict(each.allowed)["destination"]


def _says(each: Parameters) -> Any:
    return each.allowed, [note.text for note in each.notes]


@given(like(WORDS))
def test_no_data_crashes_it(data: Any) -> None:
    check_sound(read(as_bytes(data), "f.json"), "f.json")


@given(
    st.fixed_dictionaries({}, optional={word: like(WORDS) for word in seller.FIELDS}),
    st.fixed_dictionaries({}, optional={word: like(WORDS) for word in categories.FIELDS}),
)
def test_no_policy_crashes_it(policy: Any, category: Any) -> None:
    found = read(as_bytes({"returnPolicies": [policy, category], "total": 2}), "f.json")
    check_sound(found, "f.json")


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
