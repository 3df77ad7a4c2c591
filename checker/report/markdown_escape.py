"""Words of documents inside Markdown as GitHub reads it, where they are text and nothing else.

What documents say may come from strangers: in a comment it must make no link, no heading and no
HTML, and call nobody by name. In a code span nothing of that has a meaning; what is not in one is
escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

NOTHING = "\N{ZERO WIDTH SPACE}"  # keeps apart what would be a mention or a reference to an issue
_CALLS = re.compile(r"(@|#|\bGH-)(?=\w)", re.IGNORECASE)
_MEANING = re.compile(r"[\\`*_\[\]<>&~$]|(?<=www)\.|:(?=/)", re.IGNORECASE)
_START = re.compile(r"^(\d*)([-+=#.)])")  # what would begin a list, a heading or a rule
_SEEN = "\N{IDEOGRAPHIC SPACE}"


def visible(text: str) -> str:
    """Return `text` on one line, with what can't be seen in Python's notation: `\\x1b`."""
    return "".join(
        each if each.isprintable() or each == _SEEN else _notation(each) for each in text
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
    """Return a message in which no Markdown is read; names in backticks become code spans."""
    return beginning(inside(visible(message).strip()))


def beginning(line: str) -> str:
    """Return a line of Markdown that begins no list, heading or rule by the text it begins with."""
    return _START.sub(r"\1\\\2", line)


def inside(text: str) -> str:
    """Return text, as `visible` gives it, for the middle of a line, as `words` does of a whole."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick that ends nothing
        parts = ["`".join(parts)]
    shown = [code(part) if at % 2 else _plain(part) for at, part in enumerate(parts)]
    return "".join([shown[0], *(each or NOTHING for each in shown[1:-1]), *shown[1:][-1:]])


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
    """Return a line; a bar within a cell is escaped, and a backslash before it kept apart."""
    held = (each.replace("\\|", "\\ |").replace("|", "\\|") for each in cells)
    return f"| {' | '.join(held)} |"
