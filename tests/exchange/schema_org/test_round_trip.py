"""Overrides of the shipped policies are exported to schema.org and imported as they were."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.exchange.exporting import statements_of
from checker.exchange.importing import exchange_of
from checker.exchange.overrides import overrides_of
from checker.exchange.schema_org import read, write
from checker.exchange.statements import Stated, seasons
from checker.language.model.exchange.document import Exchange
from tests.conftest import PROJECT
from tests.drawing import drawing, print_counts, share
from tests.exchange import shops
from tests.exchange.schema_org.test_writing import SAYS, _stated

DAY = date(2026, 6, 1)
POLICIES = (
    *("eu/consumer-withdrawal@1", "ebay/money-back-guarantee@1"),
    *("kuaishou/flash-purchase@1", "kuaishou/item-returns@1"),
)


@pytest.fixture(scope="module", params=POLICIES)
def exchange(request: pytest.FixtureRequest) -> Exchange:
    resolver, day = shops.resolver(PROJECT / "policy"), DAY.toordinal()
    return exchange_of(resolver, resolver.resolve(request.param, day), day)


def test_what_is_exported_is_imported_as_it_was(exchange: Exchange) -> None:
    seen: Counter[str] = Counter()

    @given(SAYS, st.none() | SAYS)
    @drawing(share(300))
    def check(says: dict[str, Any], other: dict[str, Any] | None) -> None:
        season = None if other is None else _stated({**says, **other}, "2026-06-01", "2026-06-30")
        before = _overrides(seasons(_stated(says), [season] if season else []), exchange)
        if not before:
            seen["no override"] += 1
            return
        said = [_said(each, exchange) for each in before]
        written, problems = write([stated for stated, _ in said])
        if any(unsaid for _, unsaid in said) or any(each.severity == "error" for each in problems):
            seen["can't be said"] += 1
            return
        after = _overrides(read(json.dumps(written).encode(), "f.json").stated, exchange)
        for days in (-1, 0, 29, 30):
            day = DAY + timedelta(days)
            assert _in_force(after, day) == _in_force(before, day)
        seen["is the same, in a season too" if season else "is the same"] += 1

    check()
    print_counts(seen)
    assert all(seen[each] for each in ("is the same", "is the same, in a season too"))


def _overrides(stated: Iterable[Stated], exchange: Exchange) -> list[dict[str, Any]]:
    """Return what all versions become, nothing where one of them becomes nothing."""
    made = overrides_of(stated, exchange, "shop")
    found = [each.data for each in made if each.data and not each.problems]
    return found if len(found) == len(made) else []


def _said(override: dict[str, Any], exchange: Exchange) -> tuple[Stated, bool]:
    """Return what an override states, and whether there is more to it."""
    stated, problems = statements_of(shops.document(override), exchange)
    return stated, any(each.severity == "error" for each in problems)


def _in_force(overrides: Iterable[dict[str, Any]], day: date) -> dict[str, Any]:
    """Return the version in force on a day, without when that is."""
    (found,) = (
        each
        for each in overrides
        if each.get("effective", {}).get("from", "") <= day.isoformat()
        and day.isoformat() < each.get("effective", {}).get("until", "9999")
    )
    return {key: value for key, value in found.items() if key not in ("version", "effective")}
