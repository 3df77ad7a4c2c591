"""Disjunctions in normal form: as clauses (a conjunctive form) or as a choice (a disjunctive form).

The clauses are the products of the negated formula: none of them may hold. The choice is the
products of the formula: one of them must hold. Products consist of literals, so that the normal
form that one space gives is right in every space that cuts finer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checker.solver.formulas import Every, Formula, Is, Some, opposite
from checker.solver.space import Product, Space

MAX_PRODUCTS = 200  # of one disjunction
MAX_CLAUSES = 12  # with more of them, a choice is computed as well, which may be shorter

_CubedProducts = list[tuple[int, Product]]
_KnownProducts = dict[Formula, _CubedProducts | None]  # of formulas that occur more than once


@dataclass(frozen=True, slots=True)
class _NormalForms:
    """The normal form of a disjunction: clauses or a choice, neither where both are too long."""

    clauses: tuple[Product, ...] | None
    choice: tuple[Product, ...] | None


def as_disjunction(formula: Some, space: Space) -> tuple[list[int] | None, list[int] | None]:
    """Return the clauses or the choice of a disjunction as cubes; the other one is None.

    Both are None where both are too long.
    """
    entry = space.disjunctions.get(id(formula))
    if entry is None:
        if formula.normal_forms is None:
            # the formula keeps its form, as it is right in every space that cuts finer
            formula.normal_forms = _normal_forms(formula, space)
        forms: _NormalForms = formula.normal_forms
        entry = (
            formula,
            None if forms.clauses is None else space.cubes(forms.clauses),
            None if forms.choice is None else space.cubes(forms.choice),
        )
        space.disjunctions[id(formula)] = entry
    return entry[1:]


def _normal_forms(formula: Some, space: Space) -> _NormalForms:
    """Compute both forms where the first one is long, and keep the shorter one."""
    clauses = choice = None
    known: _KnownProducts = {}
    if _product_count(formula, {}, positive=False) <= MAX_CLAUSES:
        clauses = _products(opposite(formula), space, known)
    else:
        choice = _products(formula, space, known)
        if choice is None or len(choice) > MAX_CLAUSES:
            clauses = _products(opposite(formula), space, known)
    if clauses is not None and choice is not None:
        if len(choice) < len(clauses):
            clauses = None
        else:
            choice = None
    return _NormalForms(_without_cubes(clauses), _without_cubes(choice))


def _product_count(formula: Formula, known: dict[Formula, int], *, positive: bool) -> int:
    """Return an upper bound of the products of the formula, or of its opposite if not `positive`.

    It is not exact above `MAX_PRODUCTS`. `known` has the parts that were counted before.
    """
    if isinstance(formula, Is):
        return 1
    count = known.get(formula)
    if count is None:
        if isinstance(formula, Some) is positive:
            count = sum([_product_count(part, known, positive=positive) for part in formula.parts])
        else:
            count = 1
            for part in formula.parts:
                count *= _product_count(part, known, positive=positive)
                if count > MAX_PRODUCTS:
                    break
        known[formula] = count
    return count


def _without_cubes(products: _CubedProducts | None) -> tuple[Product, ...] | None:
    return None if products is None else tuple(product for _, product in products)


def _products(formula: Formula, space: Space, known: _KnownProducts) -> _CubedProducts | None:
    """Return products whose union is the formula, None where they are too many."""
    if isinstance(formula, Is):
        return [(space.cube(formula), (formula,))]
    if formula not in known:
        multiply = _disjunction_products if isinstance(formula, Some) else _conjunction_products
        known[formula] = multiply(formula, space, known)
    return known[formula]


def _disjunction_products(
    formula: Every | Some, space: Space, known: _KnownProducts
) -> _CubedProducts | None:
    """Collect the products of the parts of a disjunction."""
    products: _CubedProducts = []
    for part in formula.parts:
        part_products = _products(part, space, known)
        if part_products is None or len(products) + len(part_products) > MAX_PRODUCTS:
            return None
        products += part_products
    return _maximal(products)


def _conjunction_products(
    formula: Every | Some, space: Space, known: _KnownProducts
) -> _CubedProducts | None:
    """Multiply the disjunctions of a conjunction out."""
    literals, disjunctions = _flatten(formula)
    (cube,) = space.cubes([literals])
    products: _CubedProducts = [] if space.is_empty(cube) else [(cube, literals)]
    for part in disjunctions:
        part_products = _products(part, space, known)
        if part_products is None or len(products) * len(part_products) > 8 * MAX_PRODUCTS:
            return None
        products = [
            (cube, (*left, *right))
            for left_cube, left in products
            for right_cube, right in part_products
            if not space.is_empty(cube := left_cube & right_cube)
        ]
        products = _maximal(products)
        if len(products) > MAX_PRODUCTS:
            return None
    return products


def _flatten(formula: Every | Some) -> tuple[Product, list[Some]]:
    """Return the literals and the disjunctions of a conjunction, whose nested ones are opened."""
    literals: list[Is] = []
    disjunctions: list[Some] = []
    waiting = [*formula.parts]
    for part in waiting:
        if isinstance(part, Is):
            literals.append(part)
        elif isinstance(part, Some):
            disjunctions.append(part)
        else:
            waiting += part.parts
    return tuple(literals), disjunctions


def _maximal(products: Iterable[tuple[int, Product]]) -> _CubedProducts:
    """Return the products without those that lie within another one (absorption)."""
    by_cube = dict(products)
    if len(by_cube) <= 1:
        return [*by_cube.items()]
    maximal: list[int] = []
    for cube in sorted(by_cube, key=int.bit_count, reverse=True):
        for wider in maximal:
            if cube & wider == cube:
                break
        else:
            maximal.append(cube)
    return [(cube, by_cube[cube]) for cube in maximal]
