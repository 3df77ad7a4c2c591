"""A YAML text as a tree with its comments."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Any

from checker.language.formatter.comment_placement import (
    Boundary,
    BoundaryKind,
    OpenCollection,
    attach_comments,
)
from checker.language.formatter.comments import Comment, Lines, comments_and_dashes
from checker.language.formatter.tree import TreeEntry, TreeNode
from checker.language.syntax import source_map

_NAME = re.compile(r"[&*]([0-9A-Za-z_-]+)")  # as libyaml reads it
_IGNORED = re.compile(r"(\s|#.*)*")


def read_tree(text: str, data: Any) -> tuple[TreeEntry, list[Comment]]:
    """Return the document in `text`, whose data is given, as an entry; and its comments."""
    comments, dashes = comments_and_dashes(text)
    reader = _Reader(text, Lines(text), dashes)
    document = reader.document(data)
    attach_comments(comments, reader.ticks, reader.lines)
    return document, comments


class _Reader:
    def __init__(self, text: str, lines: Lines, dashes: list[int]) -> None:
        self.lines, self.ticks = lines, list[Boundary]()
        self._text, self._dashes = text, dashes

    def document(self, data: Any) -> TreeEntry:
        """Return the whole, without comments; what is passed on the way is kept."""
        document = TreeEntry(TreeNode())
        self._tick(0, 0, "entry", document, ())
        self._value(source_map.source_tree(self._text), data, document, ())
        return document

    def _tick(
        self,
        start: int,
        end: int,
        what: BoundaryKind,
        entry: TreeEntry,
        inside: tuple[OpenCollection, ...],
    ) -> None:
        self.ticks.append(Boundary(start, end, what, entry, inside))

    def _value(
        self,
        place: source_map.SourceNode,
        data: Any,
        entry: TreeEntry,
        inside: tuple[OpenCollection, ...],
    ) -> None:
        """Fill in the value of an entry."""
        node, start = entry.value, place.start
        name = None if _begins_with_key(place) else _NAME.match(self._text, start)
        if name and self._text[start] == "*":
            node.alias = name[1]
        else:
            if name:
                node.anchor = name[1]
                start = _end(_IGNORED, self._text, name.end())
            if isinstance(data, dict | list):
                self._collection(place, start, data, entry, inside)
                return
            node.value = data
            node.spelled = "" if isinstance(data, str) else self._text[start : place.end]
        self._tick(place.end, place.end, "done", entry, inside)

    def _collection(
        self,
        place: source_map.SourceNode,
        start: int,
        data: Any,
        entry: TreeEntry,
        inside: tuple[OpenCollection, ...],
    ) -> None:
        node = entry.value
        node.is_map, node.entries = place.is_map, []
        column = -1 if place.flow else self.lines.column(self._first(place))
        inner = (*inside, OpenCollection(node, column))
        if place.flow:
            self._tick(start, start, "opened", entry, inside)
        for name, child in place.entries.items():
            each = self._entry(place, name, child, inner)
            node.entries.append(each)
            self._value(child, data[name], each, inner)
        if place.flow:
            self._tick(place.end, place.end, "done", entry, inside)

    def _entry(
        self,
        place: source_map.SourceNode,
        name: str | int,
        child: source_map.SourceNode,
        inside: tuple[OpenCollection, ...],
    ) -> TreeEntry:
        entry = TreeEntry(TreeNode())
        start = end = child.start
        if place.is_map:
            start, end = place.keys[name].start, place.keys[name].end
            entry.key = TreeNode(str(name))
            anchor = _NAME.match(self._text, start)
            entry.key.anchor = anchor[1] if anchor else ""
        elif not place.flow:
            start = self._dash(child)
            end = start + 1
        entry.blank = not place.flow and self.lines.below_blank(start)
        self._tick(start, end, "entry", entry, inside)
        return entry

    def _first(self, place: source_map.SourceNode) -> int:
        """Return where the first entry of a block begins."""
        first = next(iter(place.entries))
        return place.keys[first].start if place.is_map else self._dash(place.entries[first])

    def _dash(self, item: source_map.SourceNode) -> int:
        return self._dashes[bisect_left(self._dashes, item.start) - 1]


def _begins_with_key(place: source_map.SourceNode) -> bool:
    """Return whether a map begins with its first key, whose is then an anchor there."""
    return any(key.start == place.start for key in place.keys.values())


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start
