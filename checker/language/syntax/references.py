"""The references of a document to other documents (docs/language.md, section 1.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checker.language.syntax.documents import Document, Path


def references(document: Document) -> Iterator[tuple[Path, str, str]]:
    """Yield path, kind and text of every reference: `("upholds", 0), "policy", "cn/law@1"`.

    The document need not follow its schema: what is no string is passed over.
    """
    data: Any = document.data
    for kind in ("vocabulary", "policy", "override"):
        if isinstance(data.get(kind), str):
            yield (kind,), kind, data[kind]
    upholds = data.get("upholds")
    for number, reference in enumerate(upholds if isinstance(upholds, list) else ()):
        if isinstance(reference, str):
            yield ("upholds", number), "policy", reference
    # A derived fact states its `roll` inside `derive`, a term at its top.
    for key, inner_path in (("facts", ("derive",)), ("terms", ())):
        entries = data.get(key)
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            counting = entry.get("derive") if inner_path and isinstance(entry, dict) else entry
            roll = counting.get("roll") if isinstance(counting, dict) else None
            for path, reference in _calendars(roll):
                if isinstance(reference, str):
                    yield (key, name, *inner_path, "roll", *path), "calendar", reference


def _calendars(roll: Any) -> Iterator[tuple[Path, Any]]:
    """Yield path and reference of each calendar in `roll`: one, or one for each value of a fact."""
    if not isinstance(roll, dict):
        yield (), roll
    elif isinstance(roll.get("calendars"), dict):
        for value, reference in roll["calendars"].items():
            yield ("calendars", value), reference
