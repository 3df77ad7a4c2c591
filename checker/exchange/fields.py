"""The fields of a document, taken one by one, so that each is stated, noted or not understood.

A format is tables: which function takes which field, and what its words say in notions.
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

_LONGEST = 60  # characters of a value that a message shows
_INTEGER = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_INT64 = 2**63
_LIKE_OTHERS = re.compile(r"true|false|null|-?[0-9][0-9.eE+-]*|")  # texts, if not for quotes
_FEW = 10  # words that a message lists
Meaning = TypeVar("Meaning")


@dataclass(slots=True)
class Fields:
    """What one policy of a document says, gathered field by field; `base` is where it stands."""

    data: Data
    base: Path = ()
    statements: list[Statement] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)  # as `Stated` has them

    def take(self, value: Any, path: Path, table: Mapping[str, Take], named: Named = str) -> None:
        """Take each field of the map `value`; null is a field that is not there.

        `named` gives the name in the table of one that documents may write in other ways.
        """
        if not isinstance(value, dict):
            self.odd(path, "is no object")
            return
        for name, inner in value.items():
            here, take = (*path, name), table.get(named(name))
            if take is None:
                known = did_you_mean(name, table)
                self._problem(here, f"`{_short(name)}` is no field of the format", known)
            elif inner is not None:
                take(self, inner, here)

    def members(
        self,
        value: Any,
        path: Path,
        names: Iterable[str],
        needs: Iterable[str] = (),
        named: Named = str,
    ) -> dict[str, Member] | None:
        """Return those of the members `names` and `needs` that the map `value` has.

        None, with a problem, where it is no map, or lacks one that it `needs`.
        """
        found: dict[str, Member] = {}

        def keep(fields: Fields, value: Any, path: Path) -> None:
            found[named(str(path[-1]))] = (value, path)

        self.take(value, path, dict.fromkeys((*needs, *names), keep), named)
        if not isinstance(value, dict):
            return None
        lacks = [name for name in needs if name not in found]
        for name in lacks:
            self.odd(path, f"states no `{name}`")
        return None if lacks else found

    def state(
        self, notion: str, value: Value, path: Path, currency: str = "", why: str = ""
    ) -> None:
        """State a notion, as what stands at `path` says it; `why`, where that needs a word."""
        position, said = self.data.position(path), self.said(path)
        said = f"{said} ({why})" if why else said
        self.statements.append(Statement(notion, value, said, position, currency))

    def note(self, path: Path, text: str) -> None:
        """Keep for people what no notion says."""
        self.notes.append(Note(text, self.data.position(path)))

    def odd(self, path: Path, why: str, help: str | None = None) -> None:
        """Say why what stands at `path` is not understood: `why` follows the value."""
        self._problem(path, f"`{self.said(path)}` {why}", help)

    def said(self, path: Path) -> str:
        """Return the field at `path` with its value, as the document puts it."""
        name = ".".join(str(step) for step in path[len(self.base) :])
        value = shown(_at(self.data.value, path))
        return f"{_short(name)}: {value}" if name else value

    def _problem(self, path: Path, message: str, help: str | None) -> None:
        position = self.data.position(path)
        self.problems.append(not_understood(position, message, pointer(path), help))

    def boolean(self, value: Any, path: Path) -> bool | None:
        """Return a boolean, or None with a problem: `'true'` is a text."""
        if isinstance(value, bool):
            return value
        self.odd(path, "is no boolean", "`true` or `false`, without quotes")
        return None

    def whole(self, value: Any, path: Path, least: int, most: int, text: bool) -> int | None:
        """Return a whole number from `least` to `most`, or None with a problem.

        `text` says whether the format writes numbers as text as well.
        """
        number = _whole(value, text)
        if number is None:
            self.odd(path, "is no whole number")
        elif not least <= number <= most:
            self.odd(path, f"is not from {least} to {most}")
        else:
            return number
        return None

    def choice(self, value: Any, path: Path, words: Mapping[str, Meaning]) -> Meaning | None:
        """Return what a word of the format means, or None with a problem where it is none."""
        if isinstance(value, str) and value in words:
            return words[value]
        near = did_you_mean(value, words) if isinstance(value, str) else None
        listed = f"they are {quoted(words)}" if len(words) <= _FEW else None
        self.odd(path, "is none of the format's values", near or listed)
        return None

    def items(self, value: Any, path: Path) -> list[tuple[Any, Path]]:
        """Return the items of a list with their paths; none with a problem where it is no list."""
        if isinstance(value, list):
            return [(item, (*path, number)) for number, item in enumerate(value)]
        self.odd(path, "is no list")
        return []

    def text(self, value: Any, path: Path) -> str | None:
        """Return a text, or None with a problem."""
        if isinstance(value, str):
            return value
        self.odd(path, "is no text")
        return None


Take = Callable[[Fields, Any, Path], None]
Named = Callable[[str], str]
Member = tuple[Any, Path]


def noted(about: str) -> Take:
    """Return what keeps a text as a note."""

    def take(fields: Fields, value: Any, path: Path) -> None:
        text = fields.text(value, path)
        if text and text.strip():
            fields.note(path, f"{about}: {text.strip()}")

    return take


def passed_over(fields: Fields, value: Any, path: Path) -> None:
    """Take what is no part of a return policy: an id, what the server adds."""


def shown(value: Any) -> str:
    """Return a value on one line, as messages show it, however long or deep it is."""
    if isinstance(value, dict):
        parts = [f"{name}: {_plain(inner)}" for name, inner in islice(value.items(), _LONGEST)]
        return _short("{" + ", ".join(parts) + "}")
    if isinstance(value, list):
        return _short("[" + ", ".join(map(_plain, value[:_LONGEST])) + "]")
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, dict | list):
        return "…"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, str) and _LIKE_OTHERS.fullmatch(value):
        return f'"{_short(value)}"'
    return _short(str(value))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _whole(value: Any, text: bool) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal) and abs(value) < _INT64:
        return int(value) if value == int(value) else None  # 30.0
    if text and isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    return None


def _at(value: Any, path: Path) -> Any:
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
