"""The limits of a setting say what looking at every case says, on drawn small worlds."""

from __future__ import annotations

import itertools
from collections import Counter
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from checker.analysis.limits.joint import joint
from checker.analysis.limits.per_setting import limits
from checker.analysis.limits.results import Limit
from checker.analysis.prove.requirements import RequirementFormulas
from checker.evaluate.decider import Decider
from checker.language.model.override import Override
from checker.language.model.policy import Parameter
from checker.language.model.typecheck import ConditionReader
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.documents import Document, Reporter
from checker.solver.encode import ConditionEncoder
from checker.solver.formulas import TRUE
from tests import document_strategies as drawn
from tests import reference
from tests.drawing import drawing, print_counts, share
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


def passes(resolved: ResolvedPolicy, settings_: dict[str, Any]) -> bool:
    """Return whether a seller that sets this, and no more, passes, by looking at every case."""
    policy = resolved.policy
    override = Override("s@1.0.0", "s", policy, None, settings_, (), "follow", {})
    read = Decider(resolved, override)
    found = {each.check for case in all_cases(read) for each in read.decide(case).findings}
    return not found & STANDS


def within(value: int, low: int | None, high: int | None) -> bool:
    return (low is None or low <= value) and (high is None or value <= high)


def allows(limit: Limit, value: Any) -> bool:
    if limit.parameter.type.ordered:
        return any(within(value, *ends) for ends in limit.allowed)
    return value in limit.values


def holds(condition: Any, resolved: ResolvedPolicy, settings_: dict[str, Any]) -> bool:
    """Return whether settings satisfy a condition over the parameters."""
    report = Reporter(Document("joint.yaml", "", {}, None))  # type: ignore[arg-type]
    policy = resolved.policy
    read = ConditionReader(policy.scope(), report).condition(condition, ())
    assert read and not report.problems
    parameters = {**policy.defaults(), **settings_}
    return ConditionEncoder(policy.names, parameters, {}).formula(read) == TRUE


def test_settings_changed_together_agree_with_every_case(worlds_to_draw: int) -> None:
    seen: Counter[str] = Counter()

    @drawing(max(15, worlds_to_draw // 12))
    @given(small_worlds(), st.randoms(use_true_random=False))
    def agree(resolved: reference.World, random: Random) -> None:
        made = decider(resolved).resolved
        together = joint(RequirementFormulas(made))
        assert together.exact
        seen["worlds"] += 1
        seen["worlds whose settings depend on each other"] += not together.separate
        free = [each for each in made.policy.parameters.values() if not each.fixed]
        for _ in range(12):
            chosen = {each.name: random.choice(samples(each)) for each in free}
            passed = passes(made, chosen)
            seen["settings that pass" if passed else "settings that do not"] += 1
            assert holds(together.condition, made, chosen) == passed, chosen

    agree()
    print_counts(seen)


def test_limits_agree_with_every_case(worlds_to_draw: int) -> None:
    seen: Counter[str] = Counter()

    @drawing(max(share(25), worlds_to_draw // 12))
    @given(small_worlds())
    def agree(resolved: reference.World) -> None:
        made = decider(resolved).resolved
        seen["worlds"] += 1
        for name, limit in limits(RequirementFormulas(made)).items():
            found = {each: passes(made, {name: each}) for each in samples(limit.parameter)}
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
    print_counts(seen)
