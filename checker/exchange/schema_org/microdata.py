"""Things that microdata describes, by the algorithm of the HTML standard.

As the W3C's text of it has it, `content` gives the value of any element: shops write it so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checker.exchange.schema_org.nodes import Node, Value
from checker.exchange.schema_org.pages import Page
from checker.exchange.schema_org.vocabulary import local
from checker.language.syntax.problems import Position

_VALUES = dict.fromkeys(("audio", "embed", "iframe", "img", "source", "track", "video"), "src")
_VALUES |= dict.fromkeys(("a", "area", "link"), "href")
_VALUES |= {"object": "data", "data": "value", "meter": "value", "time": "datetime"}
_SPEAKS = "ReturnPolicy"


@dataclass(frozen=True)
class _Place:
    at: str
    position: Position


def nodes(page: Page) -> list[Node]:
    """Return the items of a page, none where nothing in it speaks of return policies."""
    marked = page.having("itemscope", "itemprop")
    if not any(
        _SPEAKS in each.get(name, "") for each in marked for name in ("itemtype", "itemprop")
    ):
        return []
    return _Items(page, {element: page.position(element) for element in marked}).nodes()


class _Items:
    """The items of a page, each made once.

    They hold what is said of them and no elements, so that a page goes as soon as it was read.
    """

    def __init__(self, page: Page, positions: dict[Any, Position]) -> None:
        self._positions = positions
        scopes = [element for element in positions if "itemscope" in element.attrib]
        self._numbers = {element: number for number, element in enumerate(scopes, 1)}
        self._nodes: dict[Any, Node] = {}
        self._said: dict[Any, list[Value]] = {}
        self._ids: dict[str, Any] = {}
        for element in page.having("id") if page.having("itemref") else ():
            self._ids.setdefault(element.get("id"), element)

    def nodes(self) -> list[Node]:
        """Return all items, in the page's order."""
        found = [self._node(element) for element in self._numbers]
        for element, node in self._nodes.items():
            self._said[element].extend(self._says(element, node.place.at))
        return found

    def _node(self, element: Any) -> Node:
        """Return the item of an element with `itemscope`; an item's item is made before it."""
        if element not in self._nodes:
            above = next(
                (each for each in element.iterancestors() if "itemscope" in each.attrib), None
            )
            place = _Place(f"itemscope[{self._numbers[element]}]", self._positions[element])
            said = self._said[element] = list[Value]()
            self._nodes[element] = Node(
                tuple(local(name) for name in element.get("itemtype", "").split()),
                element.get("itemid", "").strip(),
                place,
                lambda: said,
                self._nodes.get(above),
            )
        return self._nodes[element]

    def _says(self, item: Any, at: str) -> Iterator[Value]:
        """Yield what an item says: properties in it, and in what its `itemref` names."""
        seen = {item}
        pending = [*reversed(item)]
        referred = (self._ids.get(each) for each in item.get("itemref", "").split())
        pending[:0] = reversed([each for each in referred if each is not None])
        while pending:
            element = pending.pop()
            if element in seen:
                continue
            seen.add(element)
            for name in dict.fromkeys(element.get("itemprop", "").split()):
                place = _Place(f"{at}/{local(name)}", self._positions[element])
                yield Value(local(name), self._value(element), place)
            if "itemscope" not in element.attrib:
                pending.extend(reversed(element))

    def _value(self, element: Any) -> str | Node:
        if "itemscope" in element.attrib:
            return self._node(element)
        content = element.get("content")
        if content is None and (attribute := _VALUES.get(element.tag)):
            content = element.get(attribute, None if attribute == "datetime" else "")
        return "".join(element.itertext()) if content is None else content
