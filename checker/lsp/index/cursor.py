"""What is typed at the cursor: a key or a value, and its path, even where the text is not YAML yet.

A placeholder replaces the word at the cursor, as a key and as a value, in the whole text and in the
text before the cursor. The first of these that can be read tells the path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checker.language.syntax.documents import Document, Path
from checker.language.syntax.parser import Mark, ParseError, compose

_PLACEHOLDER = "here-1f0e9"
_BEFORE = re.compile(r"[\w./@#:<>-]*\Z")
_AFTER = re.compile(r"[\w./@#<>-]*")
_PAIRS = {"{": "}", "[": "]"}


@dataclass(frozen=True, slots=True)
class InsertionPoint:
    """A position where a word may be inserted, in place of the text from `start` to `end`.

    Attributes:
        path: Of the map that takes a key, or of the value itself.
        is_key: Whether the word is a key.
        start: The offset where the replaced text begins.
        end: The offset where it ends.
        present: The other keys of the map, or the other items of the list.
        document: As much of the document as can be read.
        quoted: Whether the quotes are there already.
        colon: Whether the colon is there already.
    """

    path: Path
    is_key: bool
    start: int
    end: int
    present: tuple[str, ...]
    document: Document
    quoted: bool = False
    colon: bool = False


def insertion_points(text: str, offset: int, file: str) -> list[InsertionPoint]:
    """Return what may be inserted at an offset of a text: a key, a value or either."""
    before = _BEFORE.search(text, text.rfind("\n", 0, offset) + 1, offset)
    after = _AFTER.match(text, offset)
    assert before and after
    start, end = before.start() + _after_colon(before[0]), after.end()
    quote = text[start - 1 : start] if text[start - 1 : start] in ('"', "'") else ""
    first, last = start - len(quote), end + (quote != "" and text[end : end + 1] == quote)
    colon = text[last:].lstrip(" ").startswith(":")
    points: dict[tuple[Path, bool], InsertionPoint] = {}
    for as_key in (True, False):
        for attempt in _attempts(text, first, last, as_key and not colon):
            result = _read(attempt)
            if result:
                path, is_key, present, data, mark = result
                document = Document(file, attempt, data, mark)
                point = InsertionPoint(
                    path, is_key, start, end, present, document, quote != "", colon
                )
                points.setdefault((path, is_key), point)
                break
    return [*points.values()]


def _after_colon(word: str) -> int:
    """Return where a value begins in a word like `a:b`, which YAML reads as one scalar."""
    return 0 if "#" in word else word.rfind(":") + 1


def _attempts(text: str, start: int, end: int, as_key: bool) -> Iterator[str]:
    """Yield texts to try: the whole one, and the part before the cursor with brackets closed."""
    insert = f"{_PLACEHOLDER}: " if as_key else f"{_PLACEHOLDER} "
    yield text[:start] + insert + text[end:]
    yield text[:start] + insert + _open_brackets(text[:start])


def _open_brackets(text: str) -> str:
    """Return what closes the brackets that are open index the end of a text; an approximation."""
    closing: list[str] = []
    quote = ""
    for index, character in enumerate(text):
        if quote:
            quote = "" if character in (quote, "\n") else quote
        elif character in "\"'" and (index == 0 or text[index - 1] in " [{,:\n"):
            quote = character
        elif character == "#" and (index == 0 or text[index - 1] in " \n"):
            quote = "\n"
        elif character in _PAIRS:
            closing.append(_PAIRS[character])
        elif closing and character == closing[-1]:
            closing.pop()
    return "".join(reversed(closing))


def _read(text: str) -> tuple[Path, bool, tuple[str, ...], dict[str, Any], Mark] | None:
    """Return the placeholder's position, and the text's data; None where it can't be read."""
    try:
        data, mark = compose(text)
    except (ParseError, UnicodeEncodeError):  # an editor may send half of a surrogate pair
        return None
    position = _find_placeholder(data) if isinstance(data, dict) else None
    return (*position, data, mark) if position else None


def _find_placeholder(data: dict[str, Any]) -> tuple[Path, bool, tuple[str, ...]] | None:
    """Return the placeholder's path, whether it is a key, and the other keys or items there."""
    pending: list[tuple[Path, Any]] = [((), data)]
    while pending:
        path, node = pending.pop()
        if isinstance(node, dict):
            if _PLACEHOLDER in node:
                return path, True, tuple(str(key) for key in node if key != _PLACEHOLDER)
            children = [*node.items()]
        else:
            children = [*enumerate(node)]
        for step, child in children:
            if child == _PLACEHOLDER:
                items = node if isinstance(node, list) else ()
                others = tuple(str(item) for item in items if item != _PLACEHOLDER)
                return (*path, step), False, others
            if isinstance(child, dict | list):
                pending.append(((*path, step), child))
    return None
