"""The limits of settings as `limits --format json` prints them (docs/language.md, section 11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.analysis.limits.joint import joint
from checker.analysis.limits.per_setting import Limit
from checker.analysis.prove.requirements import RequirementFormulas


def limits_json(required: RequirementFormulas, found: Mapping[str, Limit]) -> dict[str, Any]:
    """Return the limits found of each setting alone, with the condition for all together."""
    settings = {name: limit.as_json() for name, limit in found.items()}
    together = joint(required)
    shown = {"policy": required.resolved.policy.name, "settings": settings}
    return {**shown, "joint": together.condition, "exact": together.exact}


def limit_words(limit: Limit) -> str:
    """Return the values that a setting may take: `7 to 365`, `must food; never cosmetics`."""
    shown = limit.as_json()
    if limit.members is not None:
        return "; ".join(
            f"{fate} {', '.join(shown[fate])}" for fate in ("must", "may", "never") if shown[fate]
        )
    if not shown["allowed"]:
        return "no value passes"
    if limit.parameter.type.ordered:
        return ", ".join(_interval(*ends) for ends in shown["allowed"])
    return " or ".join(str(each).lower() for each in shown["allowed"])


def _interval(low: object, high: object) -> str:
    if low == high and low is not None:
        return str(low)
    if high is None:
        return "any" if low is None else f"{low} or more"
    return f"up to {high}" if low is None else f"{low} to {high}"
