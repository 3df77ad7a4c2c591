"""Attaches each comment to an entry, by the boundaries before and after it in the text.

A comment on the line of a key, a dash, an opening bracket or a value is about that. A comment on a
line of its own is about the entry below it, or ends the collection whose column it has.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from checker.language.formatter.comments import Comment, Lines
from checker.language.formatter.tree import CommentLine, TreeEntry, TreeNode

BoundaryKind = Literal["entry", "opened", "done"]


@dataclass(frozen=True, slots=True)
class OpenCollection:
    """A collection that is open at a boundary: a block with its column, or -1 for brackets."""

    node: TreeNode
    column: int


@dataclass(frozen=True, slots=True)
class Boundary:
    """A position that a comment can follow.

    Attributes:
        start, end: the first character of it, and the one after its last.
        kind: `entry` for a key or dash, `opened` for an opening bracket, `done` for a value's end.
        entry: the entry that it belongs to.
        collections: those that are open there, outermost first; none for the document itself.
    """

    start: int
    end: int
    kind: BoundaryKind
    entry: TreeEntry
    collections: tuple[OpenCollection, ...]


def attach_comments(comments: Iterable[Comment], boundaries: list[Boundary], lines: Lines) -> None:
    """Put the comments into the entries that they belong to.

    Args:
        comments: those of the text, in order.
        boundaries: those of the text, in order; the first one is the start of the document.
        lines: the lines of the text.
    """
    starts = [boundary.start for boundary in boundaries]
    for index, group in groupby(comments, lambda comment: bisect_right(starts, comment.index) - 1):
        before = boundaries[index]
        after = boundaries[index + 1] if index + 1 < len(boundaries) else None
        next_column = lines.column(after.start) if after and after.kind == "entry" else -1
        ended = _ended_collections(before, after)
        for comment in group:
            same_line = not comment.alone and lines.line(before.end) == lines.line(comment.index)
            blank_above = comment.alone and lines.below_blank(comment.index)
            comment_line = CommentLine(comment.text, blank_above)
            if before.kind != "done":
                _attach_before_value(before, after, comment_line, same_line)
            elif same_line and before.collections and not before.entry.tail:
                before.entry.tail = comment.text
            else:
                column = lines.column(comment.index) if comment.alone else 0
                ended = _collections_of_comment(ended, after, column, next_column)
                target = ended[0].node.after if ended or not after else after.entry.before
                target.append(comment_line)
    _split_heading(boundaries[0].entry)


def _attach_before_value(
    before: Boundary, after: Boundary | None, comment: CommentLine, same_line: bool
) -> None:
    """Attach a comment that follows a key, a dash or an opening bracket."""
    entry = before.entry
    if not before.collections:
        entry.before.append(comment)
    elif same_line and not entry.head and not entry.lead:
        entry.head = comment.text
    elif after and after.kind == "entry":
        after.entry.before.append(comment)
    else:
        entry.lead.append(comment)


def _ended_collections(before: Boundary, after: Boundary | None) -> list[OpenCollection]:
    """Return the collections that end between two boundaries, innermost first."""
    collections = before.collections or (OpenCollection(before.entry.value, 0),)
    return [*reversed(collections[len(after.collections) if after else 0 :])]


def _collections_of_comment(
    ended: list[OpenCollection], after: Boundary | None, column: int, next_column: int
) -> list[OpenCollection]:
    """Return the collections that a comment in `column` may still belong to, innermost first.

    None where the comment is about the next entry, in `next_column`.
    """
    if column <= next_column:
        return []
    while ended and ended[0].column > column and (after or len(ended) > 1):
        ended = ended[1:]
    return ended


def _split_heading(document: TreeEntry) -> None:
    """Move the comments right above the first entry to it, where a blank line is above them."""
    first = (document.value.entries or [TreeEntry(TreeNode())])[0]
    comments = document.before
    blanks = [index for index, comment in enumerate(comments) if index and comment.blank]
    if blanks and not first.blank:
        document.before, first.before = comments[: blanks[-1]], comments[blanks[-1] :]
