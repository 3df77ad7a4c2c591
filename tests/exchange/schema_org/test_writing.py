"""Statements are written as schema.org, and reading that gives the same statements."""

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
from checker.exchange.statements import NOT_EXPRESSED, StatedPolicy, Statement, seasons
from checker.language.model.exchange.notions import NOTIONS
from checker.language.syntax.problems import Position

HERE = Path(__file__).parent
CASES = yaml.safe_load((HERE / "written.yaml").read_text(encoding="utf-8"))
NOWHERE = Position("")


def _stated(says: dict[str, Any], first: str = "", last: str = "") -> StatedPolicy:
    """Return what is stated; money is `450 EUR`."""
    statements = []
    for notion, value in says.items():
        amount, _, currency = str(value).partition(" ")
        is_money = NOTIONS[notion].form == "money"
        typed_value = (
            int(amount) if is_money else tuple(value) if isinstance(value, list) else value
        )
        statements.append(
            Statement(notion, typed_value, notion, NOWHERE, currency if is_money else "")
        )
    day = date.fromisoformat
    dates = (day(first) if first else None, day(last) if last else None)
    return StatedPolicy("", "", NOWHERE, tuple(statements), (), (), *dates)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["it"]) for case in CASES])
def test_a_case_is_written_as_reviewed(case: dict[str, Any]) -> None:
    versions = [_stated(**version) for version in case["versions"]]
    written, problems = write(versions)
    assert written.pop("@context") == "https://schema.org"
    assert written.pop("@type") == "MerchantReturnPolicy"
    assert json.loads(json.dumps(written)) == case["writes"]
    messages = [f"{problem.severity}: {problem.message}" for problem in problems]
    assert messages == case.get("problems", [])
    assert {problem.check for problem in problems} <= {NOT_EXPRESSED}


WHO = st.sampled_from(["seller", "buyer"])
AMOUNT = st.builds("{} {}".format, st.integers(0, 10**9), st.sampled_from(["EUR", "CHF"]))
VALUES = {
    "country": st.lists(st.sampled_from(sorted(COUNTRIES)), min_size=1, max_size=4, unique=True),
    "returns": st.sampled_from(NOTIONS["returns"].values),
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
    "refund": st.sampled_from(NOTIONS["refund"].values),
    "exchange_accepted": st.booleans(),
    "method": st.lists(st.sampled_from([*METHODS.values()]), min_size=1, unique=True),
    "label": st.sampled_from(NOTIONS["label"].values),
    "refund_days": st.integers(0, 30),
}
SAYS = st.fixed_dictionaries({}, optional=VALUES)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
# what else a policy states, by the notion that implies it
IMPLIED = {
    ("returns", "limited", ""): "window_days",
    ("exchange_accepted", True, ""): "refund",
    ("used_accepted", False, ""): "damaged_accepted",
    ("damaged_accepted", False, ""): "used_accepted",
}


@given(SAYS)
def test_what_can_be_written_is_read_again(says: dict[str, Any]) -> None:
    written, problems = write([_stated(says)])
    unwritten = {problem.at for problem in problems if problem.severity == "error"}
    written_values = {notion: value for notion, value in says.items() if notion not in unwritten}
    _check_same([_stated(written_values)], written)


@given(SAYS, st.lists(st.tuples(DAYS, st.integers(0, 90), SAYS, st.booleans()), max_size=3))
def test_seasons_are_read_again(
    says: dict[str, Any], drawn: list[tuple[date, int, dict[str, Any], bool]]
) -> None:
    season_versions, latest = [], date.min
    for first, length, other_values, differs_little in sorted(
        drawn, key=lambda drawn_season: drawn_season[0]
    ):
        if first > latest:
            latest = first + timedelta(length)
            changed = (
                {**says, **dict([*other_values.items()][:2])} if differs_little else other_values
            )
            season_versions.append(_stated(changed, first.isoformat(), latest.isoformat()))
    versions = seasons(_stated(says), season_versions)
    written, problems = write(versions)
    if all(problem.severity == "warning" for problem in problems):
        _check_same(versions, written)


def _check_same(versions: list[StatedPolicy], written: dict[str, Any]) -> None:
    """Check that the written policy states the versions and what they imply, on every day."""
    document = read(json.dumps(written).encode(), "f.json")
    assert not document.problems
    assert not [problem for version in document.stated for problem in version.problems]
    bounds = {day for version in versions for day in (version.first, version.last) if day}
    for day in bounds or {date.today()}:
        for date_nearby in (day - timedelta(1), day, day + timedelta(1)):
            stated, read_values = _on(versions, date_nearby), _on(document.stated, date_nearby)
            assert stated <= read_values
            notions = {notion for notion, _, _ in stated}
            assert all(IMPLIED.get(value) in notions for value in read_values - stated)


def _on(versions: Iterable[StatedPolicy], day: date) -> set[tuple[str, Any, str]]:
    (version,) = (
        version
        for version in versions
        if (version.first or date.min) <= day <= (version.last or date.max)
    )
    return version.values()
