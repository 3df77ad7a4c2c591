"""Characters that look like the ASCII characters of the language, or like nothing at all.

They come from input methods, word processors and web pages. In prose they are right; in a key, a
number or an id they are mistakes that no reader sees.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

_NAMES: Final = {
    "\u00a0": "a no-break space",
    "\u3000": "an ideographic space",
    "\u200b": "a zero-width space",
    "\u200c": "a zero-width non-joiner",
    "\u200d": "a zero-width joiner",
    "\u2060": "a word joiner",
    "\ufeff": "a byte order mark",
    "\u00ad": "a soft hyphen",
    "\r": "a carriage return without a line feed",
    "\x85": "a next-line character",
    "\u2028": "a line separator",
    "\u2029": "a paragraph separator",
}
_TWINS: Final = {
    **dict.fromkeys(
        "\u00a0\u3000\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f", " "
    ),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f", ""),
    **dict.fromkeys("\r\x85\u2028\u2029", "\n"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‘’‚‛′", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("、﹐", ","),
    **dict.fromkeys("∶︰﹕", ":"),
    "【": "[",
    "】": "]",
    "「": '"',
    "」": '"',
    "。": ".",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
}


def _twin(character: str) -> str | None:
    """Return the ASCII text that stands for a look-alike, None for any other character."""
    if character in _TWINS:
        return _TWINS[character]
    if "\uff01" <= character <= "\uff5e":  # the full-width forms of ASCII
        return chr(ord(character) - 0xFEE0)
    return None


def find_lookalikes(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the index of each look-alike in the text, the character, and its ASCII twin."""
    if text.isascii() and "\r" not in text:
        return
    for index, character in enumerate(text):
        if character > "~" or character == "\r":
            twin = _twin(character)
            if twin is not None and not (character == "\r" and text[index + 1 : index + 2] == "\n"):
                yield index, character, twin


def in_ascii(text: str) -> str:
    """Return the text with each look-alike replaced by its ASCII twin."""
    pieces, end = [], 0
    for index, _, twin in find_lookalikes(text):
        pieces += [text[end:index], twin]
        end = index + 1
    return "".join([*pieces, text[end:]])


def lookalike_name(character: str) -> str:
    """Return a look-alike as messages name it: "the full-width colon `：` (U+FF1A)"."""
    code = f"U+{ord(character):04X}"
    if character in _NAMES:
        return f"{_NAMES[character]} ({code})"
    name = unicodedata.name(character, "character").lower()
    name = name.replace("fullwidth", "full-width").replace("solidus", "slash")
    return f"the {name} `{character}` ({code})"


def lookalike_help(text: str) -> str | None:
    """Return what to write in place of a key or value with look-alikes, None without any."""
    found = [*find_lookalikes(text)]
    if not found:
        return None
    _, character, twin = found[0]
    holds = f"it holds {lookalike_name(character)}"
    if not twin:
        return f"{holds}: remove it"
    if twin.isspace():
        return f"{holds}: write " + ("a space" if twin == " " else "a new line")
    is_word = all(twin.isalnum() or twin in ("", "-", ".", "_") for _, _, twin in found)
    return f"{holds}: write `{in_ascii(text) if is_word else twin}`"
