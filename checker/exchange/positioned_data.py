"""JSON and YAML of others, read with the position of every node."""

from __future__ import annotations

import bisect
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from checker.language.syntax.parser import Mark, ParseError, compose
from checker.language.syntax.problems import Finding, Position

Path = tuple[str | int, ...]
_SPACE = re.compile(r"[ \t\n\r]*")
_SURROGATES = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a pair
    r"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
UNREADABLE = "unreadable"


@dataclass(slots=True)
class Data:
    """A text's data: maps, lists, texts, booleans, whole numbers and exact decimals.

    `origin` is where the text starts in its file.
    """

    value: Any
    text: str
    origin: Position
    mark: Mark | None = None  # of YAML
    _starts: dict[Path, dict[str | int, int]] = field(default_factory=dict)
    _values: dict[Path, int] = field(default_factory=dict)  # where those looked into start
    _lines: list[int] = field(default_factory=list)

    def position(self, path: Path = ()) -> Position:
        """Return where the node at `path` stands: its key, an item of a list itself."""
        if self.mark is not None:
            return _marked(self.mark, path, self.origin.file)
        try:
            return self.at(self._offset(path))
        except RecursionError:  # nested nearly too deeply to be read
            return self.origin

    def _offset(self, path: Path) -> int:
        """Return the offset of the last node on the path that is there."""
        known = max(len(path) - 1, 0)
        while known and path[:known] not in self._values:
            known -= 1
        offset = self._values[path[:known]] if known else _skip(self.text, 0)
        for depth in range(known, len(path)):
            here, step = path[:depth], path[depth]
            self._values[here] = offset
            if here not in self._starts:
                self._starts[here] = _children(self.text, offset)
            if step not in self._starts[here]:
                return offset
            offset = self._starts[here][step]
            if isinstance(step, str) and depth < len(path) - 1:
                offset = _after_key(self.text, offset)
        return offset

    def at(self, offset: int) -> Position:
        """Return where the character at `offset` of the text stands."""
        if not self._lines:
            self._lines = [0, *(each.end() for each in re.finditer("\n", self.text))]
        number = bisect.bisect_right(self._lines, offset) - 1
        column = offset - self._lines[number] + 1
        if number == 0:
            column += self.origin.column - 1
        return Position(self.origin.file, self.origin.line + number, column)


def read_data(raw: bytes, file: str) -> Data | Finding:
    """Return what is in a file of JSON, or of YAML where its name says so; or why it can't be."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()  # without a byte order mark
        place = Position(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        found = f"not UTF-8: byte 0x{error.object[error.start]:02x}"
        return Finding(place, found, "save the file as UTF-8", check=UNREADABLE)
    if file.lower().endswith((".yaml", ".yml")):
        return _read_yaml(text, file)
    return read_json(text, Position(file, 1, 1))


def read_json(text: str, origin: Position) -> Data | Finding:
    """Return the data of a JSON text that starts at `origin` in its file, or what is wrong.

    Half a surrogate pair becomes U+FFFD, so that whatever is read can be printed.
    """
    if "\\u" in text:
        text = _SURROGATES.sub(_whole_pairs, text)
    data = Data(None, text, origin)
    try:
        data.value = json.loads(
            text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_unique
        )
    except json.JSONDecodeError as error:
        position = data.at(error.pos)
        return Finding(position, f"not JSON: {_plain(error.msg)}", check=UNREADABLE)
    except RecursionError:
        return Finding(origin, "nested too deeply to be read", check=UNREADABLE)
    except InvalidOperation:
        return Finding(origin, "not JSON: a number beyond all bounds", check=UNREADABLE)
    except _Unread as error:
        return Finding(origin, f"not JSON: {error}", check=UNREADABLE)
    except ValueError:  # Python's own limit
        return Finding(origin, "not JSON: a number of thousands of digits", check=UNREADABLE)
    return data


class _Unread(ValueError):
    """JSON by its grammar, and no data."""


def _plain(message: str) -> str:
    """Return what Python says of a place, in our words."""
    return message.lower().removesuffix(" at").removesuffix(" starting")


def _whole_pairs(escape: re.Match[str]) -> str:
    return r"\ufffd" if escape[1] else escape[0]


def _read_yaml(text: str, file: str) -> Data | Finding:
    try:
        value, mark = compose(text)
    except ParseError as error:
        position = Position(file, error.line, error.column)
        return Finding(position, error.message, error.help, check=UNREADABLE)
    return Data(value, text, Position(file, 1, 1), mark)


def pointer(path: Sequence[str | int]) -> str:
    """Return the JSON Pointer of a path (RFC 6901)."""
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return "".join(f"/{step}" for step in steps)


def _marked(mark: Mark, path: Path, file: str) -> Position:
    line, column = mark.line, mark.column
    for step in path:
        if step not in mark.children:
            break
        line, column = mark.keys.get(str(step), (0, 0)) if isinstance(step, str) else (0, 0)
        mark = mark.children[step]
        if not line:
            line, column = mark.line, mark.column
    return Position(file, line, column)


_DECODER = json.JSONDecoder()


def _children(text: str, offset: int) -> dict[str | int, int]:
    """Return the offsets of a map's keys or a list's items; the text is known to be JSON."""
    starts: dict[str | int, int] = {}
    if text[offset] not in "{[":
        return starts
    is_map, number = text[offset] == "{", 0
    offset = _skip(text, offset + 1)
    while text[offset] not in "}]":
        step: str | int = number
        start = offset
        if is_map:
            step, offset = _DECODER.raw_decode(text, offset)
            offset = _skip(text, _skip(text, offset) + 1)  # past the colon
        starts[step] = start
        number += 1
        offset = _skip(text, _DECODER.raw_decode(text, offset)[1])
        if text[offset] == ",":
            offset = _skip(text, offset + 1)
    return starts


def _after_key(text: str, offset: int) -> int:
    """Return the offset of the value whose key stands at `offset`."""
    return _skip(text, _skip(text, _DECODER.raw_decode(text, offset)[1]) + 1)


def _skip(text: str, offset: int) -> int:
    return _SPACE.match(text, offset).end()  # type: ignore[union-attr]


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, times in Counter(n for n, _ in pairs).items() if times > 1)
        raise _Unread(f"the key `{twice}` stands twice in one object")
    return found


def _no_number(name: str) -> NoReturn:
    raise _Unread(f"`{name}` is no number")
