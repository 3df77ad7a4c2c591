"""Which values of some fields have a case: queries projected on these fields, exactly.

A box projects field by field; where it compares fields, what the compared ones imply for each
other is the closure of the shortest paths between them (all pairs, Floyd and Warshall), and
leaving a field out of that is exact for whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product

from checker.solver.box_search import Query, Search
from checker.solver.difference_bounds import ORIGIN, Edge, ShortestPaths, compared, compared_fields
from checker.solver.formulas import AtMost, Formula, Has, Is, Within, every, opposite
from checker.solver.space import Field, Space

Region = tuple[Is, ...]  # literals over the fields that are kept: where all of them hold


@dataclass(slots=True)
class Regions:
    """Finds regions of the fields `kept` in which every value has a case of the formula."""

    space: Space
    possible: Formula
    wanted: Sequence[Formula]  # each of them: what a region has a case of
    kept: Sequence[str]
    most: int

    def found(self) -> tuple[list[Region], bool]:
        """Return regions, and whether they are all: what lies in none of them has no case.

        Undecided where the budget of boxes is spent.
        """
        regions: list[Region] = []
        for wanted in self.wanted:
            while True:
                fresh = self._outside_of(regions, wanted)
                if not fresh:
                    break
                regions += [each for each in fresh if each not in regions]
                self.space = self.space.refined(map(every, fresh))
                if len(regions) > self.most:
                    return self._without_parts(regions), False
        return self._without_parts(regions), True

    def _outside_of(self, regions: Sequence[Region], wanted: Formula) -> list[Region]:
        """Return regions with a value that is in none of those; none where there is no such."""
        space = self.space
        fresh = every(opposite(every(each)) for each in regions)
        search = Search(space)
        for whole in Query(space, space.full).narrowed(every([self.possible, wanted])):
            for query in whole.narrowed(fresh):
                for box in search.solutions(query):
                    return [*self._projected(self._widened(box, whole))]
        return []

    def _widened(self, box: int, query: Query) -> int:
        """Return the box with as many values of the kept fields as the query leaves it."""
        for name in self.space.differences:
            wider = box | self.space.fields[name].mask
            box = wider if _inside(wider, query) else box
        decided = compared_fields(compared(self.space, box))
        for name in self.kept:
            found = self.space.fields[name]
            cells = [1 << (cell + found.offset) for cell in range(len(found.cuts))]
            # of a compared field, one run of cells is what shortest paths can tell of
            reach = _around(box, cells) if name in decided else [cells]
            for neighbours in reach:
                for cell in neighbours:
                    if _inside(box | cell, query):
                        box |= cell
                    elif name in decided:
                        break
        return box

    def _projected(self, box: int) -> Iterator[Region]:
        """Yield regions that together are what the box has of the kept fields."""
        edges = compared(self.space, box)
        among = compared_fields(edges)
        fixed = [*_closure(self.space, box, edges, self.kept)] if edges else []
        choices = []
        for name in self.kept:
            if name not in among:
                choices.append([*_runs(self.space.fields[name], self.space.cells_of(box, name))])
        for literals in product(*choices):
            yield (*fixed, *(literal for literal in literals if literal is not None))

    def _without_parts(self, regions: list[Region]) -> list[Region]:
        """Return the regions without those that the later ones or wider ones cover."""
        kept = [*regions]
        for each in regions:
            others = [opposite(every(other)) for other in kept if other is not each]
            inside = Query(self.space, self.space.full).narrowed(every([*each, *others]))
            if not Search(self.space).any(inside, likely=True):
                kept.remove(each)
        return kept


def _around(box: int, cells: list[int]) -> list[list[int]]:
    """Return the cells above the run that the box has, and those below, nearest first."""
    within = [place for place, cell in enumerate(cells) if box & cell]
    return [cells[within[-1] + 1 :], cells[: within[0]][::-1]]


def _inside(box: int, query: Query) -> bool:
    """Return whether every case of the box satisfies the query, but for comparisons."""
    space = query.space
    return (
        not box & ~query.box
        and all(space.is_empty(box & cube) for cube in query.clauses)
        and all(any(not box & ~cube for cube in choice) for choice in query.choices)
    )


def _runs(field: Field, cells: int) -> Iterator[Is | None]:
    """Yield the literals whose union is the cells; None where that is all of the field."""
    if cells == (1 << len(field.cuts)) - 1:
        yield None
    elif not field.domain.ordered:
        places = (place for place in range(len(field.cuts)) if cells >> place & 1)
        yield Is(Has(field.name, frozenset(places)))
    else:
        while cells:
            low = cells & -cells
            run = cells & ~(cells + low)
            first, last = low.bit_length() - 1, run.bit_length() - 1
            yield _within(field, field.bounds(first)[0], field.bounds(last)[1])
            cells &= ~run


def _within(field: Field, low: int, high: int) -> Is:
    domain = field.domain
    below = None if low <= domain.low else low
    return Is(Within(field.name, below, None if high >= domain.high else high))


def _closure(space: Space, box: int, edges: list[Edge], kept: Sequence[str]) -> Iterator[Is]:
    """Yield what the comparisons, and the cells of what they compare, say of the kept fields."""
    paths = ShortestPaths(space, box, edges, {})
    names = [ORIGIN, *paths.names]
    length = dict.fromkeys(permutations(names, 2), _FAR)
    for left, right, apart in paths.edges:
        length[left, right] = min(length[left, right], apart)
    for via, left, right in product(names, names, names):
        if len({via, left, right}) == 3:
            through = length[left, via] + length[via, right]
            length[left, right] = min(length[left, right], through)
    ours = [name for name in paths.names if name in kept]
    for name in ours:
        field = space.fields[name]
        literal = _within(field, -length[ORIGIN, name], length[name, ORIGIN])
        if literal.atom != Within(name, None, None):
            yield literal
    for left, right in permutations(ours, 2):
        apart = length[left, right]
        if apart < length[left, ORIGIN] + length[ORIGIN, right]:  # more than the bounds say
            if left < right:
                yield Is(AtMost(left, right, apart))
            else:
                yield Is(AtMost(right, left, -apart - 1), positive=False)


_FAR = 10**30
