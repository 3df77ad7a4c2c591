"""Google's return policies are read as the reviewed results say, and nothing crashes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checker.exchange.google import read
from checker.exchange.google.policy import CONTENT_FIELDS, FIELDS
from tests.exchange.json_strategies import as_bytes, check_sound, like
from tests.exchange.plain_results import plain_result

HERE = Path(__file__).parent
DOCUMENTS = sorted(each.name for each in (HERE / "documents").glob("*.*") if each.suffix != ".md")
_MORE = """
    seasonalOverrides onlineReturnPolicies returnPolicies nextPageToken type days fixedFee USD DE
    amountMicros currencyCode value currency microPercent year month day startDate endDate FIXED
    returnDays returnUntilDate returnReasonCategory returnShippingFee NUMBER_OF_DAYS_AFTER_DELIVERY
    NO_RETURNS CUSTOMER_PAYING_ACTUAL_FEE BY_MAIL type_ BUYER_REMORSE ITEM_DEFECT seasonal_overrides
    online_return_policies NEW
"""
WORDS = {*FIELDS, *CONTENT_FIELDS, *_MORE.split()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_read_as_reviewed(name: str) -> None:
    document = read((HERE / "documents" / name).read_bytes(), name)
    expected = (HERE / "expected" / f"{name}.yaml").read_text(encoding="utf-8")
    assert plain_result(document) == yaml.safe_load(expected)


def test_every_result_has_its_document() -> None:
    assert sorted(path.stem for path in (HERE / "expected").glob("*.yaml")) == DOCUMENTS


@pytest.mark.parametrize("text", [b'{"onlineReturnPolicies": []}', b"[]"])
def test_an_empty_list_is_no_problem(text: bytes) -> None:
    assert plain_result(read(text, "f.json")) == {}


@pytest.mark.parametrize("text", [b"{}", b"7", b"null", b'[[{"policy": 1}]]', b'"policy"'])
def test_what_is_no_policy_is_a_problem(text: bytes) -> None:
    (problem,) = read(text, "f.json").problems
    assert problem.message == "no return policy of Google's Merchant API is here"


@pytest.mark.parametrize("text", [b"", b"{", b'{"policy": "\xff"}', b'{"a": NaN}'])
def test_what_is_no_json_is_a_problem(text: bytes) -> None:
    document = read(text, "f.json")
    assert [problem.check for problem in document.problems] == ["unreadable"]
    assert not document.stated


def test_days_are_read_up_to_the_largest_number() -> None:
    for days, is_stated in ((1, True), (2**31 - 1, True), (2**31, False), (10**30, False)):
        policy = {"type": "NUMBER_OF_DAYS_AFTER_DELIVERY", "days": str(days)}
        (stated,) = read(as_bytes({"policy": policy}), "f.json").stated
        assert stated.value("window_elapsed_days") == (days if is_stated else None)
        assert bool(stated.problems) != is_stated


@given(like(WORDS))
def test_no_data_crashes_it(data: Any) -> None:
    check_sound(read(as_bytes(data), "f.json"), "f.json")


@given(st.fixed_dictionaries({}, optional={word: like(WORDS) for word in FIELDS}))
def test_no_policy_crashes_it(data: Any) -> None:
    found = read(as_bytes([data, {"returnPolicies": [data]}]), "f.json")
    check_sound(found, "f.json")
    assert all(each.at for each in found.stated)


@given(st.binary(), st.sampled_from(["f.json", "f.yaml"]))
def test_no_bytes_crash_it(raw: bytes, name: str) -> None:
    check_sound(read(raw, name), name)


@pytest.mark.parametrize("depth", [900, 980, 5000, 100_000])
@pytest.mark.parametrize("name", ["policy", "countries", "seasonalOverrides", "returnPolicies"])
def test_no_depth_crashes_it(depth: int, name: str) -> None:
    for opening, closing in ((f'{{"{name}":', "}"), ("[", "]")):
        inner = f"{opening * depth}1{closing * depth}"
        for text in (inner, f'{{"{name}": {inner}}}'):
            check_sound(read(text.encode(), "f.json"), "f.json")
