"""Positions in a text: as an editor counts them, as YAML's marks do, and as offsets.

An editor ends lines at LF, CRLF and CR, YAML at some other characters, too. An editor counts units
of an encoding, UTF-16 unless both sides agreed on another; marks and offsets count characters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

_BREAK = re.compile("\r\n|\n|\r")
_YAML_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_WIDTHS = {"utf-8": 1, "utf-16": 2, "utf-32": 4}  # bytes in one unit


@dataclass(slots=True)
class Text:
    """A text with its lines; the editor counts columns in units of `encoding`.

    A byte order mark at the start is a character for the editor, but no part of the document.
    """

    text: str
    encoding: str = "utf-16"
    _lines: list[int] = field(init=False)
    _yaml_lines: list[int] | None = None

    def __post_init__(self) -> None:
        self._lines = _starts(_BREAK, self.text)

    @property
    def bom_length(self) -> int:
        """The length of the byte order mark before the document: 1 or 0."""
        return int(self.text.startswith("\ufeff"))

    @property
    def document(self) -> str:
        """The text without a byte order mark, in which offsets count."""
        return self.text[self.bom_length :]

    def offset(self, line: int, unit: int) -> int:
        """Return the offset nearest to an editor's position: line and unit, from 0."""
        if line >= len(self._lines):
            return len(self.text) - self.bom_length
        start, end = self._line(max(line, 0))
        before = self._encoded(self.text[start:end])[: max(unit, 0) * _WIDTHS[self.encoding]]
        characters = len(before.decode(self._codec, errors="ignore"))
        return max(start + characters - self.bom_length, 0)

    def position(self, offset: int) -> tuple[int, int]:
        """Return the editor's position of an offset in the document: line and unit, from 0."""
        index = min(max(offset, 0) + self.bom_length, len(self.text))
        line = bisect_right(self._lines, index) - 1
        before = self._encoded(self.text[self._lines[line] : index])
        return line, len(before) // _WIDTHS[self.encoding]

    def mark_offset(self, line: int, column: int) -> int:
        """Return the offset of a mark: line and column, from 1, or 0 where they are unknown."""
        if self._yaml_lines is None:
            self._yaml_lines = _starts(_YAML_BREAK, self.text[self.bom_length :])
        if line > len(self._yaml_lines):
            return len(self.text) - self.bom_length
        start = self._yaml_lines[max(line, 1) - 1]
        return min(start + max(column, 1) - 1, len(self.text) - self.bom_length)

    def line_end(self, offset: int) -> int:
        """Return the offset where the editor's line of an offset ends, before the line break."""
        line_break = _BREAK.search(self.text, min(offset + self.bom_length, len(self.text)))
        return (line_break.start() if line_break else len(self.text)) - self.bom_length

    def _line(self, number: int) -> tuple[int, int]:
        start = self._lines[number]
        line_break = _BREAK.search(self.text, start)
        return start, line_break.start() if line_break else len(self.text)

    @property
    def _codec(self) -> str:
        return "utf-8" if self.encoding == "utf-8" else f"{self.encoding}-le"

    def _encoded(self, text: str) -> bytes:
        return text.encode(self._codec, errors="surrogatepass")


def _starts(line_break: re.Pattern[str], text: str) -> list[int]:
    return [0, *(match.end() for match in line_break.finditer(text))]


def offset_before_edit(old: str, new: str, offset: int) -> int | None:
    """Return the offset in `old` of an offset in `new`, None where the text there is new."""
    before = common_prefix(old, new)
    if offset <= before:
        return offset
    after = common_prefix(old[before:][::-1], new[before:][::-1])
    return offset - len(new) + len(old) if offset >= len(new) - after else None


def common_prefix(first: str, second: str) -> int:
    """Return the length of the longest common prefix of two texts."""
    low, high = 0, min(len(first), len(second))
    while low < high:  # bisection, since comparing slices is fast and comparing characters is not
        middle = (low + high + 1) // 2
        low, high = (middle, high) if first[:middle] == second[:middle] else (low, middle - 1)
    return low


def single_edit(old: str, new: str) -> tuple[int, int, str]:
    """Return the start and end of the part of `old` that differs, and what `new` has there."""
    start = common_prefix(old, new)
    end = common_prefix(old[start:][::-1], new[start:][::-1])
    return start, len(old) - end, new[start : len(new) - end]
