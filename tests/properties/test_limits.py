"""The limits of a setting say what looking at every case says, on drawn small worlds."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.analysis.claims import Required
from checker.analysis.limits import Limit, limits
from checker.language.override import Override
from checker.language.policy import Parameter
from checker.language.worlds import World
from checker.readings import draw_documents as drawn
from checker.readings.decide import Decider
from tests import reference
from tests.properties.test_proofs import all_cases
from tests.worlds import decider

STANDS = {
    "rejects-required-return",
    "rejects-without-ground",
    "worse-term",
    "defers-required-return",
}


@st.composite
def small_worlds(draw: st.DrawFn) -> reference.World:
    vocabulary = draw(drawn.small_vocabularies())
    policy = draw(drawn.policies(vocabulary))
    law = draw(drawn.policies(vocabulary, "law")) if draw(st.booleans()) else None
    policy["upholds"] = ["law"] if law else []
    return reference.World(vocabulary, policy, [law] if law else [], None, {})


def samples(parameter: Parameter) -> list[Any]:
    """Return values of the parameter: all that the drawn conditions can tell apart."""
    name = parameter.type.name
    if name == "set":
        members = parameter.type.values
        sizes = range(len(members) + 1)
        return [frozenset(c) for size in sizes for c in itertools.combinations(members, size)]
    if name == "duration":
        return [0, 1, 30, 31, 1439, 1440, 2879, 2880, 2882, 4320, 4321, 9999]
    if name in ("integer", "money"):
        return [*range(-12, 16)]
    return [False, True] if name == "boolean" else [*parameter.type.values]


def passes(world: World, name: str, value: Any) -> bool:
    """Return whether a seller that sets this alone passes, by looking at every case."""
    policy = world.policy
    override = Override("s@1.0.0", "s", policy, None, {name: value}, (), "follow", {})
    read = Decider(world, override)
    found = {each.check for case in all_cases(read) for each in read.decide(case).findings}
    return not found & STANDS


def allows(limit: Limit, value: Any) -> bool:
    if limit.parameter.type.ordered:
        return any(low <= value <= high for low, high in limit.allowed)
    return value in limit.values


def test_limits_agree_with_every_case(worlds_to_draw: int) -> None:
    seen: Counter[str] = Counter()

    @settings(
        max_examples=max(25, worlds_to_draw // 12),
        deadline=None,
        database=None,
        suppress_health_check=[*HealthCheck],
    )
    @given(small_worlds())
    def agree(world: reference.World) -> None:
        made = decider(world).world
        seen["worlds"] += 1
        for name, limit in limits(Required(made)).items():
            found = {each: passes(made, name, each) for each in samples(limit.parameter)}
            seen["values that pass"] += sum(found.values())
            seen["values that do not"] += len(found) - sum(found.values())
            if limit.members is None:
                assert {each: allows(limit, each) for each in found} == found, name
                continue
            right = [each for each, passed in found.items() if passed]
            for member, fate in limit.members.items():
                present = {member in each for each in right}
                expected = "may" if len(present) == 2 else "must" if present == {True} else "never"
                assert fate == expected, (name, member)

    agree()
    print("\n" + ", ".join(f"{count:,} {what}" for what, count in sorted(seen.items())))
