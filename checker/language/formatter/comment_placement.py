"""Where each comment belongs, by the places that reading passes.

Behind a key, a dash, an opening bracket or a value, on the same line, a comment is about that. On
a line of its own it is about what follows, or ends the collection that it is indented to.
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
    """A collection that has begun: of a block its column, -1 of one in brackets."""

    node: TreeNode
    column: int


@dataclass(frozen=True, slots=True)
class Boundary:
    """A place that reading passes: an entry's key or dash, a bracket that opens, a value's end.

    `inside` are the collections that are open there, outermost first; none for the document.
    """

    start: int
    end: int
    what: BoundaryKind
    entry: TreeEntry
    inside: tuple[OpenCollection, ...]


def attach_comments(comments: Iterable[Comment], ticks: list[Boundary], lines: Lines) -> None:
    """Put the comments into the entries of the ticks, of which the first is the document."""
    starts = [tick.start for tick in ticks]
    for number, group in groupby(comments, lambda each: bisect_right(starts, each.index) - 1):
        tick, ahead = ticks[number], ticks[number + 1] if number + 1 < len(ticks) else None
        level = lines.column(ahead.start) if ahead and ahead.what == "entry" else -1
        ended = _ended(tick, ahead)
        for comment in group:
            beside = not comment.alone and lines.line(tick.end) == lines.line(comment.index)
            remark = CommentLine(comment.text, comment.alone and lines.below_blank(comment.index))
            if tick.what != "done":
                _put_inside(tick, ahead, remark, beside)
            elif beside and tick.inside and not tick.entry.tail:
                tick.entry.tail = comment.text
            else:
                column = lines.column(comment.index) if comment.alone else 0
                ended = _still_open(ended, ahead, column, level)
                into = ended[0].node.after if ended or not ahead else ahead.entry.before
                into.append(remark)
    _give_back(ticks[0].entry)


def _put_inside(tick: Boundary, ahead: Boundary | None, remark: CommentLine, beside: bool) -> None:
    """Put a comment behind a key, a dash or a bracket, or on the lines below."""
    entry = tick.entry
    if not tick.inside:
        entry.before.append(remark)
    elif beside and not entry.head and not entry.lead:
        entry.head = remark.text
    elif ahead and ahead.what == "entry":
        ahead.entry.before.append(remark)
    else:
        entry.lead.append(remark)


def _ended(tick: Boundary, ahead: Boundary | None) -> list[OpenCollection]:
    """Return the collections that end between two ticks, innermost first."""
    inside = tick.inside or (OpenCollection(tick.entry.value, 0),)
    return [*reversed(inside[len(ahead.inside) if ahead else 0 :])]


def _still_open(
    ended: list[OpenCollection], ahead: Boundary | None, column: int, level: int
) -> list[OpenCollection]:
    """Return those that a comment does not end, which stands in a column; none where it is about
    what follows, in the column `level`.
    """
    if column <= level:
        return []
    while ended and ended[0].column > column and (ahead or len(ended) > 1):
        ended = ended[1:]
    return ended


def _give_back(document: TreeEntry) -> None:
    """Leave to the first entry the comments right above it, where others stand above a blank."""
    first, remarks = (document.value.entries or [TreeEntry(TreeNode())])[0], document.before
    blanks = [number for number, remark in enumerate(remarks) if number and remark.blank]
    if blanks and not first.blank:
        document.before, first.before = remarks[: blanks[-1]], remarks[blanks[-1] :]
