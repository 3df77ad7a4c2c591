"""Overrides of the marketplace's sellers that pass: rules that refuse rightly, better settings."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from checker.language.model.types import money_text
from tests.proofs.marketplace import FACTS, POLICY, Data

# a ground, and what keeps a rule that cites it from refusing what some entitlement still owes
RIGHTLY: Sequence[tuple[str, Data]] = (
    ("worn", {}),
    ("altered-goods", {}),
    ("unsealed", {}),
    ("another-item", {}),
    ("incomplete", {}),
    ("exempt-goods", {"request_type": ["return_refund", "refund_only", "repair"]}),
    ("late", {"request_type": "refund_only"}),
    ("late", {"not": {"definition": "in-season"}}),
    ("too-many-returns", {"request_type": ["refund_only", "repair"]}),
    ("too-many-returns", {"days_since_delivery": {"more_than": 7}}),
    ("overclaimed", {"request_type": "refund_only", "defect_confirmed": False}),
)
# of each setting, values that are no worse for the buyer than the default
BETTER: dict[str, Sequence[Any]] = {
    "window_days": range(7, 31),
    "fault_days": range(730, 1096),
    "exchange_days": range(15, 61),
    "most_returns": range(50, 201),
    "review_limit": [f"{hours}h" for hours in range(12, 49)],
    "express_review_limit": [f"{hours}h" for hours in range(1, 13)],
    "refund_limit": [f"{days}d" for days in range(1, 8)],
    "express_refund_limit": ["0d", "12h", "1d"],
    "gift_value": [money_text(cents) for cents in range(0, 2001, 50)],
    "wear_deduction": [money_text(cents) for cents in range(0, 5001, 125)],
    "compensation": [money_text(cents) for cents in range(3000, 30001, 500)],
    "high_value": [money_text(cents) for cents in range(100000, 500001, 9999)],
    "shipping_payer": ["seller", "buyer"],
    "instant_refund": [True, False],
    "sealed": [[], ["cosmetics"], ["health"], ["health", "cosmetics"]],
    "fast_categories": [["food", each] for each in FACTS["category"]["values"] if each != "food"],
    "fast_channels": [["livestream", "shop"], ["livestream", "auction", "flash_sale"]],
    "exempt_kinds": [["made_to_order"], ["perishable", "digital"], []],
}
# of each term, a value that is never worse than required
BEST = {
    "review_within": "1h",
    "refund_within": "0d",
    "return_shipping": "seller",
    "deduction": "0.00",
    "paid_extra": "230.00",
}


def seller(id: str, rules: Sequence[Data], settings: Data, terms: Data) -> Data:
    """Return the override of a seller; its rules are numbered where they have no id."""
    named = [{"id": f"line-{number}", **rule} for number, rule in enumerate(rules, 1)]
    document = {"kind": "override", "id": id, "version": "1.0.0", "policy": "platform@1"}
    return {**document, "settings": settings, "rules": named, "terms": terms}


def refusal(ground: str, tests: Data) -> Data:
    """Return the rule that refuses on a ground, in the cases that pass the tests."""
    return {"when": {"ground": ground, **tests}, "respond": "reject", "cites": [ground]}


def better_settings(random: Random, most: int) -> Data:
    """Return some settings, `most` at most, that are no worse for the buyer than the defaults."""
    chosen = random.sample([*BETTER], random.randint(0, most))
    return {name: random.choice(BETTER[name]) for name in chosen}


def with_row(term: str, row: Data) -> Data:
    """Return the policy's own rows for the term with one before them."""
    return {term: [row, *POLICY["terms"][term]["decide"]]}
