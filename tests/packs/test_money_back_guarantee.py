"""eBay's pack says what its sources say, and sellers' settings are held to it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.exchange import ebay, google
from checker.exchange.ebay.values import MARKETPLACES
from checker.exchange.importing import exchange_of
from checker.exchange.overrides import BuiltOverride, overrides_of
from checker.language.model.exchange.document import Exchange
from checker.language.resolve.library import Library, Root
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.language.syntax.parser import compose
from tests.commands import checker
from tests.conftest import PROJECT
from tests.drawing import drawing, share

ID = "ebay/money-back-guarantee"
DAY = date(2026, 6, 1).toordinal()
SELLERS = compose((Path(__file__).parent / "guarantee_sellers.yaml").read_text(encoding="utf-8"))[0]


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    library = Library()
    library.add_root(Root(PROJECT / "policy"))
    return Resolver(library)


@pytest.fixture(scope="module")
def resolved(resolver: Resolver) -> ResolvedPolicy:
    return resolver.resolve(ID, DAY)


@pytest.fixture(scope="module")
def exchange(resolver: Resolver, resolved: ResolvedPolicy) -> Exchange:
    return exchange_of(resolver, resolved, DAY)


def test_limits_are_what_ebay_allows(in_project: None) -> None:
    result = checker("limits", ID, "--format", "json")
    settings = json.loads(result.out)["settings"]
    assert {name: each["allowed"] for name, each in settings.items()} == {
        "accepts_returns": [False, True],
        "return_period": ["60d", "30d", "14d"],
        "seller_pays_return": [False, True],
        "refunds_delivery": [False, True],
        "refund_means": ["money"],
        "restocking_basis_points": [[0, 0]],
        "restocking_fee": [["0.00", "0.00"]],
        "respond_limit": [["0d", "6d"]],
        "refund_limit": [["0d", "5d"]],
    }


def test_the_vocabulary_has_the_marketplaces_that_are_read(resolved: ResolvedPolicy) -> None:
    assert {*resolved.vocabulary.facts["marketplace"].type.values} == {*MARKETPLACES}


@pytest.mark.parametrize("seller", SELLERS, ids=[each["id"] for each in SELLERS])
def test_sellers_are_held_to_the_guarantee(
    seller: dict[str, Any], exchange: Exchange, tmp_path: Path, in_project: None
) -> None:
    made = _made(seller, exchange)
    if "finds" not in seller:
        assert made.data is None
        told = [each.message for each in made.problems]
        assert ["does not fit the policy" in each for each in told] == [True] * ("unfit" in seller)
        return
    path = tmp_path / "seller.yaml"
    path.write_text(json.dumps(made.data), encoding="utf-8")
    result = checker("prove", path, "--root", "policy", "--format", "json", "--on", "2026-06-01")
    (proof,) = map(json.loads, result.out.splitlines())
    assert [each["check"] for each in proof["findings"]] == seller["finds"], result.out


def _made(seller: dict[str, Any], exchange: Exchange) -> BuiltOverride:
    """Return the override of the one policy that a seller states, all of which is understood."""
    name = "ebay" if "ebay" in seller else "google"
    raw = json.dumps(seller[name]).encode()
    found = (ebay if name == "ebay" else google).read(raw, f"{seller['id']}.json")
    assert not found.problems
    (stated,) = found.stated
    assert not stated.problems
    (made,) = overrides_of([stated], exchange, seller["id"])
    return made


@given(st.dates(date(2010, 1, 1), date(2040, 1, 1)), st.integers(0, 6), st.sampled_from([2, 3]))
@drawing(share(400))
def test_business_days_end_no_later_than_the_documents_take_them_to(
    resolved: ResolvedPolicy, start: date, holiday: int, count: int
) -> None:
    name = {3: "respond_limit", 2: "refund_limit"}[count]
    limit = resolved.policy.parameters[name].default
    end, left = start, count
    while left:
        end += timedelta(1)
        left -= end.weekday() < 5 and end != start + timedelta(holiday)
    assert isinstance(limit, int)
    assert (end - start).days * 24 * 60 <= limit


def test_some_business_days_end_as_late(resolved: ResolvedPolicy) -> None:
    friday, holiday = date(2025, 8, 29), date(2025, 9, 1)  # Labor Day
    working = [
        each
        for each in (friday + timedelta(days) for days in range(1, 9))
        if each.weekday() < 5 and each != holiday
    ]
    for name, count in (("respond_limit", 3), ("refund_limit", 2)):
        days = (working[count - 1] - friday).days
        assert days * 24 * 60 == resolved.policy.parameters[name].default
