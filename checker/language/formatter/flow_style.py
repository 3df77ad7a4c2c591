"""What is short enough to be written in brackets, on a line.

A line has WIDTH characters, and NARROW where collections nest DEEP. Never on a line are: sections
of a document that have maps in them, what has an `id`, a comment inside or a text of several lines,
and the items of a list in a block that has nothing but maps of one entry.
"""

from __future__ import annotations

from checker.language.formatter.scalars import block, scalar
from checker.language.formatter.tree import TreeEntry, TreeNode

WIDTH, NARROW, DEEP = 100, 80, 3
_FILLED = {("facts", True), ("values", False)}  # plain ones can be many, and go on over lines


def always_block(entry: TreeEntry, inside: TreeNode, *, section: bool) -> bool:
    """Return whether an entry of a block is in a block itself, short as it may be."""
    if section:
        return _has_maps(entry.value)
    items = [each.value for each in inside.entries or []]
    return not inside.is_map and all(each.is_map and len(each.entries or []) == 1 for each in items)


def value_lines(entry: TreeEntry, column: int, indent: int, *, opened: bool) -> list[str]:
    """Return the value of an entry as it stands from `column` on, further lines from `indent` on.

    Nothing where it is a collection in a block, as those are that are `opened`.
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
    """Return a node on one line, without its anchor; None where it never is on one."""
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
    """Return the text of a node behind its anchor."""
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
    """Return a collection in brackets over lines; nothing where not all in it is plain."""
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
    """Return whether a map that is not empty is somewhere inside."""
    values = [each.value for each in node.entries or []]
    return any(each.entries and (each.is_map or _has_maps(each)) for each in values)


def _depth(node: TreeNode) -> int:
    """Return how many collections lie in each other, empty ones aside."""
    return 1 + max(_depth(each.value) for each in node.entries) if node.entries else 0
