"""Offsets, places as editors count, and the changes between two texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.lsp.index.positions import Text, offset_before_edit, single_edit

TEXTS = st.text("ab\n🍜中\r\u2028", max_size=12)


@given(TEXTS, TEXTS)
def test_one_change_makes_the_new_text_of_the_old(old: str, new: str) -> None:
    start, end, put = single_edit(old, new)
    assert 0 <= start <= end <= len(old)
    assert old[:start] + put + old[end:] == new


@given(TEXTS, TEXTS, TEXTS, TEXTS, st.data())
def test_what_stands_around_a_change_is_found_again(
    before: str, old: str, new: str, behind: str, data: st.DataObject
) -> None:
    one, other = before + old + behind, before + new + behind
    offset = data.draw(st.integers(0, len(before)) | st.integers(0, len(other)))
    there = offset_before_edit(one, other, offset)
    if offset <= len(before):
        assert there == offset
    elif there is not None:
        assert one[there:] == other[offset:] or one[:there] == other[:offset]


@pytest.mark.parametrize(
    ("text", "offset", "utf_8", "utf_16", "utf_32"),
    [
        ("abc", 2, (0, 2), (0, 2), (0, 2)),
        ("中🍜x", 2, (0, 7), (0, 3), (0, 2)),
        ("a\r\n🍜x", 4, (1, 4), (1, 2), (1, 1)),
        ("a\rb", 2, (1, 0), (1, 0), (1, 0)),
        ("a\u2028b", 2, (0, 4), (0, 2), (0, 2)),  # a line for YAML, and none for an editor
        ("\ufeffab", 1, (0, 4), (0, 2), (0, 2)),  # an offset is into the document
    ],
)
def test_places_in_each_encoding(
    text: str,
    offset: int,
    utf_8: tuple[int, int],
    utf_16: tuple[int, int],
    utf_32: tuple[int, int],
) -> None:
    for encoding, place in (("utf-8", utf_8), ("utf-16", utf_16), ("utf-32", utf_32)):
        assert Text(text, encoding).position(offset) == place
        assert Text(text, encoding).offset(*place) == offset


def test_marks_count_the_lines_of_yaml() -> None:
    view = Text("a: 1\u2028bc: 2\n")
    assert view.mark_offset(2, 1) == 5
    assert view.position(view.mark_offset(2, 2)) == (0, 6)
    assert view.mark_offset(0, 0) == 0 and view.mark_offset(99, 1) == len(view.text)


def test_a_place_inside_of_a_pair_is_before_it() -> None:
    assert Text("🍜x").offset(0, 1) == 0
    assert Text("🍜x").offset(7, 7) == 2
