"""What stands at a place in a document: names with where they are written, and paths.

One reading serves hover, definitions, references, renaming and colours of a document alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checker.language.model.types import DUE
from checker.language.syntax.documents import Document, Path
from checker.language.syntax.source_map import Node, layout
from checker.lsp.index.name_positions import SHAPES, About, Shape, about_at

_CLAUSE = re.compile(r"([^#]*)#(.*)", re.DOTALL)
_PLACE = re.compile(r"(grounds|entitlements|terms)\.([^.]+)")
_SINGULAR = {"grounds": "ground", "entitlements": "entitlement", "terms": "term"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a document: what it names, as it is written, and its offsets in the text.

    `about` is the kind and name of what a value is a value of, or the source of a clause.
    """

    what: str
    text: str
    start: int
    end: int
    path: Path
    declares: bool = False
    about: About = ("", "")
    is_key: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A node of a document, with what may stand there; `key` is where its key is written."""

    path: Path
    node: Node
    key: Node | None
    data: Any
    shape: Shape | None
    within: Shape | None
    about: About


def layout_of(document: Document) -> Node:
    """Return where the nodes of a document are, found once."""
    if "layout" not in document.cache:
        document.cache["layout"] = layout(document.text)
    node: Node = document.cache["layout"]
    return node


def spots(document: Document) -> Iterator[Spot]:
    """Yield every node of a document, outer ones first; what an alias repeats only once."""
    shape = SHAPES.get(document.kind)
    waiting = [Spot((), layout_of(document), None, document.data, shape, None, ("", ""))]
    while waiting:
        here = waiting.pop()
        yield here
        inner = []
        for step, node in here.node.entries.items():
            inside, about = None, here.about
            if here.shape:
                inside, about = here.shape.at(step), about_at(here.shape, step, about)
            data = here.data[step]
            key = here.node.keys.get(step)
            inner.append(Spot((*here.path, step), node, key, data, inside, here.shape, about))
        waiting += reversed(inner)


def names(document: Document) -> list[Name]:
    """Return every name in a document, found once, in the order in which they are written."""
    if "names" not in document.cache:
        found = [name for spot in spots(document) for name in _names(spot, document.text)]
        document.cache["names"] = [*found, *_heading(document)]
    known: list[Name] = document.cache["names"]
    return known


def _heading(document: Document) -> Iterator[Name]:
    """Yield the id of a document, which declares it."""
    node = layout_of(document).entries.get("id")
    if node and document.kind and isinstance(document.data.get("id"), str):
        start, end = _inner(node, document.id, document.text)
        yield Name(document.kind, document.id, start, end, ("id",), declares=True)


def _names(spot: Spot, text: str) -> Iterator[Name]:
    """Yield the name that a node's key is, and those in its own text."""
    within = spot.within
    if spot.key and within and within.keys and spot.path[-1] not in within.inside:
        name = str(spot.path[-1])
        start, end = _inner(spot.key, name, text)
        about = spot.about if within.keys == "operator" else ("", "")
        yield Name(within.keys, name, start, end, spot.path, within.declares, about, True)
    if spot.shape and spot.shape.names and not spot.node.entries:
        yield from _in_scalar(spot, text)


def _in_scalar(spot: Spot, text: str) -> Iterator[Name]:
    """Yield the names in a scalar: most are one, a citation is a source and a clause of it."""
    assert spot.shape
    data, what = spot.data, spot.shape.names
    if not isinstance(data, str) and (what != "value" or isinstance(data, dict | list)):
        return
    written = str(data).lower() if isinstance(data, bool) else str(data)
    start, end = _inner(spot.node, written, text)
    parts = [(what, 0, len(written))]
    if what == "clause":
        found = _CLAUSE.fullmatch(written)
        parts = [("source", *found.span(1)), ("clause", *found.span(2))] if found else []
    elif what == "fact" and written.startswith(DUE):  # a record's column: when a term is due
        parts = [("term", len(DUE), len(written))]
    elif what == "place":
        found = _PLACE.match(written)
        parts = [(_SINGULAR[found[1]], *found.span(2))] if found else []
    literal = text[start:end] == written
    for kind, first, last in parts:
        ends = (start + first, start + last) if literal else (start, end)
        about = ("source", written[: first - 1]) if kind == "clause" else spot.about
        yield Name(kind, written[first:last], *ends, spot.path, about=about)


def _inner(node: Node, written: str, text: str) -> tuple[int, int]:
    """Return where the text of a scalar is: between its quotes, if that is what it says."""
    start, end = node.start, node.end
    if text[start + 1 : end - 1] == written and text[start] in "\"'":
        return start + 1, end - 1
    return start, start + len(text[start:end].rstrip())


def name_at(document: Document, offset: int) -> Name | None:
    """Return the name that is written at an offset; its end counts as within."""
    found = [each for each in names(document) if each.start <= offset <= each.end]
    return min(found, key=lambda each: (each.end == offset, each.end - each.start), default=None)


def key_at(document: Document, offset: int) -> Path | None:
    """Return the path of the entry whose key is written at an offset."""
    for spot in spots(document):
        if spot.key and spot.key.start <= offset <= spot.key.end:
            return spot.path
    return None


def extents(document: Document) -> dict[int, int]:
    """Return where each key, scalar and collection in brackets ends, by where it begins."""
    if "extents" not in document.cache:
        found: dict[int, int] = {}
        for spot in spots(document):
            if spot.key:
                found.setdefault(spot.key.start, spot.key.end)
            if spot.node.flow or not spot.node.entries:
                said = document.text[spot.node.start : spot.node.end].rstrip()
                found.setdefault(spot.node.start, spot.node.start + len(said))
        document.cache["extents"] = found
    known: dict[int, int] = document.cache["extents"]
    return known
