"""What authors write from the habit of other languages, and what this language has for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

_CONDITION_WORDS: Final = {
    "or": "any",
    "and": "all",
    "any_of": "any",
    "anyOf": "any",
    "one_of": "any",
    "oneOf": "any",
    "all_of": "all",
    "allOf": "all",
    "nor": "not",
    "none": "not",
    "none_of": "not",
    "unless": "not",
    "except": "not",
}
_HOW_TO_WRITE: Final = {
    "any": "write `any: [{…}, {…}]`",
    "all": "write `all: [{…}, {…}]`",
    "not": "write `not: {any: [{…}, {…}]}`",
}
_OPERATOR_WORDS: Final = {
    **dict.fromkeys([">=", "=>", "≥", "gte", "ge", "min", "minimum", "from"], "at_least"),
    **dict.fromkeys(["<=", "=<", "≤", "lte", "le", "max", "maximum", "until", "to"], "at_most"),
    **dict.fromkeys([">", "gt", "above", "over", "greater_than", "after"], "more_than"),
    **dict.fromkeys(["<", "lt", "below", "under", "smaller_than", "before"], "less_than"),
    **dict.fromkeys(["=", "==", "eq", "equal", "equals", "equal_to"], "is"),
    **dict.fromkeys(["!=", "<>", "≠", "ne", "neq", "not", "not_equal", "not_equals"], "is_not"),
    **dict.fromkeys(["in", "is_in", "any_of", "any"], "one_of"),
    **dict.fromkeys(["not_in", "nin", "not_one_of", "none"], "none_of"),
    **dict.fromkeys(["range", "within"], "between"),
    **dict.fromkeys(["contains", "has", "include"], "includes"),
    **dict.fromkeys(["lacks", "not_contains", "exclude"], "excludes"),
}
_ANSWER_WORDS: Final = {
    **dict.fromkeys(["deny", "refuse", "decline", "block", "forbid", "no"], "reject"),
    **dict.fromkeys(["approve", "allow", "grant", "permit", "yes"], "accept"),
    **dict.fromkeys(["review", "ask", "escalate", "human"], "manual"),
    **dict.fromkeys(["default", "policy", "continue", "inherit"], "follow"),
}
_COMPARISON = re.compile(r"(>=|=>|<=|=<|==|!=|<>|≥|≤|≠|>|<|=)\s*(\S.*)")
_AT_LEAST = re.compile(r"([0-9]+)(?:\+| or more| and more)")
_BETWEEN = re.compile(r"([0-9]+)\s*(?:-|–|\.\.\.?| to )\s*([0-9]+)")
_NUMBER_AND_UNIT = re.compile(r"([0-9]{1,6})\s*([A-Za-z]+|天|日|小时|分钟|周|星期)")
_UNITS: Final = {
    **dict.fromkeys(["w", "wk", "wks", "week", "weeks", "周", "星期"], (7, "d")),
    **dict.fromkeys(["d", "day", "days", "天", "日"], (1, "d")),
    **dict.fromkeys(["h", "hr", "hrs", "hour", "hours", "小时"], (1, "h")),
    **dict.fromkeys(["m", "min", "mins", "minute", "minutes", "分钟"], (1, "m")),
}
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")


def meant_condition_word(name: str) -> str | None:
    """Return the help for a word such as `or` in place of a condition's, None for others."""
    word = _CONDITION_WORDS.get(name) or _CONDITION_WORDS.get(name.lower())
    return _HOW_TO_WRITE[word] if word else None


def meant_key(name: str, known: Iterable[str]) -> str | None:
    """Return the help for an operator of another language, such as `>=` or `gte`."""
    return _meant(name, known, _OPERATOR_WORDS)


def meant_value(name: str, known: Iterable[str]) -> str | None:
    """Return the help for an answer in other words, such as `deny` for `reject`."""
    return _meant(name, known, _ANSWER_WORDS)


def _meant(name: str, known: Iterable[str], words: Mapping[str, str]) -> str | None:
    word = words.get(name.strip().lower())
    return f"write `{word}`" if word in {*known} else None


def meant_test(text: str) -> str | None:
    """Return the help for a text that states a test, such as `>= 10`, `10+` or `3-7`."""
    text = text.strip()
    comparison = _COMPARISON.fullmatch(text)
    if comparison:
        return f"write `{{{_OPERATOR_WORDS[comparison[1]]}: {comparison[2].strip()}}}`"
    at_least = _AT_LEAST.fullmatch(text)
    if at_least:
        return f"write `{{at_least: {at_least[1]}}}`"
    between = _BETWEEN.fullmatch(text)
    return f"write `{{between: [{between[1]}, {between[2]}]}}`" if between else None


def meant_duration(data: Any) -> str | None:
    """Return the help for a duration in other units, such as `2w`, `15 days` or `30`."""
    if isinstance(data, int) and not isinstance(data, bool) and 0 <= data < 1_000_000:
        return f"write its unit, like `{data}d` or `{data}h`"
    match = _NUMBER_AND_UNIT.fullmatch(data) if isinstance(data, str) else None
    if match is None or match[2].lower() not in _UNITS:
        return None
    factor, unit = _UNITS[match[2].lower()]
    return f"write `{int(match[1]) * factor}{unit}`"


def meant_number(data: Any) -> str | None:
    """Return the help for a number with its unit, such as `14 days`, where no unit is stated."""
    match = _NUMBER_AND_UNIT.fullmatch(data) if isinstance(data, str) else None
    return f"write `{int(match[1])}`" if match and match[2].lower() in _UNITS else None


def meant_date(data: Any) -> str | None:
    """Return the help for a date in another order of signs, such as `2024-9-1` or `2024/09/01`."""
    match = _DATE.fullmatch(data) if isinstance(data, str) else None
    if match is None:
        return None
    date = f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"
    return f"write `{date}`" if date != data else None


def meant_list(data: Any) -> str | None:
    """Return the help for one value, or a map, in place of a list."""
    if isinstance(data, dict):
        if not data or not all(isinstance(key, str) for key in data):
            return None
        if all(isinstance(value, dict) for value in data.values()):
            return f"write a list, whose first item begins with `- id: {next(iter(data))}`"
        if all(value is None or isinstance(value, bool) for value in data.values()):
            return f"write `[{', '.join(data)}]`"
        return None
    if isinstance(data, str) and data.isprintable() and 0 < len(data) <= 60:
        return f"write `[{data}]`"
    return None


def meant_references(key: Any, data: Any) -> str | None:
    """Return the help for several grounds or definitions where one is expected."""
    if key not in ("ground", "definition") or not isinstance(data, list):
        return None
    names = [name for name in data if isinstance(name, str)]
    if len(names) < len(data) or not 0 < len(names) <= 6:
        return None
    parts = ", ".join(f"{{{key}: {name}}}" for name in names)
    return f"write `any: [{parts}]`"
