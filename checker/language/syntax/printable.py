"""Text of documents, files and tables made safe to print on a terminal."""

from __future__ import annotations

import re

# C0 and C1 controls, line and paragraph separators, bidirectional controls (Unicode Standard,
# section 23.2), the byte order mark, and halves of surrogate pairs
_CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def printable(text: str) -> str:
    """Return the text as one line, with an escape (`\\x1b`) for each control character in it."""
    return _CONTROLS.sub(lambda match: _escape(match[0]), text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")
