"""Steps carried out in texts: what is meant changes, and comments and layout stay."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.language.formatter.edit_in_place import apply_step, step_obstacle
from checker.language.formatter.edits import REMOVED, Step, changed_data
from checker.language.syntax.parser import compose
from checker.language.syntax.source_map import source_tree
from tests.drawing import drawing, share

BLOCK = """\
# head
settings:
  days: 5   # too short
  kinds:  # none of these
    # at all
    - food  # perishable

# why not
rules:
- id: a
  when: {used: true}  # used
  # cited
  cites: [x, y]
- cites:
    - x
  id: b
# tail
"""


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        (("settings", "days"), 7, "days: 5 ", "days: 7 "),
        (("settings", "days"), "7d", "days: 5 ", "days: 7d "),
        (("settings", "days"), REMOVED, "  days: 5   # too short\n", ""),
        (("settings", "kinds", 0), "no", "food", "no"),
        (("settings", "kinds", 1), "1", "perishable\n", 'perishable\n    - "1"\n'),
        (("settings", "more"), True, "perishable\n", "perishable\n  more: true\n"),
        (("settings",), REMOVED, BLOCK[7 : BLOCK.index("\n# why")], ""),
        (("rules", 0), REMOVED, BLOCK[BLOCK.index("- id: a") : BLOCK.index("- cites")], ""),
        (("rules", 0, "when", "opened"), False, "used: true}", "used: true, opened: false}"),
        (("rules", 0, "cites", 1), REMOVED, "[x, y]", "[x]"),
        (("rules", 0, "cites", 0), REMOVED, "[x, y]", "[y]"),
        (("rules", 0, "cites", 2), "z", "[x, y]", "[x, y, z]"),
        (("rules", 1, "cites"), REMOVED, "cites:\n    - x\n  id", "id"),
        (("otherwise",), "accept", "  id: b\n", "  id: b\notherwise: accept\n"),
    ],
)
def test_one_place_changes(path: tuple[str | int, ...], value: Any, old: str, new: str) -> None:
    assert BLOCK.count(old) == 1
    step = Step(path, value)
    assert apply_step(BLOCK, step) == BLOCK.replace(old, new)
    assert compose(apply_step(BLOCK, step))[0] == changed_data(compose(BLOCK)[0], step)


def test_the_last_member_of_a_list_leaves_an_empty_list() -> None:
    step = Step(("settings", "kinds", 0), REMOVED)
    kept = "  kinds: []  # none of these\n    # at all\n\n# why not\n"
    assert kept in apply_step(BLOCK, step)
    assert apply_step("a: [x ,]\n", Step(("a", 0), REMOVED)) == "a: []\n"
    assert apply_step("a: [ # none\n x\n]\n", Step(("a", 0), REMOVED)) == "a: [ # none\n \n]\n"


def test_an_entry_stands_behind_the_one_that_is_named() -> None:
    step = Step(("otherwise",), "accept", after="settings")
    assert "perishable\notherwise: accept\n\n# why not" in apply_step(BLOCK, step)
    step = Step(("c",), 3, after="a")
    assert apply_step("{a: 1, b: 2}", step) == "{a: 1, c: 3, b: 2}"


@pytest.mark.parametrize(
    ("old", "value", "new"),
    [
        ('"500.00"', "600.00", '"600.00"'),
        ("'500.00'", "600.00", "'600.00'"),
        ("500.00", Decimal("600.5"), "600.5"),
        ("48h", "2d", "2d"),
        (">-\n  48h\n", "2d", "2d\n"),
        ("a", "it's", '"it\'s"'),
        ("'a'", "it's", "'it''s'"),
        ("a", "小 计", '"小 计"'),
        ("a", "小计", "小计"),
        ("a", "true", '"true"'),
        ("a", ".nan", '".nan"'),
    ],
)
def test_scalars_keep_their_quotes(old: str, value: Any, new: str) -> None:
    text = f"😀: [商品]\nx: {old}  \ny: 1"
    assert apply_step(text, Step(("x",), value)) == f"😀: [商品]\nx: {new}  \ny: 1"


def test_line_breaks_are_kept() -> None:
    text = "a:\r\n  b: 1\r\nc: 2"
    assert apply_step(text, Step(("a", "d"), 3)) == "a:\r\n  b: 1\r\n  d: 3\r\nc: 2"
    assert apply_step(text, Step(("d",), 3)) == text + "\r\nd: 3"
    assert apply_step(text, Step(("a",), REMOVED)) == "c: 2"


@pytest.mark.parametrize(
    ("text", "path", "value", "reason"),
    [
        ("a: &x {b: 1}\nc: *x\n", ("a", "b"), 2, "shared by the alias `*x`"),
        ("a: &x {b: 1}\nc: *x\n", ("c", "b"), 2, "shared by the alias `*x`"),
        ("a: &x 1\nc: *x\n", ("c",), 2, "shared by the alias `*x`"),
        ("a: {d: {b: &x 1}}\nc: *x\n", ("a",), REMOVED, "shared by the alias `*x`"),
        ("a: {d: &x 1}\nc: *x\n", ("c",), REMOVED, ""),
        ("a: &x {b: 1}\n", ("a", "b"), 2, ""),
        ("? a\n: 1\n", ("b",), 2, "written with `?` before a key"),
        ("a: [b: 1]\n", ("a", 0, "c"), 2, "a pair in a list, without braces"),
        ("a: 1\rb: 2\r", ("a",), 2, "in a file with line breaks other than LF and CRLF"),
        ("a: {b: 1}\n", ("a", "c"), 2, ""),
    ],
)
def test_what_can_not_be_changed_in_place(
    text: str, path: tuple[str | int, ...], value: Any, reason: str
) -> None:
    assert step_obstacle(source_tree(text), Step(path, value)) == reason


SCALARS = st.sampled_from(["a", "no", "72h", "500.00", "小计", "it's", "a b", 5, -1, True, "# x"])
WORDS = st.sampled_from(["id", "when", "cites", "used", "小", "a-b", "then"])


def nodes(depth: int) -> st.SearchStrategy[Any]:
    if not depth:
        return SCALARS
    inner = nodes(depth - 1)
    return SCALARS | st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3)


@st.composite
def written_down(draw: st.DrawFn, data: Any, indent: int, flow: bool = False) -> str:
    """Draw a way to write the data as YAML; blocks begin on their own line."""
    space = draw(st.sampled_from(["", " ", "  "]))
    if isinstance(data, str | int):
        return draw(_scalars(data))
    is_map = isinstance(data, dict)
    if not data or flow or draw(st.integers(0, 2)) == 0:
        inside = draw(written_items(data, indent, flow=True))
        comma = draw(st.sampled_from(["", ","])) if data else ""
        between = draw(st.sampled_from([", ", ",", f", # why\n{' ' * indent} ", " , "]))
        body = between.join(inside) + comma + space
        return f"{{{space}{body}}}" if is_map else f"[{space}{body}]"
    lines = []
    for each in draw(written_items(data, indent, flow=False)):
        if draw(st.integers(0, 3)) == 0:
            lines.append(f"{' ' * draw(st.integers(0, 9))}# a comment: - {{x}}")
        lines.append(" " * indent + each + draw(st.sampled_from(["", "  # why"])))
    return "\n" + "\n".join(lines)


@st.composite
def written_items(draw: st.DrawFn, data: Any, indent: int, *, flow: bool) -> list[str]:
    items = data.items() if isinstance(data, dict) else enumerate(data)
    found = []
    for name, value in items:
        more = draw(st.integers(1, 3))
        text = draw(written_down(value, indent + more, flow))
        key = draw(_scalars(name)) + ":" if isinstance(name, str) else "" if flow else "-"
        if key == "-" and text.startswith("\n") and more > 1 and draw(st.booleans()):
            first, _, rest = text[1:].partition("\n")  # the first entry on the line of the dash
            if not first.strip().startswith("#"):
                dash = "-" + " " * (more - 1) + first[indent + more :]
                found.append(dash + ("\n" + rest if rest else ""))
                continue
        gap = "" if text.startswith("\n") or not key else " "
        found.append(key + gap + text)
    return found


def _scalars(data: Any) -> st.SearchStrategy[str]:
    if not isinstance(data, str):
        return st.just(str(data).lower())
    quoted = [f'"{data}"', "'" + data.replace("'", "''") + "'"]
    plain = [] if data in ("# x", "500.00") else [data]
    return st.sampled_from(quoted + plain)


def comments(text: str) -> int:
    return text.count("# a comment") + text.count("# why")


def steps(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], str]]:
    """Return each path at which a step can be made, and what it does there."""
    found: list[tuple[tuple[str | int, ...], str]] = []
    if isinstance(data, dict):
        found.append(((*path, "new"), "put"))
    elif isinstance(data, list):
        found.append(((*path, len(data)), "put"))
    for name, value in data.items() if isinstance(data, dict) else enumerate(data):
        here = (*path, name)
        if isinstance(value, dict | list):
            found += steps(value, here)
        else:
            found.append((here, "put"))
        if len(data) > 1 or (isinstance(data, list) and path and isinstance(path[-1], str)):
            found.append((here, "remove"))
    return found


@drawing(share(150))
@given(st.data())
def test_however_it_is_written(data: st.DataObject) -> None:
    content = data.draw(st.dictionaries(WORDS, nodes(2), min_size=1, max_size=4))
    text = data.draw(written_down(content, 0)).lstrip("\n")
    text = text + data.draw(st.sampled_from(["", "\n", "\n\n# end\n", "\n...\n"]))
    if data.draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    assert compose(text)[0] == content
    path, what = data.draw(st.sampled_from(steps(content)))
    step = Step(path, REMOVED if what == "remove" else data.draw(nodes(1)))
    if what == "put" and isinstance(step.value, dict | list) and path[-1] != "new":
        step = Step(path, 7)
    assert not step_obstacle(source_tree(text), step)
    after = apply_step(text, step)
    assert compose(after)[0] == changed_data(content, step)
    assert what == "remove" or comments(after) == comments(text)
