"""Sources: the texts that rules rest on, clause by clause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checker.language.documents import Document, Path


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """One statement of a source: its gist, and whether rules carry it out."""

    id: str
    gist: Any
    status: str
    why: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A text, as clauses."""

    name: str
    id: str
    clauses: Mapping[str, Clause]
    title: Any = None


def read_source(document: Document) -> Source:
    """Return the source in a document that follows its schema."""
    clauses = {
        id: Clause(id, entry["gist"], entry["status"], entry.get("why"))
        for id, entry in document.data["clauses"].items()
    }
    return Source(document.name, document.id, clauses, document.data.get("title"))


# What stands below these are names of the author's, among which `source` means nothing.
_NAMES_BELOW = frozenset(["when", "always", "scope", "definitions", "settings", "cases"])


def citations(document: Document) -> Iterator[tuple[Path, str]]:
    """Yield path and text of every `source:` entry in the document, wherever it stands."""
    stack: list[tuple[Path, Any]] = [((), document.data)]
    while stack:
        path, node = stack.pop()
        items = node.items() if isinstance(node, dict) else enumerate(node)
        for step, value in items:
            here = (*path, step)
            if step in _NAMES_BELOW:
                continue
            if step == "source" and isinstance(value, list):
                yield from (((*here, i), clause) for i, clause in enumerate(value))
            elif isinstance(value, dict | list):
                stack.append((here, value))


def unfounded(document: Document) -> Iterator[Path]:
    """Yield the path of every rule of a policy with neither `source` nor `basis` (section 4)."""
    data = document.data
    for key in ("parameters", "grounds", "entitlements", "terms"):
        for name, entry in data.get(key, {}).items():
            founded = _founded(entry) or (
                key == "terms" and all(_founded(row) for row in entry["decide"])
            )
            if not founded:
                yield (key, name)
    for number, rung in enumerate(data.get("standards", {}).get("ladder", [])):
        if not _founded(rung):
            yield ("standards", "ladder", number)


def _founded(entry: Any) -> bool:
    return "source" in entry or "basis" in entry
