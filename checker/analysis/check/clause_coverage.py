"""Which rules implement each clause of a source, and which clauses none implements."""

from __future__ import annotations

from dataclasses import dataclass

from checker.language.resolve.resolver import Resolver
from checker.language.resolve.sources import Clause, Source, citations
from checker.language.syntax.documents import Document, path_text


@dataclass(frozen=True, slots=True)
class ClauseCoverage:
    """A clause, and the rules that cite it: name of document, path in it, position in its file."""

    source: str
    clause: Clause
    rules: tuple[tuple[str, str, str], ...]


def trace(resolver: Resolver, documents: list[Document]) -> list[ClauseCoverage]:
    """Return every clause of the sources among `documents`, with the rules that cite it."""
    rules_by_clause: dict[str, list[tuple[str, str, str]]] = {}
    for document in resolver.library.documents:
        well_formed, _ = resolver.shape(document)
        for path, text in citations(well_formed) if well_formed else ():
            at = path_text(document.data, path[:-2])
            rule = (document.name, at, str(document.position(path)))
            rules_by_clause.setdefault(text, []).append(rule)
    coverages = []
    for document in documents:
        if document.kind == "source":
            source: Source | None = resolver.source(document)[0]
            for clause in source.clauses.values() if source else ():
                rules = sorted(rules_by_clause.get(f"{document.id}#{clause.id}", ()))
                coverages.append(ClauseCoverage(document.id, clause, tuple(rules)))
    return coverages
