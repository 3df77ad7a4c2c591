"""Fragments of exchange documents as patterns, in which `<stated>` is a hole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from checker.exchange.statements import Value
from checker.language.model.exchange.fragments import STATED, Place, values_of
from checker.language.model.exchange.notions import NOTIONS
from checker.language.model.types import MINUTES, ValueType

_IN_UNITS = re.compile(re.escape(STATED) + "([dhm])")
_NUMBER = re.compile("[0-9]{1,19}", re.ASCII)
_MONEY, _DURATION = ValueType("money"), ValueType("duration")


class Differs(Exception):
    """The data is not what the pattern says."""


def bound(notion: str, pattern: Mapping[Place, Any], data: Mapping[Place, Any]) -> Value | None:
    """Return what `<stated>` stands for in `data`, None where the pattern has none of it.

    Differs where a part is not in `data`, or where `<stated>` would stand for different values, or
    for one that the notion does not have.
    """
    found: set[Value] = set()
    for place, part in pattern.items():
        if place not in data:
            raise Differs
        mine, its = values_of(part), values_of(data[place])
        is_list = place[0] == "scope" and mine is not None and its is not None
        holes = _lists(mine or [], its or []) if is_list else _holes(part, data[place])
        found |= {_value(notion, each) for each in holes}
    if len(found) > 1:
        raise Differs
    return found.pop() if found else None


def _holes(pattern: Any, data: Any) -> Iterator[Any]:
    """Yield what stands in each hole."""
    if isinstance(pattern, str) and STATED in pattern:
        yield _hole(pattern, data)
    elif isinstance(pattern, dict):
        if not isinstance(data, dict) or pattern.keys() != data.keys():
            raise Differs
        for key, part in pattern.items():
            yield from _holes(part, data[key])
    elif isinstance(pattern, list):
        if not isinstance(data, list):
            raise Differs
        yield from _lists(pattern, data)
    elif _plain(pattern) != _plain(data):
        raise Differs


def _lists(pattern: list[Any], data: list[Any]) -> Iterator[Any]:
    """Yield what stands in the holes of a list; scalars alone have no order."""
    if pattern == [STATED]:
        yield data
    elif any(isinstance(each, dict | list) for each in (*pattern, *data)):
        if len(pattern) != len(data):
            raise Differs
        for mine, its in zip(pattern, data, strict=True):
            yield from _holes(mine, its)
    elif {*map(_plain, pattern)} != {*map(_plain, data)}:
        raise Differs


def _hole(pattern: str, data: Any) -> Any:
    """Return what stands in the hole of a text; a duration is taken in the pattern's unit."""
    if pattern == STATED:
        return data
    unit, minutes = _IN_UNITS.fullmatch(pattern), _minutes(data)
    if unit and minutes is not None:
        count, rest = divmod(minutes, MINUTES[unit[1]])
        if rest:
            raise Differs
        return count
    text = "(.+)".join(map(re.escape, pattern.split(STATED)))
    found = re.fullmatch(text, data, re.DOTALL) if isinstance(data, str) else None
    if found is None or len({*found.groups()}) > 1:
        raise Differs
    return found[1]


def _value(notion: str, data: Any) -> Value:
    """Return the notion's value that documents state as `data`, or as text."""
    form, values = NOTIONS[notion]
    if isinstance(data, list) and form != "names":
        data = data[0] if len(data) == 1 else None
    try:
        value: Value = _READ[form](data)
    except (ValueError, TypeError, KeyError):
        raise Differs from None
    if value == () or (values and value not in values):
        raise Differs
    return value


def _whole(data: Any) -> int:
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
    "integer": _whole,
    "money": _MONEY.read,
    "names": _names,
    "choice": _text,
}


def _minutes(data: Any) -> int | None:
    try:
        return int(_DURATION.read(data))  # type: ignore[arg-type]
    except ValueError:
        return None


def _plain(data: Any) -> tuple[str, Any]:
    """Return a scalar by what it says: `48h` is `2d`, and `5` is `5.00`."""
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
