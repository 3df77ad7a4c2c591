"""YAML text to plain data with a mark for every node.

The composer here is iterative and takes libyaml's events. libyaml's own composer recurses, so that
100,000 open brackets end the process, and it keeps no marks. What the language does not allow
(tags, merge keys, keys that are no strings, duplicate keys) is refused at the event
(docs/language.md, section 1.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from unicodedata import is_normalized, normalize

import yaml

from checker.language.syntax.scalars import resolve_scalar, scalar_text
from checker.language.syntax.yaml_errors import find_mistake

MAX_DEPTH = 64
MAX_NODES_WITH_ALIASES = 10_000
_LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
_LIBYAML_TOO_DEEP = "exceeded maximum nesting depth"  # the words of libyaml's own error
_NO_MORE_FLOW = str.maketrans("[{", ",,")


@dataclass(slots=True)
class Mark:
    """Where a node of a document stands; lines and columns count from 1.

    Attributes:
        line, column: where the node starts.
        children: the marks of its values, by key or index; empty for a scalar.
        keys: line and column of each key of a map.
    """

    line: int
    column: int
    children: dict[Any, Mark]
    keys: dict[str, tuple[int, int]]


class ParseError(Exception):
    """The text is no document of the language.

    Attributes:
        message: what is wrong.
        line, column: where, counted from 1.
        help: what to do about it, None where the message says it.
    """

    def __init__(self, message: str, line: int, column: int, help: str | None = None) -> None:
        super().__init__(message)
        self.message, self.line, self.column, self.help = message, line, column, help


@dataclass(slots=True)
class _Open:
    """A collection whose end event has not come yet; `key` is that of the value to come."""

    value: Any
    mark: Mark
    anchor: str | None
    key: str | None = None
    size: int = 1
    depth: int = 1


@dataclass(slots=True)
class _Complete:
    """A node whose end has been met: its data, how many nodes it has and how many levels."""

    value: Any
    mark: Mark
    size: int
    depth: int


def end_of(before: str) -> tuple[int, int]:
    """Return line and column, counted from 1, of what follows the text."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def compose(text: str, *, nfc: bool = False) -> tuple[Any, Mark]:
    """Return the data of the one YAML document in `text`, and the mark of its root.

    Args:
        text: the text of a document.
        nfc: whether texts are brought into the Unicode form NFC, so that names compare as they
            look.

    Raises:
        ParseError: the text is no YAML, has no or several documents, or uses what the language
            does not allow.
    """
    composer = _Composer(nfc and not is_normalized("NFC", text))
    try:
        for event in _events(text):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        mistake = find_mistake(text, error)
        if mistake:
            message = f"not YAML: {mistake.message}"
            raise ParseError(message, mistake.line, mistake.column, mistake.help) from None
        mark = error.problem_mark or error.context_mark
        message = " ".join(part for part in (error.context, error.problem) if part)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        help = "look at the quotes, brackets and indentation around here"
        raise ParseError(f"not YAML: {message}", line, column, help) from None
    except yaml.reader.ReaderError as error:
        # libyaml counts in the bytes that it was given
        line, column = end_of(text.encode()[: error.position].decode(errors="replace"))
        raise ParseError(f"not YAML: {error.reason}", line, column) from None
    except yaml.YAMLError as error:
        raise ParseError(f"not YAML: {error}", 1, 1) from None
    if composer.root is None:
        raise ParseError("an empty document", 1, 1, "start with `kind:`")
    return composer.root


def _events(text: str) -> Iterator[Any]:
    """Yield libyaml's events; where libyaml refuses the depth, also those up to that level.

    From version 0.2.6 on, libyaml refuses 1,000 levels. It reads up to 1,024 characters ahead to
    see whether a collection is a key, so it may refuse before it gives the event of the first
    level. Then the text is parsed again, with commas in place of the brackets that open the refused
    level and deeper ones. The composer refuses level MAX_DEPTH + 1, which comes earlier. No
    character moves, so the position of the error is the same with every version of libyaml.
    """
    count = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            yield event
            count += 1
    except yaml.MarkedYAMLError as error:
        if error.problem != _LIBYAML_TOO_DEEP or error.problem_mark is None:
            raise
        level_start = error.problem_mark.index
        # In block style, libyaml does not read ahead beyond the line: the rest isn't needed.
        rest = text[level_start:].translate(_NO_MORE_FLOW) if text[level_start] in "[{" else ""
        yield from islice(yaml.parse(text[:level_start] + rest, Loader=_LOADER), count, None)


class _Composer:
    """Builds data and marks from events, one by one, without recursion.

    `root` is the result: None until the root node is complete. With `to_nfc`, each scalar is
    brought into the Unicode form NFC.
    """

    def __init__(self, to_nfc: bool) -> None:
        self._to_nfc = to_nfc
        self.root: tuple[Any, Mark] | None = None
        self._open: list[_Open] = []
        self._anchors: dict[str, _Complete | None] = {}
        self._nodes = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        """Process the next event of the stream; ParseError where the language refuses it."""
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
        """Refuse a node with a tag, and one that is nested too deep."""
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            raise _refusal(event, f"a tag, `{tag}`", "tags are not part of the language")
        if len(self._open) >= MAX_DEPTH:
            raise _refusal(event, f"more than {MAX_DEPTH} levels of nesting")

    def _scalar(self, event: Any) -> None:
        value: Any = normalize("NFC", event.value) if self._to_nfc else event.value
        if event.implicit[0]:  # a plain scalar; one in quotes is a string
            try:
                value = resolve_scalar(value)
            except ValueError as error:
                raise _refusal(event, str(error)) from None
        self._place(event, _Complete(value, _mark(event), 1, 0), event.anchor)

    def _start(self, event: Any) -> None:
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        if self._awaits_key():
            raise _refusal(event, "a collection as a key", "a key is a string")
        if event.anchor:
            self._anchors[event.anchor] = None  # until its end: an alias inside it is a loop
        self._open.append(_Open(value, _mark(event), event.anchor))

    def _end(self) -> None:
        collection = self._open.pop()
        node = _Complete(collection.value, collection.mark, collection.size, collection.depth)
        self._place(None, node, collection.anchor)

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

    def _place(self, event: Any, node: _Complete, anchor: str | None) -> None:
        """Put a complete node where it belongs: as a key, a value, an item or the root.

        `event` is that of a scalar or an alias, None at the end of a collection.
        """
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
        # The nodes inside a collection were counted at their own events; those of an alias not.
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
        """Make `key` the key of the next value of the open map."""
        parent = self._open[-1]
        if not isinstance(key, str):
            text = "null" if key is None else scalar_text(key)
            raise _refusal(event, f"`{text}` as a key, which is no string", "put it in quotes")
        if key == "<<" and event.implicit[0]:
            raise _refusal(event, "a merge key `<<`", "merge keys are not part of the language")
        if key in parent.value:
            raise _refusal(event, f"key `{key}` twice in one map", "remove one of them")
        parent.key = key
        parent.mark.keys[key] = (event.start_mark.line + 1, event.start_mark.column + 1)


_UNDEFINED = _Complete(None, Mark(0, 0, {}, {}), 0, 0)


def _mark(event: Any) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1, {}, {})


def _refusal(event: Any, construct: str, help: str | None = None) -> ParseError:
    return ParseError(
        f"found {construct}", event.start_mark.line + 1, event.start_mark.column + 1, help
    )
