"""Decides which collections are short enough for one line, in brackets.

A line has at most WIDTH characters, or NARROW where at least DEEP collections nest. A collection is
never on one line where it

- is a section of a document with maps in it,
- has an `id`, a comment or a text of several lines in it, or
- is an item of a list whose items are all maps of one entry.
"""

from __future__ import annotations

from collections.abc import Callable

from checker.language.formatter.scalars import block, scalar
from checker.language.formatter.tree import TreeEntry, TreeNode

WIDTH, NARROW, DEEP = 100, 80, 3
# key and is_map of collections with many scalars, which may fill several lines in brackets
_FILLED = {("facts", True), ("values", False)}


def always_block(collection: TreeNode, *, section: bool) -> Callable[[TreeEntry], bool]:
    """Return what tells whether the value of an entry is a block even where it is short.

    Args:
        collection: the collection that the entries belong to; it is looked through once.
        section: whether it is the top of a document.
    """
    if section:
        return lambda entry: _has_maps(entry.value)
    items = [item.value for item in collection.entries or []]
    one_entry = all(item.is_map and len(item.entries or []) == 1 for item in items)
    opened = not collection.is_map and one_entry
    return lambda _: opened


def value_lines(entry: TreeEntry, column: int, indent: int, *, opened: bool) -> list[str]:
    """Return the lines of the value of an entry; none where the value must be a block.

    Args:
        entry: the entry.
        column: where the first line starts.
        indent: where further lines start; they are returned without this indentation.
        opened: whether the value must be a block, as `always_block` says.
    """
    value = entry.value
    if not value.entries:
        line = _plain(value, flow=False)
        if isinstance(value.value, str) and ("\n" in value.value or column + len(line) > WIDTH):
            return block(value.value, WIDTH - indent) or [line]
        return [line]
    if entry.head or entry.lead or opened:
        return []
    text = flow_text(value)
    if text and column + len(text) <= (WIDTH if _depth(value) < DEEP else NARROW):
        return [text]
    key = entry.key.value if entry.key else None
    many = len(value.entries) > 1 and (key, value.is_map) in _FILLED
    return _filled(value, column, indent) if many else []


def flow_text(node: TreeNode) -> str | None:
    """Return a node on one line, without its anchor; None where it can't be on one line."""
    if not node.entries:
        text = node.value
        return None if isinstance(text, str) and "\n" in text else _plain(node, flow=True)
    parts, length = [], 0
    for entry in node.entries:
        value = flow_text(entry.value)
        if value is None or entry.has_comments or (entry.key and entry.key.value == "id"):
            return None
        parts.append(_part(entry, value))
        length += len(parts[-1]) + 2
        if length > WIDTH:
            return None
    return None if node.after else _bracketed(node, ", ".join(parts))


def anchored(text: str, node: TreeNode | None) -> str:
    """Return the text of a node with its anchor, if any, before it."""
    return f"&{node.anchor} {text}" if node and node.anchor else text


def _plain(node: TreeNode, *, flow: bool) -> str:
    """Return a scalar, an alias or an empty collection."""
    if node.entries is not None:
        return _bracketed(node, "")
    return f"*{node.alias}" if node.alias else scalar(node, flow=flow)


def _part(entry: TreeEntry, value: str) -> str:
    value = anchored(value, entry.value)
    return f"{anchored(scalar(entry.key, flow=True), entry.key)}: {value}" if entry.key else value


def _bracketed(node: TreeNode, inside: str) -> str:
    return f"{{{inside}}}" if node.is_map else f"[{inside}]"


def _filled(node: TreeNode, column: int, indent: int) -> list[str]:
    """Return a collection in brackets over several lines; none where it has more than scalars."""
    parts = []
    for entry in node.entries or []:
        value = None if entry.value.entries else flow_text(entry.value)
        if value is None or entry.has_comments or node.after:
            return []
        parts.append(f"{_part(entry, value)},")
    opening, closing = _bracketed(node, " ").split()
    lines, line, left = [], opening + parts[0], WIDTH - column
    for part in [*parts[1:-1], parts[-1][:-1] + closing]:
        if len(line) + 1 + len(part) > left:
            lines.append(line)
            line, left = part, WIDTH - indent
        else:
            line += f" {part}"
    return [*lines, line]


def _has_maps(node: TreeNode) -> bool:
    """Return whether a map that is not empty is inside, at any depth."""
    values = [entry.value for entry in node.entries or []]
    return any(value.entries and (value.is_map or _has_maps(value)) for value in values)


def _depth(node: TreeNode) -> int:
    """Return how many collections nest in each other; empty ones do not count."""
    return 1 + max(_depth(entry.value) for entry in node.entries) if node.entries else 0
