"""What stands at a place in a document: names with where they are written, and paths.

One reading serves hover, definitions, references, renaming and colours of a document alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checker.language.syntax.documents import Document, Path
from checker.language.syntax.source_map import SourceNode, source_tree
from checker.lsp.index.schema_at import (
    About,
    NameAnnotation,
    Schema,
    about_inside,
    key_name,
    parts_pattern,
    schema_inside,
    schema_of,
    text_name,
)


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
    """A node of a document with its schema and that of the node around it.

    `key` is where its key is written, `about` the name whose entry it stands in.
    """

    path: Path
    node: SourceNode
    key: SourceNode | None
    data: Any
    schema: Schema | None
    within: Schema | None
    about: About


def layout_of(document: Document) -> SourceNode:
    """Return where the nodes of a document are, found once."""
    if "layout" not in document.cache:
        document.cache["layout"] = source_tree(document.text)
    node: SourceNode = document.cache["layout"]
    return node


def spots(document: Document) -> Iterator[Spot]:
    """Yield every node of a document, outer ones first; what an alias repeats only once."""
    schema = schema_of(document.kind)
    waiting = [Spot((), layout_of(document), None, document.data, schema, None, ("", ""))]
    while waiting:
        here = waiting.pop()
        yield here
        inner = []
        for step, node in here.node.entries.items():
            inside, about = None, here.about
            if here.schema:
                inside = schema_inside(here.schema, step)
                about = about_inside(here.schema, step, about)
            data = here.data[step]
            key = here.node.keys.get(step)
            inner.append(Spot((*here.path, step), node, key, data, inside, here.schema, about))
        waiting += reversed(inner)


def names(document: Document) -> list[Name]:
    """Return every name in a document, found once, in the order in which they are written."""
    if "names" not in document.cache:
        found = [name for spot in spots(document) for name in _names(spot, document.text)]
        document.cache["names"] = found
    known: list[Name] = document.cache["names"]
    return known


def _names(spot: Spot, text: str) -> Iterator[Name]:
    """Yield the name that a node's key is, and those in its own text."""
    name = key_name(spot.within) if spot.within and spot.key else None
    if name and spot.within and spot.key and spot.path[-1] not in spot.within.get("properties", {}):
        written = str(spot.path[-1])
        start, end = _inner(spot.key, written, text)
        declares = name.get("role") == "definition"
        yield Name(name["kind"], written, start, end, spot.path, declares, is_key=True)
    name = text_name(spot.schema) if spot.schema and not spot.node.entries else None
    if name:
        yield from _in_scalar(spot, name, text)


def _in_scalar(spot: Spot, name: NameAnnotation, text: str) -> Iterator[Name]:
    """Yield the names in a scalar: most are one, a citation is a source and a clause of it."""
    data, declares = spot.data, name.get("role") == "definition"
    if not isinstance(data, str) and (name["kind"] != "value" or isinstance(data, dict | list)):
        return
    written = str(data).lower() if isinstance(data, bool) else str(data)
    start, end = _inner(spot.node, written, text)
    literal, about = text[start:end] == written, spot.about
    for kind, first, last in _parts(name, written):
        ends = (start + first, start + last) if literal else (start, end)
        yield Name(kind, written[first:last], *ends, spot.path, declares, about)
        about = (kind, written[first:last])  # a clause is one of the source before it


def _parts(name: NameAnnotation, written: str) -> list[tuple[str, int, int]]:
    """Return the kind, start and end of each name in a text."""
    if "parts" not in name:
        return [(name["kind"], 0, len(written))]
    found = parts_pattern(name["parts"]).match(written)
    kinds = found.groupdict() if found else {}
    return [(kind, *found.span(kind)) for kind, part in kinds.items() if found and part is not None]


def _inner(node: SourceNode, written: str, text: str) -> tuple[int, int]:
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
