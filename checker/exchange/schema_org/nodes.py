"""What a page describes, whether JSON-LD or microdata says it: things and what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Protocol

from checker.exchange.schema_org.vocabulary import ATTACHES, POLICY
from checker.language.syntax.problems import Position

_LONGEST = 120  # characters of a text that a note or a message shows
Scalar = bool | int | Decimal | str


class Place(Protocol):
    """Where something stands."""

    @property
    def at(self) -> str:
        """Return the place in the document's own words: a JSON pointer."""

    @property
    def position(self) -> Position:
        """Return the place in the file."""


@dataclass(frozen=True)
class Value:
    """One value of a property called `name`, without what schema.org puts before names."""

    name: str
    value: Scalar | Node
    place: Place

    @property
    def said(self) -> str:
        """Return the property with its value, as the document puts it."""
        return f"{short(self.name)}: {shown(self.value)}"


@dataclass(frozen=True, eq=False)
class Node:
    """A thing: its types, its id or "", and the thing in whose description it stands.

    `load` reads what is said of it, which waits until somebody asks; `attaches` is whether that may
    be that it has a return policy.
    """

    types: tuple[str, ...]
    id: str
    place: Place
    load: Callable[[], Iterable[Value]]
    within: Node | None = None
    attaches: bool = True

    @cached_property
    def says(self) -> dict[str, list[Value]]:
        """Return the values of each property."""
        found: dict[str, list[Value]] = {}
        for value in self.load():
            found.setdefault(value.name, []).append(value)
        return found

    @property
    def key(self) -> str:
        """Return what no other thing of the page has."""
        return self.id or self.place.at


class Graph:
    """The things of a page; what is said in several places of one id is said of one thing."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._nodes = [*nodes]
        named: dict[str, list[Node]] = {}
        for node in self._nodes:
            if node.id:
                named.setdefault(node.id, []).append(node)
        self._named = {key: _merged(same) for key, same in named.items()}

    def whole(self, value: Scalar | Node) -> Scalar | Node:
        """Return the thing that a value is or refers to, with all that is said of it."""
        key = value.id if isinstance(value, Node) else value if isinstance(value, str) else ""
        return self._named.get(key, value)

    def attached(self) -> Iterator[tuple[Node, Value]]:
        """Yield each thing that has a return policy, with what it says that the policy is."""
        done = set()
        for each in self._nodes:
            node = self._named.get(each.id, each)
            if node.attaches and node.key not in done:
                done.add(node.key)
                yield from ((node, value) for value in node.says.get(ATTACHES, ()))

    def standing_alone(self) -> Iterator[Node]:
        """Yield each thing that is a return policy."""
        for node in self._nodes:
            if POLICY in node.types:
                yield self._named.get(node.id, node)


def shown(value: Scalar | Node) -> str:
    """Return a value as notes and messages show it; of a thing, what it says in few words."""
    if isinstance(value, Node):
        said = (v for values in value.says.values() for v in values[:1])
        inner = (v.said for v in said if not isinstance(v.value, Node))
        return short(", ".join(inner) or value.id or " ".join(value.types) or "{}")
    if isinstance(value, bool):
        return str(value).lower()
    return short(str(value))


def short(text: str) -> str:
    """Return a text on one line, and its beginning where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _merged(nodes: list[Node]) -> Node:
    first = nodes[0]
    if len(nodes) == 1:
        return first
    return Node(
        tuple(dict.fromkeys(name for node in nodes for name in node.types)),
        first.id,
        next((node.place for node in nodes if POLICY in node.types and node.says), first.place),
        lambda: (value for node in nodes for values in node.says.values() for value in values),
        next((node.within for node in nodes if node.within), None),
        any(node.attaches for node in nodes),
    )
