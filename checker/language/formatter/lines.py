"""A tree as lines: short collections in brackets, all others as blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from unicodedata import east_asian_width

from checker.language.formatter.flow_style import WIDTH, always_block, anchored, value_lines
from checker.language.formatter.scalars import scalar
from checker.language.formatter.tree import CommentLine, TreeEntry, TreeNode

MAX_KEY_LENGTH = 1000  # YAML allows up to 1024 characters without a `?`
# between data and a comment on the same line, until comments are aligned; no YAML text has it
_COMMENT_MARK = "\0"


def document_text(document: TreeEntry) -> str:
    """Return the text of a document, given as an entry without a key."""
    lines = [*_comment_lines(document.before, "")]
    lines += _block(document.value, 0, first=not lines, sections=True)
    lines += [] if document.value.entries else ["{}"]
    return "\n".join([*_aligned(lines), ""])


def _aligned(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines; comments of neighbours with one indentation align where there is room."""
    for indent, group in groupby(lines, _indent_with_comment):
        if not indent:
            yield from group
            continue
        pairs = [line.split(_COMMENT_MARK) for line in group]
        widest = max(_width(line) for line, _ in pairs)
        room = all(widest + 2 + _width(comment) <= WIDTH for _, comment in pairs)
        for line, comment in pairs:
            yield f"{line}{' ' * (widest - _width(line) if room else 0)}  {comment}"


def _indent_with_comment(line: str) -> int:
    """Return the indentation of a line that ends with a comment, plus 1; 0 for other lines."""
    return 1 + len(line) - len(line.lstrip()) if _COMMENT_MARK in line else 0


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes; a Chinese character takes two."""
    return len(text) + sum(east_asian_width(character) in "WF" for character in text)


def _comment_lines(
    comments: Iterable[CommentLine], pad: str, *, first: bool = True
) -> Iterator[str]:
    """Yield comments on lines of their own; the first line of a collection has no blank above."""
    for comment in comments:
        if comment.blank and not first:
            yield ""
        yield pad + comment.text
        first = False


def _block(
    node: TreeNode, indent: int, *, first: bool = True, sections: bool = False
) -> Iterator[str]:
    """Yield the lines of a block; `sections` says that it is the top of a document."""
    pad, is_opened = " " * indent, always_block(node, section=sections)
    for entry in node.entries or []:
        yield from _comment_lines(entry.before, pad, first=first)
        if entry.blank and (entry.before or not first):
            yield ""
        yield from _entry(entry, indent, is_opened(entry))
        first = False
    yield from _comment_lines(node.after, pad, first=first)


def _entry(entry: TreeEntry, indent: int, opened: bool) -> Iterator[str]:
    """Yield the lines of an entry, from its key or dash on."""
    pad, inner, value = " " * indent, " " * (indent + 2), entry.value
    key = f"{anchored(scalar(entry.key, flow=True), entry.key)}:" if entry.key else "-"
    anchor = f" &{value.anchor}" if value.anchor else ""
    lines = value_lines(entry, indent + len(key + anchor) + 1, indent + 2, opened=opened)
    block_scalar = bool(lines) and lines[0][0] in "|>"
    head, lead, tail = entry.head, entry.lead, entry.tail
    if tail and (block_scalar or not lines):
        head, lead, tail = _comments_above(entry)
    if len(key) > MAX_KEY_LENGTH:
        yield f"{pad}? {key[:-1]}{_same_line(head)}"
        key, head = ":", ""
    start = pad + key + anchor
    # a comment after the key ends the line; only a block scalar continues below its header
    below = bool(lead) or bool(head and not block_scalar)
    if below:
        yield start + _same_line(head)
        yield from _comment_lines(lead, inner)
    if lines:
        lines[0] += _same_line(head) if block_scalar and not below else ""
        lines[-1] += _same_line(tail)
        yield inner + lines[0] if below else f"{start} {lines[0]}"
        yield from (inner + line if line else "" for line in lines[1:])
        return
    block_lines = _block(value, indent + 2, first=not lead)
    if not below and entry.key is None and not anchor and not _first(value).before:
        yield f"{start} {next(block_lines)[indent + 2 :]}"  # a first key on the line of the dash
    elif not below:
        yield start
    yield from block_lines
    yield from [inner + tail] if tail else []


def _first(node: TreeNode) -> TreeEntry:
    return node.entries[0] if node.entries else TreeEntry(TreeNode())


def _comments_above(entry: TreeEntry) -> tuple[str, list[CommentLine], str]:
    """Return head, lead and tail of an entry whose value takes several lines.

    No comment can follow such a value on its last line, so the tail moves above the value. It stays
    below where there are comments inside the value.
    """
    if entry.value.has_comments:
        return entry.head, entry.lead, entry.tail
    if entry.head or entry.lead:
        return entry.head, [*entry.lead, CommentLine(entry.tail)], ""
    return entry.tail, [], ""


def _same_line(comment: str) -> str:
    """Return a comment as the end of a line, empty where there is none."""
    return f"{_COMMENT_MARK}{comment}" if comment else ""
