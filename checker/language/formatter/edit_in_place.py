"""Edits made in the text of a document: comments and layout stay as they are.

    settings: {window_days: 5}   # a week is too long

becomes, with 7 put at `settings.window_days`,

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
    """Return why the edit can't be made in a text with this layout, nothing where it can."""
    return next(filter(None, (step_obstacle(root, step) for step in edit.steps)), "")


def apply_edit(document: Document, edit: Edit) -> Document:
    """Return the document after the edit, read again from its text."""
    text, data = document.text, document.data
    for step in edit.steps:
        text, data = apply_step(text, step), changed_data(data, step)
    found, problems = parse_document(text.encode(), document.file)
    if found is None or _plain(found.data) != _plain(data):
        reason = problems[0] if problems else "the text says something else"
        raise InternalError(f"internal error: {edit.at}: {edit.change}: {reason}")
    return found


def _plain(data: Any) -> str:
    return json.dumps(data, sort_keys=True, default=repr)


def apply_step(text: str, step: Step) -> str:
    """Return the text after the step, for which `step_obstacle` must find nothing."""
    *above, last = step.path
    container, key = source_tree(text), None
    for name in above:
        container, key = container.entries[name], container.keys.get(name)
    if step.value is REMOVED:
        only_item = len(container.entries) == 1 and not container.is_map
        return _emptied(text, container, key) if only_item else _without(text, container, last)
    if last not in container.entries:
        return _with(text, container, step)
    node = container.entries[last]
    # the text of a block scalar goes on to the next line, where its own ends
    old = text[node.start : node.end].rstrip()
    return text[: node.start] + _in_place_of(old, step.value) + text[node.start + len(old) :]


def step_obstacle(root: SourceNode, step: Step) -> str:
    """Return why the step can't be carried out in place, an empty text where it can."""
    node = root
    for name in step.path:
        if node.fixed:
            return node.fixed
        if name not in node.entries:
            return ""
        node = node.entries[name]
    return _anchored_in(node) if step.value is REMOVED else node.fixed


def _anchored_in(node: SourceNode) -> str:
    inside = (_anchored_in(each) for each in node.entries.values())
    return node.anchored or next(filter(None, inside), "")


def _in_place_of(old: str, value: Any) -> str:
    """Return a scalar as YAML, in the quotes of the scalar that it replaces."""
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


def _with(text: str, container: SourceNode, step: Step) -> str:
    """Return the text with a new entry or item in the collection."""
    name = step.path[-1]
    entry = (
        f"{flow_yaml(name)}: {flow_yaml(step.value)}" if container.is_map else flow_yaml(step.value)
    )
    if not container.entries:
        opened = text.index("{" if container.is_map else "[", container.start) + 1
        return text[:opened] + entry + text[opened:]
    before = container.entries[step.after or [*container.entries][-1]]
    if container.flow:
        return f"{text[: before.end]}, {entry}{text[before.end :]}"
    indent = " " * _column(text, container.first(next(iter(container.entries))))
    if not container.is_map:
        indent, entry = " " * _column(text, container.start), f"- {entry}"
    return _with_line(text, before.end, indent + entry)


def _with_line(text: str, end: int, line: str) -> str:
    """Return the text with a line behind the one in which a node ends."""
    newline = "\r\n" if "\r\n" in text else "\n"
    if text[end - 1] == "\n":  # a block scalar has its line break in it
        return text[:end] + line + newline + text[end:]
    end = _line_end(text, end)
    return text[:end] + newline + line + text[end:]


def _without(text: str, container: SourceNode, name: str | int) -> str:
    """Return the text without an entry or item of the collection."""
    names = [*container.entries]
    place = names.index(name)
    start, end = container.first(name), container.entries[name].end
    behind = container.first(names[place + 1]) if place + 1 < len(names) else None
    if container.flow:
        before = container.entries[names[place - 1]].end if place else start
        return _without_in_flow(text, (before, start, end), behind)
    if not container.is_map:
        start = _dash(text, container, place)
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip() and behind is not None:  # the first key behind a dash
        return text[:start] + text[behind:]
    return text[:line] + text[_behind_line(text, end) :]


def _without_in_flow(text: str, places: tuple[int, int, int], behind: int | None) -> str:
    """Return the text without what begins and ends at two places, given where it is behind."""
    before, start, end = places
    if behind is not None:
        return text[:start] + text[behind:]
    if "#" in text[before:start]:  # a comment between: the comma before it stays, as the last
        return text[:start] + text[_behind_comma(text, end) :]
    return text[:before] + text[end:]


def _emptied(text: str, container: SourceNode, key: SourceNode | None) -> str:
    """Return the text with an empty list in place of one that has one item."""
    item = container.entries[0]
    if container.flow:
        return text[: item.start] + text[_behind_comma(text, item.end) :]
    assert key is not None  # comments behind the key and below it stay
    colon, line = text.index(":", key.end) + 1, text.rfind("\n", 0, container.start) + 1
    return f"{text[:colon]} []{text[colon:line]}{text[_behind_line(text, item.end) :]}"


def _behind_comma(text: str, end: int) -> int:
    comma = _COMMA.match(text, end)
    return comma.end() if comma else end


def _dash(text: str, container: SourceNode, place: int) -> int:
    """Return where the dash of an item of a block list is."""
    if place == 0:
        return container.start
    column = _column(text, container.start)
    before = container.entries[place - 1].end
    found = re.compile(rf"^[ ]{{{column}}}(?=-\s)", re.MULTILINE).search(text, before)
    assert found is not None
    return found.end()


def _column(text: str, place: int) -> int:
    return place - text.rfind("\n", 0, place) - 1


def _line_end(text: str, place: int) -> int:
    """Return where the line of `place` ends, before its line break."""
    found = text.find("\n", place)
    if found < 0:
        return len(text)
    return found - 1 if text[place:found].endswith("\r") else found


def _behind_line(text: str, end: int) -> int:
    """Return where the line begins that follows the end of a node."""
    found = text.find("\n", end - (text[end - 1] == "\n"))
    return found + 1 if found >= 0 else len(text)
