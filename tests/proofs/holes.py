"""Tables of conditions that leave out exactly one class of cases, the hole, each in its own way.

A seller's table answers every case but those of the hole; the rule after it answers these wrongly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

from tests.proofs.marketplace import FACTS, POLICY, Data, number, size, written

DAYS = ("days_since_delivery", "days_since_completion", "days_in_use", "returns_this_year")
MONEY = ("price", "paid", "refund_claimed")
DATES = ("ordered_on", "requested_on")
SPANS = {
    **dict.fromkeys((*DAYS, "warranty_days"), (8, 700)),
    **dict.fromkeys(MONEY, (1, 9_999_999)),
    **dict.fromkeys(
        DATES, (number("ordered_on", "2015-01-01"), number("ordered_on", "2025-12-31"))
    ),
}
# left, right, and the span of the number between them
DIFFERENCES = (
    ("days_since_completion", "days_since_delivery", (-7, -1)),
    ("days_in_use", "days_since_delivery", (-7, -1)),
    ("paid", "price", (-50_000, -1)),
    ("refund_claimed", "paid", (-50_000, 50_000)),
    ("requested_on", "ordered_on", (1, 900)),
)
AT_FAULT = POLICY["definitions"]["at-fault"]["reason"]


@dataclass(frozen=True, slots=True)
class Region:
    """The cases that a wrong answer covers, of which a table before it takes all but the hole.

    Attributes:
        tests: the conditions of these cases.
        spans: the least and greatest value of each ordered fact in them.
    """

    tests: Data
    spans: Mapping[str, tuple[int, int]]

    def value(self, random: Random, fact: str) -> Any:
        """Return a value that the fact has in the region."""
        if fact in SPANS:
            return written(fact, random.randint(*self.spans[fact]))
        if fact in self.tests:
            return self.tests[fact]
        return random.choice(FACTS[fact].get("values", [False, True]))


@dataclass(frozen=True, slots=True)
class Hole:
    """A hole in a table of conditions.

    Attributes:
        where: the condition of the cases in the hole.
        guards: the conditions of the table; together they hold everywhere but in the hole.
        closed: the conditions of the same table without the hole.
        settings: where the hole is in a set parameter, the settings that make it.
        closing: the settings that close it.
    """

    where: Data
    guards: Sequence[Data]
    closed: Sequence[Data]
    settings: Data = field(default_factory=dict)
    closing: Data = field(default_factory=dict)


def one_day(random: Random, region: Region) -> Hole:
    """A table of day counts, or of counts, with one missing."""
    return _one_value(random, random.choice(DAYS), region)


def one_cent(random: Random, region: Region) -> Hole:
    """A table of amounts with one cent missing."""
    return _one_value(random, random.choice(MONEY), region)


def one_date(random: Random, region: Region) -> Hole:
    """A calendar with one day missing."""
    return _one_value(random, random.choice(DATES), region)


def _one_value(random: Random, fact: str, region: Region) -> Hole:
    low, high = region.spans[fact]
    hole = random.randint(low, high)
    below = sorted({hole - 1, *(random.randint(low - 1, hole - 1) for _ in range(2))})
    above = sorted({hole + 1, *(random.randint(hole + 1, high + 1) for _ in range(2))})
    return Hole(
        {fact: written(fact, hole)},
        [*_up_to(fact, below), *_from(fact, above)],
        [*_up_to(fact, [*below[:-1], hole]), *_from(fact, above)],
    )


def _up_to(fact: str, ends: Sequence[int]) -> list[Data]:
    """Return tests for the ranges that end with `ends`, the first one open."""
    tests: list[Any] = [{"at_most": written(fact, ends[0])}]
    for before, end in pairwise(ends):
        tests.append({"between": [written(fact, before + 1), written(fact, end)]})
    return [{fact: test} for test in tests]


def _from(fact: str, starts: Sequence[int]) -> list[Data]:
    """Return tests for the ranges that start with `starts`, the last one open."""
    tests: list[Any] = []
    for start, after in pairwise(starts):
        tests.append({"between": [written(fact, start), written(fact, after - 1)]})
    return [{fact: test} for test in [*tests, {"at_least": written(fact, starts[-1])}]]


def one_category(random: Random, _: Region) -> Hole:
    """Lists of categories that together name all but one."""
    values = random.sample(FACTS["category"]["values"], size("category"))
    hole, cuts = values.pop(), sorted(random.sample(range(1, len(values)), 2))
    lists = [values[: cuts[0]], values[cuts[0] : cuts[1]], values[cuts[1] :]]
    guards = [{"category": categories} for categories in lists]
    return Hole({"category": hole}, guards, [*guards[:-1], {"category": [*lists[-1], hole]}])


def four_together(random: Random, region: Region) -> Hole:
    """Four facts, each with all its values but one answered: the four together are forgotten."""
    chosen = [
        *random.sample(["gift_kept", "accessories_complete", "labels_intact"], 1),
        *random.sample(["category", "channel", "exclusion"], 1),
        *random.sample([*MONEY, *DATES, "returns_this_year", "days_since_completion"], 2),
    ]
    where = _possible({fact: region.value(random, fact) for fact in chosen})
    guards = [{fact: {"is_not": value}} for fact, value in where.items()]
    return Hole(where, guards, [*guards, where])


def one_difference(random: Random, _: Region) -> Hole:
    """Two facts compared, with one difference between them missing."""
    left, right, (low, high) = random.choice(DIFFERENCES)
    operand = {"fact": right, "plus": random.randint(low, high)}
    above = {left: {"more_than": operand}}
    below, closed = ({left: {operator: operand}} for operator in ("less_than", "at_most"))
    return Hole({left: {"is": operand}}, [below, above], [closed, above])


def one_member(random: Random, _: Region) -> Hole:
    """A set that the seller sets to all values but one."""
    fact, parameter = random.choice([("category", "fast_categories"), ("channel", "fast_channels")])
    values, default = FACTS[fact]["values"], POLICY["parameters"][parameter]["default"]
    hole = random.choice([value for value in values if value not in default])
    guards = [{fact: {"one_of": {"param": parameter}}}]
    rest = [value for value in values if value != hole]
    return Hole({fact: hole}, guards, guards, {parameter: rest}, {parameter: values})


def long_chain(random: Random, region: Region) -> Hole:
    """A chain of 29 rules, each of which takes a side of one fact: it leaves one single case."""
    ordered = [fact for fact in SPANS if fact != "warranty_days"]
    others = ["category", "channel", "exclusion", "request_type"]
    others += ["used", "opened", "seal_broken", "altered"]
    others += ["gift_kept", "accessories_complete", "labels_intact"]
    values = {fact: region.value(random, fact) for fact in [*ordered, *others]}
    where = _possible({**values, "used": False, "seal_broken": False, "opened": True})
    guards = [{fact: {"is_not": where[fact]}} for fact in others]
    guards += [
        {fact: {side: where[fact]}} for fact in ordered for side in ("less_than", "more_than")
    ]
    random.shuffle(guards)
    last = max(i for i, guard in enumerate(guards) if {*guard} <= {*ordered})
    ((fact, test),) = guards[last].items()
    wider = {"less_than": "at_most", "more_than": "at_least"}
    closed = {fact: {wider[side]: value for side, value in test.items()}}
    return Hole(where, guards, [*guards[:last], closed, *guards[last + 1 :]])


def cancelled_grounds(random: Random, _: Region) -> Hole:
    """Two grounds that one exception cancels together, with one way into it missing."""
    reason = random.choice(AT_FAULT)
    both = {"all": [{"ground": "worn"}, {"ground": "altered-goods"}]}
    others = [other for other in AT_FAULT if other != reason]
    where = {"used": True, "altered": True, "opened": True}
    where |= {"defect_confirmed": True, "reason": reason}
    return Hole(where, [both, {"reason": others}], [both, {"reason": AT_FAULT}])


def _possible(where: Data) -> Data:
    """Return the values, some lowered so that the invariants allow them and their neighbours."""
    for lower, higher in (
        ("days_since_completion", "days_since_delivery"),
        ("days_in_use", "days_since_delivery"),
        ("paid", "price"),
        ("ordered_on", "requested_on"),
    ):
        if {lower, higher} <= {*where}:
            maximum = number(higher, where[higher]) - 1
            limited = written(lower, min(number(lower, where[lower]), maximum))
            where = {**where, lower: limited}
    return where


KINDS: Mapping[str, Callable[[Random, Region], Hole]] = {
    "one day": one_day,
    "one cent": one_cent,
    "one category": one_category,
    "four facts together": four_together,
    "one date": one_date,
    "one difference": one_difference,
    "one member of a set": one_member,
    "the end of a long chain": long_chain,
    "cancelled grounds": cancelled_grounds,
}
