"""What a document refers to: other documents, by kind and reference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checker.language.documents import Document, Path


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
            if isinstance(counted, dict) and isinstance(counted.get("roll"), str):
                yield (key, name, *inner, "roll"), "calendar", counted["roll"]
