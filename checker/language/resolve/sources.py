"""Sources: the texts that rules rest on, clause by clause (docs/language.md, section 9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checker.language.syntax.documents import Document, Path


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """One statement of a source.

    Attributes:
        id: its id in the source.
        gist: what it says, as a text for people.
        status: whether rules state it (`encoded`), or why none does.
        why: the reason for the status, a text for people or None.
    """

    id: str
    gist: Any
    status: str
    why: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A source: `clauses` are its statements by id."""

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
    """Yield path and text of every clause that a document cites in `source`.

    The document must follow its schema. A text names a source and a clause.
    """
    for path, entry in _entries(document.data):
        for index, clause in enumerate(entry.get("source", ())):
            yield (*path, "source", index), clause


def _entries(data: Any) -> Iterator[tuple[Path, Any]]:
    """Yield path and data of every entry that may cite sources."""
    yield (), data if data["kind"] == "calendar" else {}
    for key in ("parameters", "grounds", "entitlements"):
        yield from (((key, name), entry) for name, entry in data.get(key, {}).items())
    for name, term in data.get("terms", {}).items():
        rows = term["decide"] if isinstance(term, dict) else term  # an override has rows alone
        path: Path = ("terms", name, "decide") if isinstance(term, dict) else ("terms", name)
        yield ("terms", name), term if isinstance(term, dict) else {}
        yield from (((*path, index), row) for index, row in enumerate(rows))
    for index, rung in enumerate(data.get("standards", {}).get("ladder", [])):
        yield ("standards", "ladder", index), rung
    for index, invariant in enumerate(data.get("invariants", [])):
        yield ("invariants", index), invariant


def unfounded_rules(document: Document) -> Iterator[Path]:
    """Yield the path of every rule of a policy with neither `source` nor `basis`.

    Defined in docs/language.md, section 4.6. The policy must follow its schema.
    """
    data = document.data
    for key in ("parameters", "grounds", "entitlements", "terms"):
        for name, entry in data.get(key, {}).items():
            is_founded = _is_founded(entry) or (
                key == "terms" and all(_is_founded(row) for row in entry["decide"])
            )
            if not is_founded:
                yield (key, name)
    for index, rung in enumerate(data.get("standards", {}).get("ladder", [])):
        if not _is_founded(rung):
            yield ("standards", "ladder", index)


def _is_founded(entry: Any) -> bool:
    return "source" in entry or "basis" in entry
