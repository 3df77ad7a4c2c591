"""What the checks demand of settings: proved once, or once a scope, and read as conditions."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

from checker.analysis.limits.joint import Share, shares
from checker.analysis.prove.requirements import RequirementFormulas
from checker.language.formatter.edit_in_place import flow
from checker.language.model.conditions import Condition
from checker.language.model.typecheck import ConditionReader
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.documents import Document, Reporter
from checker.language.syntax.parser import Mark
from checker.solver.encode import ConditionEncoder
from checker.solver.formulas import TRUE

Place = tuple[str, str]  # a check (docs/language.md, section 6), and where it fails


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """A condition that settings must satisfy to pass a check; `words` are the language's."""

    place: Place
    words: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of each check; the `open` ones may be failed by what breaks no limit, too."""

    by_place: dict[Place, list[Limit]] = field(default_factory=dict)
    open: frozenset[Place] = frozenset()


def limits_of(
    required: RequirementFormulas,
    scope: Condition | None = None,
    only: Container[Place] | None = None,
) -> Limits:
    """Return the limits of a seller that has no rules and answers in scope only.

    With `only`, those of these checks and places.
    """
    found = shares(required, scope, only)
    by_place = {(each.check, each.at): _limits(each, required.resolved) for each in found}
    return Limits(by_place, frozenset((s.check, s.at) for s in found if not s.exact))


def _limits(share: Share, resolved: ResolvedPolicy) -> list[Limit]:
    report = Reporter(Document(resolved.policy.name, "", {}, Mark(0, 0, {}, {})))
    reader = ConditionReader(resolved.policy.scope(), report)
    limits = []
    for data in share.conditions:
        condition = reader.condition(data, ())
        assert condition is not None, report.problems
        limits.append(Limit((share.check, share.at), words_of(data), condition))
    return limits


def words_of(condition: dict[str, Any]) -> str:
    """Return a condition as the language writes it on one line: `window_days: {at_least: 7}`."""
    if condition == {"any": []}:
        return "no setting passes: the policy fails by itself"
    return flow(condition)[1:-1]


def failed_by_default(required: RequirementFormulas, limits: Limits) -> set[Place]:
    """Return the checks that a seller without settings fails, or may fail."""
    policy = required.resolved.policy
    encoder = ConditionEncoder(policy.names, policy.defaults(), {})
    broken = {
        place
        for place, each in limits.by_place.items()
        if any(encoder.formula(limit.condition) != TRUE for limit in each)
    }
    return broken | limits.open
