"""Disjunctions as cubes: what none of a few products may hold, or one of a few products does.

What is worked out in a space holds in every space that cuts it finer: products are of literals.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checker.solver.formulas import Every, Formula, Is, Some, opposite
from checker.solver.space import Product, Space

MOST_PRODUCTS = 200  # of one disjunction
FEW_CLAUSES = 12  # that are not worth looking for a shorter choice

_Built = list[tuple[int, Product]]


@dataclass(frozen=True, slots=True)
class _Products:
    """A disjunction by products: either none of `clauses` holds, or one of `choice` does.

    Neither where both would be too long.
    """

    clauses: tuple[Product, ...] | None
    choice: tuple[Product, ...] | None


def as_disjunction(formula: Some, space: Space) -> tuple[list[int] | None, list[int] | None]:
    """Return a disjunction as clauses, or else as a choice; neither where both are too long."""
    found = space.short.get(id(formula))
    if found is None:
        if formula.products is None:
            # true in every space that cuts as finely
            formula.products = _worked_out(formula, space)
        known: _Products = formula.products
        found = (
            formula,
            None if known.clauses is None else space.cubes(known.clauses),
            None if known.choice is None else space.cubes(known.choice),
        )
        space.short[id(formula)] = found
    return found[1:]


def _worked_out(formula: Some, space: Space) -> _Products:
    clauses = choice = None
    if _most(formula, positive=False) <= FEW_CLAUSES:
        clauses = _products(opposite(formula), space)
    else:
        choice = _products(formula, space)
        if choice is None or len(choice) > FEW_CLAUSES:
            clauses = _products(opposite(formula), space)
    if clauses is not None and choice is not None:
        if len(choice) < len(clauses):
            clauses = None
        else:
            choice = None
    return _Products(_literals(clauses), _literals(choice))


def _most(formula: Formula, *, positive: bool) -> int:
    """Return how many products the formula, or its opposite, has at most, or that it is a lot."""
    if isinstance(formula, Is):
        return 1
    if isinstance(formula, Some) is positive:
        return sum([_most(part, positive=positive) for part in formula.parts])
    product = 1
    for part in formula.parts:
        product *= _most(part, positive=positive)
        if product > MOST_PRODUCTS:
            break
    return product


def _literals(built: _Built | None) -> tuple[Product, ...] | None:
    return None if built is None else tuple(product for _, product in built)


def _products(formula: Formula, space: Space) -> _Built | None:
    """Return products whose union is where the formula is true, None where they are too many."""
    if isinstance(formula, Is):
        return [(space.cube(formula), (formula,))]
    if isinstance(formula, Some):
        found: _Built = []
        for part in formula.parts:
            products = _products(part, space)
            if products is None or len(found) + len(products) > MOST_PRODUCTS:
                return None
            found += products
        return _without_parts(found)
    return _multiplied(formula, space)


def _multiplied(formula: Every, space: Space) -> _Built | None:
    literals, others = _flat(formula)
    (cube,) = space.cubes([literals])
    whole: _Built = [] if space.is_empty(cube) else [(cube, literals)]
    for part in others:
        products = _products(part, space)
        if products is None or len(whole) * len(products) > 8 * MOST_PRODUCTS:
            return None
        whole = [
            (both, (*left, *right))
            for a, left in whole
            for b, right in products
            if not space.is_empty(both := a & b)
        ]
        whole = _without_parts(whole)
        if len(whole) > MOST_PRODUCTS:
            return None
    return whole


def _flat(formula: Every) -> tuple[Product, list[Some]]:
    """Return the literals that must hold and the disjunctions that must."""
    literals: list[Is] = []
    others: list[Some] = []
    waiting = [*formula.parts]
    for part in waiting:
        if isinstance(part, Is):
            literals.append(part)
        elif isinstance(part, Some):
            others.append(part)
        else:
            waiting += part.parts
    return tuple(literals), others


def _without_parts(built: Iterable[tuple[int, Product]]) -> _Built:
    """Return the products without those that lie in another one."""
    different = dict(built)
    if len(different) <= 1:
        return [*different.items()]
    kept: list[int] = []
    for cube in sorted(different, key=int.bit_count, reverse=True):
        for other in kept:
            if cube & other == cube:
                break
        else:
            kept.append(cube)
    return [(cube, different[cube]) for cube in kept]
