"""The limits of settings as `checker limits --format json` prints them (section 11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.analysis.joint import joint
from checker.analysis.limits import Limit
from checker.analysis.required import Required


def limits_json(required: Required, found: Mapping[str, Limit]) -> dict[str, Any]:
    """Return the limits found of each setting alone, with the condition for all together."""
    settings = {name: limit.as_json() for name, limit in found.items()}
    together = joint(required)
    shown = {"policy": required.world.policy.name, "settings": settings}
    return {**shown, "joint": together.condition, "exact": together.exact}
