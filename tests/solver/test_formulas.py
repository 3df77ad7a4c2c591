"""Formulas of one shape: what is read off their parts."""

from __future__ import annotations

import pytest

from checker.solver.formulas import (
    FALSE,
    TRUE,
    AtMost,
    Atom,
    Every,
    Formula,
    Has,
    Is,
    Some,
    Within,
    entails,
)

WEEK, MONTH = Is(Within("days", 0, 7)), Is(Within("days", 0, 30))
NARROWER: list[tuple[Atom, Atom]] = [
    (Within("days", 3, 7), Within("days", 2, 8)),
    (Within("days", 3, 7), Within("days", None, 7)),
    (Within("days", 3, 7), Within("days", 3, None)),
    (Has("kind", frozenset([1])), Has("kind", frozenset([1, 2]))),
    (AtMost("paid", "price", -5), AtMost("paid", "price", 0)),
]
UNLIKE: list[tuple[Atom, Atom]] = [
    (Within("days", 3, 7), Within("hours", 2, 8)),
    (Within("days", 3, 7), Within("days", 4, 8)),
    (Within("days", 3, 7), Within("days", 2, 6)),
    (Within("days", None, 7), Within("days", 2, 7)),
    (Within("days", 3, None), Within("days", 3, 7)),
    (Has("kind", frozenset([1])), Has("sort", frozenset([1, 2]))),
    (Has("kind", frozenset([1])), Within("kind", 0, 2)),
    (Within("kind", 0, 2), Has("kind", frozenset([1]))),
    (AtMost("paid", "price", 0), AtMost("claimed", "price", 0)),
    (AtMost("paid", "price", 0), AtMost("paid", "claimed", 0)),
    (AtMost("paid", "price", 0), Within("paid", None, 0)),
]


@pytest.mark.parametrize(("inner", "outer"), NARROWER)
def test_the_narrower_entails_the_wider_and_its_negation_is_entailed(
    inner: Atom, outer: Atom
) -> None:
    assert entails(Is(inner), Is(outer))
    assert not entails(Is(outer), Is(inner))
    assert entails(Is(outer, False), Is(inner, False))
    assert not entails(Is(inner, False), Is(outer, False))
    assert not entails(Is(inner), Is(outer, False))
    assert not entails(Is(inner, False), Is(outer))


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_nothing_is_shown_of_what_is_not_within(one: Atom, other: Atom) -> None:
    assert not entails(Is(one), Is(other))
    assert entails(Is(one), Is(one))


@pytest.mark.parametrize("kind", [Every, Some])
def test_of_several_each_entails_the_one_in_its_place(kind: type[Every] | type[Some]) -> None:
    other = Is(Has("kind", frozenset([1])))
    assert entails(kind((WEEK, other)), kind((MONTH, other)))
    assert not entails(kind((MONTH, other)), kind((WEEK, other)))
    assert not entails(kind((WEEK, other)), kind((MONTH,)))
    assert not entails(kind((WEEK,)), kind((MONTH, other)))


@pytest.mark.parametrize(
    ("one", "other"), [(Every((WEEK, WEEK)), Some((MONTH, MONTH))), (WEEK, Every((MONTH, MONTH)))]
)
def test_nothing_is_shown_of_other_shapes(one: Formula, other: Formula) -> None:
    assert not entails(one, other)
    assert not entails(other, one)


def test_what_is_false_entails_all_and_all_entails_what_is_true() -> None:
    assert entails(FALSE, WEEK)
    assert entails(WEEK, TRUE)
    assert not entails(TRUE, WEEK)
    assert not entails(WEEK, FALSE)
