"""Matches fragments of exchange documents as patterns, in which `<stated>` is a variable."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from checker.exchange.statements import Value
from checker.language.model.exchange.fragments import STATED, PartPath, values_of
from checker.language.model.exchange.notions import NOTIONS
from checker.language.model.types import MINUTES, ValueType

_IN_UNITS = re.compile(re.escape(STATED) + "([dhm])")
_NUMBER = re.compile("[0-9]{1,19}", re.ASCII)
_MONEY, _DURATION = ValueType("money"), ValueType("duration")


class PatternMismatch(Exception):
    """The data does not match the pattern."""


def match_pattern(
    notion: str, pattern: Mapping[PartPath, Any], data: Mapping[PartPath, Any]
) -> Value | None:
    """Return the value of `<stated>` in `data`, None where the pattern has no `<stated>`.

    Raises:
        PatternMismatch: A part is not in `data`, `<stated>` has several values, or the notion does
            not have that value.
    """
    values: set[Value] = set()
    for path, part in pattern.items():
        if path not in data:
            raise PatternMismatch
        pattern_values, data_values = values_of(part), values_of(data[path])
        if path[0] == "scope" and pattern_values is not None and data_values is not None:
            matches = _match_lists(pattern_values, data_values)
        else:
            matches = _match(part, data[path])
        values |= {_value(notion, match) for match in matches}
    if len(values) > 1:
        raise PatternMismatch
    return values.pop() if values else None


def _match(pattern: Any, data: Any) -> Iterator[Any]:
    """Yield the data that each `<stated>` of the pattern matches."""
    if isinstance(pattern, str) and STATED in pattern:
        yield _match_text(pattern, data)
    elif isinstance(pattern, dict):
        if not isinstance(data, dict) or pattern.keys() != data.keys():
            raise PatternMismatch
        for key, part in pattern.items():
            yield from _match(part, data[key])
    elif isinstance(pattern, list):
        if not isinstance(data, list):
            raise PatternMismatch
        yield from _match_lists(pattern, data)
    elif _normalized(pattern) != _normalized(data):
        raise PatternMismatch


def _match_lists(pattern: list[Any], data: list[Any]) -> Iterator[Any]:
    """Yield the data that each `<stated>` of a list matches; a list of scalars has no order."""
    if pattern == [STATED]:
        yield data
    elif any(isinstance(item, dict | list) for item in (*pattern, *data)):
        if len(pattern) != len(data):
            raise PatternMismatch
        for pattern_item, data_item in zip(pattern, data, strict=True):
            yield from _match(pattern_item, data_item)
    elif {*map(_normalized, pattern)} != {*map(_normalized, data)}:
        raise PatternMismatch


def _match_text(pattern: str, data: Any) -> Any:
    """Return the data that `<stated>` in a text matches; a duration in the pattern's unit."""
    if pattern == STATED:
        return data
    unit, minutes = _IN_UNITS.fullmatch(pattern), _minutes(data)
    if unit and minutes is not None:
        count, rest = divmod(minutes, MINUTES[unit[1]])
        if rest:
            raise PatternMismatch
        return count
    expression = "(.+)".join(map(re.escape, pattern.split(STATED)))
    match = re.fullmatch(expression, data, re.DOTALL) if isinstance(data, str) else None
    if match is None or len({*match.groups()}) > 1:
        raise PatternMismatch
    return match[1]


def _value(notion: str, data: Any) -> Value:
    """Return the value of the notion that documents write as `data`, or as its text."""
    form, values = NOTIONS[notion]
    if isinstance(data, list) and form != "names":
        data = data[0] if len(data) == 1 else None
    try:
        value: Value = _READ[form](data)
    except (ValueError, TypeError, KeyError):
        raise PatternMismatch from None
    if value == () or (values and value not in values):
        raise PatternMismatch
    return value


def _integer(data: Any) -> int:
    if isinstance(data, bool) or not _NUMBER.fullmatch(str(data)):
        raise ValueError
    return int(data)


def _names(data: Any) -> tuple[str, ...]:
    return tuple(map(_text, data)) if isinstance(data, list) else (_text(data),)


def _text(data: Any) -> str:
    if not isinstance(data, str):
        raise TypeError
    return data


_READ: dict[str, Any] = {
    "boolean": {True: True, False: False, "true": True, "false": False}.__getitem__,
    "integer": _integer,
    "money": _MONEY.read,
    "names": _names,
    "choice": _text,
}


def _minutes(data: Any) -> int | None:
    try:
        return int(_DURATION.read(data))  # type: ignore[arg-type]
    except ValueError:
        return None


def _normalized(data: Any) -> tuple[str, Any]:
    """Return the same value for scalars of the same meaning: `48h` and `2d`, `5` and `5.00`."""
    minutes = _minutes(data)
    if minutes is not None:
        return "minutes", minutes
    if isinstance(data, bool):
        return "boolean", data
    try:
        cents = _MONEY.read(data)
    except ValueError:
        return "text", str(data)
    return "number", cents
