"""Reads the things that JSON-LD describes, with the features of JSON-LD 1.1 that shops use.

Contexts in the document are read, no others are fetched. A name that no context defines is a name
of schema.org. Source: https://www.w3.org/TR/json-ld11/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.exchange.positioned_data import Data, Path, pointer
from checker.exchange.schema_org.things import PropertyValue, Thing
from checker.exchange.schema_org.vocabulary import ATTACHES, POLICY, local
from checker.language.syntax.problems import Position

_SCHEMA_ORG = "https://schema.org/"
_KEYWORDS = {"id": "@id", "type": "@type"}  # aliases in schema.org's context
_NO_MEANING = "@none"  # in place of the IRI of a term without one
_MAX_EXPANSIONS = 8  # of terms and prefixes that are defined by others


@dataclass(frozen=True)
class Context:
    """The meaning of names; `vocab` is the prefix of names that are not in `terms`."""

    vocab: str = _SCHEMA_ORG
    terms: Mapping[str, str] = field(default_factory=lambda: _KEYWORDS)
    _names: dict[str, str] = field(default_factory=dict)  # a cache of `name`

    def extended(self, definitions: Any) -> Context:
        """Return the context of a description whose `@context` is `definitions`."""
        context = self
        for definition in _listed(definitions):
            if isinstance(definition, dict):
                context = context._with(definition)
        return context

    def _with(self, definition: dict[str, Any]) -> Context:
        terms = dict(self.terms)
        for term, meaning in definition.items():
            iri = meaning.get("@id", term) if isinstance(meaning, dict) else meaning
            if not term.startswith("@"):
                terms[term] = iri if isinstance(iri, str) else _NO_MEANING
        vocab = definition.get("@vocab", self.vocab)
        return Context(vocab if isinstance(vocab, str) else "", terms)

    def name(self, term: str) -> str:
        """Return a keyword, a name of schema.org without its URL, or the IRI of another name."""
        if term not in self._names:
            iri = self.iri(term)
            if not iri.startswith("@") and ":" not in iri:
                iri = self.vocab + iri
            self._names[term] = local(iri)
        return self._names[term]

    def iri(self, term: str) -> str:
        """Return the IRI of a term or of a name with a prefix; any other text as it is."""
        for _ in range(_MAX_EXPANSIONS):
            prefix, colon, rest = term.partition(":")
            if self.terms.get(term, term) != term:
                term = self.terms[term]
            elif colon and not rest.startswith("//") and prefix in self.terms:
                term = self.terms[prefix] + rest
            else:
                break
        return term


@dataclass(frozen=True)
class _JsonLocation:
    """A path in the data of a text; `source` names the text among several of a file."""

    data: Data
    source: str
    path: Path

    @property
    def at(self) -> str:
        return f"{self.source}{pointer(self.path)}"

    @property
    def position(self) -> Position:
        return self.data.position(self.path)


def things(data: Data, source: str = "") -> Iterator[Thing]:
    """Yield the things that may be return policies, have one, or be referred to by one.

    `source` names the text among several of a file.
    """
    stack: list[tuple[Any, Path, Context, Thing | None]] = [(data.value, (), Context(), None)]
    while stack:
        value, path, context, parent = stack.pop()
        children: list[tuple[str | int, Any]] = []
        if isinstance(value, list):
            children = [*enumerate(value)]
        elif isinstance(value, dict):
            context = context.extended(value["@context"]) if "@context" in value else context
            thing = _thing(value, _JsonLocation(data, source, path), context, parent)
            if POLICY in thing.types or (thing.id and len(value) > 1) or thing.may_have_policy:
                yield thing
            children = [(key, inner) for key, inner in value.items() if key != "@context"]
            parent = thing
        for step, inner in reversed(children):
            if isinstance(inner, dict | list):
                stack.append((inner, (*path, step), context, parent))


def _thing(
    description: dict[str, Any], location: _JsonLocation, context: Context, parent: Thing | None
) -> Thing:
    values = {context.name(key): value for key, value in description.items()}
    types = (name for name in _listed(values.get("@type")) if isinstance(name, str))
    id = values.get("@id")
    id = id if isinstance(id, str) else ""
    return Thing(
        tuple(context.name(name) for name in types),
        _blank_id(id, location.source) if id.startswith("_:") else context.iri(id),
        location,
        lambda: _values(description, location, context),
        parent,
        ATTACHES in values,
    )


def _blank_id(id: str, source: str) -> str:
    """Return an id for a blank node, which is known in its own text of the file alone."""
    return f"{id} of {source}" if source else id


def _values(
    description: dict[str, Any], location: _JsonLocation, context: Context
) -> Iterator[PropertyValue]:
    """Yield the values of a description, property by property; null is no value."""
    for key, property_data in description.items():
        name = context.name(key)
        if name.startswith("@"):
            continue
        stack = [(property_data, (*location.path, key))]
        while stack:
            value, path = stack.pop()
            value_location = _JsonLocation(location.data, location.source, path)
            if isinstance(value, list):
                items = enumerate(value)
                stack += reversed([(item, (*path, index)) for index, item in items])
            elif isinstance(value, dict):
                containers = ("@value", "@list", "@set")
                container = next((keyword for keyword in containers if keyword in value), "")
                if container:
                    stack.append((value[container], (*path, container)))
                    continue
                inner_context = context
                if "@context" in value:
                    inner_context = context.extended(value["@context"])
                thing = _thing(value, value_location, inner_context, None)
                yield PropertyValue(name, thing, value_location)
            elif value is not None:
                yield PropertyValue(name, value, value_location)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
