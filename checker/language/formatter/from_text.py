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
from checker.language.syntax.source_map import SourceNode, source_tree

_ANCHOR_OR_ALIAS = re.compile(r"[&*]([0-9A-Za-z_-]+)")  # the names that libyaml reads
_SPACE_AND_COMMENTS = re.compile(r"(\s|#.*)*")


def read_tree(text: str, data: Any) -> tuple[TreeEntry, list[Comment]]:
    """Return the tree of a document, as one entry, and its comments in the order of the text.

    Args:
        text: the text of a document that has been read.
        data: the data of that document.
    """
    comments, dashes = comments_and_dashes(text)
    reader = _TreeReader(text, Lines(text), dashes)
    document = reader.document(data)
    attach_comments(comments, reader.boundaries, reader.lines)
    return document, comments


class _TreeReader:
    """Builds the tree without comments, and collects the boundaries between its parts."""

    def __init__(self, text: str, lines: Lines, dashes: list[int]) -> None:
        self.lines, self.boundaries = lines, list[Boundary]()
        self._text, self._dashes = text, dashes

    def document(self, data: Any) -> TreeEntry:
        """Return the tree of the document."""
        document = TreeEntry(TreeNode())
        self._boundary(0, 0, "entry", document, ())
        self._value(source_tree(self._text), data, document, ())
        return document

    def _boundary(
        self,
        start: int,
        end: int,
        kind: BoundaryKind,
        entry: TreeEntry,
        collections: tuple[OpenCollection, ...],
    ) -> None:
        self.boundaries.append(Boundary(start, end, kind, entry, collections))

    def _value(
        self,
        source: SourceNode,
        data: Any,
        entry: TreeEntry,
        collections: tuple[OpenCollection, ...],
    ) -> None:
        """Fill in the value of an entry."""
        node, start = entry.value, source.start
        name = None if _begins_with_key(source) else _ANCHOR_OR_ALIAS.match(self._text, start)
        if name and self._text[start] == "*":
            node.alias = name[1]
        else:
            if name:
                node.anchor = name[1]
                start = _match_end(_SPACE_AND_COMMENTS, self._text, name.end())
            if isinstance(data, dict | list):
                self._collection(source, start, data, entry, collections)
                return
            node.value = data
            node.spelled = "" if isinstance(data, str) else self._text[start : source.end]
        self._boundary(source.end, source.end, "done", entry, collections)

    def _collection(
        self,
        source: SourceNode,
        start: int,
        data: Any,
        entry: TreeEntry,
        collections: tuple[OpenCollection, ...],
    ) -> None:
        """Fill in a collection, which begins at `start`, behind its anchor."""
        node = entry.value
        node.is_map, node.entries = source.is_map, []
        column = -1 if source.flow else self.lines.column(self._first_entry(source))
        inner_collections = (*collections, OpenCollection(node, column))
        if source.flow:
            self._boundary(start, start, "opened", entry, collections)
        for name, child in source.entries.items():
            inner_entry = self._entry(source, name, child, inner_collections)
            node.entries.append(inner_entry)
            self._value(child, data[name], inner_entry, inner_collections)
        if source.flow:
            self._boundary(source.end, source.end, "done", entry, collections)

    def _entry(
        self,
        source: SourceNode,
        name: str | int,
        child: SourceNode,
        collections: tuple[OpenCollection, ...],
    ) -> TreeEntry:
        """Return an entry of a collection, with its key and without its value."""
        entry = TreeEntry(TreeNode())
        start = end = child.start
        if source.is_map:
            start, end = source.keys[name].start, source.keys[name].end
            entry.key = TreeNode(str(name))
            anchor = _ANCHOR_OR_ALIAS.match(self._text, start)
            entry.key.anchor = anchor[1] if anchor else ""
        elif not source.flow:
            start = self._dash(child)
            end = start + 1
        entry.blank = not source.flow and self.lines.below_blank(start)
        self._boundary(start, end, "entry", entry, collections)
        return entry

    def _first_entry(self, source: SourceNode) -> int:
        """Return where the first entry of a block begins."""
        first = next(iter(source.entries))
        return source.keys[first].start if source.is_map else self._dash(source.entries[first])

    def _dash(self, item: SourceNode) -> int:
        """Return where the dash of an item is."""
        return self._dashes[bisect_left(self._dashes, item.start) - 1]


def _begins_with_key(source: SourceNode) -> bool:
    """Return whether a map begins with its first key: an anchor there is the key's."""
    return any(key.start == source.start for key in source.keys.values())


def _match_end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start
