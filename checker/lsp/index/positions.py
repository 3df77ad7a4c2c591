"""Places in a text: as an editor counts them, as YAML's marks do, and as offsets.

An editor ends lines at LF, CRLF and CR; YAML at some other characters, too. An editor counts in
units of an encoding, UTF-16 unless both sides agreed on another; marks count characters.
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
    """A text with its lines; `encoding` is the one that the editor counts columns in.

    A byte order mark at the start is a character for the editor, and no part of the document.
    """

    text: str
    encoding: str = "utf-16"
    _lines: list[int] = field(init=False)
    _yaml_lines: list[int] | None = None

    def __post_init__(self) -> None:
        self._lines = _starts(_BREAK, self.text)

    @property
    def skipped(self) -> int:
        """How many characters stand before the document: a byte order mark or nothing."""
        return int(self.text.startswith("\ufeff"))

    @property
    def document(self) -> str:
        """The text without a byte order mark, which is what offsets count in."""
        return self.text[self.skipped :]

    def offset(self, line: int, unit: int) -> int:
        """Return the offset into the document of an editor's place, the nearest one there is."""
        if line >= len(self._lines):
            return len(self.text) - self.skipped
        start, end = self._line(max(line, 0))
        before = self._encoded(self.text[start:end])[: max(unit, 0) * _WIDTHS[self.encoding]]
        characters = len(before.decode(self._codec, errors="ignore"))
        return max(start + characters - self.skipped, 0)

    def place(self, offset: int) -> tuple[int, int]:
        """Return an offset into the document as the editor counts: line and unit, from 0."""
        at = min(max(offset, 0) + self.skipped, len(self.text))
        line = bisect_right(self._lines, at) - 1
        before = self._encoded(self.text[self._lines[line] : at])
        return line, len(before) // _WIDTHS[self.encoding]

    def marked(self, line: int, column: int) -> int:
        """Return the offset of a mark, which counts from 1 and is 0 where nothing is known."""
        if self._yaml_lines is None:
            self._yaml_lines = _starts(_YAML_BREAK, self.text[self.skipped :])
        if line > len(self._yaml_lines):
            return len(self.text) - self.skipped
        start = self._yaml_lines[max(line, 1) - 1]
        return min(start + max(column, 1) - 1, len(self.text) - self.skipped)

    def line_end(self, offset: int) -> int:
        """Return where the editor's line ends that an offset lies in, before its break."""
        found = _BREAK.search(self.text, min(offset + self.skipped, len(self.text)))
        return (found.start() if found else len(self.text)) - self.skipped

    def _line(self, number: int) -> tuple[int, int]:
        start = self._lines[number]
        found = _BREAK.search(self.text, start)
        return start, found.start() if found else len(self.text)

    @property
    def _codec(self) -> str:
        return "utf-8" if self.encoding == "utf-8" else f"{self.encoding}-le"

    def _encoded(self, text: str) -> bytes:
        return text.encode(self._codec, errors="surrogatepass")


def _starts(line_break: re.Pattern[str], text: str) -> list[int]:
    return [0, *(found.end() for found in line_break.finditer(text))]


def carried(old: str, new: str, offset: int) -> int | None:
    """Return where in `old` stands what stands at an offset of `new`, None where that is new."""
    before = shared_start(old, new)
    if offset <= before:
        return offset
    behind = shared_start(old[before:][::-1], new[before:][::-1])
    return offset - len(new) + len(old) if offset >= len(new) - behind else None


def shared_start(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:  # halving, since comparing slices is quick and comparing characters is not
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def one_change(old: str, new: str) -> tuple[int, int, str]:
    """Return the start and end of what differs in `old`, and what `new` has there."""
    start = shared_start(old, new)
    end = shared_start(old[start:][::-1], new[start:][::-1])
    return start, len(old) - end, new[start : len(new) - end]
