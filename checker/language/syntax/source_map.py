"""Where each node of a YAML text begins and ends, so that one node can be changed in the text.

The text must have been read as a document before: errors of YAML are not handled here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
_ODD_BREAK = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
_EXPLICIT_KEY = re.compile(r"(^|[-{,\[])\s*\?\s+$")


@dataclass(slots=True)
class SourceNode:
    """The span of a node in the text; positions are indexes of characters, from 0.

    Attributes:
        start: its first character; where it has an anchor, the first one of the anchor.
        end: the character after its last one.
        is_map: whether it is a map.
        flow: whether it is a collection in brackets.
        entries: the values of a map by key, the items of a list by index.
        keys: the spans of the keys of a map.
        fixed: why the node can't be changed in place, empty where it can.
        anchored: why the node and what contains it can't be removed, empty where they can.
    """

    start: int
    end: int
    is_map: bool = False
    flow: bool = False
    entries: dict[str | int, SourceNode] = field(default_factory=dict)
    keys: dict[str | int, SourceNode] = field(default_factory=dict)
    fixed: str = ""
    anchored: str = ""

    def first(self, name: str | int) -> int:
        """Return where an entry begins: at the key in a map, at the value in a list."""
        return (self.keys if self.is_map else self.entries)[name].start


def source_tree(text: str) -> SourceNode:
    """Return the root node of the one YAML document in `text`."""
    builder = _SourceTreeBuilder(text)
    for event in yaml.parse(text, Loader=_LOADER):
        builder.take(event)
    assert builder.root is not None
    if _ODD_BREAK.search(text):  # libyaml reads it as a line break, most other tools do not
        builder.root.fixed = "in a file with line breaks other than LF and CRLF"
    return builder.root


@dataclass(slots=True)
class _SourceTreeBuilder:
    """Builds the tree from events; `_keys` has the key of the value to come of each open map."""

    text: str
    root: SourceNode | None = None
    _open: list[SourceNode] = field(default_factory=list)
    _keys: list[tuple[str, SourceNode] | None] = field(default_factory=list)
    _anchors: dict[str, SourceNode] = field(default_factory=dict)

    def take(self, event: Any) -> None:
        """Process the next event of the stream."""
        if isinstance(event, yaml.NodeEvent):
            self._place(event, self._node(event))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close(event)

    def _node(self, event: Any) -> SourceNode:
        node, name = SourceNode(event.start_mark.index, event.end_mark.index), event.anchor
        if isinstance(event, yaml.AliasEvent):
            anchored = self._anchors[name]
            anchored.anchored = anchored.fixed = node.fixed = f"shared by the alias `*{name}`"
        elif name:
            self._anchors[name] = node
        return node

    def _place(self, event: Any, node: SourceNode) -> None:
        """Put a node into the innermost open collection: as a key, a value or an item."""
        if self._open and self._open[-1].is_map and self._keys[-1] is None:
            self._keys[-1] = (event.value, node)
            return
        if self._open:
            parent = self._open[-1]
            name: str | int = len(parent.entries)
            if self._keys[-1]:
                name, parent.keys[name] = self._keys[-1]
                self._keys[-1] = None
            parent.entries[name] = node
        else:
            self.root = node
        if isinstance(event, yaml.CollectionStartEvent):
            node.is_map = isinstance(event, yaml.MappingStartEvent)
            node.flow = bool(event.flow_style)
            self._open.append(node)
            self._keys.append(None)

    def _close(self, event: Any) -> None:
        node = self._open.pop()
        self._keys.pop()
        # libyaml gives the end of a block at the next token, after comments outside of the block
        last_end = max((entry.end for entry in node.entries.values()), default=node.end)
        node.end = event.end_mark.index if node.flow else last_end
        if any(_EXPLICIT_KEY.search(self._before(key)) for key in node.keys.values()):
            node.fixed = node.fixed or "written with `?` before a key"
        if node.flow and node.is_map and any(key.start == node.start for key in node.keys.values()):
            node.fixed = node.fixed or "a pair in a list, without braces"

    def _before(self, node: SourceNode) -> str:
        """Return what stands before a node on its line, at most 40 characters."""
        return self.text[max(0, node.start - 40) : node.start].rpartition("\n")[2]
