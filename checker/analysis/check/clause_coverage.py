"""Which rule carries out which clause, and which clause no rule carries out."""

from __future__ import annotations

from dataclasses import dataclass

from checker.language.resolve.resolver import Resolver
from checker.language.resolve.sources import Clause, Source, citations
from checker.language.syntax.documents import Document, path_text


@dataclass(frozen=True, slots=True)
class Traced:
    """A clause, and the rules that cite it: document, place, position."""

    source: str
    clause: Clause
    rules: tuple[tuple[str, str, str], ...]


def trace(resolver: Resolver, documents: list[Document]) -> list[Traced]:
    """Return every clause of the sources among `documents`, with the rules that cite it."""
    cited: dict[str, list[tuple[str, str, str]]] = {}
    for document in resolver.library.documents:
        whole, _ = resolver.shape(document)
        for path, text in citations(whole) if whole else ():
            at = path_text(document.data, path[:-2])
            rule = (document.name, at, str(document.position(path)))
            cited.setdefault(text, []).append(rule)
    found = []
    for document in documents:
        if document.kind == "source":
            source: Source | None = resolver.source(document)[0]
            for clause in source.clauses.values() if source else ():
                rules = sorted(cited.get(f"{document.id}#{clause.id}", ()))
                found.append(Traced(document.id, clause, tuple(rules)))
    return found
