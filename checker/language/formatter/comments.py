"""The comments of a YAML text, and where its lines begin."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
_BREAKS = "\r\n\x85\u2028\u2029"  # those of YAML 1.1, which libyaml reads
_BREAK = re.compile(f"\r\n|[{_BREAKS}]")
_COMMENT = re.compile(f"#[^{_BREAKS}]*")
_HEADER = re.compile(f"[|>][-+0-9]*[ \t]+(#[^{_BREAKS}]*)")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, where it begins, and whether it has the line for itself."""

    index: int
    text: str
    alone: bool


class Lines:
    """The lines of a text, counted from 0."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(found.end() for found in _BREAK.finditer(text))]

    def line(self, index: int) -> int:
        """Return the number of the line that a character is on."""
        return bisect_right(self._starts, index) - 1

    def column(self, index: int) -> int:
        """Return how many characters of its line stand before a character."""
        return index - self._starts[self.line(index)]

    def before(self, index: int) -> str:
        """Return what stands before a character on its line."""
        return self._text[self._starts[self.line(index)] : index]

    def below_blank(self, index: int) -> bool:
        """Return whether the line above a character's own is blank."""
        start = self._starts[self.line(index)]
        return start > 0 and not self.before(start - 1).strip(" \t\r\n")


def comments_and_dashes(text: str) -> tuple[list[Comment], list[int]]:
    """Return the comments of a YAML text in order, and where the dashes of its lists are."""
    lines, dashes = Lines(text), []
    found: list[Comment] = []
    end = 0
    for token in yaml.scan(text, Loader=_LOADER):
        start = token.start_mark.index
        found += _between(text, end, start, lines)
        if isinstance(token, yaml.BlockEntryToken):
            dashes.append(start)
        elif isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            header = _HEADER.match(text, start)
            found += [Comment(header.start(1), _trimmed(header[1]), False)] if header else []
        end = max(end, token.end_mark.index)
    return [*found, *_between(text, end, len(text), lines)], dashes


def _between(text: str, start: int, end: int, lines: Lines) -> Iterator[Comment]:
    """Yield the comments between two tokens, where nothing but comments can have a `#`."""
    for found in _COMMENT.finditer(text, start, end):
        alone = not lines.before(found.start()).strip(" \t")
        yield Comment(found.start(), _trimmed(found[0]), alone)


def _trimmed(text: str) -> str:
    return text.rstrip(" \t\r")
