"""The similar name of an unknown one: that of `difflib`, without comparing each pair in full."""

from __future__ import annotations

from difflib import SequenceMatcher, get_close_matches

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.language.syntax.similar_names import similar_name
from tests.drawing import drawing, share

NAMES = st.text("abcde_", max_size=8)


@drawing(share(600))
@given(NAMES, st.lists(NAMES, max_size=12))
def test_the_name_is_that_of_difflib(name: str, known: list[str]) -> None:
    expected = get_close_matches(name, known, n=1, cutoff=0.6)
    assert similar_name(name, known) == (expected[0] or None if expected else None)


def test_few_pairs_are_compared_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    ratio = SequenceMatcher.ratio

    def counting(matcher: SequenceMatcher[str]) -> float:
        nonlocal compared
        compared += 1
        return ratio(matcher)

    monkeypatch.setattr(SequenceMatcher, "ratio", counting)
    known = [f"fact_{number:04}" for number in range(1000)]
    for number in range(100):
        assert similar_name(f"fact_{number:04}x", iter(known)) == f"fact_{number:04}"
    assert compared <= 100 * 10


def test_a_very_long_name_has_no_similar_one() -> None:
    assert similar_name("a" * 100_000, ["a" * 99_999]) is None
    assert similar_name("opend", ["o" * 100_000, "opened"]) == "opened"
