"""What a document refers to: other documents, by kind and reference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checker.language.syntax.documents import Document, Path


def references(document: Document) -> Iterator[tuple[Path, str, str]]:
    """Yield path, kind and text of every reference, as far as they are well formed."""
    data: Any = document.data
    for kind in ("vocabulary", "policy", "override"):
        if isinstance(data.get(kind), str):
            yield (kind,), kind, data[kind]
    upholds = data.get("upholds")
    for number, reference in enumerate(upholds if isinstance(upholds, list) else ()):
        if isinstance(reference, str):
            yield ("upholds", number), "policy", reference
    for key, inner in (("facts", ("derive",)), ("terms", ())):
        entries = data.get(key)
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            counted = entry.get("derive") if inner and isinstance(entry, dict) else entry
            roll = counted.get("roll") if isinstance(counted, dict) else None
            for path, reference in _calendars(roll):
                if isinstance(reference, str):
                    yield (key, name, *inner, "roll", *path), "calendar", reference


def _calendars(roll: Any) -> Iterator[tuple[Path, Any]]:
    """Yield the calendars that `roll` names: itself, or those that a fact picks from."""
    if not isinstance(roll, dict):
        yield (), roll
    elif isinstance(roll.get("calendars"), dict):
        yield from ((("calendars", value), each) for value, each in roll["calendars"].items())
