"""The exact projection of queries on some fields: which values of these fields have a case.

A box is projected field by field. Comparisons between fields are closed under shortest paths first
(all pairs, Floyd-Warshall): after that, leaving a field out is exact for whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product

from checker.solver.box_search import BoxSearch, Query
from checker.solver.difference_bounds import (
    ORIGIN,
    Edge,
    ShortestPaths,
    compared_fields,
    decided_comparisons,
)
from checker.solver.formulas import DifferenceConstraint, Formula, Has, Is, Within, every, opposite
from checker.solver.space import Field, Space

Region = tuple[Is, ...]  # the values that satisfy all of the literals
_INFINITY = 10**30  # longer than any path


@dataclass(slots=True)
class Projection:
    """The projection of formulas on the fields `names`.

    Attributes:
        space: the space of the formulas; it is refined with every region.
        possible: the formula of the cases that are possible.
        required: the formulas to project; a value belongs to the result where one of them has a
            possible case.
        names: the fields to project on.
        max_regions: the number of regions after which to give up.
    """

    space: Space
    possible: Formula
    required: Sequence[Formula]  # each of them: what a region has a case of
    names: Sequence[str]
    max_regions: int

    def regions(self) -> tuple[list[Region], bool]:
        """Return regions whose values all have a case, and whether they are all such values.

        Raises:
            Undecided: the budget of boxes is spent.
        """
        regions: list[Region] = []
        for formula in self.required:
            while True:
                new_regions = self._outside_of(regions, formula)
                if not new_regions:
                    break
                regions += [region for region in new_regions if region not in regions]
                self.space = self.space.refined(map(every, new_regions))
                if len(regions) > self.max_regions:
                    return self._without_covered(regions), False
        return self._without_covered(regions), True

    def _outside_of(self, regions: Sequence[Region], formula: Formula) -> list[Region]:
        """Return regions with a value that lies in none of `regions`; no region if none has."""
        space = self.space
        outside = every(opposite(every(region)) for region in regions)
        search = BoxSearch(space)
        for query in Query(space, space.full).narrowed(every([self.possible, formula])):
            for narrowed in query.narrowed(outside):
                for box in search.solutions(narrowed):
                    return [*self._projected(self._widened(box, query))]
        return []

    def _widened(self, box: int, query: Query) -> int:
        """Return the box with all the cells of the projected fields that the query allows."""
        for name in self.space.differences:
            wider = box | self.space.fields[name].mask
            box = wider if _satisfies(wider, query) else box
        decided = compared_fields(decided_comparisons(self.space, box))
        for name in self.names:
            field_ = self.space.fields[name]
            cells = [1 << (cell + field_.offset) for cell in range(len(field_.cuts))]
            # shortest paths bound a compared field by one run of cells, which must have no gap
            reach = _cells_beside(box, cells) if name in decided else [cells]
            for neighbours in reach:
                for cell in neighbours:
                    if _satisfies(box | cell, query):
                        box |= cell
                    elif name in decided:
                        break
        return box

    def _projected(self, box: int) -> Iterator[Region]:
        """Yield regions whose union is the projection of the box."""
        edges = decided_comparisons(self.space, box)
        compared = compared_fields(edges)
        fixed = [*_closure(self.space, box, edges, self.names)] if edges else []
        choices = []
        for name in self.names:
            if name not in compared:
                choices.append([*_runs(self.space.fields[name], self.space.cells_of(box, name))])
        for literals in product(*choices):
            yield (*fixed, *(literal for literal in literals if literal is not None))

    def _without_covered(self, regions: list[Region]) -> list[Region]:
        """Return the regions without those that the others cover."""
        remaining = [*regions]
        for region in regions:
            others = [opposite(every(other)) for other in remaining if other is not region]
            inside = Query(self.space, self.space.full).narrowed(every([*region, *others]))
            if not BoxSearch(self.space).any(inside, expect_case=True):
                remaining.remove(region)
        return remaining


def _cells_beside(box: int, cells: list[int]) -> list[list[int]]:
    """Return the cells above the run of the box, and those below it, nearest first."""
    indices = [index for index, cell in enumerate(cells) if box & cell]
    return [cells[indices[-1] + 1 :], cells[: indices[0]][::-1]]


def _satisfies(box: int, query: Query) -> bool:
    """Return whether every case of the box satisfies the query, whatever comparisons say."""
    space = query.space
    return (
        not box & ~query.box
        and all(space.is_empty(box & cube) for cube in query.clauses)
        and all(any(not box & ~cube for cube in choice) for choice in query.choices)
    )


def _runs(field: Field, cells: int) -> Iterator[Is | None]:
    """Yield the literals whose union is the cells; None alone where these are all cells."""
    if cells == (1 << len(field.cuts)) - 1:
        yield None
    elif not field.domain.ordered:
        positions = (position for position in range(len(field.cuts)) if cells >> position & 1)
        yield Is(Has(field.name, frozenset(positions)))
    else:
        while cells:
            low = cells & -cells
            run = cells & ~(cells + low)
            first, last = low.bit_length() - 1, run.bit_length() - 1
            yield _within(field, field.bounds(first)[0], field.bounds(last)[1])
            cells &= ~run


def _within(field: Field, low: int, high: int) -> Is:
    """Return the literal of an interval, without the bounds that the domain has anyway."""
    domain = field.domain
    lower = None if low <= domain.low else low
    return Is(Within(field.name, lower, None if high >= domain.high else high))


def _closure(space: Space, box: int, edges: list[Edge], projected: Sequence[str]) -> Iterator[Is]:
    """Yield what comparisons, and the cells of compared fields, imply for the projected fields."""
    paths = ShortestPaths(space, box, edges, {})
    names = [ORIGIN, *paths.names]
    length = dict.fromkeys(permutations(names, 2), _INFINITY)
    for left, right, most in paths.edges:
        length[left, right] = min(length[left, right], most)
    for via, left, right in product(names, names, names):
        if len({via, left, right}) == 3:
            through = length[left, via] + length[via, right]
            length[left, right] = min(length[left, right], through)
    names_projected = [name for name in paths.names if name in projected]
    for name in names_projected:
        field = space.fields[name]
        literal = _within(field, -length[ORIGIN, name], length[name, ORIGIN])
        if literal.atom != Within(name, None, None):
            yield literal
    for left, right in permutations(names_projected, 2):
        most = length[left, right]
        if most < length[left, ORIGIN] + length[ORIGIN, right]:  # the bounds do not imply it
            if left < right:
                yield Is(DifferenceConstraint(left, right, most))
            else:
                yield Is(DifferenceConstraint(right, left, -most - 1), positive=False)
