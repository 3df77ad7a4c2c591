"""Edits in the text of a document, which keep all comments and the layout.

For example, with a step that puts 7 at `settings.window_days`,

    settings: {window_days: 5}   # a week is too long

becomes

    settings: {window_days: 7}   # a week is too long
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from checker.language.formatter.edits import REMOVED, Edit, Step, changed_data
from checker.language.syntax.documents import Document, parse_document
from checker.language.syntax.problems import InternalError
from checker.language.syntax.scalars import resolve_scalar, scalar_text
from checker.language.syntax.source_map import SourceNode, source_tree

_COMMA = re.compile(r"\s*,")
_PLAIN = re.compile(r"\w[\w./@-]*")


def edit_obstacle(root: SourceNode, edit: Edit) -> str:
    """Return why the edit can't be made in the text with this root node, empty where it can."""
    return next(filter(None, (step_obstacle(root, step) for step in edit.steps)), "")


def apply_edit(document: Document, edit: Edit) -> Document:
    """Return the document after the edit, read from its new text.

    `edit_obstacle` must find nothing that hinders the edit.

    Raises:
        InternalError: the new text does not have the data that the edit makes.
    """
    text, data = document.text, document.data
    for step in edit.steps:
        text, data = apply_step(text, step), changed_data(data, step)
    new_document, problems = parse_document(text.encode(), document.file, nfc=True)
    if new_document is None or _comparable(new_document.data) != _comparable(data):
        reason = problems[0] if problems else "the text says something else"
        raise InternalError(f"internal error: {edit.at}: {edit.change}: {reason}")
    return new_document


def _comparable(data: Any) -> str:
    """Return data as a text that tells `1` from `true`, which compare equal in Python."""
    return json.dumps(data, sort_keys=True, default=repr)


def apply_step(text: str, step: Step) -> str:
    """Return the text after the step; `step_obstacle` must find nothing that hinders it."""
    *above, last = step.path
    container, key = source_tree(text), None
    for name in above:
        container, key = container.entries[name], container.keys.get(name)
    if step.value is REMOVED:
        only_item = len(container.entries) == 1 and not container.is_map
        if only_item:
            return _without_only_item(text, container, key)
        return _without_entry(text, container, last)
    if last not in container.entries:
        return _with_entry(text, container, step)
    node = container.entries[last]
    # the span of a block scalar includes the line break after it, which stays
    old = text[node.start : node.end].rstrip()
    return text[: node.start] + _replacement(old, step.value) + text[node.start + len(old) :]


def step_obstacle(root: SourceNode, step: Step) -> str:
    """Return why the step can't be made in the text, empty where it can."""
    node = root
    for name in step.path:
        if node.fixed:
            return node.fixed
        if name not in node.entries:
            return ""
        node = node.entries[name]
    return _anchor_inside(node) if step.value is REMOVED else node.fixed


def _anchor_inside(node: SourceNode) -> str:
    """Return why the node can't be removed, by itself or by a node inside, empty where it can."""
    reasons = (_anchor_inside(entry) for entry in node.entries.values())
    return node.anchored or next(filter(None, reasons), "")


def _replacement(old: str, value: Any) -> str:
    """Return a value as YAML; a string has the quotes of the text that it replaces."""
    if isinstance(value, str) and old.startswith('"'):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and old.startswith("'"):
        return "'" + value.replace("'", "''") + "'"
    return flow_yaml(value)


def flow_yaml(data: Any) -> str:
    """Return plain data as YAML on one line."""
    if isinstance(data, dict):
        return (
            "{"
            + ", ".join(f"{flow_yaml(key)}: {flow_yaml(value)}" for key, value in data.items())
            + "}"
        )
    if isinstance(data, list):
        return "[" + ", ".join(map(flow_yaml, data)) + "]"
    if isinstance(data, str):
        return data if _is_plain(data) else json.dumps(data, ensure_ascii=False)
    return format(data, "f") if isinstance(data, Decimal) else scalar_text(data)


def _is_plain(text: str) -> bool:
    try:
        return _PLAIN.fullmatch(text) is not None and resolve_scalar(text) == text
    except ValueError:
        return False


def _with_entry(text: str, container: SourceNode, step: Step) -> str:
    """Return the text with a new entry or item in the collection."""
    name = step.path[-1]
    entry = (
        f"{flow_yaml(name)}: {flow_yaml(step.value)}" if container.is_map else flow_yaml(step.value)
    )
    if not container.entries:
        opened = text.index("{" if container.is_map else "[", container.start) + 1
        return text[:opened] + entry + text[opened:]
    previous = container.entries[step.after or [*container.entries][-1]]
    if container.flow:
        return f"{text[: previous.end]}, {entry}{text[previous.end :]}"
    indent = " " * _column(text, container.first(next(iter(container.entries))))
    if not container.is_map:
        indent, entry = " " * _column(text, container.start), f"- {entry}"
    return _with_line(text, previous.end, indent + entry)


def _with_line(text: str, end: int, line: str) -> str:
    """Return the text with a new line after the line on which a node ends, at `end`."""
    newline = "\r\n" if "\r\n" in text else "\n"
    if text[end - 1] == "\n":  # the span of a block scalar includes its line break
        return text[:end] + line + newline + text[end:]
    end = _line_end(text, end)
    return text[:end] + newline + line + text[end:]


def _without_entry(text: str, container: SourceNode, name: str | int) -> str:
    """Return the text without an entry or item of the collection, which has another one."""
    names = [*container.entries]
    index = names.index(name)
    start, end = container.first(name), container.entries[name].end
    next_start = container.first(names[index + 1]) if index + 1 < len(names) else None
    if container.flow:
        previous_end = container.entries[names[index - 1]].end if index else start
        return _without_flow_entry(text, previous_end, start, end, next_start)
    if not container.is_map:
        start = _dash(text, container, index)
    line_start = text.rfind("\n", 0, start) + 1
    # a first key on the line of a dash: the next key takes its place
    if text[line_start:start].strip() and next_start is not None:
        return text[:start] + text[next_start:]
    return text[:line_start] + text[_next_line(text, end) :]


def _without_flow_entry(
    text: str, previous_end: int, start: int, end: int, next_start: int | None
) -> str:
    """Return the text without the entry from `start` to `end` of a collection in brackets."""
    if next_start is not None:
        return text[:start] + text[next_start:]
    if "#" in text[previous_end:start]:  # a comment stays, and the comma before it
        return text[:start] + text[_after_comma(text, end) :]
    return text[:previous_end] + text[end:]


def _without_only_item(text: str, container: SourceNode, key: SourceNode | None) -> str:
    """Return the text with an empty list in place of a list with one item."""
    item = container.entries[0]
    if container.flow:
        return text[: item.start] + text[_after_comma(text, item.end) :]
    assert key is not None
    colon, line_start = text.index(":", key.end) + 1, text.rfind("\n", 0, container.start) + 1
    # comments between the key and the item stay
    return f"{text[:colon]} []{text[colon:line_start]}{text[_next_line(text, item.end) :]}"


def _after_comma(text: str, end: int) -> int:
    """Return the position after the comma that follows `end`, or `end` where none does."""
    comma = _COMMA.match(text, end)
    return comma.end() if comma else end


def _dash(text: str, container: SourceNode, index: int) -> int:
    """Return where the dash of an item of a block list is."""
    if index == 0:
        return container.start
    column = _column(text, container.start)
    previous_end = container.entries[index - 1].end
    dash = re.compile(rf"^[ ]{{{column}}}(?=-\s)", re.MULTILINE).search(text, previous_end)
    assert dash is not None
    return dash.end()


def _column(text: str, position: int) -> int:
    return position - text.rfind("\n", 0, position) - 1


def _line_end(text: str, position: int) -> int:
    """Return where the line of `position` ends, before its line break."""
    newline = text.find("\n", position)
    if newline < 0:
        return len(text)
    return newline - 1 if text[position:newline].endswith("\r") else newline


def _next_line(text: str, end: int) -> int:
    """Return where the line after a node that ends at `end` begins."""
    newline = text.find("\n", end - (text[end - 1] == "\n"))
    return newline + 1 if newline >= 0 else len(text)
