"""The edits that may mend a failing place.

They concern the place itself, a setting that it depends on, or a rule before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from checker.analysis.repair.constants import Constant, adjusted, constants_in
from checker.analysis.repair.draft import Draft
from checker.analysis.repair.exceptions import exceptions
from checker.analysis.repair.settings import setting_edits
from checker.analysis.repair.thresholds import term_name
from checker.language.formatter.edits import APT, ELSEWHERE, LAST_RESORT, REMOVED, Edit, Step
from checker.language.model.conditions import Condition, ParameterValue
from checker.language.model.override import Override
from checker.language.syntax.documents import Path, path_text


def proposals(at: str, checks: Set[str], draft: Draft) -> Iterator[Edit]:
    """Yield the edits that may mend the place `at`, which fails the checks."""
    what, _, name = at.partition(".")
    if what == "terms":
        yield from _of_term(name, draft)
        return
    number = len(draft.rules)
    respond = draft.otherwise
    if what == "rules":
        number = [rule["id"] for rule in draft.rules].index(name)
        respond = draft.rules[number]["respond"]
        if "rejects-without-ground" in checks and respond == "reject":
            yield from _citations(number, draft)
        yield from exceptions(number, draft)
        yield from _constants(number, APT, draft)
    yield from setting_edits(_used_by_answer(number, respond, draft), draft)
    for earlier in range(number):
        # a rule that rejects can't take over what must be accepted
        if draft.rules[earlier]["respond"] != "reject" or checks == {"rejects-without-ground"}:
            yield from _constants(earlier, ELSEWHERE, draft)
    if what == "rules":
        yield without_rule(number, draft.data, LAST_RESORT)
        yield from _responses(number, draft)
    else:
        yield from _answers_otherwise(draft)


def _citations(number: int, draft: Draft) -> Iterator[Edit]:
    path: Path = ("rules", number, "cites")
    cites = draft.rules[number]["cites"]
    for ground in draft.policy.grounds:
        if ground not in cites:
            steps = (Step((*path, len(cites)), ground),)
            yield Edit(draft.at(path), f"`{ground}` is cited too", steps)


def _constants(number: int, rank: int, draft: Draft) -> Iterator[Edit]:
    when = draft.rules[number]["when"]
    for constant in constants_in(when, ("rules", number, "when"), draft.types):
        yield from adjusted(constant, draft, rank)


def without_rule(number: int, data: Mapping[str, Any], rank: int = APT) -> Edit:
    """Return the edit that drops a rule of an override; one that never answers is apt to go."""
    path: Path = ("rules", number)
    steps = (Step(path if len(data["rules"]) > 1 else path[:1], REMOVED),)
    if rank == APT:
        return Edit(path_text(data, path), "the rule is dropped: it never answers", steps)
    return Edit(path_text(data, path), "the rule is dropped", steps, rank, unordered_changes=1)


def _responses(number: int, draft: Draft) -> Iterator[Edit]:
    path: Path = ("rules", number, "respond")
    rule = draft.rules[number]
    for respond, change in _other_responses(rule["respond"]):
        steps = [Step(path, respond)]
        if "cites" in rule:
            steps.append(Step(("rules", number, "cites"), REMOVED))
        yield Edit(draft.at(path), change, tuple(steps), LAST_RESORT, unordered_changes=1)


def _answers_otherwise(draft: Draft) -> Iterator[Edit]:
    for respond, change in _other_responses(draft.otherwise):
        step = Step(("otherwise",), respond, draft.behind("otherwise"))
        yield Edit("otherwise", change, (step,), LAST_RESORT, unordered_changes=1)


def _other_responses(respond: str) -> Iterator[tuple[str, str]]:
    for response in ("follow", "accept", "manual"):
        if response != respond:
            yield response, f"`{respond}` becomes `{response}`"


def _of_term(name: str, draft: Draft) -> Iterator[Edit]:
    type_ = draft.policy.terms[name].type
    for number, row in enumerate(draft.data.get("terms", {}).get(name, [])):
        path: Path = ("terms", name, number, "then")
        yield from adjusted(Constant(path, term_name(name), type_, row["then"]), draft)
    yield from setting_edits(_used_by_term(name, draft), draft)


def _used_by_answer(number: int, respond: str, draft: Draft) -> set[str]:
    """Return the parameters that decide whether the place is reached, and what it answers."""

    def conditions() -> Iterator[tuple[Override, Condition]]:
        for override in draft.overrides:
            policy = override.policy
            yield from ((override, rule.when) for rule in override.rules[: number + 1])
            if respond in ("follow", "reject"):
                yield from ((override, named.when) for named in policy.entitlements.values())
                yield from ((override, named.when) for named in policy.grounds.values())

    return draft.parameters_of(conditions())


def _used_by_term(name: str, draft: Draft) -> set[str]:
    rows = [
        (override, row)
        for override in draft.overrides
        for row in override.terms.get(name, override.policy.terms[name].rows)
    ]
    values = {row.then.name for _, row in rows if isinstance(row.then, ParameterValue)}
    return values | draft.parameters_of((override, row.when) for override, row in rows)
