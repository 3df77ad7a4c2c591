"""Overrides that were imported from Google's format are exported and imported as they were."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.exchange.exporting import statements_of
from checker.exchange.google import read, write
from checker.exchange.importing import exchange_of
from checker.exchange.overrides import overrides_of
from checker.language.model.exchange.document import Exchange
from tests.conftest import PROJECT
from tests.drawing import drawing, print_counts
from tests.exchange import shops
from tests.exchange.google.test_writing import expressible, policy

DAY = date(2026, 6, 1).toordinal()
POLICIES = ("eu/consumer-withdrawal@1", "kuaishou/flash-purchase@2", "ebay/money-back-guarantee@1")


@pytest.fixture(scope="module", params=POLICIES)
def exchange(request: pytest.FixtureRequest) -> Exchange:
    resolver = shops.resolver(PROJECT / "policy")
    return exchange_of(resolver, resolver.resolve(request.param, DAY), DAY)


def imported(data: Any, exchange: Exchange) -> list[dict[str, Any]]:
    """Return the versions of the override that a policy becomes, if it becomes one."""
    document = read(json.dumps(data).encode(), "policy.json")
    assert not document.problems
    overrides = overrides_of(document.stated, exchange, "shop")
    return [override.data for override in overrides if override.data and not override.problems]


def test_what_is_exported_is_imported_as_it_was(exchange: Exchange) -> None:
    counts: Counter[str] = Counter()

    @given(expressible(), st.lists(st.tuples(st.integers(1, 20), st.integers(1, 60)), max_size=2))
    @drawing(200)
    def check(stated: dict[str, Any], seasons: list[tuple[int, int]]) -> None:
        data, _ = write([policy(**stated)])
        data["seasonalOverrides"] = [
            {
                "startDate": {"year": 2025, "month": 2 * number, "day": 1},
                "endDate": {"year": 2025, "month": 2 * number, "day": last},
                "returnDays": days,
            }
            for number, (last, days) in enumerate(seasons, 1)
            if days != stated.get("window_elapsed_days")  # it would be no season
        ]
        before = imported(data, exchange)
        if not before:
            counts["about nothing"] += 1
            return
        exported = [statements_of(shops.document(each), exchange) for each in before]
        written, problems = write([each for each, _ in exported])
        unstated_parts = [each for _, unsaid in exported for each in unsaid]
        if unstated_parts or any(each.severity == "error" for each in problems):
            counts["not sayable"] += 1
            return
        if not written:
            counts["without anything to say"] += 1
            return
        counts["the same"] += 1
        assert imported(written, exchange) == before

    check()
    print_counts(counts)
    assert counts["the same"] > 5
