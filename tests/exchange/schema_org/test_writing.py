"""What is stated is written in schema.org's words, and reading it gives the same."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checker.exchange.countries import COUNTRIES
from checker.exchange.schema_org import read, write
from checker.exchange.schema_org.vocabulary import METHODS
from checker.exchange.statements import NOT_EXPRESSED, Stated, Statement, seasons
from checker.language.model.exchange.notions import NOTIONS
from checker.language.syntax.problems import Position

HERE = Path(__file__).parent
CASES = yaml.safe_load((HERE / "written.yaml").read_text(encoding="utf-8"))
NOWHERE = Position("")


def _stated(says: dict[str, Any], first: str = "", last: str = "") -> Stated:
    """Return what is stated, money as `450 EUR`."""
    statements = []
    for notion, value in says.items():
        amount, _, currency = str(value).partition(" ")
        money = NOTIONS[notion][0] == "money"
        plain = int(amount) if money else tuple(value) if isinstance(value, list) else value
        statements.append(Statement(notion, plain, notion, NOWHERE, currency if money else ""))
    day = date.fromisoformat
    dates = (day(first) if first else None, day(last) if last else None)
    return Stated("", "", NOWHERE, tuple(statements), (), (), *dates)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["it"]) for case in CASES])
def test_a_case_is_written_as_reviewed(case: dict[str, Any]) -> None:
    versions = [_stated(**each) for each in case["versions"]]
    written, problems = write(versions)
    assert written.pop("@context") == "https://schema.org"
    assert written.pop("@type") == "MerchantReturnPolicy"
    assert json.loads(json.dumps(written)) == case["writes"]
    assert [f"{each.severity}: {each.message}" for each in problems] == case.get("problems", [])
    assert {each.check for each in problems} <= {NOT_EXPRESSED}


WHO = st.sampled_from(["seller", "buyer"])
AMOUNT = st.builds("{} {}".format, st.integers(0, 10**9), st.sampled_from(["EUR", "CHF"]))
VALUES = {
    "country": st.lists(st.sampled_from(sorted(COUNTRIES)), min_size=1, max_size=4, unique=True),
    "returns": st.sampled_from(NOTIONS["returns"][1]),
    "window_days": st.integers(-1, 400),
    "used_accepted": st.booleans(),
    "damaged_accepted": st.booleans(),
    "remorse_shipping": WHO,
    "defect_shipping": WHO,
    "remorse_shipping_fee": AMOUNT,
    "defect_shipping_fee": AMOUNT,
    "outbound_shipping": WHO,
    "restocking_basis_points": st.integers(-1, 10_001),
    "restocking_fee": AMOUNT,
    "refund": st.sampled_from(NOTIONS["refund"][1]),
    "exchange_accepted": st.booleans(),
    "method": st.lists(st.sampled_from([*METHODS.values()]), min_size=1, unique=True),
    "label": st.sampled_from(NOTIONS["label"][1]),
    "refund_days": st.integers(0, 30),
}
SAYS = st.fixed_dictionaries({}, optional=VALUES)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
# what is said besides, by what is stated
IMPLIED = {
    ("returns", "limited", ""): "window_days",
    ("exchange_accepted", True, ""): "refund",
    ("used_accepted", False, ""): "damaged_accepted",
    ("damaged_accepted", False, ""): "used_accepted",
}


@given(SAYS)
def test_what_can_be_written_is_read_again(says: dict[str, Any]) -> None:
    written, problems = write([_stated(says)])
    lost = {each.at for each in problems if each.severity == "error"}
    left = {notion: value for notion, value in says.items() if notion not in lost}
    _hold([_stated(left)], written)


@given(SAYS, st.lists(st.tuples(DAYS, st.integers(0, 90), SAYS, st.booleans()), max_size=3))
def test_seasons_are_read_again(
    says: dict[str, Any], drawn: list[tuple[date, int, dict[str, Any], bool]]
) -> None:
    found, latest = [], date.min
    for first, length, other, differs_little in sorted(drawn, key=lambda each: each[0]):
        if first > latest:
            latest = first + timedelta(length)
            changed = {**says, **dict([*other.items()][:2])} if differs_little else other
            found.append(_stated(changed, first.isoformat(), latest.isoformat()))
    versions = seasons(_stated(says), found)
    written, problems = write(versions)
    if all(each.severity == "warning" for each in problems):
        _hold(versions, written)


def _hold(versions: list[Stated], written: dict[str, Any]) -> None:
    """Hold that what is written says every day what the versions state, and what that implies."""
    found = read(json.dumps(written).encode(), "f.json")
    assert not found.problems
    assert not [problem for each in found.stated for problem in each.problems]
    bounds = {day for each in versions for day in (each.first, each.last) if day}
    for day in bounds or {date.today()}:
        for near in (day - timedelta(1), day, day + timedelta(1)):
            stated, again = _on(versions, near), _on(found.stated, near)
            assert stated <= again
            notions = {notion for notion, _, _ in stated}
            assert all(IMPLIED.get(each) in notions for each in again - stated)


def _on(versions: Iterable[Stated], day: date) -> set[tuple[str, Any, str]]:
    (version,) = (
        each for each in versions if (each.first or date.min) <= day <= (each.last or date.max)
    )
    return {(each.notion, each.value, each.currency) for each in version.statements}
