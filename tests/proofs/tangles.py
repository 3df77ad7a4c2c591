"""Drawn policies whose entitlements share facts, and sellers that refuse where nothing is owed.

The definition `owed` says the same as all entitlements together, sometimes in other words, so that
a rule with `not: {definition: owed}` negates a large disjunction.
"""

from __future__ import annotations

from random import Random
from typing import Any

from tests import reference

Data = dict[str, Any]


def tangle(count: int, rules: int, seed: int, *, wide: bool = True) -> reference.World:
    """Return a world of so many facts, grounds and entitlements, with a seller of so many rules.

    Where it is not `wide`, every case can be looked at: numbers have five values.
    """
    random, most = Random(seed), 500 if wide else 4
    facts: Data = {}
    for position in range(count):
        kind = "integer" if position % 4 == 3 else "enum" if position % 4 == 2 else "boolean"
        facts[f"{kind}_{position}"] = {
            "integer": {"type": "integer", "range": [0, most], "typical": 1},
            "enum": {"type": "enum", "values": ["a", "b", "c"]},
            "boolean": {"type": "boolean"},
        }[kind]

    def test() -> Data:
        name = random.choice([*facts])
        if name.startswith("boolean"):
            return {name: random.random() < 0.5}
        if name.startswith("enum"):
            return {name: random.sample(["a", "b", "c"], 2)}
        others = [other for other in facts if other.startswith("integer") and other != name]
        if others and random.random() < 0.3:
            return {name: {"at_most": {"fact": random.choice(others)}}}
        return {name: {random.choice(["at_least", "at_most"]): random.randrange(1, most)}}

    def condition() -> Data:
        parts = [test(), test()]
        return random.choice([{"all": parts}, {"any": parts}, {"all": [test(), {"not": test()}]}])

    grounds = {f"ground_{number}": {"when": condition()} for number in range(count)}
    entitlements: Data = {}
    owed = []
    for number in range(count):
        unless = random.sample([*grounds], min(3, count))
        when = {"all": [condition(), test()]}
        entitlements[f"owed_{number}"] = {"when": when, "unless": unless}
        defeated = [{"ground": id} for id in unless]
        spared = [{"not": {"any": defeated}}] if number % 2 else [{"not": id} for id in defeated]
        owed.append({"all": [*when["all"], *spared]})
    answers = []
    for number in range(rules):
        rule: Data = {"id": f"rule_{number}", "when": condition(), "respond": "accept"}
        if number % 3:
            cited = random.choice([*grounds])
            guarded = [{"ground": cited}, {"not": {"definition": "owed"}}, test()]
            rule |= {"when": {"all": guarded}, "respond": "reject", "cites": [cited]}
        answers.append(rule)
    return reference.World(
        {"kind": "vocabulary", "id": "facts", "version": "1.0.0", "facts": facts},
        {
            "kind": "policy",
            "id": "tangled",
            "version": "1.0.0",
            "effective": {"from": "2024-01-01"},
            "vocabulary": "facts@1",
            "definitions": {"owed": {"any": owed}},
            "grounds": grounds,
            "entitlements": entitlements,
            "otherwise": "negotiate",
        },
        [],
        {
            "kind": "override",
            "id": "shop",
            "version": "1.0.0",
            "policy": "tangled@1",
            "effective": {"from": "2024-01-01"},
            "rules": answers,
        },
    )
