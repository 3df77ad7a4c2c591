"""The minimal case of a formula: the plainest counterexample (docs/language.md, section 6).

It has the fewest fields with an unusual value. Of several such cases, the fields are compared in
the vocabulary's order: at the first difference the value nearer to the typical one wins, then the
lower one. So the minimal case depends on the meaning of the formula, not on how its conditions are
written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from checker.solver.box_search import BoxSearch, Budget, Query
from checker.solver.difference_bounds import ShortestPaths, compared_fields, decided_comparisons
from checker.solver.space import Field, Space

Case = dict[str, int]  # the value of each field as a number


def minimal_case(
    space: Space, queries: Sequence[Query], names: Sequence[str], budget: Budget
) -> Case | None:
    """Return the minimal one of all cases of the queries, None where they have no case.

    Args:
        space: the space of the queries.
        queries: the queries.
        names: the fields of the case, in the order in which their values are compared.
        budget: how many boxes may be looked at.

    Raises:
        Undecided: the budget is spent.
    """
    search = BoxSearch(space, fewest_unusual=True, budget=budget)
    return _MinimalCase(space, [*queries], names, search).case()


@dataclass(slots=True)
class _MinimalCase:
    """Pins one field after the other to its value in the minimal case.

    Attributes:
        typical: the bits of the typical cell of each field.
        fewest_unusual: how many unusual fields the minimal case has.
        witness: a box of cases with that many unusual fields and the values pinned so far.
    """

    space: Space
    queries: list[Query]
    names: Sequence[str]
    search: BoxSearch
    typical: int = field(init=False)
    fewest_unusual: int = 0
    witness: int = 0

    def __post_init__(self) -> None:
        fields = (self.space.fields[name] for name in self.names)
        self.typical = sum(
            1 << (field_.cell(field_.domain.typical) + field_.offset) for field_ in fields
        )

    def case(self) -> Case | None:
        """Return the minimal case, None where there is no case."""
        if not self._find_fewest_unusual():
            return None
        case: Case = {}
        for name in self.names:
            field_ = self.space.fields[name]
            if self.witness & field_.mask & self.typical:
                case[name] = field_.domain.typical  # no value is nearer: no search needed
            else:
                case[name] = self._nearest(field_)
            self.search.pinned[name] = case[name]
            cube = self._cell_cube(field_, field_.cell(case[name]))
            self.witness &= cube
            self.queries = [query.within(cube) for query in self.queries]
        return case

    def _cell_cube(self, field_: Field, cell: int) -> int:
        """Return the cube of one cell of a field."""
        return (self.space.full & ~field_.mask) | (1 << (cell + field_.offset))

    def _unusual_count(self, box: int) -> int:
        """Return how many fields do not have their typical cell in the box."""
        return (self.typical & ~box).bit_count()

    def _find_fewest_unusual(self) -> bool:
        """Set the witness and its number of unusual fields; return whether there is a case."""
        best: int | None = None
        for query in sorted(self.queries, key=lambda query: self._unusual_count(query.box)):

            def is_better(box: int) -> bool:
                return best is None or self._unusual_count(box) < best  # noqa: B023

            for case in self.search.solutions(query, is_better, try_typical=True):
                best, self.witness = self._unusual_count(case), case
        self.fewest_unusual = best or 0
        return best is not None

    def _nearest(self, field_: Field) -> int:
        """Return the field's value nearest to typical in a case with the fewest unusual fields."""
        comparisons = self.space.differences.values()
        if any(field_.name in (atom.left, atom.right) for atom in comparisons):
            return self._nearest_compared(field_)
        for _, cell in cells_by_distance(field_):
            for query in self.queries:
                narrowed = query.within(self._cell_cube(field_, cell))
                for case in self.search.solutions(
                    narrowed, self._has_fewest_unusual, try_typical=True
                ):
                    self.witness = case
                    low, high = field_.bounds(cell)
                    return min(max(field_.domain.typical, low), high)
        raise AssertionError("the witness is a case, so that some cell has one")

    def _has_fewest_unusual(self, box: int) -> bool:
        return self._unusual_count(box) <= self.fewest_unusual

    def _nearest_compared(self, field_: Field) -> int:
        """Return the same for a compared field, whose values may depend on those of others."""
        best: tuple[int, int] | None = None
        for distance, cell in cells_by_distance(field_):
            if best is not None and distance > best[0]:
                break
            for query in self.queries:
                narrowed = query.within(self._cell_cube(field_, cell))
                for box in self.search.solutions(narrowed, self._has_fewest_unusual):
                    low, high = self._values(box, field_, cell)
                    value = min(max(field_.domain.typical, low), high)
                    key = (abs(value - field_.domain.typical), value)
                    if best is None or key < best:
                        best, self.witness = key, box
                    if best[0] == distance:
                        return best[1]
        assert best is not None, "the witness is a case, so that some cell has one"
        return best[1]

    def _values(self, box: int, field_: Field, cell: int) -> tuple[int, int]:
        """Return the least and greatest value of the field in a case of the box."""
        edges = decided_comparisons(self.space, box)
        if field_.name in compared_fields(edges):
            return ShortestPaths(self.space, box, edges, self.search.pinned).bounds(field_.name)
        return field_.bounds(cell)


def cells_by_distance(field: Field) -> list[tuple[int, int]]:
    """Return the distance of each cell from the typical value, with the cell; nearest first."""
    typical = field.domain.typical
    cells = []
    for cell in range(len(field.cuts)):
        low, high = field.bounds(cell)
        cells.append((max(low - typical, typical - high, 0), cell))
    return sorted(cells)
