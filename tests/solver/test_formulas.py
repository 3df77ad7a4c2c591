"""Entailment of formulas, shown by a comparison part by part."""

from __future__ import annotations

import pytest

from checker.solver.formulas import (
    FALSE,
    TRUE,
    Atom,
    DifferenceConstraint,
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
    (DifferenceConstraint("paid", "price", -5), DifferenceConstraint("paid", "price", 0)),
]
UNRELATED: list[tuple[Atom, Atom]] = [
    (Within("days", 3, 7), Within("hours", 2, 8)),
    (Within("days", 3, 7), Within("days", 4, 8)),
    (Within("days", 3, 7), Within("days", 2, 6)),
    (Within("days", None, 7), Within("days", 2, 7)),
    (Within("days", 3, None), Within("days", 3, 7)),
    (Has("kind", frozenset([1])), Has("sort", frozenset([1, 2]))),
    (Has("kind", frozenset([1])), Within("kind", 0, 2)),
    (Within("kind", 0, 2), Has("kind", frozenset([1]))),
    (DifferenceConstraint("paid", "price", 0), DifferenceConstraint("claimed", "price", 0)),
    (DifferenceConstraint("paid", "price", 0), DifferenceConstraint("paid", "claimed", 0)),
    (DifferenceConstraint("paid", "price", 0), Within("paid", None, 0)),
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


@pytest.mark.parametrize(("atom", "unrelated"), UNRELATED)
def test_an_atom_that_is_not_narrower_entails_nothing(atom: Atom, unrelated: Atom) -> None:
    assert not entails(Is(atom), Is(unrelated))
    assert entails(Is(atom), Is(atom))


@pytest.mark.parametrize("kind", [Every, Some])
def test_parts_are_compared_in_order(kind: type[Every] | type[Some]) -> None:
    other = Is(Has("kind", frozenset([1])))
    assert entails(kind((WEEK, other)), kind((MONTH, other)))
    assert not entails(kind((MONTH, other)), kind((WEEK, other)))
    assert not entails(kind((WEEK, other)), kind((MONTH,)))
    assert not entails(kind((WEEK,)), kind((MONTH, other)))


@pytest.mark.parametrize(
    ("formula", "other"),
    [(Every((WEEK, WEEK)), Some((MONTH, MONTH))), (WEEK, Every((MONTH, MONTH)))],
)
def test_formulas_of_different_shapes_entail_nothing(formula: Formula, other: Formula) -> None:
    assert not entails(formula, other)
    assert not entails(other, formula)


def test_false_entails_everything_and_everything_entails_true() -> None:
    assert entails(FALSE, WEEK)
    assert entails(WEEK, TRUE)
    assert not entails(TRUE, WEEK)
    assert not entails(WEEK, FALSE)
