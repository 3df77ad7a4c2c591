"""The limits of settings in a few words, for a line of a terminal or of an editor."""

from __future__ import annotations

from checker.analysis.limits import Limit


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
