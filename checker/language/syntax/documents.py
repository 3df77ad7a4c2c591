"""A file of policy data, read but not yet checked: plain data, and a position for each node."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from checker.language.syntax.parser import Mark, ParseError, compose
from checker.language.syntax.problems import Finding, Position

MAX_BYTES = 1 << 20
KINDS = ("vocabulary", "calendar", "policy", "override", "cases", "source", "columns", "exchange")

Path = tuple[str | int, ...]


@dataclass(slots=True, eq=False)
class Document:
    """One YAML document: the file as it was named, its data and its marks."""

    file: str
    text: str
    data: dict[str, Any]
    mark: Mark
    cache: dict[Any, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The document's kind, `` where it states none that is known."""
        kind = self.data.get("kind")
        return kind if isinstance(kind, str) and kind in KINDS else ""

    @property
    def sha256(self) -> str:
        """The SHA-256 of the text as UTF-8, without a byte order mark."""
        import hashlib  # few commands ask, and it takes time to load

        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def id(self) -> str:
        """The document's id, `` where it has none."""
        return _text(self.data.get("id"))

    @property
    def version(self) -> str:
        """The document's version, `` where it has none."""
        return _text(self.data.get("version"))

    @property
    def name(self) -> str:
        """`id@version`, or as much of it as there is."""
        return f"{self.id}@{self.version}" if self.id and self.version else self.id or self.file

    def position(self, path: Sequence[str | int] = (), *, key: bool = False) -> Position:
        """Return where the node at `path` starts, or its key with `key`.

        A path that leads nowhere gives the last node on it that is there.
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
    """Collects the problems of one document, by path into its data."""

    document: Document
    problems: list[Finding] = field(default_factory=list)

    def error(
        self, path: Sequence[str | int], message: str, help: str | None = None, *, key: bool = False
    ) -> None:
        """Note an error at `path`; with `key`, at its key."""
        self.note("invalid-document", path, message, help, key=key)

    def warning(self, path: Sequence[str | int], message: str) -> None:
        """Note a warning at `path`."""
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
        """Note a finding of a check at `path`; with `key`, at its key."""
        position = self.document.position(path, key=key)
        at = path_text(self.document.data, path)
        self.problems.append(Finding(position, message, help, check, at, mild))


def path_text(data: Any, path: Sequence[str | int]) -> str:
    """Return the `at` of a path: its steps joined by dots, an item of a list by its id.

    An item without an id counts by its position from 1.
    """
    steps: list[str] = []
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            data = None
        name = data.get("id") if isinstance(step, int) and isinstance(data, dict) else None
        named = name if isinstance(name, str) else None
        steps.append(named or (str(step + 1) if isinstance(step, int) else step))
    return ".".join(steps)


def position_of(at: str, document: Document) -> Position:
    """Return where in the document the place `at` is, or what stands for it.

    An answer or a term that an override does not write down comes of its settings.
    """
    path: list[str | int] = []
    data: Any = document.data
    for step in at.split(".") if at else ():
        if isinstance(data, dict) and step in data:
            path.append(step)
        elif isinstance(data, list):
            ids = [each.get("id") if isinstance(each, dict) else None for each in data]
            path.append(ids.index(step) if step in ids else int(step) - 1)
        else:
            break
        data = data[path[-1]]
    if path and len(path) == at.count(".") + 1:
        return document.position(path)
    return document.position(("settings",) if "settings" in document.data else ("policy",))


def read_document(path: FilePath) -> tuple[Document | None, list[Finding]]:
    """Return the document in the file at `path`, or the problem that keeps it from being read."""
    raw, problems = read_bytes(path)
    return (None, problems) if raw is None else parse_document(raw, str(path))


def read_bytes(path: FilePath) -> tuple[bytes | None, list[Finding]]:
    """Return what is in the file, a byte more than is allowed at the most, or the problem."""
    try:
        if path.exists() and not path.is_file():
            return None, [_unread(Position(str(path)), "can't be read: it is no regular file")]
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1), []
    except (OSError, RuntimeError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        return None, [_unread(Position(str(path)), f"can't be read: {reason}")]


def parse_document(raw: bytes, name: str) -> tuple[Document | None, list[Finding]]:
    """Return the document in `raw`, or the problem that keeps it from being read."""
    if len(raw) > MAX_BYTES:
        return None, [
            _unread(Position(name), "a document of more than 1 MiB", "split it into several files")
        ]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()  # without a byte order mark
        position = Position(name, before.count("\n") + 1, len(before) - before.rfind("\n"))
        found = f"not UTF-8: byte 0x{error.object[error.start]:02x}"
        return None, [_unread(position, found, "save the file as UTF-8")]
    try:
        data, mark = compose(text)
    except ParseError as error:
        position = Position(name, error.line, error.column)
        return None, [_unread(position, error.message, error.help)]
    if not isinstance(data, dict):
        position = Position(name, mark.line, mark.column)
        return None, [_unread(position, "found no map at the top", "start with `kind:`")]
    return Document(name, text, data, mark), []


def string_keys(data: Any) -> Iterable[str]:
    """Return the string keys of `data`, none where it is no map."""
    return [key for key in data if isinstance(key, str)] if isinstance(data, dict) else []


def _unread(position: Position, message: str, help: str | None = None) -> Finding:
    return Finding(position, message, help, check="unreadable")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
