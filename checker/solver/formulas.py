"""Formulas over fields: each is true or false of every case.

An atom says which values one field has, or how two ordered fields compare. A literal is an atom or
its negation. A formula is a literal, a conjunction or a disjunction.

Conjunctions and disjunctions are hash-consed: equal parts make one object (Filliâtre and Conchon,
"Type-safe modular hash-consing"). Definitions that stand on one another stay a graph as small as
their text, two of them are equal where they are identical, and what is computed of one is computed
once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, Self
from weakref import WeakValueDictionary


class Within(NamedTuple):
    """The value of the ordered field lies in [low, high]; None is no bound."""

    field: str
    low: int | None
    high: int | None


class Has(NamedTuple):
    """The field without order has one of the values at these positions."""

    field: str
    positions: frozenset[int]


class DifferenceConstraint(NamedTuple):
    """left <= right + plus, for two ordered fields; the name `left` sorts before `right`."""

    left: str
    right: str
    plus: int


Atom = Within | Has | DifferenceConstraint


class Is(NamedTuple):
    """A literal: the atom is true or, where not `positive`, false."""

    atom: Atom
    positive: bool = True


class _Connective:
    """A conjunction or a disjunction; equal ones are one object.

    Immutable but for two caches.

    Attributes:
        parts: the formulas that it connects.
        negation: its opposite, once somebody asked for it.
        normal_forms: its normal form (`dnf.py`).
    """

    __slots__ = ("__weakref__", "negation", "normal_forms", "parts")
    _instances: WeakValueDictionary[tuple[Formula, ...], Self]

    parts: tuple[Formula, ...]
    negation: Formula | None
    normal_forms: Any

    def __init_subclass__(cls) -> None:
        cls._instances = WeakValueDictionary()

    def __new__(cls, parts: tuple[Formula, ...]) -> Self:
        formula = cls._instances.get(parts)
        if formula is None:
            formula = object.__new__(cls)
            formula.parts, formula.negation, formula.normal_forms = parts, None, None
            cls._instances[parts] = formula
        return formula


class Every(_Connective):
    """A conjunction; without parts it is true."""

    __slots__ = ()


class Some(_Connective):
    """A disjunction; without parts it is false."""

    __slots__ = ()


Formula = Is | Every | Some
TRUE, FALSE = Every(()), Some(())


def every(parts: Iterable[Formula]) -> Formula:
    """Return the conjunction of `parts`, without those that are always true."""
    remaining: list[Formula] = []
    for part in parts:
        if isinstance(part, Is) or part.parts:
            remaining.append(part)
        elif isinstance(part, Some):
            return FALSE
    return remaining[0] if len(remaining) == 1 else Every(tuple(remaining))


def some(parts: Iterable[Formula]) -> Formula:
    """Return the disjunction of `parts`, without those that are always false."""
    remaining: list[Formula] = []
    for part in parts:
        if isinstance(part, Is) or part.parts:
            remaining.append(part)
        elif isinstance(part, Every):
            return TRUE
    return remaining[0] if len(remaining) == 1 else Some(tuple(remaining))


def opposite(formula: Formula) -> Formula:
    """Return the formula that is true where `formula` is false; the same object every time."""
    if isinstance(formula, Is):
        return Is(formula.atom, not formula.positive)
    negation: Formula | None = formula.negation
    if negation is None:
        parts = [opposite(part) for part in formula.parts]
        negation = some(parts) if isinstance(formula, Every) else every(parts)
        formula.negation = negation
        if not isinstance(negation, Is) and negation.negation is None:
            negation.negation = formula
    return negation


def alternatives(formula: Formula) -> tuple[Formula, ...]:
    """Return the parts of a disjunction; any other formula is its own only part."""
    return formula.parts if isinstance(formula, Some) else (formula,)


def entails(formula: Formula, other: Formula) -> bool:
    """Return whether a comparison part by part shows that `formula` entails `other`.

    This is sound but not complete: where the answer is False, `formula` may entail `other` all the
    same.
    """
    shown: set[tuple[Formula, Formula]] = set()  # pairs of which it is known

    def entailed(formula: Formula, other: Formula) -> bool:
        if formula is other or formula is FALSE or other is TRUE or (formula, other) in shown:
            return True
        if isinstance(formula, Is) and isinstance(other, Is):
            if formula.positive is not other.positive:
                return False
            inner, outer = (formula, other) if formula.positive else (other, formula)
            return _lies_within(inner.atom, outer.atom)
        if isinstance(formula, Is) or isinstance(other, Is) or type(formula) is not type(other):
            return False
        same_length = len(formula.parts) == len(other.parts)
        if not same_length or not all(map(entailed, formula.parts, other.parts)):
            return False  # and so is the whole comparison: no pair is compared twice
        shown.add((formula, other))
        return True

    return entailed(formula, other)


def _lies_within(inner: Atom, outer: Atom) -> bool:
    """Return whether `inner` is true only where `outer` is."""
    if isinstance(inner, DifferenceConstraint):
        return (
            isinstance(outer, DifferenceConstraint)
            and inner[:2] == outer[:2]
            and inner.plus <= outer.plus
        )
    if isinstance(outer, DifferenceConstraint) or inner.field != outer.field:
        return False
    if isinstance(inner, Has):
        return isinstance(outer, Has) and inner.positions <= outer.positions
    if isinstance(outer, Has):
        return False
    above = outer.low is None or (inner.low is not None and inner.low >= outer.low)
    return above and (outer.high is None or (inner.high is not None and inner.high <= outer.high))
