"""The marketplace of `marketplace.yaml` as documents, and its facts as data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from checker.language.model.types import ValueType
from checker.language.syntax.parser import compose

Data = dict[str, Any]

_read, _ = compose(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))

DOCUMENTS: list[Data] = [_read["vocabulary"], _read["law"], _read["policy"]]
POLICY: Data = _read["policy"]
FACTS: Data = _read["vocabulary"]["facts"]


def number(fact: str, written: Any) -> int:
    """Return an ordered fact's value as a whole number: cents, or the number of the day."""
    return int(ValueType(FACTS[fact]["type"]).read(written))  # type: ignore[arg-type]


def written(fact: str, value: int) -> Any:
    """Return the number of an ordered fact as documents write it."""
    return ValueType(FACTS[fact]["type"]).show(value)


def size(fact: str) -> int:
    """Return how many values the fact has."""
    entry = FACTS[fact]
    if entry["type"] == "boolean":
        return 2
    if entry["type"] == "enum":
        return len(entry["values"])
    low, high = entry.get("range", ["1970-01-01", "2199-12-31"])
    return number(fact, high) - number(fact, low) + 1
