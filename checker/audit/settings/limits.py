"""The limits that settings must satisfy, as conditions: proved once, or once for each scope."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

from checker.analysis.limits.joint import Share, shares
from checker.analysis.prove.requirements import RequirementFormulas
from checker.language.formatter.edit_in_place import flow_yaml
from checker.language.model.conditions import Condition
from checker.language.model.typecheck import ConditionReader
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.documents import Document, Reporter
from checker.language.syntax.parser import Mark
from checker.solver.encode import ConditionEncoder
from checker.solver.formulas import TRUE

CheckAt = tuple[str, str]  # a check (docs/language.md, section 6), and where it fails


@dataclass(frozen=True, slots=True, eq=False)
class SettingsLimit:
    """A condition that settings must satisfy to pass a check; `text` is in the language."""

    check_at: CheckAt
    text: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits by check; settings that break no limit may still fail the `open` checks."""

    by_check: dict[CheckAt, list[SettingsLimit]] = field(default_factory=dict)
    open: frozenset[CheckAt] = frozenset()


def limits_of(
    required: RequirementFormulas,
    scope: Condition | None = None,
    only: Container[CheckAt] | None = None,
) -> Limits:
    """Return the limits for sellers without rules.

    Args:
        required: the policy's requirements as formulas.
        scope: the cases in which the seller's settings decide; None for all cases.
        only: the checks to return the limits of; None for all.
    """
    all_shares = shares(required, scope, only)
    by_check = {(share.check, share.at): _limits(share, required.resolved) for share in all_shares}
    return Limits(by_check, frozenset((s.check, s.at) for s in all_shares if not s.exact))


def _limits(share: Share, resolved: ResolvedPolicy) -> list[SettingsLimit]:
    """Return the conditions of one check as limits."""
    report = Reporter(Document(resolved.policy.name, "", {}, Mark(0, 0, {}, {})))
    reader = ConditionReader(resolved.policy.scope(), report)
    limits = []
    for data in share.conditions:
        condition = reader.condition(data, ())
        assert condition is not None, report.problems
        limits.append(SettingsLimit((share.check, share.at), condition_text(data), condition))
    return limits


def condition_text(condition: dict[str, Any]) -> str:
    """Return a condition in the language on one line, like `window_days: {at_least: 7}`."""
    if condition == {"any": []}:
        return "no setting passes: the policy fails by itself"
    return flow_yaml(condition)[1:-1]


def failed_by_default(required: RequirementFormulas, limits: Limits) -> set[CheckAt]:
    """Return the checks that a seller with all defaults fails, or may fail."""
    policy = required.resolved.policy
    encoder = ConditionEncoder(policy.names, policy.defaults(), {})
    broken = {
        check_at
        for check_at, of_check in limits.by_check.items()
        if any(encoder.formula(limit.condition) != TRUE for limit in of_check)
    }
    return broken | limits.open
