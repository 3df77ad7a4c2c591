"""What is proved of policies by themselves is what looking at every case and every setting says.

The cases and what policies say of them are the reference reading's.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from hypothesis import given

from checker.analysis.prove.box_engine import prove_policy
from checker.analysis.prove.requirements import RequirementFormulas
from tests import reference
from tests.drawing import drawing, print_counts, share
from tests.properties.test_limits import small_worlds
from tests.worlds import decider

MOST = 4_000  # cases under settings that are looked at in one world
ENOUGH = 400  # worlds, for each finding to come up
Place = tuple[str, str]
Case = dict[str, Any]


def values(fact: Any) -> list[Any]:
    """Return all values of a fact or a parameter, in order; of what has no range, enough."""
    if fact["type"] == "boolean":
        return [False, True]
    if fact["type"] in ("enum", "choice"):
        return [*fact["values"]]
    if fact["type"] == "duration":
        return [0, 1, 30, 31, 1439, 1440, 2879, 2880, 2882, 4320, 4321, 9999]
    if "range" not in fact:
        return [*range(-12, 16)]
    low, high = (reference.value(fact["type"], end) for end in fact["range"])
    return [*range(low, high + 1)]


def possible_cases(resolved: reference.World) -> list[Case]:
    facts = resolved.vocabulary["facts"]
    every = itertools.product(*map(values, facts.values()))
    cases = [dict(zip(facts, each, strict=True)) for each in every]
    always = [each["always"] for each in resolved.vocabulary["invariants"]]
    return [
        case
        for case in cases
        if all(reference.holds(each, case, {}, {}, resolved.vocabulary) for each in always)
    ]


def plainness(case: Case, resolved: reference.World) -> Any:
    unusual, distances = 0, []
    for name, fact in resolved.vocabulary["facts"].items():
        every = values(fact)
        typical = fact.get("typical", False if fact["type"] == "boolean" else None)
        typical = every[0] if typical is None else reference.value(fact["type"], typical)
        place, usual = every.index(case[name]), every.index(typical)
        unusual += place != usual
        distances.append((abs(place - usual), place))
    return unusual, distances


def said(resolved: reference.World, policy: Any, case: Case, chosen: Any = None) -> reference.Said:
    return reference.say(resolved, policy, case, chosen or {}, {})


def failing(resolved: reference.World, cases: list[Case]) -> dict[tuple[str, str, str], Case]:
    """Return the plainest case of every check that a case can show, with its severity."""
    found: dict[tuple[str, str, str], Case] = {}
    for case in cases:
        for key in shown(resolved, case):
            if key not in found or plainness(case, resolved) < plainness(found[key], resolved):
                found[key] = case
    return {
        key: case
        for key, case in found.items()
        if key[1] == "error" or (key[0], "error", key[2]) not in found
    }


def shown(resolved: reference.World, case: Case) -> Iterator[tuple[str, str, str]]:
    """Yield the checks that the case shows to fail: check, severity, place."""
    own = said(resolved, resolved.policy, case)
    for law in resolved.upholds:
        theirs = said(resolved, law, case)
        if theirs.verdict == "must_accept" and own.verdict == "may_reject":
            yield "undercuts", "error", "upholds"
        if theirs.verdict == "must_accept" and own.verdict == "negotiate":
            yield "undercuts", "warning", "upholds"
        for name, term in resolved.policy["terms"].items():
            if not (name in theirs.terms and name in own.terms):
                continue  # a term that does not apply is no worse
            offered, required = own.terms[name], theirs.terms[name]
            if reference.rank(term, offered) > reference.rank(term, required):
                yield "undercuts", "error", f"terms.{name}"
    if (
        "otherwise" not in resolved.policy
        and not own.entitlements
        and not any(own.grounds.values())
    ):
        yield "gap", "warning", "otherwise"


def chosen(resolved: reference.World) -> Iterator[dict[str, Any]]:
    """Yield settings: every combination of values of the parameters that the policy looks at."""
    policy = resolved.policy
    looked_at = json.dumps({key: policy.get(key) for key in ("grounds", "entitlements", "terms")})
    looked_at += json.dumps(policy["definitions"])
    free = {
        name: each
        for name, each in policy["parameters"].items()
        if f'"{name}"' in looked_at and not each.get("fixed")
    }
    for combination in itertools.product(*(stated(each, resolved) for each in free.values())):
        yield dict(zip(free, combination, strict=True))


def stated(parameter: Any, resolved: reference.World) -> list[Any]:
    """Return the values of a parameter as documents state them."""
    if parameter["type"] == "set":
        members = resolved.vocabulary["facts"][parameter["of"]]["values"]
        sizes = range(len(members) + 1)
        return [[*each] for size in sizes for each in itertools.combinations(members, size)]
    return [reference.shown(parameter["type"], each) for each in values(parameter)]


def alive(resolved: reference.World, case: Case, settings_: Any) -> Iterator[Place]:
    """Yield what does something in the case, under the settings."""
    policy = resolved.policy
    found = said(resolved, policy, case, settings_)

    def holds(condition: Any) -> bool:
        return bool(reference.holds(condition, case, policy, settings_, resolved.vocabulary))

    for id, each in policy["entitlements"].items():
        if id in found.entitlements:
            yield "dead-entitlement", f"entitlements.{id}"
        for number, ground in enumerate(each.get("unless", [])):
            others = [other for other in each["unless"] if other != ground]
            alone = found.grounds[ground] and not any(found.grounds[other] for other in others)
            if alone and holds(each["when"]):
                yield "redundant-unless", f"entitlements.{id}.unless.{number + 1}"
    yield from (("dead-ground", f"grounds.{id}") for id, held in found.grounds.items() if held)
    for name, term in policy["terms"].items():
        first = next(
            n for n, row in enumerate(term["decide"]) if holds(row.get("when", {"all": []}))
        )
        yield "dead-row", f"terms.{name}.decide.{first + 1}"


def all_places(policy: Any) -> set[Place]:
    found = {("dead-ground", f"grounds.{id}") for id in policy["grounds"]}
    for id, each in policy["entitlements"].items():
        found.add(("dead-entitlement", f"entitlements.{id}"))
        for number in range(len(each.get("unless", []))):
            found.add(("redundant-unless", f"entitlements.{id}.unless.{number + 1}"))
    for name, term in policy["terms"].items():
        found |= {("dead-row", f"terms.{name}.decide.{n + 1}") for n in range(len(term["decide"]))}
    return found


def idle(resolved: reference.World, cases: list[Case]) -> set[Place] | None:
    """Return what never does anything, None where there is too much to look at."""
    left, looked_at = all_places(resolved.policy), 0
    for settings_ in chosen(resolved):
        for case in cases:
            if not left:
                return left
            looked_at += 1
            if looked_at > MOST:
                return None
            left -= {*alive(resolved, case, settings_)}
    return left


def test_policies_by_themselves_agree_with_every_case(worlds_to_draw: int) -> None:
    seen: Counter[str] = Counter()

    @drawing(max(share(60), worlds_to_draw // 5))
    @given(small_worlds())
    def agree(resolved: reference.World) -> None:
        seen["worlds"] += 1
        silent = "otherwise" not in resolved.policy
        failures = prove_policy(
            RequirementFormulas(decider(resolved).resolved), silent_otherwise=silent
        )
        for each in failures:
            seen[each.check] += 1
        cases = possible_cases(resolved)
        if not cases:
            assert [each.check for each in failures] == ["impossible-vocabulary"]
            return
        with_case = {(e.check, e.severity, e.at): e.facts for e in failures if e.facts is not None}
        assert with_case == failing(resolved, cases)
        without = idle(resolved, cases)
        if without is None:
            seen["worlds with too many settings to look at"] += 1
            return
        assert {(each.check, each.at) for each in failures if each.facts is None} == without

    agree()
    print_counts(seen)
    if seen["worlds"] >= ENOUGH:
        assert {"undercuts", "gap", "dead-ground", "dead-row", "redundant-unless"} <= {*seen}
