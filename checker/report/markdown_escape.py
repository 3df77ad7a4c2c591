"""Escapes texts of documents for GitHub Flavored Markdown.

Documents may come from strangers. In a comment, their texts must not create links, headings or
HTML, and must not mention users. Code spans need no escapes; all other text is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

NOTHING = "\N{ZERO WIDTH SPACE}"  # prevents a mention or a reference to an issue
_CALLS = re.compile(r"(@|#|\bGH-)(?=\w)", re.IGNORECASE)
_MEANING = re.compile(r"[\\`*_\[\]<>&~$]|(?<=www)\.|:(?=/)", re.IGNORECASE)
_START = re.compile(r"^(\d*)([-+=#.)])")  # would start a list, a heading or a rule
_SEEN = "\N{IDEOGRAPHIC SPACE}"


def visible(text: str) -> str:
    """Return `text` on one line, with invisible characters in Python's notation: `\\x1b`."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or character == _SEEN else _notation(character)
        for character in text
    )


def _notation(character: str) -> str:
    return " " if character == "\n" else character.encode("unicode_escape").decode("ascii")


def shortened(text: str, longest: int) -> str:
    """Return `text`, cut where it is longer than `longest` characters."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def code(text: str) -> str:
    """Return `text` as a code span."""
    shown = visible(text) or '""'
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    apart = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{apart}{shown}{apart}{fence}"


def words(message: str) -> str:
    """Return a message with all Markdown escaped; names in backticks become code spans."""
    return beginning(inside(visible(message).strip()))


def beginning(line: str) -> str:
    """Return a line of Markdown, escaped so that its start makes no list, heading or rule."""
    return _START.sub(r"\1\\\2", line)


def inside(text: str) -> str:
    """Return text that `visible` returned, escaped as in `words`, for the middle of a line."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # an unpaired backtick
        parts = ["`".join(parts)]
    escaped = [code(part) if index % 2 else _plain(part) for index, part in enumerate(parts)]
    return "".join([escaped[0], *(span or NOTHING for span in escaped[1:-1]), *escaped[1:][-1:]])


def _plain(text: str) -> str:
    return _MEANING.sub(r"\\\g<0>", _CALLS.sub(rf"\1{NOTHING}", text))


def fenced(text: str, language: str) -> str:
    """Return `text` as a block of code."""
    fence = "`" * max(3, max(map(len, re.findall("`+", text)), default=0) + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table of Markdown cells."""
    return [_row(head), _row(["---"] * len(head)), *map(_row, rows)]


def _row(cells: Iterable[str]) -> str:
    """Return a row; bars in cells are escaped, and a space separates a backslash before a bar."""
    escaped = (cell.replace("\\|", "\\ |").replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"
