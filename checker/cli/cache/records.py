"""Findings as JSON values, and the same findings of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from checker.analysis.check.findings import Examined
from checker.language.syntax.problems import (
    Finding,
    PlainestCase,
    Position,
    Requirer,
    UnusualFact,
)

_CLASSES = (Examined, Finding, PlainestCase, Position, Requirer, UnusualFact)
_BY_NAME = {kept.__name__: kept for kept in _CLASSES}


def record(value: Any) -> Any:
    """Return a result as a JSON value: scalars as they are, all else as a list with its type.

    Raises:
        TypeError: a part of it has a type that is not kept.
    """
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is list:
        return ["list", *map(record, value)]
    if kind is tuple:
        return ["tuple", *map(record, value)]
    if kind is dict:
        return ["dict", *([record(key), record(entry)] for key, entry in value.items())]
    if kind is Decimal:
        return ["decimal", str(value)]
    if kind in _CLASSES:
        return [kind.__name__, *(record(getattr(value, name)) for name in kind.__slots__)]
    raise TypeError(f"a {kind.__name__} is not kept")


def restored(kept: Any) -> Any:
    """Return the result that `record` made the JSON value of."""
    if not isinstance(kept, list):
        return kept
    name, *parts = kept
    if name == "dict":
        return {restored(key): restored(value) for key, value in parts}
    if name == "decimal":
        return Decimal(parts[0])
    values = [restored(part) for part in parts]
    if name == "list":
        return values
    return tuple(values) if name == "tuple" else _BY_NAME[name](*values)
