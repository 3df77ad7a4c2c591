"""Queries: a box of cases with the constraints that its cases must satisfy, and unit propagation.

A formula is asserted on a box (a cube of the space). Literals narrow the box. Disjunctions become
clauses, each "outside of this cube", or choices between cubes. Where all fields of a box but one
lie inside the cube of a clause, the clause narrows that field: this is unit propagation.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from checker.solver.dnf import as_disjunction
from checker.solver.formulas import Every, Formula, Is, Some
from checker.solver.space import Space

MAX_QUERIES = 512  # that one formula is split into
BUDGET = 40_000  # boxes that the proof of one document may look at
MIN_CACHED_PARTS = 3  # of a conjunction; a shorter one is not worth a cache entry
PARTS_PER_BOX = 32  # clauses or comparisons that take about as long as one more box


class Undecided(Exception):
    """The question is left undecided: the budget of boxes, or the time of a solver, is spent."""


@dataclass(slots=True)
class Query:
    """A box of cases with constraints.

    A case satisfies the query where it lies in the box, outside of the cube of every clause, and in
    one cube or more of every choice.

    Attributes:
        removed: the cells that the box has lost since its constraints were last propagated: 0 where
            there are none, -1 where they were never propagated.
    """

    space: Space
    box: int
    clauses: list[int] = field(default_factory=list)
    choices: list[list[int]] = field(default_factory=list)
    removed: int = -1

    def narrowed(self, formula: Formula) -> list[Query]:
        """Return queries for the cases of this one in which the formula is true.

        Raises:
            Undecided: there would be too many queries.
        """
        queries, space = [], self.space
        for asserted in self.asserting(formula):
            box = self.box & asserted.box
            if space.is_empty(box):
                continue
            clauses = [*asserted.clauses, *self.clauses]
            choices = [*asserted.choices, *self.choices]
            narrowed = propagate(space, box, clauses, choices)
            if narrowed is not None:
                queries.append(Query(space, *narrowed, removed=0))
        return queries

    def asserting(self, formula: Formula) -> list[Query]:
        """Return queries for the cases of the formula in the whole space; the space caches them.

        A disjunction becomes clauses or a choice, whichever is shorter. Where both are too long,
        each of its parts becomes a query.

        Raises:
            Undecided: there would be too many queries.
        """
        cached = self.space.asserted.get(id(formula))
        if cached is not None:
            return cached[1]
        queries: list[Query] = []
        parts: list[Formula] = [*formula.parts] if isinstance(formula, Every) else [formula]
        waiting = [(Query(self.space, self.space.full), parts)]
        while waiting:
            if len(queries) + len(waiting) > MAX_QUERIES:
                raise Undecided
            query, formulas = waiting.pop()
            while formulas:
                part = formulas.pop()
                if isinstance(part, Is):
                    query.box &= self.space.cube(part)
                elif isinstance(part, Every):
                    if not query._assert_conjunction(part):
                        formulas += part.parts
                elif not query._assert_disjunction(part):
                    waiting += [
                        (query._copy(), [*formulas, alternative])
                        for alternative in reversed(part.parts)
                    ]
                    break
            else:
                queries.append(query)
        self.space.asserted[id(formula)] = (formula, queries)
        return queries

    def _assert_conjunction(self, formula: Every) -> bool:
        """Assert the cached query of a conjunction; return False where there is not just one."""
        if len(formula.parts) < MIN_CACHED_PARTS or len(queries := self.asserting(formula)) != 1:
            return False
        (asserted,) = queries
        self.box &= asserted.box
        self.clauses += asserted.clauses
        self.choices += asserted.choices
        return True

    def _copy(self) -> Query:
        return Query(self.space, self.box, [*self.clauses], [*self.choices])

    def and_also(self, other: Query) -> Query:
        """Return the query for the cases that satisfy both."""
        clauses, choices = [*self.clauses, *other.clauses], [*self.choices, *other.choices]
        return Query(self.space, self.box & other.box, clauses, choices)

    def opposite(self) -> list[Query] | None:
        """Return queries for the cases that do not satisfy it, None unless they are one box."""
        if self.box != self.space.full or self.choices or len(self.clauses) != 1:
            return None
        (box,) = self.clauses
        return [] if self.space.is_empty(box) else [Query(self.space, box, removed=0)]

    def within(self, cube: int) -> Query:
        """Return the query for the cases that lie in the cube as well."""
        removed = self.removed if self.removed < 0 else self.removed | (self.box & ~cube)
        return Query(self.space, self.box & cube, self.clauses, self.choices, removed)

    def _assert_disjunction(self, formula: Some) -> bool:
        """Assert clauses or a choice for a disjunction; return False where both are too long."""
        clauses, choice = as_disjunction(formula, self.space)
        self.clauses += clauses or []
        self.choices += [choice] if choice is not None else []
        return clauses is not None or choice is not None


OpenBox = tuple[int, list[int], list[list[int]]]  # a box, its open clauses and open choices


def propagate(
    space: Space, box: int, clauses: list[int], choices: list[list[int]], removed: int = -1
) -> OpenBox | None:
    """Return the box as unit propagation narrows it, with the constraints that are still open.

    None where no case is left. `removed` is as `Query` has it.
    """
    if not removed:
        return box, clauses, choices
    full, guards, mask_below = space.full, space.guards, space.mask_below
    while True:
        before = box
        if (box + full) & guards != guards:
            return None
        open_clauses = []
        for cube in clauses:
            inside = box & cube
            if (inside + full) & guards != guards:
                continue  # the box is outside of the cube
            if removed > 0 and not removed & ~cube:
                open_clauses.append(cube)  # the box lost no cell outside of it: nothing new follows
                continue
            outside = box ^ inside
            fields = (outside + full) & guards
            if not fields:
                return None  # the box is inside of the cube
            if fields & (fields - 1):
                open_clauses.append(cube)
            else:
                mask = mask_below[fields]
                box = (box & ~mask) | (outside & mask)
        if choices:
            chosen = _narrow_to_choices(space, box, choices, {*open_clauses})
            if chosen is None:
                return None
            box, choices = chosen
        clauses = open_clauses
        if box == before:
            return box, clauses, choices
        removed = before & ~box


def _narrow_to_choices(
    space: Space, box: int, choices: list[list[int]], excluded: set[int]
) -> tuple[int, list[list[int]]] | None:
    """Return the box as the choices narrow it, and the choices that are still open.

    None where a choice has no cube left. Cubes in `excluded` belong to clauses, so that no case may
    lie in them.
    """
    full, guards = space.full, space.guards
    open_choices = []
    for choice in choices:
        cubes = [
            cube
            for cube in choice
            if ((box & cube) + full) & guards == guards and cube not in excluded
        ]
        union = 0
        for cube in cubes:
            union |= cube
        box &= union
        if not cubes:
            return None
        if len(cubes) > 1 and all(box & ~cube for cube in cubes):
            open_choices.append(cubes)
    return box, open_choices


@dataclass(slots=True)
class Budget:
    """How many boxes may still be looked at; one with many constraints counts for several."""

    left: int = BUDGET

    def spend(self, parts: int) -> None:
        """Count one box with this many clauses or comparisons.

        Raises:
            Undecided: no box is left.
        """
        self.left -= 1 + parts // PARTS_PER_BOX
        if self.left < 0:
            raise Undecided
