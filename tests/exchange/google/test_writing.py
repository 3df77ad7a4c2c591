"""What is written is read as what was stated, and what can't be written is told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.exchange.google import read, write
from checker.exchange.statements import StatedPolicy, Statement, seasons
from checker.language.model.exchange.notions import NOTIONS
from checker.language.syntax.problems import Position
from tests.drawing import drawing, share
from tests.exchange import shops

HERE = Position("shop.yaml", 1, 1)


def policy(**values_by_notion: Any) -> StatedPolicy:
    """Return what a seller states; money as a pair of hundredths and currency."""
    statements = []
    for notion, entry in values_by_notion.items():
        value, currency = entry if NOTIONS[notion].form == "money" else (entry, "")
        statements.append(Statement(notion, value, f"settings.{notion}", HERE, currency))
    return StatedPolicy("", "shop", HERE, tuple(statements))


def read_again(data: Any) -> tuple[StatedPolicy, ...]:
    """Return what is read of what was written, which must all be understood."""
    document = read(json.dumps(data).encode(), "out.json")
    assert not document.problems
    assert not any(stated.problems for stated in document.stated)
    return document.stated


WRITTEN = [
    ({}, {}),
    (
        {"country": ("DE", "AT"), "returns": "limited", "window_elapsed_days": 30},
        {
            "countries": ["DE", "AT"],
            "policy": {"type": "NUMBER_OF_DAYS_AFTER_DELIVERY", "days": "30"},
        },
    ),
    ({"returns": "none"}, {"policy": {"type": "NO_RETURNS"}}),
    ({"returns": "unlimited"}, {"policy": {"type": "LIFETIME_RETURNS"}}),
    ({"restocking_basis_points": 1500}, {"restockingFee": {"microPercent": 15_000_000}}),
    (
        {"restocking_fee": (499, "EUR")},
        {"restockingFee": {"fixedFee": {"amountMicros": "4990000", "currencyCode": "EUR"}}},
    ),
    ({"remorse_shipping": "seller"}, {"returnShippingFee": {"type": "FIXED"}}),
    ({"remorse_shipping": "buyer"}, {"returnShippingFee": {"type": "CUSTOMER_PAYING_ACTUAL_FEE"}}),
    (
        {"remorse_shipping": "buyer", "remorse_shipping_fee": (650, "USD")},
        {
            "returnShippingFee": {
                "type": "FIXED",
                "fixedFee": {"amountMicros": "6500000", "currencyCode": "USD"},
            }
        },
    ),
    (
        {"defects_only": True, "defect_shipping": "buyer"},
        {
            "returnShippingFee": {"type": "CUSTOMER_PAYING_ACTUAL_FEE"},
            "acceptDefectiveOnly": True,
        },
    ),
    ({"used_accepted": False}, {"itemConditions": ["NEW"]}),
    (
        {"method": ("kiosk", "mail"), "label": "in_package", "refund_days": 0},
        {
            "returnMethods": ["AT_A_KIOSK", "BY_MAIL"],
            "processRefundDays": 0,
            "returnLabelSource": "IN_THE_PACKAGE",
        },
    ),
]


@pytest.mark.parametrize(("stated", "expected"), WRITTEN)
def test_what_is_written(stated: dict[str, Any], expected: dict[str, Any]) -> None:
    data, problems = write([policy(**stated)])
    assert data == expected
    assert [each for each in problems if each.severity == "error"] == []
    if data:
        (found,) = read_again(data)
        assert found.values() == policy(**stated).values()


UNSAID = [
    ({"returns": "limited"}, {}, ["returns"]),
    ({"returns": "none", "window_elapsed_days": 3}, {}, ["returns", "window_elapsed_days"]),
    ({"window_elapsed_days": 0}, {}, ["window_elapsed_days"]),
    ({"remorse_shipping": "seller", "remorse_shipping_fee": (1, "EUR")}, {}, None),
    ({"remorse_shipping": "buyer", "remorse_shipping_fee": (0, "EUR")}, {}, None),
    ({"remorse_shipping_fee": (1, "")}, {}, None),
    ({"defect_shipping": "seller"}, {}, None),
    ({"restocking_basis_points": 10_001}, {}, None),
    ({"method": ("keep", "store")}, {"returnMethods": ["IN_STORE"]}, ["method"]),
    ({"method": ("keep",), "refund": "money", "category": ("shoes",)}, {}, None),
    (
        {"destination": "domestic", "marketplace": "EBAY_US", "outbound_shipping": "seller"},
        {},
        None,
    ),
    ({"damaged_accepted": True, "no_reason_return": "supported"}, {}, None),
    (
        {"defects_only": True, "remorse_shipping": "seller"},
        {"acceptDefectiveOnly": True},
        ["remorse_shipping"],
    ),
    (
        {"window_days": 14, "returns": "limited"},
        {"policy": {"type": "NUMBER_OF_DAYS_AFTER_DELIVERY", "days": "14"}},
        ["window_days"],
    ),
]


@pytest.mark.parametrize(("stated", "expected", "left"), UNSAID)
def test_what_cannot_be_said(
    stated: dict[str, Any], expected: dict[str, Any], left: list[str] | None
) -> None:
    data, problems = write([policy(**stated)])
    assert data == expected
    errors = [each for each in problems if each.severity == "error"]
    assert [each.at for each in errors] == [f"settings.{each}" for each in left or stated]
    assert {each.check for each in problems} == {"not-expressed"}


def test_what_google_requires_is_told() -> None:
    _, (told,) = write([policy(country=("US",), returns="none")])
    assert (told.severity, told.message) == (
        "warning",
        "Google requires `returnPolicyUri`, which nothing states",
    )
    _, (told,) = write([policy()])
    assert "`countries`, `policy`, `itemConditions`, `returnMethods`, `returnP" in told.message


@pytest.mark.parametrize(
    ("name", "label", "severities"),
    [
        ("", None, []),
        ("default", None, ["error"]),
        ("shoes", "shoes", ["warning"]),
        ("s" * 50, "s" * 50, ["warning"]),
        ("s" * 51, None, ["error"]),
    ],
)
def test_a_title_is_the_label(name: str, label: str | None, severities: list[str]) -> None:
    data, problems = write([replace(policy(), name=name)])
    assert data.get("label") == label
    assert [problem.severity for problem in problems if problem.at == "title"] == severities


def test_seasons_are_written() -> None:
    base = policy(country=("US",), returns="limited", window_elapsed_days=30)
    season = replace(
        policy(country=("US",), returns="limited", window_elapsed_days=90),
        first=date(2025, 11, 1),
        last=date(2025, 12, 31),
    )
    data, problems = write(seasons(base, [season]))
    assert [problem for problem in problems if problem.severity == "error"] == []
    assert data["seasonalOverrides"] == [
        {
            "label": "2025-11-01 to 2025-12-31",
            "startDate": {"year": 2025, "month": 11, "day": 1},
            "endDate": {"year": 2025, "month": 12, "day": 31},
            "returnDays": 90,
        }
    ]


def _version(days: int, first: date | None, last: date | None, **more: Any) -> StatedPolicy:
    stated = policy(returns="limited", window_elapsed_days=days, **more)
    return replace(stated, first=first, last=last)


@pytest.mark.parametrize(
    ("versions", "at", "count"),
    [
        ([_version(30, date(2025, 1, 1), None)], ["effective.from"], 0),
        ([_version(30, None, date(2025, 1, 1))], ["effective.until"], 0),
        (
            [_version(9, None, date(2025, 1, 1)), _version(30, date(2025, 1, 2), None)],
            ["effective"],  # the first has no first day
            0,
        ),
        (
            [
                _version(30, None, date(2025, 1, 1)),
                _version(9, date(2025, 1, 2), date(2025, 1, 9), refund_days=3),
                _version(30, date(2025, 1, 10), None),
            ],
            ["effective"],  # another time to refund
            0,
        ),
        (
            [
                _version(30, None, date(2025, 1, 1)),
                _version(9, date(2025, 1, 2), date(2025, 1, 9)),
                _version(30, date(2025, 1, 11), None),
            ],
            ["effective"],  # nothing holds for a day
            1,
        ),
    ],
)
def test_versions_that_are_no_seasons(
    versions: list[StatedPolicy], at: list[str], count: int
) -> None:
    data, problems = write(versions)
    assert [problem.at for problem in problems if problem.severity == "error"] == at
    assert len(data.get("seasonalOverrides", ())) == count


@st.composite
def expressible(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what Google's format can say."""
    values_by_notion: dict[str, Any] = {}
    kind = draw(st.sampled_from(["none", "limited", "unlimited", ""]))
    if kind:
        values_by_notion["returns"] = kind
    if kind == "limited":
        values_by_notion["window_elapsed_days"] = draw(st.integers(1, 2**31 - 1))
    values_by_notion["defects_only"] = draw(st.booleans())
    money = st.tuples(st.integers(1, 10**12), st.sampled_from(["EUR", "USD", "JPY"]))
    reason = "defect" if values_by_notion["defects_only"] else "remorse"
    payer = draw(st.sampled_from(["seller", "buyer", ""]))
    if payer:
        values_by_notion[f"{reason}_shipping"] = payer
    if payer == "buyer" and draw(st.booleans()):
        values_by_notion[f"{reason}_shipping_fee"] = draw(money)
    fee = draw(st.sampled_from(["restocking_fee", "restocking_basis_points", ""]))
    if fee:
        values_by_notion[fee] = draw(money if fee == "restocking_fee" else st.integers(0, 10_000))
    for notion in ("used_accepted", "exchange_accepted", "label", "country", "method"):
        names = {"country": ("DE", "CN", "JP"), "method": ("mail", "store", "kiosk")}
        value = draw(st.none() | shops.values(notion, names.get(notion, ())))
        if value is not None:
            values_by_notion[notion] = value
    if draw(st.booleans()):
        values_by_notion["refund_days"] = draw(st.integers(0, 2**31 - 1))
    return values_by_notion


@given(expressible(), st.text(max_size=50).map(str.strip))
@drawing(share(300))
def test_what_the_format_can_state_is_read_again(stated: dict[str, Any], name: str) -> None:
    before = replace(policy(**stated), name=name)
    data, problems = write([before])
    assert [problem for problem in problems if problem.severity == "error"] == []
    (after,) = read_again(data)
    assert after.values() == before.values()
    assert after.name == before.name


@given(
    expressible(), st.lists(st.tuples(st.integers(1, 90), st.integers(0, 60), st.integers(1, 99)))
)
@drawing(share(150))
def test_seasons_are_read_again(stated: dict[str, Any], drawn: list[tuple[int, ...]]) -> None:
    season_versions, day = [], date(2020, 1, 1)
    for gap, length, days in drawn:
        first = day + timedelta(gap)
        day = first + timedelta(length)
        season = policy(**{**stated, "returns": "limited", "window_elapsed_days": days})
        season_versions.append(replace(season, first=first, last=day))
    base = policy(**stated)
    season_versions = [version for version in season_versions if version.values() != base.values()]
    versions = seasons(base, season_versions) if season_versions else [base]
    written, problems = write(versions)
    assert [problem for problem in problems if problem.severity == "error"] == []
    after = read_again(written)
    assert [(version.first, version.last, version.values()) for version in after] == [
        (version.first, version.last, version.values()) for version in versions
    ]


@given(st.data())
@drawing(share(300))
def test_each_statement_is_read_again_or_reported(data: st.DataObject) -> None:
    stated: dict[str, Any] = {}
    for notion in data.draw(st.sets(st.sampled_from([*NOTIONS]))):
        value = data.draw(shops.values(notion))
        money = NOTIONS[notion].form == "money"
        stated[notion] = (value, data.draw(st.sampled_from(["", "EUR"]))) if money else value
    before = policy(**stated)
    written, problems = write([before])
    reported = {each.at for each in problems if each.severity == "error"}
    read_policies = read(json.dumps(written).encode(), "out.json").stated if written else ()
    read_values = {one for each in read_policies for one in each.values()}
    for each in before.statements:
        lost = (each.notion, each.value, each.currency) not in read_values
        free = each.notion.endswith("_shipping_fee") and each.value == 0
        assert lost == (each.source_text in reported) or (free and lost)
