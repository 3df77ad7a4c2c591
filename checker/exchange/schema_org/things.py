"""Things of schema.org with their properties, as JSON-LD and microdata describe them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Protocol

from checker.exchange.schema_org.vocabulary import ATTACHES, POLICY
from checker.language.syntax.problems import Position

_MAX_CHARACTERS = 120  # of a text in a note or a message
Scalar = bool | int | Decimal | str


class Location(Protocol):
    """The place of a thing or a value in a document."""

    @property
    def at(self) -> str:
        """Return the place in the document, such as a JSON pointer."""

    @property
    def position(self) -> Position:
        """Return the position in the file."""


@dataclass(frozen=True)
class PropertyValue:
    """One value of a property; `name` is without the prefix or URL of schema.org."""

    name: str
    value: Scalar | Thing
    location: Location

    @property
    def source_text(self) -> str:
        """Return the property with its value, as the document writes it."""
        return f"{shorten(self.name)}: {display(self.value)}"


@dataclass(frozen=True, eq=False)
class Thing:
    """A thing: its types, its id or "", and the thing whose description contains it.

    `load_values` reads its properties when they are first needed. `may_have_policy` is false if it
    has no property that gives it a return policy.
    """

    types: tuple[str, ...]
    id: str
    location: Location
    load_values: Callable[[], Iterable[PropertyValue]]
    parent: Thing | None = None
    may_have_policy: bool = True

    @cached_property
    def properties(self) -> dict[str, list[PropertyValue]]:
        """Return the values of each property."""
        values_by_name: dict[str, list[PropertyValue]] = {}
        for value in self.load_values():
            values_by_name.setdefault(value.name, []).append(value)
        return values_by_name

    @property
    def key(self) -> str:
        """Return a key that is unique on the page."""
        return self.id or self.location.at


class Graph:
    """The things of a page. Descriptions with the same id are merged to one thing."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self._things = [*things]
        things_by_id: dict[str, list[Thing]] = {}
        for thing in self._things:
            if thing.id:
                things_by_id.setdefault(thing.id, []).append(thing)
        self._merged = {id: _merged(things) for id, things in things_by_id.items()}

    def resolve(self, value: Scalar | Thing) -> Scalar | Thing:
        """Return the merged thing that a value is or refers to; any other value as it is."""
        id = value.id if isinstance(value, Thing) else value if isinstance(value, str) else ""
        return self._merged.get(id, value)

    def owned_policies(self) -> Iterator[tuple[Thing, PropertyValue]]:
        """Yield each thing that has a return policy, with the value that is or names the policy."""
        seen = set()
        for description in self._things:
            thing = self._merged.get(description.id, description)
            if thing.may_have_policy and thing.key not in seen:
                seen.add(thing.key)
                yield from ((thing, value) for value in thing.properties.get(ATTACHES, ()))

    def policies(self) -> Iterator[Thing]:
        """Yield each thing of the type of return policies."""
        for thing in self._things:
            if POLICY in thing.types:
                yield self._merged.get(thing.id, thing)


def display(value: Scalar | Thing) -> str:
    """Return a value for notes and messages; of a thing, its first scalar property values."""
    if isinstance(value, Thing):
        first_values = (value for values in value.properties.values() for value in values[:1])
        texts = (first.source_text for first in first_values if not isinstance(first.value, Thing))
        return shorten(", ".join(texts) or value.id or " ".join(value.types) or "{}")
    if isinstance(value, bool):
        return str(value).lower()
    return shorten(str(value))


def shorten(text: str) -> str:
    """Return a text on one line; of a long text, its beginning."""
    line = " ".join(text.split())
    return line if len(line) <= _MAX_CHARACTERS else f"{line[: _MAX_CHARACTERS - 1]}…"


def _merged(things: list[Thing]) -> Thing:
    """Return one thing for several descriptions of the same id."""
    first = things[0]
    if len(things) == 1:
        return first
    policies = (thing for thing in things if POLICY in thing.types and thing.properties)
    return Thing(
        tuple(dict.fromkeys(name for thing in things for name in thing.types)),
        first.id,
        next((policy.location for policy in policies), first.location),
        lambda: (
            value for thing in things for values in thing.properties.values() for value in values
        ),
        next((thing.parent for thing in things if thing.parent), None),
        any(thing.may_have_policy for thing in things),
    )
