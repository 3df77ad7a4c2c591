"""Sources: the texts that rules rest on, clause by clause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checker.language.syntax.documents import Document, Path


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


def citations(document: Document) -> Iterator[tuple[Path, str]]:
    """Yield path and text of every `source:` entry in a document that follows its schema."""
    for path, entry in _entries(document.data):
        for number, clause in enumerate(entry.get("source", ())):
            yield (*path, "source", number), clause


def _entries(data: Any) -> Iterator[tuple[Path, Any]]:
    """Yield path and data of everything that may name its sources."""
    yield (), data if data["kind"] == "calendar" else {}
    for key in ("parameters", "grounds", "entitlements"):
        yield from (((key, name), entry) for name, entry in data.get(key, {}).items())
    for name, term in data.get("terms", {}).items():
        rows = term["decide"] if isinstance(term, dict) else term  # an override has rows alone
        place: Path = ("terms", name, "decide") if isinstance(term, dict) else ("terms", name)
        yield ("terms", name), term if isinstance(term, dict) else {}
        yield from (((*place, number), row) for number, row in enumerate(rows))
    ladder = data.get("standards", {}).get("ladder", [])
    yield from ((("standards", "ladder", n), rung) for n, rung in enumerate(ladder))
    yield from ((("invariants", n), each) for n, each in enumerate(data.get("invariants", [])))


def unfounded_rules(document: Document) -> Iterator[Path]:
    """Yield the path of every rule of a policy with neither `source` nor `basis`.

    Defined in docs/language.md, section 4.
    """
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
