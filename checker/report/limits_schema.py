"""The limits of settings as a JSON Schema, so that an editor underlines a value that fails.

It says nothing of the rest of an override: `override.schema.json` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.analysis.limits import Interval, Limit
from checker.language.policy import Policy
from checker.language.values import MINUTES
from checker.language.words import english
from checker.report.number_patterns import amounts, whole_numbers


def limits_schema(policy: Policy, limits: Mapping[str, Limit]) -> dict[str, Any]:
    """Return the schema of overrides of the policy, as far as their settings go."""
    settings = {name: _setting(limit) for name, limit in limits.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Settings under {policy.name}",
        "type": "object",
        "properties": {
            "settings": {
                "type": "object",
                "properties": settings,
                "additionalProperties": False,
            }
        },
    }


def _setting(limit: Limit) -> dict[str, Any]:
    parameter = limit.parameter
    shown = {"title": english(parameter.title)} if parameter.title else {}
    default = parameter.type.show(parameter.default)
    return {**shown, "default": default, **_values(limit)}


def _values(limit: Limit) -> dict[str, Any]:
    """Return the schema of the values that the setting may take."""
    if limit.members is not None:
        return _set(limit.members)
    if not limit.parameter.type.ordered:
        return {"enum": [*limit.values]}
    intervals = [_interval(each, limit) for each in limit.allowed]
    if not intervals:
        return {"not": {}}
    return intervals[0] if len(intervals) == 1 else {"anyOf": intervals}


def _set(members: Mapping[str, str]) -> dict[str, Any]:
    usable = [member for member, fate in members.items() if fate != "never"]
    needed = [{"contains": {"const": m}} for m, fate in members.items() if fate == "must"]
    of_them: dict[str, Any] = {"type": "array", "items": {"enum": usable}}
    return {**of_them, "allOf": needed} if needed else of_them


def _interval(interval: Interval, limit: Limit) -> dict[str, Any]:
    name, (low, high) = limit.parameter.type.name, limit.ends(interval)
    if name == "integer":
        return {"type": "integer", **_bounds(low, high, 1)}
    if name == "money":
        pattern = f"^(?:{'|'.join(_signed(low, high))})$"
        return {"type": ["number", "string"], **_bounds(low, high, 100), "pattern": pattern}
    parts = []
    for unit, minutes in MINUTES.items():
        least, most = -(-(low or 0) // minutes), None if high is None else high // minutes
        if most is None or least <= most:
            parts.append(f"{whole_numbers(least, most)}{unit}")
    return {"type": "string", "pattern": f"^(?:{'|'.join(parts)})$"}


def _signed(low: int | None, high: int | None) -> Iterator[str]:
    """Yield patterns for amounts from `low` to `high` cents, below zero and from zero on."""
    if low is None or low < 0:
        least = 1 if high is None or high >= 0 else -high
        yield "-" + amounts(least, None if low is None else -low)
    if high is None or high >= 0:
        yield "[+]?" + amounts(max(low or 0, 0), high)


def _bounds(low: int | None, high: int | None, scale: int) -> dict[str, Any]:
    """Return the bounds of numbers that stand for `scale` units each."""
    bounds = {"minimum": low, "maximum": high}
    return {
        key: bound // scale if bound % scale == 0 else bound / scale
        for key, bound in bounds.items()
        if bound is not None
    }
