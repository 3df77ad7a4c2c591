"""Drawn overrides of 1 to 6 rules under the shipped flash purchase policy, as files.

Sellers cite a ground in a case that they narrow, accept more than they must, or give better values;
three in ten refuse what they must accept.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

MISTAKEN = 0.3  # of the sellers
MOST_RULES = 6
GROUNDS = (
    "used-or-damaged",
    "swapped",
    "accessories-missing",
    "not-resaleable",
)
NARROWINGS = (
    "category: [clothing, cosmetics]",
    "order_amount: {more_than: '200.00'}",
    "opened: true",
    "days_since_completion: {at_least: 3}",
    "used: true",
    "reason: [no_reason, other]",
)
MISTAKES = (
    "when: {opened: true, category: [clothing]}, respond: reject, cites: [not-resaleable]",
    "when: {order_amount: {more_than: '500.00'}}, respond: reject, cites: [used-or-damaged]",
    "when: {days_since_completion: {more_than: 5}}, respond: reject, cites: [window-passed]",
)
SETTINGS = ("window_days: 15", "review_limit: 24h", "refund_limit: 3d", "seller_pays_return: true")
HEADING = """\
kind: override
id: market/{id}
version: 1.0.0
title: Seller {id}
policy: {policy}
effective: {{from: 2024-09-01}}
"""


def write_sellers(
    folder: Path,
    count: int,
    seed: int = 0,
    policies: Sequence[str] = ("kuaishou/flash-purchase",),
) -> list[Path]:
    """Write `count` overrides into the folder and return their files; equal numbers, equal texts.

    Args:
        folder: where they are written; it is made where it is missing.
        count: how many.
        seed: of the draw.
        policies: the policies that they are under, in turn.
    """
    random = Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number in range(count):
        text = seller_text(random, f"shop-{number}", policies[number % len(policies)])
        files.append(folder / f"shop-{number}.yaml")
        files[-1].write_text(text, encoding="utf-8")
    return files


def seller_text(random: Random, id: str, policy: str) -> str:
    """Return an override with drawn rules and settings."""
    rules = [_rule(random) for _ in range(random.randint(1, MOST_RULES))]
    if random.random() < MISTAKEN:
        rules[random.randrange(len(rules))] = random.choice(MISTAKES)
    text = HEADING.format(id=id, policy=policy)
    settings = random.sample(SETTINGS, random.randint(0, 2))
    text += f"settings: {{{', '.join(settings)}}}\n" if settings else ""
    entries = [f"  - {{id: rule-{number}, {rule}}}\n" for number, rule in enumerate(rules, 1)]
    return text + "rules:\n" + "".join(entries) + "otherwise: follow\n"


def _rule(random: Random) -> str:
    """Return a rule that refuses on a ground only where nothing is owed, or accepts."""
    narrowing = random.choice(NARROWINGS)
    if random.random() < 0.4:
        return f"when: {{{narrowing}}}, respond: accept"
    ground = random.choice(GROUNDS)
    owes_nothing = (
        "request_type: refund_only, defect_confirmed: false, negotiation: {is_not: agreed}"
    )
    tests = [f"{{ground: {ground}}}", f"{{{owes_nothing}}}", f"{{{narrowing}}}"]
    return f"when: {{all: [{', '.join(tests)}]}}, respond: reject, cites: [{ground}]"
