"""The comments of a YAML text, and where its lines begin."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
_BREAKS = "\r\n\x85\u2028\u2029"  # the line breaks of YAML 1.1, which libyaml follows
_BREAK = re.compile(f"\r\n|[{_BREAKS}]")
_COMMENT = re.compile(f"#[^{_BREAKS}]*")
_HEADER = re.compile(f"[|>][-+0-9]*[ \t]+(#[^{_BREAKS}]*)")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment: the index of its first character, its text, and whether its line has no data."""

    index: int
    text: str
    alone: bool


class Lines:
    """The lines of a text; lines, columns and characters count from 0."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in _BREAK.finditer(text))]

    def line(self, index: int) -> int:
        """Return the number of the line that a character is on."""
        return bisect_right(self._starts, index) - 1

    def column(self, index: int) -> int:
        """Return the column of a character in its line."""
        return index - self._starts[self.line(index)]

    def before(self, index: int) -> str:
        """Return the text of its line before a character."""
        return self._text[self._starts[self.line(index)] : index]

    def below_blank(self, index: int) -> bool:
        """Return whether the line above a character's own is blank."""
        start = self._starts[self.line(index)]
        return start > 0 and not self.before(start - 1).strip(" \t\r\n")


def comments_and_dashes(text: str) -> tuple[list[Comment], list[int]]:
    """Return the comments of a YAML text and the indexes of its lists' dashes, both in order."""
    lines, dashes = Lines(text), []
    comments: list[Comment] = []
    end = 0
    for token in yaml.scan(text, Loader=_LOADER):
        start = token.start_mark.index
        comments += _comments_between(text, end, start, lines)
        if isinstance(token, yaml.BlockEntryToken):
            dashes.append(start)
        elif isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            # the scanner makes the header of a block scalar, with its comment, part of the token
            header = _HEADER.match(text, start)
            comments += [Comment(header.start(1), _trimmed(header[1]), False)] if header else []
        end = max(end, token.end_mark.index)
    return [*comments, *_comments_between(text, end, len(text), lines)], dashes


def _comments_between(text: str, start: int, end: int, lines: Lines) -> Iterator[Comment]:
    """Yield the comments between two tokens: each `#` there begins one."""
    for match in _COMMENT.finditer(text, start, end):
        alone = not lines.before(match.start()).strip(" \t")
        yield Comment(match.start(), _trimmed(match[0]), alone)


def _trimmed(text: str) -> str:
    return text.rstrip(" \t\r")
