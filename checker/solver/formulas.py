"""Formulas over fields, for proofs: true or false of every case.

A literal says which values one field has, or how two ordered fields compare; a formula is a literal
or its negation, or all or any of formulas.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Within(NamedTuple):
    """The ordered field lies in [low, high]; None is no bound."""

    field: str
    low: int | None
    high: int | None


class Has(NamedTuple):
    """The field without order has one of the values at these positions."""

    field: str
    positions: frozenset[int]


class AtMost(NamedTuple):
    """The ordered field `left` is at most `right` plus a number; left sorts before right."""

    left: str
    right: str
    plus: int


Atom = Within | Has | AtMost


class Is(NamedTuple):
    """The atom is true, or, where `not positive`, false."""

    atom: Atom
    positive: bool = True


@dataclass(slots=True, unsafe_hash=True)
class Every:
    """All of the formulas; true of none.

    Never changed but for `negation`, its opposite, which is set once that was asked for.
    """

    parts: tuple[Formula, ...]
    negation: Formula | None = field(default=None, init=False, compare=False, repr=False)


@dataclass(slots=True, unsafe_hash=True)
class Some:
    """One of the formulas or more; false of none.

    Never changed but for `negation`, and for `products`: what was worked out of it (`normal.py`).
    """

    parts: tuple[Formula, ...]
    negation: Formula | None = field(default=None, init=False, compare=False, repr=False)
    products: Any = field(default=None, init=False, compare=False, repr=False)


Formula = Is | Every | Some
TRUE, FALSE = Every(()), Some(())


def every(parts: Iterable[Formula]) -> Formula:
    """Return all of `parts`, without what is true anyway."""
    kept: list[Formula] = []
    for part in parts:
        if isinstance(part, Is) or part.parts:
            kept.append(part)
        elif isinstance(part, Some):
            return FALSE
    return kept[0] if len(kept) == 1 else Every(tuple(kept))


def some(parts: Iterable[Formula]) -> Formula:
    """Return any of `parts`, without what is false anyway."""
    kept: list[Formula] = []
    for part in parts:
        if isinstance(part, Is) or part.parts:
            kept.append(part)
        elif isinstance(part, Every):
            return TRUE
    return kept[0] if len(kept) == 1 else Some(tuple(kept))


def opposite(formula: Formula) -> Formula:
    """Return the formula that is true where `formula` is false: one, however often one asks."""
    if isinstance(formula, Is):
        return Is(formula.atom, not formula.positive)
    found: Formula | None = formula.negation
    if found is None:
        parts = [opposite(part) for part in formula.parts]
        found = some(parts) if isinstance(formula, Every) else every(parts)
        formula.negation = found
        if not isinstance(found, Is) and found.negation is None:
            found.negation = formula
    return found


def alternatives(formula: Formula) -> tuple[Formula, ...]:
    """Return the parts of a disjunction; a formula that is none is its only part."""
    return formula.parts if isinstance(formula, Some) else (formula,)


def entails(formula: Formula, other: Formula) -> bool:
    """Return whether two formulas of one shape show that the one is true only where the other is.

    False where they do not show it: it may hold all the same.
    """
    if formula is other or formula == FALSE or other == TRUE:
        return True
    if isinstance(formula, Is) and isinstance(other, Is):
        if formula.positive is not other.positive:
            return False
        inner, outer = (formula, other) if formula.positive else (other, formula)
        return _lies_within(inner.atom, outer.atom)
    if isinstance(formula, Is) or isinstance(other, Is) or type(formula) is not type(other):
        return False
    alike = len(formula.parts) == len(other.parts)
    return alike and all(map(entails, formula.parts, other.parts))


def _lies_within(inner: Atom, outer: Atom) -> bool:
    """Return whether the one atom is true only where the other is."""
    if isinstance(inner, AtMost):
        return isinstance(outer, AtMost) and inner[:2] == outer[:2] and inner.plus <= outer.plus
    if isinstance(outer, AtMost) or inner.field != outer.field:
        return False
    if isinstance(inner, Has):
        return isinstance(outer, Has) and inner.positions <= outer.positions
    if isinstance(outer, Has):
        return False
    above = outer.low is None or (inner.low is not None and inner.low >= outer.low)
    return above and (outer.high is None or (inner.high is not None and inner.high <= outer.high))
