"""Kuaishou's answers and messages are read as the reviewed results say, and nothing crashes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checker.exchange.kuaishou import read
from checker.exchange.kuaishou.codes import DECISIONS, MESSAGES, REASONS, REQUESTS, RULES, STATUSES
from checker.exchange.statements import ReadDocument
from checker.language.model.exchange.notions import NOTIONS
from tests.exchange.plain_results import plain_result

HERE = Path(__file__).parent
DOCUMENTS = sorted(each.name for each in (HERE / "documents").glob("*.json*"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_read_as_reviewed(name: str) -> None:
    document = read((HERE / "documents" / name).read_bytes(), name)
    expected = (HERE / "expected" / f"{name}.yaml").read_text(encoding="utf-8")
    assert plain_result(document) == yaml.safe_load(expected)


def test_every_result_has_its_document() -> None:
    assert sorted(path.stem for path in (HERE / "expected").glob("*.yaml")) == DOCUMENTS


def test_the_codes_are_all_values_of_the_notion() -> None:
    values = [value for value, _ in RULES.values()]
    assert sorted(values) == sorted(NOTIONS["no_reason_return"].values)


def test_every_code_of_a_refund_is_read() -> None:
    for request in REQUESTS:
        for reason in REASONS:
            value = {"refundId": 1, "status": 11, "handlingWay": request, "refundReason": reason}
            (record,) = _read(value).records
            assert record.columns.get("request_type", "") == REQUESTS[request]
            assert record.columns["reason"] == REASONS[reason]
            assert not record.problems


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("decision", DECISIONS)
def test_a_seller_has_refused_only_where_that_is_stated(status: int, decision: int) -> None:
    value = {
        "refundId": 1,
        "status": status,
        "negotiateStatus": decision,
        "sellerDisagreeReason": 5,
    }
    refused = [record.columns.get("response") == "rejected" for record in _read(value).records]
    assert any(refused) == (decision == 3 or (status, decision) == (12, 0))


@pytest.mark.parametrize("name", ["f.json", "f.jsonl", "f.yaml"])
def test_what_is_no_text_is_a_problem(name: str) -> None:
    (problem,) = read(b'{"refundId": "\xff"}', name).problems
    assert (problem.check, problem.position.line) == ("unreadable", 1)


def test_a_line_that_is_no_text_spoils_no_other() -> None:
    document = read(
        b'{"refundId": 1, "status": 60}\n"\xff"\n{"refundId": 2, "status": 60}', "f.jsonl"
    )
    assert [each.position.line for each in document.records] == [1, 3]
    assert [str(each) for each in document.problems] == [
        "f.jsonl:2:1: error: not UTF-8 (save the file as UTF-8)"
    ]


FIELDS = [
    "data",
    "response",
    "items",
    "refundOrderInfoList",
    "info",
    "request",
    "result",
    "error_msg",
    "event",
    "userId",
    "refundId",
    "sellerId",
    "status",
    "negotiateStatus",
    "handlingWay",
    "refundReason",
    "refundReasonDesc",
    "refundFee",
    "refundType",
    "specialRefundType",
    "sellerDisagreeReason",
    "sellerDisagreeDesc",
    "submitTime",
    "createTime",
    "updateTime",
    "negotiateUpdateTime",
    "expireTime",
    "endTime",
    "itemId",
    "kwaiItemId",
    "itemType",
    "categoryId",
    "serviceRule",
    "refundRule",
    "servicePromise",
    "brokenRefund",
    "priceProtectDays",
    "categoryConfig",
    "refundRuleList",
    "allergyRefund",
]
NUMBERS = st.sampled_from([*STATUSES, *RULES, *REASONS, -1, 0, 2**31, 2**63, 1735524000000])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    NUMBERS,
    NUMBERS.map(str),
    st.integers(),
    st.floats(),
    st.text(),
    st.sampled_from([*MESSAGES, "支持7天无理由退货", '{"refundId": 1, "status": 30}', "[", "1e99"]),
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(FIELDS), st.text()), inner, max_size=8),
    ),
)


@given(DATA, st.sampled_from(["f.json", "f.jsonl"]))
def test_no_data_crashes_it(data: Any, name: str) -> None:
    _check_sound(read(json.dumps(data).encode("utf-8", "surrogatepass"), name))


@given(st.binary(), st.sampled_from(["f.json", "f.jsonl", "f.yml"]))
def test_no_bytes_crash_it(raw: bytes, name: str) -> None:
    _check_sound(read(raw, name))


@pytest.mark.parametrize("depth", [900, 980, 1000, 5000, 100_000])
@pytest.mark.parametrize("name", ["data", "info", "refundId", "serviceRule", "categoryConfig"])
def test_no_depth_crashes_it(depth: int, name: str) -> None:
    for opening, closing in ((f'{{"{name}":', "}"), ("[", "]")):
        inner = f"{opening * depth}1{closing * depth}"
        _check_sound(read(inner.encode(), "f.json"))
        _check_sound(read(f'{{"{name}": {inner}, "status": 60}}'.encode(), "f.json"))


def _check_sound(document: ReadDocument) -> None:
    """Check what holds for every document."""
    for record in document.records:
        assert record.columns or record.problems
    for record in (each for each in document.records if each.columns):
        assert record.columns["response"] in ("accepted", "rejected", "pending")
        assert ("reject_reason" in record.columns) == (record.columns["response"] == "rejected")
        assert ("decision_due_at" not in record.columns) or record.columns["response"] == "pending"
        if record.columns["response"] != "pending":
            assert "requested_at" not in record.columns or "decided_at" in record.columns
    for choices in document.choices:
        assert choices.categories
        assert all(values for _, values in choices.allowed)
    results = [*document.stated, *document.choices, *document.records]
    for problem in [
        *document.problems,
        *(problem for result in results for problem in result.problems),
    ]:
        assert problem.check in ("not-understood", "unreadable")
        assert problem.position.file.startswith("f.")
        assert problem.position.line


def _read(value: Any) -> ReadDocument:
    return read(json.dumps(value).encode(), "f.json")
