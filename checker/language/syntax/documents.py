"""A document as plain data with a position for each node; it is not checked against its schema.

Documents are YAML 1.2 in UTF-8, with a map at the top (docs/language.md, section 1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any

from checker.language.syntax.files import open_regular
from checker.language.syntax.lookalikes import lookalike_help, lookalike_name
from checker.language.syntax.parser import Mark, ParseError, compose, end_of
from checker.language.syntax.problems import Finding, Position, system_reason
from checker.language.syntax.scalars import resolve_scalar, scalar_text

MAX_BYTES = 1 << 20  # of a document
KINDS = ("vocabulary", "calendar", "policy", "override", "cases", "source", "columns", "exchange")

_LONE_CARRIAGE_RETURN = re.compile("\r(?!\n)")
_WRITTEN = re.compile(r"[^\s,\[\]{}#]+")  # a number, true or false in a text

Path = tuple[str | int, ...]  # keys of maps and indexes of lists, from the top of a document


@dataclass(slots=True, eq=False)
class Document:
    """One YAML document.

    Attributes:
        file: the name of the file, as the caller gave it.
        text: the text of the file, without a byte order mark.
        data: the map at the top, as plain data.
        mark: the positions of that map and of all nodes in it.
        cache: what was computed from this document; the functions that fill it choose the keys.
    """

    file: str
    text: str
    data: dict[str, Any]
    mark: Mark
    cache: dict[Any, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The document's kind, empty where it states none that is known."""
        kind = self.data.get("kind")
        return kind if isinstance(kind, str) and kind in KINDS else ""

    @property
    def sha256(self) -> str:
        """The SHA-256 of the text as UTF-8, without a byte order mark."""
        import hashlib  # few commands need it, and it takes time to load

        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def id(self) -> str:
        """The document's id, empty where it has none."""
        return _text(self.data.get("id"))

    @property
    def version(self) -> str:
        """The document's version, empty where it has none."""
        return _text(self.data.get("version"))

    @property
    def name(self) -> str:
        """`id@version`; the id alone where there is no version, the file where there is no id."""
        return f"{self.id}@{self.version}" if self.id and self.version else self.id or self.file

    def position(self, path: Sequence[str | int] = (), *, key: bool = False) -> Position:
        """Return where the node at `path` starts, or where its key starts with `key`.

        Where there is no node at `path`, this is the start of the last node on the path that
        there is.
        """
        mark = self.mark
        for depth, step in enumerate(path):
            if key and depth == len(path) - 1 and step in mark.keys:
                return Position(self.file, *mark.keys[str(step)])
            if step not in mark.children:
                break
            mark = mark.children[step]
        return Position(self.file, mark.line, mark.column)


@dataclass(slots=True)
class Reporter:
    """Collects the findings about one document; each is given by its path into the data."""

    document: Document
    problems: list[Finding] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)  # of the text, split at the first need

    def error(
        self, path: Sequence[str | int], message: str, help: str | None = None, *, key: bool = False
    ) -> None:
        """Add an error of the check `invalid-document` at `path`; with `key`, at its key."""
        self.note("invalid-document", path, message, help, key=key)

    def warning(self, path: Sequence[str | int], message: str) -> None:
        """Add a warning of the check `invalid-document` at `path`."""
        self.note("invalid-document", path, message, mild=True)

    def note(
        self,
        check: str,
        path: Sequence[str | int],
        message: str,
        help: str | None = None,
        *,
        key: bool = False,
        mild: bool = False,
    ) -> None:
        """Add a finding of any check.

        Args:
            check: the id of the check.
            path: where the node is in the data.
            message: what was found, and what was expected.
            help: what to do about it.
            key: whether its position is that of the node's key.
            mild: whether it is a warning where the row of the check says so.
        """
        message, help = self._as_written(path, message, help, key)
        position = self.document.position(path, key=key)
        at = path_text(self.document.data, path)
        self.problems.append(Finding(position, message, help, check, at, mild))

    def _as_written(
        self, path: Sequence[str | int], message: str, help: str | None, key: bool
    ) -> tuple[str, str | None]:
        """Return message and help with the text that the document has at `path`.

        `1.0` is read as the number 1, which nobody has written. A character that only looks like
        another one is named, as nobody sees it.
        """
        if key:
            return message, lookalike_help(str(path[-1])) or help
        data: Any = self.document.data
        mark = self.document.mark
        for step in path:
            if step not in mark.children:
                return message, help
            data, mark = data[step], mark.children[step]
        if isinstance(data, str):
            return message, lookalike_help(data) or help
        if isinstance(data, bool | int | Decimal) and mark.line:
            if not self._lines:
                self._lines = self.document.text.split("\n")
            written = _WRITTEN.match(self._lines[mark.line - 1], mark.column - 1)
            if written and written[0] != scalar_text(data) and _reads_as(written[0], data):
                message = message.replace(f"`{scalar_text(data)}`", f"`{written[0]}`", 1)
        return message, help


def _reads_as(text: str, data: Any) -> bool:
    """Return whether a plain scalar is read as the data."""
    try:
        return bool(resolve_scalar(text) == data)
    except ValueError:
        return False


def path_text(data: Any, path: Sequence[str | int]) -> str:
    """Return a path as text, the `at` of a finding: `rules.opened-masks`.

    The steps are joined by dots. An item of a list is named by its id; an item without an id by its
    number, from 1.

    Args:
        data: the data that the path leads into.
        path: keys of maps and indexes of lists, from 0; it may lead to nothing.
    """
    names: list[str] = []
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            data = None
        id = data.get("id") if isinstance(step, int) and isinstance(data, dict) else None
        name = id if isinstance(id, str) else None
        names.append(name or (str(step + 1) if isinstance(step, int) else step))
    return ".".join(names)


def position_of(at: str, document: Document) -> Position:
    """Return the position of the node that `at` names, as `path_text` writes it.

    An override need not state the answer or the term that a finding is about. Its position is then
    that of the settings, or of the reference to the policy where there are no settings.
    """
    path: list[str | int] = []
    data: Any = document.data
    for step in at.split(".") if at else ():
        if isinstance(data, dict) and step in data:
            path.append(step)
        elif isinstance(data, list):
            ids = [item.get("id") if isinstance(item, dict) else None for item in data]
            path.append(ids.index(step) if step in ids else int(step) - 1)
        else:
            break
        data = data[path[-1]]
    if path and len(path) == at.count(".") + 1:
        return document.position(path)
    return document.position(("settings",) if "settings" in document.data else ("policy",))


def read_document(path: FilePath) -> tuple[Document | None, list[Finding]]:
    """Return the document in the file at `path`, or None and the finding why it can't be read."""
    raw, problems = read_bytes(path)
    return (None, problems) if raw is None else parse_document(raw, str(path))


def read_bytes(path: FilePath) -> tuple[bytes | None, list[Finding]]:
    """Return the bytes of the file at `path`, or None and the finding why it can't be read.

    At most one byte more than MAX_BYTES is read, which tells that a file is too large.
    """
    try:
        if path.exists() and not path.is_file():
            return None, [_unreadable(Position(str(path)), "can't be read: it is no regular file")]
        with open_regular(path) as file:
            return file.read(MAX_BYTES + 1), []
    except (OSError, RuntimeError, ValueError) as error:
        return None, [_unreadable(Position(str(path)), f"can't be read: {system_reason(error)}")]


def parse_document(
    raw: bytes, name: str, *, nfc: bool = False
) -> tuple[Document | None, list[Finding]]:
    """Return the document in the bytes, or None and the finding why it can't be read.

    Args:
        raw: the content of a file, UTF-8 with or without a byte order mark.
        name: the name of the file in positions.
        nfc: whether the data are brought into the Unicode form NFC, in which names compare as they
            look.
    """
    if len(raw) > MAX_BYTES:
        return None, [
            _unreadable(
                Position(name), "a document of more than 1 MiB", "split it into several files"
            )
        ]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()  # without a byte order mark
        position = Position(name, *end_of(before))
        message = f"not UTF-8: byte 0x{error.object[error.start]:02x}"
        return None, [_unreadable(position, message, "save the file as UTF-8")]
    lone = _LONE_CARRIAGE_RETURN.search(text)
    if lone:
        position = Position(name, *end_of(text[: lone.start()]))
        message = f"found {lookalike_name(lone[0])}"
        return None, [_unreadable(position, message, "save the file with LF or CRLF line ends")]
    try:
        data, mark = compose(text, nfc=nfc)
    except ParseError as error:
        position = Position(name, error.line, error.column)
        return None, [_unreadable(position, error.message, error.help)]
    if not isinstance(data, dict):
        position = Position(name, mark.line, mark.column)
        return None, [_unreadable(position, "found no map at the top", "start with `kind:`")]
    return Document(name, text, data, mark), []


def string_keys(data: Any) -> Iterable[str]:
    """Return the keys of `data` that are strings; none where it is no map."""
    return [key for key in data if isinstance(key, str)] if isinstance(data, dict) else []


def _unreadable(position: Position, message: str, help: str | None = None) -> Finding:
    return Finding(position, message, help, check="unreadable")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
