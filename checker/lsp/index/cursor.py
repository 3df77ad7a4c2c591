"""What is being typed at a place: a key or a value, at which path, even where it is not YAML yet.

The word at the place is replaced by one that stands nowhere else, as a key and as a value, in the
whole text and in what stands before it. Where one of these can be read, it says what goes there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checker.language.syntax.documents import Document, Path
from checker.language.syntax.parser import Mark, ParseError, compose

_HERE = "here-1f0e9"
_BEFORE = re.compile(r"[\w./@#:<>-]*\Z")
_AFTER = re.compile(r"[\w./@#<>-]*")
_PAIRS = {"{": "}", "[": "]"}


@dataclass(frozen=True, slots=True)
class Opening:
    """A place where something may be written, in place of what stands from `start` to `end`.

    `path` leads to the map that takes a key, or to the value itself; `present` are the other keys
    of that map, or items of the list that the value stands in. `document` is as much as can be
    read; `quoted` and `colon` say that the quotes and the colon stand there already.
    """

    path: Path
    is_key: bool
    start: int
    end: int
    present: tuple[str, ...]
    document: Document
    quoted: bool = False
    colon: bool = False


def openings(text: str, offset: int, file: str) -> list[Opening]:
    """Return what may be written at an offset of a text: a key, a value or either."""
    before = _BEFORE.search(text, text.rfind("\n", 0, offset) + 1, offset)
    after = _AFTER.match(text, offset)
    assert before and after
    start, end = before.start() + _behind_colon(before[0]), after.end()
    quote = text[start - 1 : start] if text[start - 1 : start] in ('"', "'") else ""
    first, last = start - len(quote), end + (quote != "" and text[end : end + 1] == quote)
    colon = text[last:].lstrip(" ").startswith(":")
    found: dict[tuple[Path, bool], Opening] = {}
    for as_key in (True, False):
        for tried in _tries(text, first, last, as_key and not colon):
            read = _read(tried)
            if read:
                path, is_key, present, data, mark = read
                document = Document(file, tried, data, mark)
                opening = Opening(path, is_key, start, end, present, document, quote != "", colon)
                found.setdefault((path, is_key), opening)
                break
    return [*found.values()]


def _behind_colon(word: str) -> int:
    """Return where a value begins in a word like `a:b`, of which YAML makes one."""
    return 0 if "#" in word else word.rfind(":") + 1


def _tries(text: str, start: int, end: int, as_key: bool) -> Iterator[str]:
    """Yield texts that may be read: the whole one, and what stands before, closed."""
    put = f"{_HERE}: " if as_key else f"{_HERE} "
    yield text[:start] + put + text[end:]
    yield text[:start] + put + _open_brackets(text[:start])


def _open_brackets(text: str) -> str:
    """Return what closes the brackets that are open at the end of a text, roughly read."""
    waiting: list[str] = []
    quote = ""
    for at, character in enumerate(text):
        if quote:
            quote = "" if character in (quote, "\n") else quote
        elif character in "\"'" and (at == 0 or text[at - 1] in " [{,:\n"):
            quote = character
        elif character == "#" and (at == 0 or text[at - 1] in " \n"):
            quote = "\n"
        elif character in _PAIRS:
            waiting.append(_PAIRS[character])
        elif waiting and character == waiting[-1]:
            waiting.pop()
    return "".join(reversed(waiting))


def _read(text: str) -> tuple[Path, bool, tuple[str, ...], dict[str, Any], Mark] | None:
    """Return where the word stands in a text, with the text's data; None where it can't be read."""
    try:
        data, mark = compose(text)
    except (ParseError, UnicodeEncodeError):  # an editor may send half of a pair
        return None
    found = _find(data) if isinstance(data, dict) else None
    return (*found, data, mark) if found else None


def _find(data: dict[str, Any]) -> tuple[Path, bool, tuple[str, ...]] | None:
    """Return where the word stands: the path, whether as a key, and what stands beside it."""
    waiting: list[tuple[Path, Any]] = [((), data)]
    while waiting:
        path, here = waiting.pop()
        if isinstance(here, dict):
            if _HERE in here:
                return path, True, tuple(str(each) for each in here if each != _HERE)
            inner = [*here.items()]
        else:
            inner = [*enumerate(here)]
        for step, each in inner:
            if each == _HERE:
                others = here if isinstance(here, list) else ()
                beside = tuple(str(other) for other in others if other != _HERE)
                return (*path, step), False, beside
            if isinstance(each, dict | list):
                waiting.append(((*path, step), each))
    return None
