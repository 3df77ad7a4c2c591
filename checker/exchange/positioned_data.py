"""JSON and YAML of other formats, read with the position of every node."""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from checker.language.syntax.json_objects import RepeatedKey, unique_keys
from checker.language.syntax.parser import Mark, ParseError, compose, end_of
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
    """The data of a text: maps, lists, texts, booleans, whole numbers and exact decimals.

    `origin` is the position in the file where the text starts.
    """

    value: Any
    text: str
    origin: Position
    mark: Mark | None = None  # of YAML
    # caches of offsets in the text, filled when a position is needed
    _child_offsets: dict[Path, dict[str | int, int]] = field(default_factory=dict)
    _value_offsets: dict[Path, int] = field(default_factory=dict)
    _line_offsets: list[int] = field(default_factory=list)

    def position(self, path: Path = ()) -> Position:
        """Return the position of the node at `path`: of its key, or of an item of a list."""
        if self.mark is not None:
            return _position_in_yaml(self.mark, path, self.origin.file)
        try:
            return self.at(self._offset(path))
        except RecursionError:  # nested nearly too deeply to be read
            return self.origin

    def _offset(self, path: Path) -> int:
        """Return the offset of the node at `path`, or of its last ancestor that exists."""
        known_depth = max(len(path) - 1, 0)
        while known_depth and path[:known_depth] not in self._value_offsets:
            known_depth -= 1
        offset = self._value_offsets[path[:known_depth]] if known_depth else _skip(self.text, 0)
        for depth in range(known_depth, len(path)):
            parent, step = path[:depth], path[depth]
            self._value_offsets[parent] = offset
            if parent not in self._child_offsets:
                self._child_offsets[parent] = _children(self.text, offset)
            if step not in self._child_offsets[parent]:
                return offset
            offset = self._child_offsets[parent][step]
            if isinstance(step, str) and depth < len(path) - 1:
                offset = _after_key(self.text, offset)
        return offset

    def at(self, offset: int) -> Position:
        """Return the position of the character at `offset` of the text."""
        if not self._line_offsets:
            line_ends = re.finditer("\n", self.text)
            self._line_offsets = [0, *(line_end.end() for line_end in line_ends)]
        line_index = bisect.bisect_right(self._line_offsets, offset) - 1
        column = offset - self._line_offsets[line_index] + 1
        if line_index == 0:
            column += self.origin.column - 1
        return Position(self.origin.file, self.origin.line + line_index, column)


def read_data(raw: bytes, file: str) -> Data | Finding:
    """Return the data of a file, or the problem that it can't be read.

    A file is YAML if its name ends in `.yaml` or `.yml`, else JSON.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()  # without a byte order mark
        position = Position(file, *end_of(before))
        message = f"not UTF-8: byte 0x{error.object[error.start]:02x}"
        return Finding(position, message, "save the file as UTF-8", check=UNREADABLE)
    if file.lower().endswith((".yaml", ".yml")):
        return _read_yaml(text, file)
    return read_json(text, Position(file, 1, 1))


def read_json(text: str, origin: Position) -> Data | Finding:
    """Return the data of a JSON text that starts at `origin` in its file, or the problem with it.

    Half of a surrogate pair becomes U+FFFD, as it could not be printed.
    """
    if "\\u" in text:
        text = _SURROGATES.sub(_replace_half_pair, text)
    data = Data(None, text, origin)
    try:
        data.value = json.loads(
            text,
            parse_float=Decimal,
            parse_constant=_reject_constant,
            object_pairs_hook=unique_keys,
        )
    except json.JSONDecodeError as error:
        position = data.at(error.pos)
        return Finding(position, f"not JSON: {_without_position(error.msg)}", check=UNREADABLE)
    except RecursionError:
        return Finding(origin, "nested too deeply to be read", check=UNREADABLE)
    except InvalidOperation:
        return Finding(origin, "not JSON: a number beyond all bounds", check=UNREADABLE)
    except (RepeatedKey, _UnsupportedJson) as error:
        return Finding(origin, f"not JSON: {error}", check=UNREADABLE)
    except ValueError:  # Python limits the digits of a number
        return Finding(origin, "not JSON: a number of thousands of digits", check=UNREADABLE)
    return data


class _UnsupportedJson(ValueError):
    """Python's decoder accepts the text, but its data is ambiguous or no JSON."""


def _without_position(message: str) -> str:
    """Return a message of Python's decoder without the words before its position."""
    return message.lower().removesuffix(" at").removesuffix(" starting")


def _replace_half_pair(escape: re.Match[str]) -> str:
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


def _position_in_yaml(mark: Mark, path: Path, file: str) -> Position:
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
    """Return the offsets of a map's keys or a list's items; the text is valid JSON."""
    offsets: dict[str | int, int] = {}
    if text[offset] not in "{[":
        return offsets
    is_map, index = text[offset] == "{", 0
    offset = _skip(text, offset + 1)
    while text[offset] not in "}]":
        step: str | int = index
        start = offset
        if is_map:
            step, offset = _DECODER.raw_decode(text, offset)
            offset = _skip(text, _skip(text, offset) + 1)  # past the colon
        offsets[step] = start
        index += 1
        offset = _skip(text, _DECODER.raw_decode(text, offset)[1])
        if text[offset] == ",":
            offset = _skip(text, offset + 1)
    return offsets


def _after_key(text: str, offset: int) -> int:
    """Return the offset of the value whose key is at `offset`."""
    return _skip(text, _skip(text, _DECODER.raw_decode(text, offset)[1]) + 1)


def _skip(text: str, offset: int) -> int:
    """Return the offset of the first character at or after `offset` that is no space."""
    return _SPACE.match(text, offset).end()  # type: ignore[union-attr]


def _reject_constant(name: str) -> NoReturn:
    """Reject `NaN` and `Infinity`, which Python's decoder accepts."""
    raise _UnsupportedJson(f"`{name}` is no number")
