"""Reads the things that microdata describes, by the algorithm of the HTML standard.

As in the W3C's version of the standard, `content` is the value of any element, not of `meta` alone:
shops rely on that. Source: https://www.w3.org/TR/microdata/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checker.exchange.schema_org.pages import Page
from checker.exchange.schema_org.things import PropertyValue, Thing
from checker.exchange.schema_org.vocabulary import local
from checker.language.syntax.problems import Position

# the attribute that has the value of an element, by tag
_VALUE_ATTRIBUTES = {
    **dict.fromkeys(("audio", "embed", "iframe", "img", "source", "track", "video"), "src"),
    **dict.fromkeys(("a", "area", "link"), "href"),
    **{"object": "data", "data": "value", "meter": "value", "time": "datetime"},
}
_POLICY_NAME = "ReturnPolicy"  # in each name of a type or property about return policies


@dataclass(frozen=True)
class _ItemLocation:
    """The place of an item, or of a property in it."""

    at: str
    position: Position


def things(page: Page) -> list[Thing]:
    """Return the items of a page; none if no type or property of it is about return policies."""
    elements = page.elements_with("itemscope", "itemprop")
    attributes = ("itemtype", "itemprop")
    names = (element.get(name, "") for element in elements for name in attributes)
    if not any(_POLICY_NAME in name for name in names):
        return []
    return _Items(page, {element: page.position(element) for element in elements}).things()


class _Items:
    """The items of a page, with a single thing for each.

    Things hold values and no elements, so that the memory of a page is free once it is read.
    """

    def __init__(self, page: Page, positions: dict[Any, Position]) -> None:
        self._positions = positions
        scopes = [element for element in positions if "itemscope" in element.attrib]
        self._numbers = {element: number for number, element in enumerate(scopes, 1)}
        self._things: dict[Any, Thing] = {}
        self._values: dict[Any, list[PropertyValue]] = {}
        self._elements_by_id: dict[str, Any] = {}
        for element in page.elements_with("id") if page.elements_with("itemref") else ():
            self._elements_by_id.setdefault(element.get("id"), element)

    def things(self) -> list[Thing]:
        """Return all items, in the page's order."""
        items = [self._thing(element) for element in self._numbers]
        for element, thing in self._things.items():
            self._values[element].extend(self._property_values(element, thing.location.at))
        return items

    def _thing(self, element: Any) -> Thing:
        """Return the item of an element with `itemscope`; the item around it exists already."""
        if element not in self._things:
            ancestors = element.iterancestors()
            parent = next((each for each in ancestors if "itemscope" in each.attrib), None)
            location = _ItemLocation(
                f"itemscope[{self._numbers[element]}]", self._positions[element]
            )
            values = self._values[element] = list[PropertyValue]()
            self._things[element] = Thing(
                tuple(local(name) for name in element.get("itemtype", "").split()),
                element.get("itemid", "").strip(),
                location,
                lambda: values,
                self._things.get(parent),
            )
        return self._things[element]

    def _property_values(self, item: Any, at: str) -> Iterator[PropertyValue]:
        """Yield the properties of an item: in it, and in the elements of its `itemref`."""
        seen = {item}
        pending = [*reversed(item)]
        referred = (self._elements_by_id.get(id) for id in item.get("itemref", "").split())
        pending[:0] = reversed([element for element in referred if element is not None])
        while pending:
            element = pending.pop()
            if element in seen:
                continue
            seen.add(element)
            for name in dict.fromkeys(element.get("itemprop", "").split()):
                location = _ItemLocation(f"{at}/{local(name)}", self._positions[element])
                yield PropertyValue(local(name), self._value(element), location)
            if "itemscope" not in element.attrib:
                pending.extend(reversed(element))

    def _value(self, element: Any) -> str | Thing:
        if "itemscope" in element.attrib:
            return self._thing(element)
        content = element.get("content")
        if content is None and (attribute := _VALUE_ATTRIBUTES.get(element.tag)):
            content = element.get(attribute, None if attribute == "datetime" else "")
        return "".join(element.itertext()) if content is None else content
