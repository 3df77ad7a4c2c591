"""Formatting keeps what a document says and every comment, and does nothing twice."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.language.formatter.dump import yaml_text
from checker.language.formatter.format import formatted
from checker.language.syntax.documents import Document, parse_document, read_document
from checker.language.syntax.parser import compose
from tests.conftest import PROJECT
from tests.drawing import drawing, share
from tests.formatting.styles import MAPS, comments, written

SHIPPED = sorted((PROJECT / "policy").rglob("*.yaml"))
CHANCE = st.randoms(use_true_random=True)


def document(text: str) -> Document:
    found, problems = parse_document(text.encode(), "drawn.yaml")
    assert found, problems
    return found


@drawing(share(400))
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


@drawing(share(400))
@given(MAPS, CHANCE)
def test_there_is_one_layout(plain: dict[str, Any], chance: Random) -> None:
    text = written(chance, plain, bare=True)
    assert formatted(document(text)) == yaml_text(plain)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: str(file.relative_to(PROJECT)))
def test_what_is_shipped_comes_out_the_same_however_it_is_written(file: Path) -> None:
    shipped, _ = read_document(file)
    assert shipped
    chance = Random(str(file.relative_to(PROJECT)))
    keys = chance.sample([*shipped.data], len(shipped.data))
    text = written(chance, {key: shipped.data[key] for key in keys}, bare=True)
    assert formatted(document(text)) == yaml_text(shipped.data)
