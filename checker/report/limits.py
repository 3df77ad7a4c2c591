"""The limits of settings as `limits --format json` prints them (docs/language.md, section 11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.analysis.limits.results import FATES, Joint, Limit
from checker.language.model.policy import Policy


def limits_json(policy: Policy, limits: Mapping[str, Limit], joint_limits: Joint) -> dict[str, Any]:
    """Return the limits of each setting alone, with the condition for all together."""
    settings = {name: limit.as_json() for name, limit in limits.items()}
    joint = {"joint": joint_limits.condition, "exact": joint_limits.exact}
    return {"policy": policy.name, "settings": settings, **joint}


def limit_words(limit: Limit) -> str:
    """Return the values that a setting may take: `7 to 365`, `must food; never cosmetics`."""
    data = limit.as_json()
    if limit.members is not None:
        return "; ".join(f"{fate} {', '.join(data[fate])}" for fate in FATES if data[fate])
    if not data["allowed"]:
        return "no value passes"
    if limit.parameter.type.ordered:
        return ", ".join(_interval(*ends) for ends in data["allowed"])
    return " or ".join(str(value).lower() for value in data["allowed"])


def _interval(low: object, high: object) -> str:
    if low == high and low is not None:
        return str(low)
    if high is None:
        return "any" if low is None else f"{low} or more"
    return f"up to {high}" if low is None else f"{low} to {high}"
