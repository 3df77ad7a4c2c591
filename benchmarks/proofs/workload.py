"""What proofs are timed on: drawn sellers of a marketplace, most of whom pass.

The marketplace is that of the tests: 24 facts, 7 entitlements and 13 grounds (some of them the
law's), 18 settings and 5 terms. Sellers narrow what they refuse, accept what they need not, set
better values; about three in ten make a mistake that sellers make.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from checker.language.model.types import money_text
from tests.proofs.marketplace import DOCUMENTS, FACTS, Data, number, written
from tests.proofs.sellers import BEST, RIGHTLY, better_settings, refusal, seller, with_row

DOZEN = 12  # rules: shorter overrides have any number of them, longer ones exactly as many
MISTAKEN = 0.3  # of the sellers
SCOPED = 0.15
FIRST_DAY, LAST_DAY = (number("ordered_on", day) for day in ("2024-01-01", "2026-12-31"))


def workload(rules: int, count: int, seed: int) -> tuple[list[Data], list[Data]]:
    """Return the documents of the world, the policy last, and `count` overrides of its policy.

    Each override has 1 to `rules` rules where that is a dozen at the most, else exactly `rules`.
    The same numbers give the same documents.
    """
    random = Random(f"{seed} {rules}")
    return DOCUMENTS, [_seller(random, f"shop-{number}", rules) for number in range(1, count + 1)]


def _seller(random: Random, id: str, most: int) -> Data:
    size = most if most > DOZEN else random.randint(1, most)
    rules = [_sound_rule(random, in_table=size > DOZEN) for _ in range(size)]
    settings = better_settings(random, 6)
    terms: Data = {}
    for term in random.sample([*BEST], random.choice([0, 0, 1, 2])):
        terms |= with_row(term, {"when": _some_cases(random), "then": BEST[term]})
    if random.random() < MISTAKEN:
        mistake = random.choice(["rule", "rule", "setting", "term"])
        if mistake == "rule":
            rules[random.randrange(size)] = _wrong_rule(random)
        elif mistake == "setting":
            settings |= random.choice(WRONG_SETTINGS)
        else:
            term, value = random.choice(WRONG_TERMS)
            terms |= with_row(term, {"when": _some_cases(random), "then": value})
    made = seller(id, rules, settings, terms)
    if random.random() < SCOPED:
        made["scope"] = {"channel": random.sample(FACTS["channel"]["values"], 3)}
    return made


def _sound_rule(random: Random, *, in_table: bool) -> Data:
    """Return a rule that refuses rightly, or does not refuse.

    One of a long table is about a category or two, a price band and something more.
    """
    kind = random.choice(["refuse", "refuse", "refuse", "accept", "accept", "follow", "manual"])
    cases = _some_cases(random)
    if in_table:
        cases |= {"category": random.sample(FACTS["category"]["values"], random.randint(1, 2))}
        band = random.randrange(0, 1_000_000, 50_000)
        cases |= {"price": {"between": [money_text(band), money_text(band + 199_999)]}}
    if kind in ("accept", "follow"):
        return {"when": cases, "respond": kind}
    never_owed = {"request_type": ["refund_only", "repair"], "defect_confirmed": False}
    rule = {"when": never_owed, "respond": "manual"}
    if kind == "refuse":
        rule = refusal(*random.choice(RIGHTLY))
    return {**rule, "when": {"all": [rule["when"], cases]}}


def _wrong_rule(random: Random) -> Data:
    """Return a rule with a mistake: an exception forgotten, a day too early, another ground."""
    ground, when = random.choice(WRONG_RULES)
    return {"when": when, "respond": "reject", "cites": [ground]}


def _some_cases(random: Random) -> Data:
    """Return a condition as sellers write them: two tests or three, now and then two as `any`."""
    made = [test(random) for test in random.sample(TESTS, random.randint(2, 3))]
    if len(made) > 2 and random.random() < 0.3:
        made = [{"any": made[:2]}, *made[2:]]
    return {key: test for each in made for key, test in each.items()}


def _member(fact: str) -> Callable[[Random], Data]:
    def test(random: Random) -> Data:
        values = FACTS[fact]["values"]
        return {fact: random.sample(values, random.randint(1, len(values) // 2))}

    return test


def _switch(fact: str) -> Callable[[Random], Data]:
    return lambda random: {fact: random.random() < 0.5}


def _number(fact: str, low: int, high: int) -> Callable[[Random], Data]:
    def test(random: Random) -> Data:
        ends = sorted((random.randint(low, high), random.randint(low, high)))
        first, last = (written(fact, end) for end in ends)
        return random.choice(
            [
                {fact: {"at_most": last}},
                {fact: {"more_than": first}},
                {fact: {"between": [first, last]}},
            ]
        )

    return test


def _compared(fact: str, operator: str, operand: Data, low: int, high: int) -> Callable[..., Data]:
    return lambda random: {fact: {operator: {**operand, "plus": random.randint(low, high)}}}


TESTS: Sequence[Callable[[Random], Data]] = (
    *(_member(fact) for fact in ("category", "category", "channel", "reason", "exclusion")),
    *(_switch(fact) for fact in ("opened", "gift_kept", "accessories_complete")),
    *(_number(fact, 100, 1_000_000) for fact in ("price", "paid", "refund_claimed")),
    *(_number(fact, 0, 90) for fact in ("days_since_delivery", "days_in_use")),
    *(_number(fact, FIRST_DAY, LAST_DAY) for fact in ("ordered_on", "requested_on")),
    _number("returns_this_year", 0, 30),
    _compared("price", "at_least", {"param": "high_value"}, -10_000, 10_000),
    _compared("days_since_delivery", "at_most", {"param": "window_days"}, 0, 10),
    _compared("refund_claimed", "more_than", {"fact": "paid"}, -5_000, 5_000),
    _compared("paid", "less_than", {"fact": "price"}, -5_000, 0),
    _compared("days_since_completion", "at_least", {"fact": "days_since_delivery"}, -9, 0),
    _compared("days_since_delivery", "more_than", {"fact": "warranty_days"}, -30, 0),
    lambda random: {
        "category": {"one_of": {"param": random.choice(["sealed", "fast_categories"])}}
    },
)
# the ground that a rule cites, and its condition
WRONG_RULES: Sequence[tuple[str, Data]] = (
    ("worn", {"used": True}),
    ("worn", {"ground": "incomplete"}),
    ("altered-goods", {"any": [{"altered": True}, {"labels_intact": False}]}),
    ("late", {"ground": "late"}),
    ("late", {"days_since_delivery": {"more_than": 6}, "request_type": "return_refund"}),
    ("late", {"days_since_delivery": {"more_than": {"param": "window_days"}}}),
    ("unsealed", {"seal_broken": True, "category": ["food", "cosmetics"]}),
    ("exempt-goods", {"ground": "exempt-goods", "category": ["apparel", "shoes", "toys"]}),
    ("too-many-returns", {"ground": "too-many-returns", "channel": ["shop", "auction"]}),
    ("overclaimed", {"refund_claimed": {"at_least": {"fact": "paid"}}}),
)
WRONG_SETTINGS: Sequence[Data] = (
    {"window_days": 5},
    {"exchange_days": 7, "most_returns": 10},
    {"sealed": ["cosmetics", "health", "toys"]},
    {"exempt_kinds": ["made_to_order", "perishable", "digital", "periodical"]},
    {"review_limit": "72h"},
    {"refund_limit": "10d", "express_refund_limit": "2d"},
    {"compensation": money_text(1000)},
)
WRONG_TERMS: Sequence[tuple[str, Any]] = (
    ("review_within", "3d"),
    ("refund_within", "14d"),
    ("return_shipping", "buyer"),
    ("deduction", "80.00"),
    ("paid_extra", "0.00"),
)
