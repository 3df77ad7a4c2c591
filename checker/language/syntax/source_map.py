"""Where the nodes of a YAML text begin and end, so that one can be changed and the rest kept.

Reads the events of a text that has been read as a document before.
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
    """A node's first character and the one behind its last, an anchor before it included.

    A collection has `entries` by key or number, and of a map the places of its keys. `fixed`
    says why the node can't be changed in place, `anchored` why nothing around it may go.
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
        """Return where an entry begins: of a map with its key."""
        return (self.keys if self.is_map else self.entries)[name].start


def source_tree(text: str) -> SourceNode:
    """Return the root of the one YAML document in `text`."""
    reader = _Reader(text)
    for event in yaml.parse(text, Loader=_LOADER):
        reader.take(event)
    assert reader.root is not None
    if _ODD_BREAK.search(text):  # for YAML a line break, for other tools none
        reader.root.fixed = "in a file with line breaks other than LF and CRLF"
    return reader.root


@dataclass(slots=True)
class _Reader:
    text: str
    root: SourceNode | None = None
    _open: list[SourceNode] = field(default_factory=list)
    _keys: list[tuple[str, SourceNode] | None] = field(default_factory=list)
    _anchors: dict[str, SourceNode] = field(default_factory=dict)

    def take(self, event: Any) -> None:
        """Take the next event of the stream."""
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
        """Put a node into the collection that is open: as a key, an entry or an item."""
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
        # the end of a block is met at the next token, behind comments that are not its own
        inner = max((each.end for each in node.entries.values()), default=node.end)
        node.end = event.end_mark.index if node.flow else inner
        if any(_EXPLICIT_KEY.search(self._before(key)) for key in node.keys.values()):
            node.fixed = node.fixed or "written with `?` before a key"
        if node.flow and node.is_map and any(k.start == node.start for k in node.keys.values()):
            node.fixed = node.fixed or "a pair in a list, without braces"

    def _before(self, node: SourceNode) -> str:
        """Return what stands before a node on its line, or the end of it."""
        return self.text[max(0, node.start - 40) : node.start].rpartition("\n")[2]
