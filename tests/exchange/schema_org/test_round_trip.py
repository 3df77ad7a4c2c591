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
from checker.exchange.statements import StatedPolicy, seasons
from checker.language.model.exchange.document import Exchange
from tests.conftest import PROJECT
from tests.drawing import drawing, print_counts, share
from tests.exchange import shops
from tests.exchange.schema_org.test_writing import SAYS, _stated

DAY = date(2026, 6, 1)
POLICIES = (
    *("eu/consumer-withdrawal@1", "ebay/money-back-guarantee@1"),
    *("kuaishou/flash-purchase@2", "kuaishou/item-returns@2"),
)

# a season that changes everything can hardly be exported
FEW_CHANGES = SAYS.map(lambda says: dict([*says.items()][:2]))


@pytest.fixture(scope="module", params=POLICIES)
def exchange(request: pytest.FixtureRequest) -> Exchange:
    resolver, day = shops.resolver(PROJECT / "policy"), DAY.toordinal()
    return exchange_of(resolver, resolver.resolve(request.param, day), day)


def test_what_is_exported_is_imported_as_it_was(exchange: Exchange) -> None:
    counts: Counter[str] = Counter()

    @given(SAYS, st.none() | SAYS | FEW_CHANGES)
    @drawing(share(300))
    def check(says: dict[str, Any], changes: dict[str, Any] | None) -> None:
        seasonal = []
        if changes is not None:
            seasonal = [_stated({**says, **changes}, "2026-06-01", "2026-06-30")]
        before = _overrides(seasons(_stated(says), seasonal), exchange)
        if not before:
            counts["no override"] += 1
            return
        exported = [_export(override, exchange) for override in before]
        written, problems = write([stated for stated, _ in exported])
        has_errors = any(problem.severity == "error" for problem in problems)
        if has_errors or any(has_more for _, has_more in exported):
            counts["can't be said"] += 1
            return
        after = _overrides(read(json.dumps(written).encode(), "f.json").stated, exchange)
        for days in (-1, 0, 29, 30):
            day = DAY + timedelta(days)
            assert _in_force(after, day) == _in_force(before, day)
        counts["is the same, in a season too" if seasonal else "is the same"] += 1

    check()
    print_counts(counts)
    assert all(counts[each] for each in ("is the same", "is the same, in a season too"))


def _overrides(stated: Iterable[StatedPolicy], exchange: Exchange) -> list[dict[str, Any]]:
    """Return what all versions become, nothing where one of them becomes nothing."""
    overrides = overrides_of(stated, exchange, "shop")
    data = [override.data for override in overrides if override.data and not override.problems]
    return data if len(data) == len(overrides) else []


def _export(override: dict[str, Any], exchange: Exchange) -> tuple[StatedPolicy, bool]:
    """Return what an override states, and whether there is more to it."""
    stated, problems = statements_of(shops.document(override), exchange)
    return stated, any(each.severity == "error" for each in problems)


def _in_force(overrides: Iterable[dict[str, Any]], day: date) -> dict[str, Any]:
    """Return the version in force on a day, without when that is."""
    (in_force,) = (
        override
        for override in overrides
        if override.get("effective", {}).get("from", "") <= day.isoformat()
        and day.isoformat() < override.get("effective", {}).get("until", "9999")
    )
    return {key: value for key, value in in_force.items() if key not in ("version", "effective")}
