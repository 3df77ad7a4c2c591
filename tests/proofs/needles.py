"""Overrides that fail in exactly one class of cases, of millions: needles for a prover to find.

Each is a seller of the marketplace with a table that has one hole (`holes.py`), drawn by seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from random import Random
from typing import Any

from tests.proofs.holes import AT_FAULT, KINDS, SPANS, Region, cancelled_grounds, one_cent, one_day
from tests.proofs.marketplace import FACTS, POLICY, Data, size
from tests.proofs.sellers import BEST, RIGHTLY, better_settings, refusal, seller, with_row

SEED = 20240819
RAREST = 1e-6  # of all combinations of values, at most: what the cases of a needle are
REQUIRED, BASELESS, WORSE = "rejects-required-return", "rejects-without-ground", "worse-term"
CHECKS = (*[REQUIRED] * 10, *[BASELESS] * 5, *[WORSE] * 5)
SCOPE = "inside a scope"

# what a needle is narrowed by: facts, and values with which it stays what it is
NARROW: dict[str, list[Any]] = {
    fact: FACTS[fact]["values"]
    for fact in ("request_type", "category", "channel", "exclusion", "reason")
}
NARROW |= {fact: [False] for fact in ("used", "seal_broken", "altered")}
NARROW |= {fact: [0] for fact in ("returns_this_year", "days_in_use")}
NARROW |= {
    fact: [False, True] for fact in ("opened", "gift_kept", "accessories_complete", "labels_intact")
}

CANCELLED = [
    ground for ground in POLICY["grounds"] if ground not in ("another-item", "overclaimed")
]
# refusals that do not cover all cases of any needle
BESIDE = [each for each in RIGHTLY if each[0] in ("another-item", "late", "overclaimed")]
ABOUT = {"used": "worn", "altered": "altered-goods", "seal_broken": "unsealed"}
# of each term, a value that is worse than required wherever the seller is at fault
TOO_BAD = {
    "review_within": "49h",
    "refund_within": "8d",
    "return_shipping": "buyer",
    "deduction": "0.01",
    "paid_extra": "29.99",
}

# settings with a value that is worse for the buyer, of which term, and in which cases
WORN = {"used": True, "opened": True, "defect_confirmed": False}
WORSE_SETTINGS: Sequence[tuple[str, str, str, Data]] = (
    ("review_limit", "49h", "review_within", {"channel": "shop"}),
    ("refund_limit", "8d", "refund_within", {"category": "toys"}),
    ("wear_deduction", "50.01", "deduction", WORN),
    ("compensation", "29.99", "paid_extra", {"defect_confirmed": True, "reason": "wrong_item"}),
)


@dataclass(frozen=True, slots=True)
class Needle:
    """An override that fails one check in one part (`at`), and only in the cases of `where`.

    `mended` is the same override without the mistake.
    """

    name: str
    kind: str
    check: str
    at: str
    where: Data
    override: Data
    mended: Data

    def closed(self) -> Data:
        """Return the override with a first rule or row that answers `where` rightly."""
        if self.check != WORSE:
            first = {"id": "closed", "when": self.where, "respond": "accept"}
            return {**self.override, "rules": [first, *self.override["rules"]]}
        term = self.at.removeprefix("terms.")
        rows = self.override.get("terms", {}).get(term, POLICY["terms"][term]["decide"])
        first = {"when": self.where, "then": BEST[term]}
        return {**self.override, "terms": {term: [first, *rows]}}


def needles(seed: int = SEED) -> list[Needle]:
    """Return 200 needles, the same ones for the same seed."""
    random = Random(seed)
    wanted = [(kind, check) for kind in (*KINDS, SCOPE) for check in CHECKS]
    return [
        (_in_scope if kind == SCOPE else _in_table)(random, f"shop-{number}", kind, check)
        for number, (kind, check) in enumerate(wanted, 1)
    ]


def share(where: Data) -> float:
    """Return the share of combinations of values that pass the exact tests of `where`."""
    exact = [fact for fact, test in where.items() if not isinstance(test, dict) or "is" in test]
    return prod(1 / size(fact) for fact in exact)


def _in_table(random: Random, id: str, kind: str, check: str) -> Needle:
    """Return a needle in the hole of a table of rules, or of a term's rows."""
    region, cites = _region(random, check, cancelled=KINDS[kind] is cancelled_grounds)
    hole = KINDS[kind](random, region)
    narrow = _narrowed(random, {**region.tests, **hole.where})
    wrong = {**region.tests, **narrow}
    stated = {fact: narrow[fact] for fact in narrow if random.random() < 0.5}
    term = random.choice([*TOO_BAD])
    before = [refusal(*refused) for refused in random.sample(BESIDE, random.randint(0, 2))]
    settings = better_settings(random, 3)
    answers = [random.choice(["accept", "follow"]) for _ in hole.closed]

    def override(guards: Sequence[Data], extra_settings: Data) -> Data:
        table = [{**stated, **guard} for guard in guards]
        if check == WORSE:
            rows = [{"when": when, "then": BEST[term]} for when in table]
            rows += with_row(term, {"when": wrong, "then": TOO_BAD[term]})[term]
            return seller(id, before, {**settings, **extra_settings}, {term: rows})
        answered = zip(table, answers[: len(table)], strict=True)
        rules = [{"when": when, "respond": answer} for when, answer in answered]
        last = {"id": "refused", "when": wrong, "respond": "reject", "cites": cites}
        return seller(id, [*before, *rules, last], {**settings, **extra_settings}, {})

    at = f"terms.{term}" if check == WORSE else "rules.refused"
    overrides = override(hole.guards, hole.settings), override(hole.closed, hole.closing)
    return Needle(f"{id}: {kind}, {check}", kind, check, at, {**wrong, **hole.where}, *overrides)


def _region(random: Random, check: str, *, cancelled: bool) -> tuple[Region, list[str]]:
    """Return the cases that the seller answers wrongly, and the grounds that it cites for them."""
    fault: Data = {"defect_confirmed": True, "reason": random.choice(AT_FAULT)}
    if cancelled:  # the grounds would hold, but that the seller is at fault
        fault = {"used": True, "altered": True, "opened": True}
    cites = ["worn", "altered-goods"] if cancelled else random.sample(CANCELLED, 2)
    if check == WORSE:
        return Region(fault, SPANS), cites
    if check == REQUIRED:
        due = {**fault, "swapped": False, "days_since_delivery": {"at_most": 730}}
        return Region(due, SPANS), cites
    if not cancelled and random.random() < 0.5:
        fact, ground = random.choice([*ABOUT.items()])
        never_owed = {"request_type": "repair", "defect_confirmed": False, fact: False}
        return Region(never_owed, SPANS), [ground]
    over: Data = {"days_since_delivery": {"at_least": 731}, "warranty_days": {"at_most": 730}}
    over["request_type"] = random.choice(["refund_only", "repair"])
    return Region({**fault, **over}, {**SPANS, "days_since_delivery": (731, 3600)}), cites


def _narrowed(random: Random, where: Data) -> Data:
    """Return more tests, enough to make the cases that pass them rare."""
    added: Data = {}
    for fact in random.sample([*NARROW], len(NARROW)):
        if share({**where, **added}) <= RAREST:
            break
        if fact not in where:
            added[fact] = random.choice(NARROW[fact])
    return added


def _in_scope(random: Random, id: str, kind: str, check: str) -> Needle:
    """Return a needle in a setting of a seller whose override has a narrow scope."""
    facts = ("category", "channel", "gift_kept", "opened")
    scope: Data = {fact: random.choice(NARROW[fact]) for fact in facts} | {"exclusion": "none"}
    slip = _worse_setting(random) if check == WORSE else _wrong_setting(random, check)
    scope |= slip.scope
    right = POLICY["parameters"][slip.setting]["default"]
    overrides = [
        {**seller(id, [], {slip.setting: value}, {}), "scope": scope}
        for value in (slip.wrong, right)
    ]
    return Needle(
        f"{id}: {kind}, {check}", kind, check, slip.at, {**scope, **slip.hole}, *overrides
    )


@dataclass(frozen=True, slots=True)
class Slip:
    """A setting with a wrong value, which fails the part `at` in the cases of `hole` in a scope."""

    at: str
    setting: str
    wrong: Any
    scope: Data
    hole: Data


def _worse_setting(random: Random) -> Slip:
    setting, wrong, term, scope = random.choice(WORSE_SETTINGS)
    exact = random.choice([one_day, one_cent])(random, Region({}, SPANS)).where
    return Slip(f"terms.{term}", setting, wrong, {**scope, **exact}, {})


def _wrong_setting(random: Random, check: str) -> Slip:
    """Return a window that is a day too short, or a sealed category too many."""
    if random.random() < 0.5:
        request_type = "return_refund" if check == REQUIRED else "refund_only"
        hole = {"days_since_delivery": 7}
        return Slip("otherwise", "window_days", 6, {"request_type": request_type}, hole)
    category = random.choice(["toys", "books", "jewellery"])
    scope: Data = {"category": category, "opened": True, "returns_this_year": 0}
    scope["request_type"] = "return_refund" if check == REQUIRED else "repair"
    return Slip("otherwise", "sealed", ["cosmetics", category], scope, {"seal_broken": True})
