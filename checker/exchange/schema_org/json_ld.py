"""Things that JSON-LD describes, in so much of JSON-LD 1.1 as pages of shops use.

Contexts are read where they stand and never fetched. What none explains is a name of schema.org.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.exchange.positioned_data import Data, Path, pointer
from checker.exchange.schema_org.nodes import Node, Value
from checker.exchange.schema_org.vocabulary import ATTACHES, POLICY, local
from checker.language.syntax.problems import Position

_SCHEMA_ORG = "https://schema.org/"
_KEYWORDS = {"id": "@id", "type": "@type"}  # schema.org's context says so
_NOTHING = "@none"  # of a term that means nothing
_DEEPEST = 8  # prefixes and terms that stand on one another


@dataclass(frozen=True)
class Context:
    """What the names of a description mean: `vocab` goes before names that `terms` lacks."""

    vocab: str = _SCHEMA_ORG
    terms: Mapping[str, str] = field(default_factory=lambda: _KEYWORDS)
    _names: dict[str, str] = field(default_factory=dict)  # those that were asked for

    def within(self, raw: Any) -> Context:
        """Return the context inside of a description that has `raw` as its own `@context`."""
        context = self
        for each in raw if isinstance(raw, list) else [raw]:
            if isinstance(each, dict):
                context = context._with(each)
        return context

    def _with(self, raw: dict[str, Any]) -> Context:
        terms = dict(self.terms)
        for term, meaning in raw.items():
            iri = meaning.get("@id", term) if isinstance(meaning, dict) else meaning
            if not term.startswith("@"):
                terms[term] = iri if isinstance(iri, str) else _NOTHING
        vocab = raw.get("@vocab", self.vocab)
        return Context(vocab if isinstance(vocab, str) else "", terms)

    def name(self, term: str) -> str:
        """Return a keyword, a name of schema.org by itself, or any other in full."""
        if term not in self._names:
            iri = self.iri(term)
            if not iri.startswith("@") and ":" not in iri:
                iri = self.vocab + iri
            self._names[term] = local(iri)
        return self._names[term]

    def iri(self, term: str) -> str:
        """Return what a term or a name with a prefix stands for; any other text as it is."""
        for _ in range(_DEEPEST):
            prefix, colon, rest = term.partition(":")
            if self.terms.get(term, term) != term:
                term = self.terms[term]
            elif colon and not rest.startswith("//") and prefix in self.terms:
                term = self.terms[prefix] + rest
            else:
                break
        return term


@dataclass(frozen=True)
class _Place:
    data: Data
    source: str
    path: Path

    @property
    def at(self) -> str:
        return f"{self.source}{pointer(self.path)}"

    @property
    def position(self) -> Position:
        return self.data.position(self.path)


def nodes(data: Data, source: str = "") -> Iterator[Node]:
    """Yield the things that may be, have or explain return policies.

    `source` names the text among others of its file.
    """
    stack: list[tuple[Any, Path, Context, Node | None]] = [(data.value, (), Context(), None)]
    while stack:
        raw, path, context, within = stack.pop()
        inner: list[tuple[str | int, Any]] = []
        if isinstance(raw, list):
            inner = [*enumerate(raw)]
        elif isinstance(raw, dict):
            context = context.within(raw["@context"]) if "@context" in raw else context
            within = _node(raw, _Place(data, source, path), context, within)
            if POLICY in within.types or (within.id and len(raw) > 1) or within.attaches:
                yield within
            inner = [(key, each) for key, each in raw.items() if key != "@context"]
        for step, each in reversed(inner):
            if isinstance(each, dict | list):
                stack.append((each, (*path, step), context, within))


def _node(raw: dict[str, Any], place: _Place, context: Context, within: Node | None) -> Node:
    said = {context.name(key): each for key, each in raw.items()}
    types, id = said.get("@type"), said.get("@id")
    names = tuple(context.name(each) for each in _listed(types) if isinstance(each, str))
    id = id if isinstance(id, str) else ""
    return Node(
        names,
        _known_here(id, place.source) if id.startswith("_:") else context.iri(id),
        place,
        lambda: _says(raw, place, context),
        within,
        ATTACHES in said,
    )


def _known_here(id: str, source: str) -> str:
    """Return an id that no other text of the file has."""
    return f"{id} of {source}" if source else id


def _says(raw: dict[str, Any], place: _Place, context: Context) -> Iterator[Value]:
    """Yield what a description says, property by property; null says nothing."""
    for key, inner in raw.items():
        name = context.name(key)
        if name.startswith("@"):
            continue
        stack = [(inner, (*place.path, key))]
        while stack:
            each, path = stack.pop()
            here = _Place(place.data, place.source, path)
            if isinstance(each, list):
                stack += reversed([(item, (*path, n)) for n, item in enumerate(each)])
            elif isinstance(each, dict):
                container = next((k for k in ("@value", "@list", "@set") if k in each), "")
                if container:
                    stack.append((each[container], (*path, container)))
                else:
                    inside = context.within(each["@context"]) if "@context" in each else context
                    yield Value(name, _node(each, here, inside, None), here)
            elif each is not None:
                yield Value(name, each, here)


def _listed(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else [raw]
