"""The tree of a document with its comments, which the formatter lays out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from checker.language.syntax.scalars import Scalar


@dataclass(slots=True)
class CommentLine:
    """A comment on a line of its own; `blank` says whether a blank line is above it."""

    text: str
    blank: bool = False


@dataclass(slots=True)
class TreeNode:
    """A scalar, a collection, or an alias of another node.

    Attributes:
        value: the value of a scalar.
        spelled: a scalar that is no string, as its author wrote it.
        entries: the entries of a collection, None for a scalar.
        is_map: whether the collection is a map.
        after: the comments below the last entry of the collection.
        anchor: the name of its anchor, empty where it has none.
        alias: the name of the anchor that it repeats, empty where it is no alias.
    """

    value: Scalar = None
    spelled: str = ""
    entries: list[TreeEntry] | None = None
    is_map: bool = False
    after: list[CommentLine] = field(default_factory=list)
    anchor: str = ""
    alias: str = ""

    @property
    def has_comments(self) -> bool:
        """Whether a comment stands inside it, at any depth."""
        entries = self.entries or []
        return bool(self.after) or any(
            entry.has_comments or entry.value.has_comments for entry in entries
        )


@dataclass(slots=True)
class TreeEntry:
    """An entry of a map or, without a key, an item of a list.

    Attributes:
        value: the value.
        key: the key, None for an item.
        blank: whether a blank line is above it.
        before: the comments on the lines above it.
        head: the comment after its key or dash, on the same line.
        lead: the comments on lines between its key or dash and its value.
        tail: the comment after its value, on the same line.
    """

    value: TreeNode
    key: TreeNode | None = None
    blank: bool = False
    before: list[CommentLine] = field(default_factory=list)
    head: str = ""
    lead: list[CommentLine] = field(default_factory=list)
    tail: str = ""

    @property
    def has_comments(self) -> bool:
        """Whether it has a comment of its own, those inside of its value aside."""
        return bool(self.before or self.head or self.lead or self.tail)


def tree_of(data: Any) -> TreeNode:
    """Return plain data as a tree without comments."""
    if isinstance(data, dict):
        entries = [TreeEntry(tree_of(value), TreeNode(key)) for key, value in data.items()]
        return TreeNode(entries=entries, is_map=True)
    if isinstance(data, list):
        return TreeNode(entries=[TreeEntry(tree_of(value)) for value in data])
    return TreeNode(data)
