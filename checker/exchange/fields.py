"""Reads the fields of a document one by one; each becomes a statement, a note or a problem.

A format consists of tables: which function reads which field, and which values of notions its
words stand for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from checker.exchange.positioned_data import Data, Path, pointer
from checker.exchange.statements import Note, Statement, Value, not_understood
from checker.language.syntax.problems import Finding, did_you_mean, quoted

_MAX_CHARACTERS = 60  # of a value in a message
_INTEGER = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_INT64 = 2**63
_NEEDS_QUOTES = re.compile(r"true|false|null|-?[0-9][0-9.eE+-]*|")  # texts that look like others
_MAX_WORDS = 10  # in the list of a message
Meaning = TypeVar("Meaning")


@dataclass(slots=True)
class Fields:
    """Collects what one policy of a document states; `base` is the path of the policy."""

    data: Data
    base: Path = ()
    statements: list[Statement] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)  # as in `StatedPolicy`

    def read(
        self,
        value: Any,
        path: Path,
        table: Mapping[str, FieldReader],
        to_table_name: NameMapping = str,
    ) -> None:
        """Read each field of a map; null is the same as no field.

        Args:
            value: The map; any other value is a problem.
            path: Its path in the document.
            table: The reader of each field. A field without one is a problem.
            to_table_name: Gives the name in the table of a name in the document.
        """
        if not isinstance(value, dict):
            self.report_problem(path, "is no object")
            return
        for name, inner in value.items():
            field_path, reader = (*path, name), table.get(to_table_name(name))
            if reader is None:
                message = f"`{_shorten(name)}` is no field of the format"
                self._problem(field_path, message, did_you_mean(name, table))
            elif inner is not None:
                reader(self, inner, field_path)

    def members(
        self,
        value: Any,
        path: Path,
        optional: Iterable[str],
        required: Iterable[str] = (),
        to_table_name: NameMapping = str,
    ) -> dict[str, Member] | None:
        """Return the members of a map by name; any other name is a problem.

        None, with a problem, where `value` is no map, or where a required member is missing.
        """
        members: dict[str, Member] = {}

        def keep(fields: Fields, value: Any, path: Path) -> None:
            members[to_table_name(str(path[-1]))] = (value, path)

        self.read(value, path, dict.fromkeys((*required, *optional), keep), to_table_name)
        if not isinstance(value, dict):
            return None
        missing = [name for name in required if name not in members]
        for name in missing:
            self.report_problem(path, f"states no `{name}`")
        return None if missing else members

    def state(
        self, notion: str, value: Value, path: Path, currency: str = "", why: str = ""
    ) -> None:
        """Add the statement that the field at `path` makes; `why` explains it, if not obvious."""
        position, text = self.data.position(path), self.quote(path)
        text = f"{text} ({why})" if why else text
        self.statements.append(Statement(notion, value, text, position, currency))

    def note(self, path: Path, text: str) -> None:
        """Add a note, for what no notion states."""
        self.notes.append(Note(text, self.data.position(path)))

    def report_problem(self, path: Path, why: str, help: str | None = None) -> None:
        """Report that the field at `path` is not understood; the message is the field and `why`."""
        self._problem(path, f"`{self.quote(path)}` {why}", help)

    def quote(self, path: Path) -> str:
        """Return the field at `path` with its value, as the document writes it."""
        name = ".".join(str(step) for step in path[len(self.base) :])
        value = display(_value_at(self.data.value, path))
        return f"{_shorten(name)}: {value}" if name else value

    def _problem(self, path: Path, message: str, help: str | None) -> None:
        position = self.data.position(path)
        self.problems.append(not_understood(position, message, pointer(path), help))

    def boolean(self, value: Any, path: Path) -> bool | None:
        """Return a boolean, or None with a problem; the text `"true"` is none."""
        if isinstance(value, bool):
            return value
        self.report_problem(path, "is no boolean", "`true` or `false`, without quotes")
        return None

    def integer(self, value: Any, path: Path, least: int, most: int, text: bool) -> int | None:
        """Return a whole number from `least` to `most`, or None with a problem.

        `text` says whether the format may also write numbers as text.
        """
        number = _as_integer(value, text)
        if number is None:
            self.report_problem(path, "is no whole number")
        elif not least <= number <= most:
            self.report_problem(path, f"is not from {least} to {most}")
        else:
            return number
        return None

    def choice(self, value: Any, path: Path, words: Mapping[str, Meaning]) -> Meaning | None:
        """Return the meaning of a word of the format, or None with a problem for any other."""
        if isinstance(value, str) and value in words:
            return words[value]
        suggestion = did_you_mean(value, words) if isinstance(value, str) else None
        word_list = f"they are {quoted(words)}" if len(words) <= _MAX_WORDS else None
        self.report_problem(path, "is none of the format's values", suggestion or word_list)
        return None

    def items(self, value: Any, path: Path) -> list[tuple[Any, Path]]:
        """Return the items of a list with their paths; none, with a problem, for other values."""
        if isinstance(value, list):
            return [(item, (*path, index)) for index, item in enumerate(value)]
        self.report_problem(path, "is no list")
        return []

    def text(self, value: Any, path: Path) -> str | None:
        """Return a text, or None with a problem."""
        if isinstance(value, str):
            return value
        self.report_problem(path, "is no text")
        return None


FieldReader = Callable[[Fields, Any, Path], None]
NameMapping = Callable[[str], str]
Member = tuple[Any, Path]


def note_text(label: str) -> FieldReader:
    """Return a reader that notes a text, with a label before it."""

    def read(fields: Fields, value: Any, path: Path) -> None:
        text = fields.text(value, path)
        if text and text.strip():
            fields.note(path, f"{label}: {text.strip()}")

    return read


def ignore_field(fields: Fields, value: Any, path: Path) -> None:
    """Ignore a field that is no part of a return policy, such as an id."""


def display(value: Any) -> str:
    """Return any value as one short line for a message."""
    if isinstance(value, dict):
        entries = islice(value.items(), _MAX_CHARACTERS)
        parts = [f"{name}: {_display_scalar(inner)}" for name, inner in entries]
        return _shorten("{" + ", ".join(parts) + "}")
    if isinstance(value, list):
        return _shorten("[" + ", ".join(map(_display_scalar, value[:_MAX_CHARACTERS])) + "]")
    return _display_scalar(value)


def _display_scalar(value: Any) -> str:
    if isinstance(value, dict | list):
        return "…"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, str) and _NEEDS_QUOTES.fullmatch(value):
        return f'"{_shorten(value)}"'
    return _shorten(str(value))


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MAX_CHARACTERS else f"{line[: _MAX_CHARACTERS - 1]}…"


def _as_integer(value: Any, text: bool) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal) and abs(value) < _INT64:
        return int(value) if value == int(value) else None  # 30.0
    if text and isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    return None


def _value_at(value: Any, path: Path) -> Any:
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
