"""The plainest case that satisfies a question: the fewest unusual facts, then values near typical.

Depends on what the question means alone, never on how its conditions are written: fields are
compared in the vocabulary's order, at the first difference the value nearer to typical wins, then
the lower one (docs/language.md, section 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from checker.solver.box_search import Budget, Query, Search
from checker.solver.difference_bounds import ShortestPaths, compared, compared_fields
from checker.solver.space import Field, Space

Case = dict[str, int]


def plainest(
    space: Space, queries: Sequence[Query], names: Sequence[str], budget: Budget
) -> Case | None:
    """Return the plainest case of any of the queries: a number for each of the fields `names`.

    None where no case satisfies one. Undecided where the budget is spent.
    """
    return _Plainest(space, [*queries], names, Search(space, fewest=True, budget=budget)).case()


@dataclass(slots=True)
class _Plainest:
    """Fixes one field after the other; `witness` is a box of cases with as few unusual fields."""

    space: Space
    queries: list[Query]
    names: Sequence[str]
    search: Search
    typical: int = field(init=False)  # the bits of the typical cell of each field
    fewest: int = 0
    witness: int = 0

    def __post_init__(self) -> None:
        fields = (self.space.fields[name] for name in self.names)
        self.typical = sum(1 << (each.cell(each.domain.typical) + each.offset) for each in fields)

    def case(self) -> Case | None:
        """Return the plainest case, None where there is none."""
        if not self._found_fewest():
            return None
        case: Case = {}
        for name in self.names:
            found = self.space.fields[name]
            if self.witness & found.mask & self.typical:
                case[name] = found.domain.typical  # nothing is nearer
            else:
                case[name] = self._nearest(found)
            self.search.pinned[name] = case[name]
            cell = self._only(found, found.cell(case[name]))
            self.witness &= cell
            self.queries = [query.within(cell) for query in self.queries]
        return case

    def _only(self, found: Field, cell: int) -> int:
        """Return the cube of one cell of a field."""
        return (self.space.full & ~found.mask) | (1 << (cell + found.offset))

    def _unusual(self, box: int) -> int:
        """Return how many fields of the box have lost their typical cell."""
        return (self.typical & ~box).bit_count()

    def _found_fewest(self) -> bool:
        """Find a box with as few unusual fields as can be; return whether there is any."""
        best: int | None = None
        for query in sorted(self.queries, key=lambda each: self._unusual(each.box)):

            def better(box: int) -> bool:
                return best is None or self._unusual(box) < best  # noqa: B023

            for case in self.search.solutions(query, better, plain=True):
                best, self.witness = self._unusual(case), case
        self.fewest = best or 0
        return best is not None

    def _nearest(self, found: Field) -> int:
        """Return the field's value nearest to typical in a case with the fewest unusual fields."""
        if any(found.name in (each.left, each.right) for each in self.space.differences.values()):
            return self._nearest_compared(found)
        for _, cell in _cells_by_distance(found):
            for query in self.queries:
                narrowed = query.within(self._only(found, cell))
                for case in self.search.solutions(narrowed, self._few, plain=True):
                    self.witness = case
                    low, high = found.bounds(cell)
                    return min(max(found.domain.typical, low), high)
        raise AssertionError("a case was found, and then was not")

    def _few(self, box: int) -> bool:
        return self._unusual(box) <= self.fewest

    def _nearest_compared(self, found: Field) -> int:
        """Return the same of a field whose values may depend on what it is compared with."""
        best: tuple[int, int] | None = None
        for distance, cell in _cells_by_distance(found):
            if best is not None and distance > best[0]:
                break
            for query in self.queries:
                narrowed = query.within(self._only(found, cell))
                for box in self.search.solutions(narrowed, self._few):
                    low, high = self._values(box, found, cell)
                    value = min(max(found.domain.typical, low), high)
                    key = (abs(value - found.domain.typical), value)
                    if best is None or key < best:
                        best, self.witness = key, box
                    if best[0] == distance:
                        return best[1]
        assert best is not None, "a case was found, and then was not"
        return best[1]

    def _values(self, box: int, found: Field, cell: int) -> tuple[int, int]:
        """Return the least and greatest value of the field in a case of the box."""
        edges = compared(self.space, box)
        if found.name in compared_fields(edges):
            return ShortestPaths(self.space, box, edges, self.search.pinned).bounds(found.name)
        return found.bounds(cell)


def _cells_by_distance(found: Field) -> list[tuple[int, int]]:
    """Return the field's cells with their distance from typical, nearest first."""
    typical = found.domain.typical
    cells = []
    for cell in range(len(found.cuts)):
        low, high = found.bounds(cell)
        cells.append((max(low - typical, typical - high, 0), cell))
    return sorted(cells)
