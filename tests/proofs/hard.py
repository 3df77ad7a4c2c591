"""Overrides that are hard for a prover that multiplies conditions out, with twins that pass.

All are data. `needle` has the unusual facts of the minimal case that fails, as typed values; it is
empty where the override passes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise, product

from tests.proofs.marketplace import Data

GROUPS = 14  # of three facts, one of which has to be unusual: 3^14 ways
TRIPLES = 30  # of facts that are compared with one another
LARGEST = 3650
GAP = 41  # from each compared fact to the next one, the last gap being what is left

ALWAYS_OWED: Data = {
    "grounds": {"late": {"when": {"days": {"more_than": 30}}}},
    "entitlements": {"always": {"when": {"all": []}}},
}
REST = {"id": "rest", "respond": "reject", "cites": ["late"]}


@dataclass(frozen=True, slots=True)
class Hard:
    """Documents and an override; where it fails, its rule `rest` refuses a required return."""

    documents: list[Data]
    override: Data
    needle: Data


def all_of_anys(*, fails: bool) -> Hard:
    """Return an `all` of 14 three-way `any`s over 42 facts, owed up to day 30.

    The seller accepts what is owed in two rules, and refuses the rest of it. One that fails forgets
    day 30 in the second rule, and with it one single case.
    """
    policy, facts = _anys()
    ways = range(GROUPS)
    extra: list[Data] = [{f"flag_{i}": True} for i in ways] + [{f"sort_{i}": "c"} for i in ways]
    extra += [{f"count_{i}": {"more_than": 0}} for i in ways]
    rules = [
        {"id": "extra", "when": {"any": extra, "days": {"at_most": 30}}, "respond": "accept"},
        _in_time(29 if fails else 30),
        {**REST, "when": {"definition": "whole"}},
    ]
    needle = {"days": 30, **{f"sort_{i}": "b" for i in ways}}
    return _hard(facts, policy, rules, needle if fails else {})


def wide_all_of_anys() -> Hard:
    """Return an `all` of 14 three-way `any`s that fails on day 30, in 3^14 ways and more.

    All ways to be plain have to be gone through: no case has fewer than 15 unusual facts.
    """
    policy, facts = _anys()
    # of each three facts the last one is unusual in the plainest case: the earlier ones weigh more
    needle = {"days": 30, **{f"sort_{i}": "b" for i in range(GROUPS)}}
    rest = {**REST, "when": {"definition": "whole"}}
    return _hard(facts, policy, [_in_time(29), rest], needle)


def _anys() -> tuple[Data, Data]:
    """Return the policy that owes the `all` of `any`s, and the facts."""
    facts: Data = {"days": {"type": "integer", "range": [0, LARGEST], "typical": 3}}
    anys: list[Data] = []
    for i in range(GROUPS):
        facts |= {
            f"flag_{i}": {"type": "boolean"},
            f"count_{i}": {"type": "integer", "range": [0, LARGEST]},
            f"sort_{i}": {"type": "enum", "values": ["a", "b", "c"]},
        }
        some: list[Data] = [
            {f"flag_{i}": True},
            {f"count_{i}": {"at_least": 5}},
            {f"sort_{i}": ["b", "c"]},
        ]
        anys.append({"any": some})
    policy = {
        "definitions": {"whole": {"all": anys}},
        "grounds": {"late": {"when": {"days": {"more_than": 30}}}},
        "entitlements": {"soon": {"when": {"definition": "whole", "days": {"at_most": 30}}}},
    }
    return policy, facts


def _in_time(days: int) -> Data:
    """Return the rule that accepts what is owed up to a day, written the other way round."""
    nones = [
        {f"flag_{i}": False, f"count_{i}": {"less_than": 5}, f"sort_{i}": "a"}
        for i in range(GROUPS)
    ]
    when = {"not": {"any": nones}, "days": {"at_most": days}}
    return {"id": "in-time", "when": when, "respond": "accept"}


def tiles(*, fails: bool) -> Hard:
    """Return 480 rules that accept the cells of a grid, before one that refuses all else.

    The cells cover every case; of one that fails, all but one.
    """
    facts: Data = {
        "sort": {"type": "enum", "values": ["a", "b", "c", "d"]},
        "amount": {"type": "money", "range": ["0.00", "1000000.00"], "typical": "99.00"},
        "days": {"type": "integer", "range": [0, LARGEST], "typical": 3},
        "weight": {"type": "integer", "range": [0, LARGEST]},
    }
    amounts = [["0.00", "49.99"], ["50.00", "50.00"], ["50.01", "499.99"]]
    amounts += [["500.00", "999.99"], ["1000.00", "1000000.00"]]
    days = _ranges(0, 8, 16, 31, 91, 366)
    weights = _ranges(0, 100, 101, 1001)
    cells = [*product(facts["sort"]["values"], amounts, days, weights)]
    if fails:
        holed = cells.index(("c", ["50.00", "50.00"], [16, 30], [100, 100]))
        cells[holed] = ("c", ["50.00", "50.00"], [16, 29], [100, 100])
    rules = [
        {"id": f"cell-{number}", "when": _cell(*cell), "respond": "accept"}
        for number, cell in enumerate(cells)
    ]
    rest = {**REST, "when": {"all": []}}
    needle = {"sort": "c", "amount": 50_00, "days": 30, "weight": 100}
    return _hard(facts, ALWAYS_OWED, [*rules, rest], needle if fails else {})


def _ranges(*starts: int) -> list[list[int]]:
    return [[low, high - 1] for low, high in pairwise([*starts, LARGEST + 1])]


def _cell(sort: str, amount: list[str], days: list[int], weight: list[int]) -> Data:
    ordered = {"amount": amount, "days": days, "weight": weight}
    return {"sort": sort, **{fact: {"between": ends} for fact, ends in ordered.items()}}


def comparisons(*, fails: bool) -> Hard:
    """Return 30 triples of facts, each compared in a cycle, and all of them in one chain.

    From the first fact to the last they rise by the whole range, which leaves one single case; of
    one that passes, by one more.
    """
    names = [f"{letter}_{i}" for i in range(TRIPLES) for letter in "abc"]
    gaps = [GAP] * (len(names) - 2)
    gaps.append(LARGEST - sum(gaps) + (0 if fails else 1))
    links = [
        {low: {"at_most": {"fact": high, "plus": -gap}}}
        for (low, high), gap in zip(pairwise(names), gaps, strict=True)
    ]
    cycles = []
    for i in range(TRIPLES):
        a, b, c = names[3 * i : 3 * i + 3]
        first, second = gaps[3 * i : 3 * i + 2]
        further = {a: {"more_than": {"fact": c, "plus": -first - second}}}
        nearer = {b: {"less_than": {"fact": a, "plus": first}}}
        back = {c: {"at_most": {"fact": a, "plus": first + second}}}
        cycles.append({"any": [further, nearer, back]})  # the first two contradict the links
    facts: Data = {name: {"type": "integer", "range": [0, LARGEST]} for name in names}
    policy = {**ALWAYS_OWED, "grounds": {"late": {"when": {"a_0": {"more_than": 30}}}}}
    rules = [{**REST, "when": {"all": [*links, *cycles]}}]
    values = [sum(gaps[:position]) for position in range(len(names))]
    needle = {name: value for name, value in zip(names, values, strict=True) if value}
    return _hard(facts, policy, rules, needle if fails else {})


def _hard(facts: Data, policy: Data, rules: list[Data], needle: Data) -> Hard:
    vocabulary = {"kind": "vocabulary", "id": "hard", "version": "1.0.0", "facts": facts}
    header = {"kind": "policy", "id": "rules", "version": "1.0.0", "vocabulary": "hard@1"}
    override: Data = {"kind": "override", "id": "seller", "version": "1.0.0", "policy": "rules@1"}
    override |= {"rules": rules, "otherwise": "accept"}
    return Hard([vocabulary, {**header, **policy}], override, needle)


HARD: Mapping[str, Callable[..., Hard]] = {
    "an all of three-way anys": all_of_anys,
    "tiles that cover every case": tiles,
    "cycles of comparisons": comparisons,
}
