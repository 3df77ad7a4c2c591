"""The names in a document with their offsets, and the paths of its keys.

Hover, definitions, references, renaming and completion share them; a document caches them.
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
    """A name in a document: the kind of what it names, its text, and its offsets.

    `about` is the kind and name of the fact, parameter or term that a value belongs to, or the
    source of a clause.
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
class SchemaNode:
    """A node of a document with its layout, its schema and that of its parent, `within`.

    `key` is the node of its key, `about` the name whose entry it is in.
    """

    path: Path
    layout: SourceNode
    key: SourceNode | None
    data: Any
    schema: Schema | None
    within: Schema | None
    about: About


def layout_of(document: Document) -> SourceNode:
    """Return the positions of a document's nodes, computed once."""
    if "layout" not in document.cache:
        document.cache["layout"] = source_tree(document.text)
    node: SourceNode = document.cache["layout"]
    return node


def schema_nodes(document: Document) -> Iterator[SchemaNode]:
    """Yield every node of a document, parents first; aliased nodes only once."""
    schema = schema_of(document.kind)
    pending = [SchemaNode((), layout_of(document), None, document.data, schema, None, ("", ""))]
    while pending:
        parent = pending.pop()
        yield parent
        children = []
        for step, node in parent.layout.entries.items():
            schema, about = None, parent.about
            if parent.schema:
                schema = schema_inside(parent.schema, step)
                about = about_inside(parent.schema, step, about)
            data = parent.data[step]
            key = parent.layout.keys.get(step)
            children.append(
                SchemaNode((*parent.path, step), node, key, data, schema, parent.schema, about)
            )
        pending += reversed(children)


def names(document: Document) -> list[Name]:
    """Return every name in a document in the order of the text, computed once."""
    if "names" not in document.cache:
        document.cache["names"] = [
            name for node in schema_nodes(document) for name in _names(node, document.text)
        ]
    cached: list[Name] = document.cache["names"]
    return cached


def _names(node: SchemaNode, text: str) -> Iterator[Name]:
    """Yield the name that a node's key is, and the names in its scalar."""
    name = key_name(node.within) if node.within and node.key else None
    if name and node.within and node.key and node.path[-1] not in node.within.get("properties", {}):
        written = str(node.path[-1])
        start, end = _text_offsets(node.key, written, text)
        declares = name.get("role") == "definition"
        yield Name(name["kind"], written, start, end, node.path, declares, is_key=True)
    name = text_name(node.schema) if node.schema and not node.layout.entries else None
    if name:
        yield from _in_scalar(node, name, text)


def _in_scalar(node: SchemaNode, name: NameAnnotation, text: str) -> Iterator[Name]:
    """Yield the names in a scalar: one in most, a source and a clause in a citation."""
    data, declares = node.data, name.get("role") == "definition"
    if not isinstance(data, str) and (name["kind"] != "value" or isinstance(data, dict | list)):
        return
    written = str(data).lower() if isinstance(data, bool) else str(data)
    start, end = _text_offsets(node.layout, written, text)
    literal, about = text[start:end] == written, node.about
    for kind, first, last in _parts(name, written):
        ends = (start + first, start + last) if literal else (start, end)
        yield Name(kind, written[first:last], *ends, node.path, declares, about)
        about = (kind, written[first:last])  # a clause belongs to the source before it


def _parts(name: NameAnnotation, written: str) -> list[tuple[str, int, int]]:
    """Return the kind, start and end of each name in a text."""
    if "parts" not in name:
        return [(name["kind"], 0, len(written))]
    match = parts_pattern(name["parts"]).match(written)
    kinds = match.groupdict() if match else {}
    return [(kind, *match.span(kind)) for kind, part in kinds.items() if match and part is not None]


def _text_offsets(node: SourceNode, written: str, text: str) -> tuple[int, int]:
    """Return the offsets of a scalar's text: without its quotes, if these enclose it literally."""
    start, end = node.start, node.end
    if text[start + 1 : end - 1] == written and text[start] in "\"'":
        return start + 1, end - 1
    return start, start + len(text[start:end].rstrip())


def name_at(document: Document, offset: int) -> Name | None:
    """Return the name at an offset; the end of a name counts as within."""
    there = [name for name in names(document) if name.start <= offset <= name.end]
    # the shortest one that does not just end here
    return min(there, key=lambda name: (name.end == offset, name.end - name.start), default=None)


def key_at(document: Document, offset: int) -> Path | None:
    """Return the path of the entry whose key is at an offset."""
    for node in schema_nodes(document):
        if node.key and node.key.start <= offset <= node.key.end:
            return node.path
    return None


def extents(document: Document) -> dict[int, int]:
    """Return the end offset of each key, scalar and flow collection, by its start offset."""
    if "extents" not in document.cache:
        ends: dict[int, int] = {}
        for node in schema_nodes(document):
            if node.key:
                ends.setdefault(node.key.start, node.key.end)
            if node.layout.flow or not node.layout.entries:
                scalar = document.text[node.layout.start : node.layout.end].rstrip()
                ends.setdefault(node.layout.start, node.layout.start + len(scalar))
        document.cache["extents"] = ends
    cached: dict[int, int] = document.cache["extents"]
    return cached
