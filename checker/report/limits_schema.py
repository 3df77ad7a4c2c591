"""The limits of settings as a JSON Schema, so that an editor marks a value that fails.

It covers the settings only; `override.schema.json` covers the rest of an override.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.analysis.limits.results import Interval, Limit
from checker.language.model.policy import Policy
from checker.language.model.types import MINUTES
from checker.language.syntax.localized import english


def limits_schema(policy: Policy, limits: Mapping[str, Limit]) -> dict[str, Any]:
    """Return the schema of the settings in overrides of the policy."""
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
    title = {"title": english(parameter.title)} if parameter.title else {}
    default = parameter.type.show(parameter.default)
    return {**title, "default": default, **_values(limit)}


def _values(limit: Limit) -> dict[str, Any]:
    """Return the schema of the values that the setting may take."""
    if limit.members is not None:
        return _set(limit.members)
    if not limit.parameter.type.ordered:
        return {"enum": [*limit.values]}
    intervals = [_interval(interval, limit) for interval in limit.allowed]
    if not intervals:
        return {"not": {}}
    return intervals[0] if len(intervals) == 1 else {"anyOf": intervals}


def _set(members: Mapping[str, str]) -> dict[str, Any]:
    usable = [member for member, fate in members.items() if fate != "never"]
    needed = [{"contains": {"const": member}} for member, fate in members.items() if fate == "must"]
    schema: dict[str, Any] = {"type": "array", "items": {"enum": usable}}
    return {**schema, "allOf": needed} if needed else schema


def _interval(interval: Interval, limit: Limit) -> dict[str, Any]:
    name, (low, high) = limit.parameter.type.name, interval
    if name == "integer":
        return {"type": "integer", **_bounds(low, high, 1)}
    if name == "money":
        pattern = f"^(?:{'|'.join(_signed(low, high))})$"
        return {"type": ["number", "string"], **_bounds(low, high, 100), "pattern": pattern}
    parts = []
    for unit, minutes in MINUTES.items():
        low_count, high_count = -(-(low or 0) // minutes), None if high is None else high // minutes
        if high_count is None or low_count <= high_count:
            parts.append(f"{whole_numbers(low_count, high_count)}{unit}")
    return {"type": "string", "pattern": f"^(?:{'|'.join(parts)})$"}


def _signed(low: int | None, high: int | None) -> Iterator[str]:
    """Yield patterns for amounts from `low` to `high` cents, below zero and from zero on."""
    if low is None or low < 0:
        least = 1 if high is None or high >= 0 else -high
        yield "-" + amounts(least, None if low is None else -low)
    if high is None or high >= 0:
        yield "[+]?" + amounts(max(low or 0, 0), high)


def _bounds(low: int | None, high: int | None, scale: int) -> dict[str, Any]:
    """Return the bounds in documents, where 1 is `scale` units of `low` and `high`."""
    bounds = {"minimum": low, "maximum": high}
    return {
        key: bound // scale if bound % scale == 0 else bound / scale
        for key, bound in bounds.items()
        if bound is not None
    }


def whole_numbers(low: int, high: int | None) -> str:
    """Return a pattern without anchors for the numbers from `low` to `high`, None: unbounded."""
    low = max(low, 0)
    if high is not None and high < low:
        return _NEVER
    return f"0*(?:{'|'.join(_alternatives(low, high))})"


_NEVER = r"[^\s\S]"


def _alternatives(low: int, high: int | None) -> Iterator[str]:
    """Yield a pattern for the numbers of each length, without leading zeros."""
    if high is None:
        yield from _same_length(str(low), "9" * len(str(low)))
        yield f"[1-9][0-9]{{{len(str(low))},}}"
        return
    start = low
    while start <= high:
        end = min(high, 10 ** len(str(start)) - 1)
        yield from _same_length(str(start), str(end))
        start = end + 1


def _same_length(low: str, high: str) -> Iterator[str]:
    """Yield patterns for the numbers between two numbers with equally many digits."""
    if low == high:
        yield low
        return
    if len(low) == 1:
        yield _digits(int(low), int(high))
        return
    first, last, rest = int(low[0]), int(high[0]), len(low) - 1
    if first == last:
        yield from (f"{first}{rest_pattern}" for rest_pattern in _same_length(low[1:], high[1:]))
        return
    if low[1:] != "0" * rest:
        yield from (f"{first}{rest_pattern}" for rest_pattern in _same_length(low[1:], "9" * rest))
        first += 1
    full = last if high[1:] == "9" * rest else last - 1
    if first <= full:
        yield _digits(first, full) + (f"[0-9]{{{rest}}}" if rest > 1 else "[0-9]")
    if full < last:
        yield from (f"{last}{rest_pattern}" for rest_pattern in _same_length("0" * rest, high[1:]))


def _digits(low: int, high: int) -> str:
    return str(low) if low == high else f"[{low}-{high}]"


def amounts(low: int, high: int | None) -> str:
    """Return a pattern, without anchors, for amounts of money from `low` to `high` cents."""
    low = max(low, 0)
    if high is not None and high < low:
        return _NEVER
    whole, cents = divmod(low, 100)
    if high is not None and high // 100 == whole:
        return f"0*{whole}{_cents(cents, high % 100)}"
    parts = [f"0*{whole}{_cents(cents, 99)}"]
    if high is None or whole + 1 <= high // 100 - 1:
        between = whole_numbers(whole + 1, None if high is None else high // 100 - 1)
        parts.append(between + _cents(0, 99))
    if high is not None:
        parts.append(f"0*{high // 100}{_cents(0, high % 100)}")
    return f"(?:{'|'.join(parts)})"


def _cents(low: int, high: int) -> str:
    """Return a pattern for the part after the whole number: empty is 0 cents, `.5` is 50 cents."""
    if (low, high) == (0, 99):
        return r"(?:\.[0-9]{1,2})?"
    tenths = [str(digit) for digit in range(10) if low <= digit * 10 <= high]
    pairs = [*_same_length(f"{low:02d}", f"{high:02d}")]
    pattern = rf"\.(?:{'|'.join([*tenths, *pairs])})"
    return f"(?:{pattern})?" if low == 0 else pattern
