"""A document as it is laid out: values with the comments around them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from checker.language.syntax.scalars import Scalar


@dataclass(slots=True)
class CommentLine:
    """A comment on a line of its own, perhaps below a blank line."""

    text: str
    blank: bool = False


@dataclass(slots=True)
class TreeNode:
    """A scalar, a collection or the alias of another node.

    A collection has `entries`, and the comments `after` the last one. `spelled` is a number as its
    author wrote it; `anchor` and `alias` are names.
    """

    value: Scalar = None
    spelled: str = ""
    entries: list[TreeEntry] | None = None
    is_map: bool = False
    after: list[CommentLine] = field(default_factory=list)
    anchor: str = ""
    alias: str = ""

    @property
    def commented(self) -> bool:
        """Whether a comment stands somewhere inside."""
        inside = self.entries or []
        return bool(self.after) or any(each.remarked or each.value.commented for each in inside)


@dataclass(slots=True)
class TreeEntry:
    """An entry of a map or, without a key, an item of a list, perhaps below a blank line.

    Comments stand on the lines `before` it, behind the key or dash (`head`), between that and the
    value (`lead`), and behind the value (`tail`).
    """

    value: TreeNode
    key: TreeNode | None = None
    blank: bool = False
    before: list[CommentLine] = field(default_factory=list)
    head: str = ""
    lead: list[CommentLine] = field(default_factory=list)
    tail: str = ""

    @property
    def remarked(self) -> bool:
        """Whether a comment stands around it."""
        return bool(self.before or self.head or self.lead or self.tail)


def tree_of(data: Any) -> TreeNode:
    """Return plain data as a tree without comments."""
    if isinstance(data, dict):
        entries = [TreeEntry(tree_of(value), TreeNode(key)) for key, value in data.items()]
        return TreeNode(entries=entries, is_map=True)
    if isinstance(data, list):
        return TreeNode(entries=[TreeEntry(tree_of(value)) for value in data])
    return TreeNode(data)
