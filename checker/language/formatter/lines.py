"""A tree as lines: what is short is written in brackets, everything else in blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from unicodedata import east_asian_width

from checker.language.formatter.flow_style import WIDTH, always_block, anchored, value_lines
from checker.language.formatter.scalars import scalar
from checker.language.formatter.tree import CommentLine, TreeEntry, TreeNode

LONGEST_KEY = 1000  # YAML reads up to 1024 characters without a `?`
_BEHIND = "\0"  # before a comment behind something; stands in no YAML text


def document_text(document: TreeEntry) -> str:
    """Return the text of a document."""
    lines = [*_remarks(document.before, "")]
    lines += _block(document.value, 0, first=not lines, sections=True)
    lines += [] if document.value.entries else ["{}"]
    return "\n".join([*_aligned(lines), ""])


def _aligned(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines, comments behind neighbours in one column where there is room."""
    for commented, run in groupby(lines, _indent_of_commented):
        if not commented:
            yield from run
            continue
        pairs = [line.split(_BEHIND) for line in run]
        widest = max(_columns(line) for line, _ in pairs)
        room = all(widest + 2 + _columns(comment) <= WIDTH for _, comment in pairs)
        for line, comment in pairs:
            yield f"{line}{' ' * (widest - _columns(line) if room else 0)}  {comment}"


def _indent_of_commented(line: str) -> int:
    """Return how far a line with a comment behind it is indented, from 1 on; 0 without one."""
    return 1 + len(line) - len(line.lstrip()) if _BEHIND in line else 0


def _columns(text: str) -> int:
    """Return how many columns a text takes, of which Chinese characters take two."""
    return len(text) + sum(east_asian_width(character) in "WF" for character in text)


def _remarks(remarks: Iterable[CommentLine], pad: str, *, first: bool = True) -> Iterator[str]:
    """Yield comments; what is `first` in its collection is below no blank line."""
    for remark in remarks:
        if remark.blank and not first:
            yield ""
        yield pad + remark.text
        first = False


def _block(
    node: TreeNode, indent: int, *, first: bool = True, sections: bool = False
) -> Iterator[str]:
    """Yield a collection, an entry below the other; `sections` are those of a document."""
    pad = " " * indent
    for entry in node.entries or []:
        yield from _remarks(entry.before, pad, first=first)
        if entry.blank and (entry.before or not first):
            yield ""
        yield from _entry(entry, indent, always_block(entry, node, section=sections))
        first = False
    yield from _remarks(node.after, pad, first=first)


def _entry(entry: TreeEntry, indent: int, opened: bool) -> Iterator[str]:
    """Yield an entry from its key or dash on."""
    pad, inner, value = " " * indent, " " * (indent + 2), entry.value
    key = f"{anchored(scalar(entry.key, flow=True), entry.key)}:" if entry.key else "-"
    anchor = f" &{value.anchor}" if value.anchor else ""
    lines = value_lines(entry, indent + len(key + anchor) + 1, indent + 2, opened=opened)
    text = bool(lines) and lines[0][0] in "|>"
    head, lead, tail = entry.head, entry.lead, entry.tail
    if tail and (text or not lines):
        head, lead, tail = _above(entry)
    if len(key) > LONGEST_KEY:
        yield f"{pad}? {key[:-1]}{_behind(head)}"
        key, head = ":", ""
    start = pad + key + anchor
    below = bool(lead) or bool(head and not text)
    if below:
        yield start + _behind(head)
        yield from _remarks(lead, inner)
    if lines:
        lines[0] += _behind(head) if text and not below else ""
        lines[-1] += _behind(tail)
        yield inner + lines[0] if below else f"{start} {lines[0]}"
        yield from (inner + line if line else "" for line in lines[1:])
        return
    inside = _block(value, indent + 2, first=not lead)
    if not below and entry.key is None and not anchor and not _first(value).before:
        yield f"{start} {next(inside)[indent + 2 :]}"
    elif not below:
        yield start
    yield from inside
    yield from [inner + tail] if tail else []


def _first(node: TreeNode) -> TreeEntry:
    return node.entries[0] if node.entries else TreeEntry(TreeNode())


def _above(entry: TreeEntry) -> tuple[str, list[CommentLine], str]:
    """Return the comments of a value over several lines, behind which there is no place.

    What stood there comes above it, or stays below where others are inside.
    """
    if entry.value.has_comments:
        return entry.head, entry.lead, entry.tail
    if entry.head or entry.lead:
        return entry.head, [*entry.lead, CommentLine(entry.tail)], ""
    return entry.tail, [], ""


def _behind(comment: str) -> str:
    return f"{_BEHIND}{comment}" if comment else ""
