"""Formatting keeps what a document says and every comment, and does nothing twice."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from checker.language.compose import compose
from checker.language.documents import Document, parse_document
from checker.language.formatting.formatted import formatted
from checker.language.yaml_text import yaml_text
from tests.drawing import drawing
from tests.formatting.styles import MAPS, comments, written

CHANCE = st.randoms(use_true_random=True)


def document(text: str) -> Document:
    found, problems = parse_document(text.encode(), "drawn.yaml")
    assert found, problems
    return found


@drawing(400)
@given(MAPS, CHANCE)
def test_data_and_comments_are_kept_and_nothing_is_done_twice(
    plain: dict[str, Any], chance: Random
) -> None:
    text = written(chance, plain)
    new = formatted(document(text))
    found = compose(new)[0]
    assert repr(found) == repr(document(text).data) == repr(plain)
    assert comments(new) == comments(text)
    assert formatted(document(new)) == new
    assert all(line == line.rstrip(" \t") for line in new.split("\n"))


@drawing(400)
@given(MAPS, CHANCE)
def test_there_is_one_layout(plain: dict[str, Any], chance: Random) -> None:
    text = written(chance, plain, bare=True)
    assert formatted(document(text)) == yaml_text(plain)
