"""YAML text to plain data with a mark for every node.

Stands on libyaml's events, because its own composer recurses (100,000 open brackets end the
process) and keeps no marks. What the language does not allow is refused as it is met.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import yaml

from checker.language.syntax.scalars import resolve_scalar

MAX_DEPTH = 64
MAX_NODES_WITH_ALIASES = 10_000
_LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
_LIBYAML_TOO_DEEP = "exceeded maximum nesting depth"
_NO_MORE_FLOW = str.maketrans("[{", ",,")


@dataclass(slots=True)
class Mark:
    """Where a node starts (counted from 1), where its keys are, and the marks inside it."""

    line: int
    column: int
    children: dict[Any, Mark]
    keys: dict[str, tuple[int, int]]


class ParseError(Exception):
    """The text is no document of the language: what was found, at a line and column from 1."""

    def __init__(self, message: str, line: int, column: int, help: str | None = None) -> None:
        super().__init__(message)
        self.message, self.line, self.column, self.help = message, line, column, help


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been met."""

    value: Any
    mark: Mark
    anchor: str | None
    key: str | None = None
    size: int = 1
    depth: int = 1


@dataclass(slots=True)
class _Anchored:
    value: Any
    mark: Mark
    size: int
    depth: int


def compose(text: str) -> tuple[Any, Mark]:
    """Return the data of the one YAML document in `text` and its marks; raises ParseError."""
    composer = _Composer()
    try:
        for event in _events(text):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(part for part in (error.context, error.problem) if part)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        help = "look at the quotes, brackets and indentation around here"
        raise ParseError(f"not YAML: {what}", line, column, help) from None
    except yaml.reader.ReaderError as error:
        # libyaml counts in the bytes that it was given
        before = text.encode()[: error.position].decode(errors="replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise ParseError(f"not YAML: {error.reason}", line, column) from None
    except yaml.YAMLError as error:
        raise ParseError(f"not YAML: {error}", 1, 1) from None
    if composer.root is None:
        raise ParseError("an empty document", 1, 1, "start with `kind:`")
    return composer.root


def _events(text: str) -> Iterator[Any]:
    """Yield libyaml's events, among them those of the levels before one that it refuses itself.

    From version 0.2.6 on, libyaml refuses 1,000 levels. It reads up to 1,024 characters ahead, to
    see whether a collection is a key, so it may refuse before it gives the event of the first
    level. Then its other events come from the text without what begins the level that it refused
    and deeper ones: the composer refuses a level before those. Each character keeps its place.
    """
    given = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            yield event
            given += 1
    except yaml.MarkedYAMLError as error:
        if error.problem != _LIBYAML_TOO_DEEP or error.problem_mark is None:
            raise
        refused = error.problem_mark.index
        # In block style, nothing is read ahead beyond the line: what follows isn't needed.
        rest = text[refused:].translate(_NO_MORE_FLOW) if text[refused] in "[{" else ""
        yield from islice(yaml.parse(text[:refused] + rest, Loader=_LOADER), given, None)


class _Composer:
    """Takes events one by one; iterative, so that depth costs no stack."""

    def __init__(self) -> None:
        self.root: tuple[Any, Mark] | None = None
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchored | None] = {}
        self._nodes = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        """Take the next event of the stream."""
        if isinstance(event, yaml.ScalarEvent):
            self._check(event)
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._check(event)
            self._start(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _refusal(event, "a second document in the file", "one document a file")

    def _check(self, event: Any) -> None:
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            raise _refusal(event, f"a tag, `{tag}`", "tags are not part of the language")
        if len(self._open) >= MAX_DEPTH:
            raise _refusal(event, f"more than {MAX_DEPTH} levels of nesting")

    def _scalar(self, event: Any) -> None:
        value: Any = event.value
        if event.implicit[0]:
            try:
                value = resolve_scalar(event.value)
            except ValueError as error:
                raise _refusal(event, str(error)) from None
        self._place(event, _Anchored(value, _mark(event), 1, 0), event.anchor)

    def _start(self, event: Any) -> None:
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        if self._awaits_key():
            raise _refusal(event, "a collection as a key", "a key is a string")
        if event.anchor:
            self._anchors[event.anchor] = None  # until its end: an alias inside it is a loop
        self._open.append(_Open(value, _mark(event), event.anchor))

    def _end(self) -> None:
        done = self._open.pop()
        node = _Anchored(done.value, done.mark, done.size, done.depth)
        self._place(None, node, done.anchor)

    def _alias(self, event: Any) -> None:
        if self._awaits_key():
            raise _refusal(event, f"alias `*{event.anchor}` as a key", "write the key out")
        node = self._anchors.get(event.anchor, _UNDEFINED)
        if node is _UNDEFINED:
            raise _refusal(event, f"alias `*{event.anchor}` of nothing")
        if node is None:
            raise _refusal(event, f"alias `*{event.anchor}` inside of what it names")
        if len(self._open) + node.depth > MAX_DEPTH:
            raise _refusal(event, f"more than {MAX_DEPTH} levels of nesting")
        if self._nodes + node.size > MAX_NODES_WITH_ALIASES:
            limit = f"more than {MAX_NODES_WITH_ALIASES:,} nodes"
            raise _refusal(event, f"alias `*{event.anchor}` makes the document grow to {limit}")
        self._place(event, node, None)

    def _place(self, event: Any, node: _Anchored, anchor: str | None) -> None:
        """Put a finished node where it belongs: as a key, an entry, an item or the root."""
        if anchor:
            self._anchors[anchor] = node
        if not self._open:
            self._nodes += node.size if event else 0
            self.root = (node.value, node.mark)
            return
        parent = self._open[-1]
        if self._awaits_key():
            self._key(event, node.value)
            return
        # A collection's inner nodes were counted as they were met; an alias's were not.
        self._nodes += node.size if event else 1
        parent.size += node.size
        parent.depth = max(parent.depth, node.depth + 1)
        if isinstance(parent.value, list):
            parent.mark.children[len(parent.value)] = node.mark
            parent.value.append(node.value)
        else:
            parent.mark.children[parent.key] = node.mark
            parent.value[parent.key] = node.value
            parent.key = None

    def _awaits_key(self) -> bool:
        return (
            bool(self._open)
            and isinstance(self._open[-1].value, dict)
            and (self._open[-1].key is None)
        )

    def _key(self, event: Any, key: Any) -> None:
        parent = self._open[-1]
        if not isinstance(key, str):
            shown = "null" if key is None else str(key).lower() if isinstance(key, bool) else key
            raise _refusal(event, f"`{shown}` as a key, which is no string", "put it in quotes")
        if key == "<<" and event.implicit[0]:
            raise _refusal(event, "a merge key `<<`", "merge keys are not part of the language")
        if key in parent.value:
            raise _refusal(event, f"key `{key}` twice in one map", "remove one of them")
        parent.key = key
        parent.mark.keys[key] = (event.start_mark.line + 1, event.start_mark.column + 1)


_UNDEFINED = _Anchored(None, Mark(0, 0, {}, {}), 0, 0)


def _mark(event: Any) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1, {}, {})


def _refusal(event: Any, found: str, help: str | None = None) -> ParseError:
    return ParseError(
        f"found {found}", event.start_mark.line + 1, event.start_mark.column + 1, help
    )
