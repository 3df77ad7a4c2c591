"""Strategies for JSON with the words of a format, and checks of whatever is read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from checker.exchange.statements import ReadDocument
from checker.language.model.exchange.notions import NOTIONS

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-2, 70)
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.sampled_from(["", "0", "30", "-1", "99999999999999999999", "true"])
)


def like(words: Iterable[str]) -> st.SearchStrategy[Any]:
    """Draw data whose keys and texts are mostly words of a format."""
    word = st.sampled_from(sorted(words)) | st.text(max_size=3)
    return st.recursive(
        SCALARS | word,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(word, inner, max_size=6),
        max_leaves=25,
    )


def as_bytes(data: Any) -> bytes:
    return json.dumps(data).encode("utf-8", "surrogatepass")


def check_sound(document: ReadDocument, file: str) -> None:
    """Check that statements have the forms of their notions, and everything a position."""
    for stated in document.stated:
        for statement in stated.statements:
            _check_form(statement.notion, statement.value)
            assert statement.position.file == file
            assert statement.position.line
    for choices in document.choices:
        for notion, values in choices.allowed:
            assert values
            for value in values:
                _check_form(notion, value)
    results = [*document.stated, *document.choices]
    for problem in [
        *document.problems,
        *(problem for result in results for problem in result.problems),
    ]:
        assert problem.check in ("not-understood", "unreadable")
        assert problem.position.file == file
        assert "\n" not in problem.message
    for note in (note for result in results for note in result.notes):
        assert note.text
        assert note.position.line


def _check_form(notion: str, value: Any) -> None:
    form, choices = NOTIONS[notion]
    if form in ("integer", "money"):
        assert type(value) is int
        assert value >= 0
    elif form == "boolean":
        assert type(value) is bool
    elif form == "names":
        assert isinstance(value, tuple)
        assert value and all(isinstance(name, str) for name in value)
    else:
        assert isinstance(value, str)
        assert not choices or value in choices
