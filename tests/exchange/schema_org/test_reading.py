"""Return policies of schema.org are read as the reviewed results say, and nothing crashes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checker.exchange.schema_org import read
from checker.exchange.schema_org.vocabulary import (
    CATEGORIES,
    FEES,
    LABELS,
    METHODS,
    OF_POLICIES,
    OF_SEASONS,
    OVERRIDES,
    REFUNDS,
)
from checker.exchange.statements import ReadDocument
from checker.language.model.exchange.notions import NOTIONS
from tests.exchange.plain_results import plain_result
from tests.exchange.schema_org.case_results import case_result

HERE = Path(__file__).parent
DOCUMENTS = sorted(each.name for each in (HERE / "documents").glob("*.[!m]*"))
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['it']}")
    for path in sorted((HERE / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_read_as_reviewed(name: str) -> None:
    document = read((HERE / "documents" / name).read_bytes(), name)
    expected = (HERE / "expected" / f"{name}.yaml").read_text(encoding="utf-8")
    assert plain_result(document) == yaml.safe_load(expected)


def test_every_result_has_its_document() -> None:
    assert sorted(path.stem for path in (HERE / "expected").glob("*.yaml")) == DOCUMENTS


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_read_as_reviewed(case: dict[str, Any]) -> None:
    if "page" in case:
        document = read(case["page"].encode(), "case.html")
    elif "json" in case:
        document = read(json.dumps(case["json"]).encode(), "case.json")
    else:
        document = _read({"@type": "MerchantReturnPolicy", **case["policy"]})
    assert case_result(document) == case["reads"]


def test_the_members_are_values_of_the_notions() -> None:
    for members, notion in (
        (CATEGORIES, "returns"),
        (FEES, "remorse_shipping"),
        (FEES, "defect_shipping"),
        (REFUNDS, "refund"),
        (LABELS, "label"),
    ):
        assert {*members.values()} - {""} == {*NOTIONS[notion].values}
    assert {*METHODS.values()} == {"mail", "store", "kiosk", "keep"}


@pytest.mark.parametrize(
    "number", ["1e400", "-1e400", "1e-400", "1E999999", "0.1234567890123", "1e40"]
)
@pytest.mark.parametrize("name", ["merchantReturnDays", "restockingFee", "value"])
def test_numbers_without_bounds_are_not_understood(number: str, name: str) -> None:
    text = '{"@type": "MerchantReturnPolicy", "returnFees": "ReturnShippingFees", %s}'
    field = {
        "value": '"returnShippingFeesAmount": {"value": NUMBER, "currency": "EUR"}',
    }.get(name, f'"{name}": NUMBER')
    (stated,) = read((text % field.replace("NUMBER", number)).encode(), "f.json").stated
    assert [problem.check for problem in stated.problems] == ["not-understood"]


def test_a_document_may_be_yaml() -> None:
    (stated,) = read(b"'@type': MerchantReturnPolicy\nmerchantReturnDays: 14\n", "f.yaml").stated
    assert stated.value("window_days") == 14
    assert stated.statements[0].position.line == 2


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"\xff{}", b'{"a": 1, "a": 2}', b"[" * 100_000, b"1e9999999999999999999"]
)
def test_what_is_no_json_is_a_problem(raw: bytes) -> None:
    document = read(raw, "f.json")
    assert [problem.check for problem in document.problems] == ["unreadable"]
    assert not document.stated


NAMES = sorted(OF_POLICIES | OF_SEASONS)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.sampled_from(
        ["EUR", "DE", "2025-12-01", "0001-01-01", "9999-12-31T23:59", "#a", "_:b", "schema:x"]
    ),
    st.sampled_from([*CATEGORIES, *FEES, *LABELS, *METHODS, *REFUNDS]),
)
KEYS = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(["@type", "@id", "@context", "@graph", "@value", "@list", "@set", "value"]),
    st.sampled_from(["hasMerchantReturnPolicy", OVERRIDES, "itemOffered", "currency", "x:y"]),
    st.text(max_size=3),
)
TYPES = st.sampled_from(["MerchantReturnPolicy", "Offer", "MonetaryAmount", "Country"])
DATA = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(KEYS, inner, max_size=6),
        st.builds(
            lambda data, name: data | {"@type": name},
            st.dictionaries(KEYS, inner, max_size=4),
            TYPES,
        ),
    ),
    max_leaves=12,
)


@given(DATA)
def test_any_json_is_read(data: Any) -> None:
    _check_sound(_read(data))


@given(st.dictionaries(st.sampled_from(NAMES), DATA, max_size=5))
def test_any_policy_is_read(fields: dict[str, Any]) -> None:
    _check_sound(_read({**fields, "@type": "MerchantReturnPolicy", "@id": "#a"}))


@given(st.binary(), st.sampled_from(["f.json", "f.html", "f", "f.yaml"]))
def test_any_bytes_are_read(raw: bytes, name: str) -> None:
    _check_sound(read(raw, name))


def _read(data: Any) -> ReadDocument:
    return read(json.dumps(data).encode(), "f.json")


def _check_sound(document: ReadDocument) -> None:
    """Hold what was read to what its readers rely on."""
    for stated in document.stated:
        notions = [statement.notion for statement in stated.statements]
        assert len(notions) == len({*notions})
        assert {*notions} <= {*NOTIONS}
        assert all(
            statement.currency
            for statement in stated.statements
            if NOTIONS[statement.notion].form == "money"
        )
    for text in _texts(document):
        assert text.encode()  # can be printed


def _texts(document: ReadDocument) -> list[str]:
    source_texts = [each.source_text for stated in document.stated for each in stated.statements]
    notes = [each.text for stated in document.stated for each in stated.notes]
    problems = [
        *document.problems,
        *(each for stated in document.stated for each in stated.problems),
    ]
    return [*source_texts, *notes, *(f"{each} {each.at}" for each in problems)]
