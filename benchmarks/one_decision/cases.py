"""The policy that everyone decides by, and the cases that they decide."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random

from checker.evaluate.decider import Decider
from checker.language.model.types import Value
from checker.language.model.vocabulary import Fact
from checker.language.resolve.facts import Facts
from checker.language.resolve.library import Library, Root
from checker.language.resolve.resolver import ResolvedPolicy, Resolver

POLICY = "kuaishou/flash-purchase@2"
DAY = date(2026, 1, 5)

_SEED = 20260105
_TYPICAL = 0.75  # the share of facts that have their ordinary value
_NEAR_TYPICAL = 12  # how far from it most of the other numbers are


def load_world() -> ResolvedPolicy:
    """Return the policy with the law that it upholds, as in force on `DAY`."""
    library = Library()
    library.add_root(Root(Path(__file__).parents[2] / "policy"))
    return Resolver(library).resolve(POLICY, DAY.toordinal())


def draw_cases(decider: Decider, count: int) -> list[Facts]:
    """Return possible cases, the same ones every time, with all that conditions can ask."""
    random = Random(_SEED)
    facts = [
        fact
        for fact in decider.resolved.vocabulary.facts.values()
        if fact.type.name not in ("date", "datetime")
    ]
    cases: list[Facts] = []
    while len(cases) < count:
        case: Facts = {fact.name: _draw(fact, random) for fact in facts}
        if not decider.broken_invariants(case):
            cases.append(case)
    return cases


def _draw(fact: Fact, random: Random) -> Value | None:
    typical = fact.typical
    if random.random() < _TYPICAL:
        return typical
    if fact.type.name == "boolean":
        return not typical
    if fact.type.name == "enum":
        return random.choice(fact.type.values)
    assert fact.type.range and isinstance(typical, int)
    low, high = fact.type.range
    if random.random() < 0.8:
        low, high = max(low, typical - _NEAR_TYPICAL), min(high, typical + _NEAR_TYPICAL)
    return random.randint(low, high)
