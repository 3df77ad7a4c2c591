"""Drawn cases: possible, the same for one seed; and the plainest failing case is plain."""

from __future__ import annotations

from random import Random

import pytest

from checker.evaluate.case_drawing import CaseDrawing
from checker.evaluate.decider import Decider
from checker.evaluate.sampling import search
from checker.language.resolve.library import Library, Root
from checker.language.resolve.resolver import Resolver
from tests.conftest import PROJECT

DAY = 740_000


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    library = Library()
    for folder in ("policy", "examples/3-sellers/policy"):
        library.add_root(Root(PROJECT / folder))
    return Resolver(library)


def decider_of(resolver: Resolver, seller: str) -> Decider:
    resolved = resolver.resolve("kuaishou/flash-purchase", DAY)
    document = resolver.library.versions("override", f"examples/{seller}")[0]
    return Decider(resolved, resolver.override_of(document, resolved))


def test_cases_are_possible_and_the_same_for_one_seed(resolver: Resolver) -> None:
    decider = decider_of(resolver, "short-window")
    first, second = (CaseDrawing(decider, Random(7)) for _ in range(2))
    cases = [first.draw() for _ in range(300)]
    assert cases == [second.draw() for _ in range(300)]
    possible = [case for case in cases if case is not None]
    assert len(possible) > 250
    assert not any(decider.broken_invariants(case) for case in possible)
    assert {case["days_since_completion"] for case in possible} >= {4, 5, 6, 7, 8}  # thresholds


@pytest.mark.parametrize(
    ("seller", "check", "unusual"),
    [
        (
            "short-window",
            "rejects-required-return",
            {
                "days_since_delivery",
                "days_since_delivery_at_least",
                "days_since_completion",
                "days_since_completion_at_least",
            },
        ),
        ("refuses-opened", "rejects-required-return", {"opened", "category"}),
        ("refuses-categories", "rejects-required-return", {"category"}),
    ],
)
def test_the_failing_case_is_plain(
    resolver: Resolver, seller: str, check: str, unusual: set[str]
) -> None:
    decider = decider_of(resolver, seller)
    failing = {case.finding.check: case.facts for case in search(decider, examples=500, seed=1)}
    typical = CaseDrawing(decider, Random(1)).typical
    facts = failing[check]
    assert {name for name, value in facts.items() if value != typical[name]} <= unusual
    assert check in {finding.check for finding in decider.decide(facts).findings}


def test_sellers_who_owe_nothing_more_pass(resolver: Resolver) -> None:
    assert search(decider_of(resolver, "careful-shop"), examples=300, seed=1) == []
