"""Is there a case such that …? Decided exactly, by a search through boxes of cases.

A box with open constraints is split along one of them, after unit propagation. A box without them
is checked for the comparisons between fields by shortest paths (Bellman-Ford); each contradiction
is learned as a clause. Where one case is enough, the most typical case of each box is tried first,
and the box is split along the constraints that this case does not satisfy.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import and_

from checker.solver.constraints import Budget, Query, Undecided, propagate
from checker.solver.difference_bounds import (
    Edge,
    ShortestPaths,
    compared_fields,
    decided_comparisons,
)
from checker.solver.space import Field, Space

__all__ = ["BoxSearch", "Budget", "Query", "Undecided"]

Keep = Callable[[int], bool]


@dataclass(slots=True)
class BoxSearch:
    """A search for the cases of queries, within a budget.

    A field is *unusual* where it does not have its typical value.

    Attributes:
        pinned: the fields whose value is fixed within their cell.
        fewest_unusual: whether a case that is tried must have as few unusual fields as its box.
        budget: how many boxes the search may still look at.
    """

    space: Space
    pinned: dict[str, int] = field(default_factory=dict)
    fewest_unusual: bool = False
    budget: Budget = field(default_factory=Budget)

    def solutions(
        self,
        query: Query,
        keep: Keep = lambda _: True,
        *,
        try_typical: bool = False,
        any_case: bool = False,
    ) -> Iterator[int]:
        """Yield boxes that together hold every case of the query, and each at least one.

        In a box, every combination of cells of the fields that are not compared has a case. A field
        that is compared has one run of neighbouring cells, or its typical cell alone.

        Args:
            query: the constraints.
            keep: whether a box is worth a look; where it says no, all that lies in the box is
                skipped.
            try_typical: whether the most typical case of each box is tried, and yielded in place of
                the box if it satisfies the query.
            any_case: whether a box with a case may be yielded before its compared fields are split
                into runs. With `fewest_unusual`, only a box that has a case with all its typical
                cells is.

        Raises:
            Undecided: the budget is spent.
        """
        learned = self.space.learned
        stack = [(query.box, query.clauses, query.choices, 0, query.removed)]
        while stack:
            box, clauses, choices, learned_count, removed = stack.pop()
            if not keep(box):
                continue
            if learned_count < len(learned):  # clauses that other boxes taught since
                clauses = [*clauses, *learned[learned_count:]]
                learned_count, removed = len(learned), -1
            self.budget.spend(len(clauses))
            narrowed = propagate(self.space, box, clauses, choices, removed)
            if narrowed is None or not keep(narrowed[0]):
                continue
            box, clauses, choices = narrowed
            open_constraints = clauses, choices
            if try_typical and (clauses or choices):
                case, open_constraints = self._try_typical(box, clauses, choices)
                if case is not None:
                    yield case
                    continue
            branches = self._branches(box, *open_constraints)
            if branches is None:
                branches = self._check_comparisons(box, any_case=any_case or try_typical)
            if branches is None:
                yield box
            else:
                stack += [
                    (branch, clauses, choices, learned_count, box & ~branch)
                    for branch in reversed(branches)
                ]

    def any(self, queries: Iterable[Query], *, expect_case: bool) -> bool:
        """Return whether some case satisfies one of the queries.

        Args:
            queries: the queries.
            expect_case: whether the answer is probably yes, so that it pays to try typical cases.

        Raises:
            Undecided: the budget is spent.
        """
        return any(
            True
            for query in queries
            for _ in self.solutions(query, try_typical=expect_case, any_case=True)
        )

    def has_typical_case(self, query: Query) -> bool:
        """Return whether the most typical case of the box satisfies the query.

        Where it does not, another case may.
        """
        box = query.box
        empty = self.space.is_empty(box)
        return not empty and self._try_typical(box, query.clauses, query.choices)[0] is not None

    def _try_typical(
        self, box: int, clauses: list[int], choices: list[list[int]]
    ) -> tuple[int | None, tuple[list[int], list[list[int]]]]:
        """Return the most typical case of the box if it satisfies all constraints.

        Otherwise return None, with the clauses and the choices that it does not satisfy.
        """
        case = self._typical_case(box)
        violated = [cube for cube in clauses if case & cube == case]  # but for comparisons
        intersection = reduce(and_, violated, box)  # only comparisons that it restricts matter
        for choice in choices:
            intersection = reduce(and_, choice, intersection)
        case = self._with_comparisons(case, ~intersection & self.space.comparisons.mask)
        unmet_clauses = [cube for cube in violated if case & cube == case]
        unmet_choices = [choice for choice in choices if all(case & ~cube for cube in choice)]
        if case & ~box and not unmet_clauses and not unmet_choices:
            return None, (clauses, choices)  # its comparisons contradict the box
        return None if unmet_clauses or unmet_choices else case, (unmet_clauses, unmet_choices)

    def _typical_case(self, box: int) -> int:
        """Return one cell of each field: the typical one, or else the first one of the box.

        Where the box decides a comparison that these cells contradict, one of the two fields is
        moved. With `fewest_unusual` none is, as that may make it unusual. Truth fields are left
        empty.
        """
        space, mask = self.space, self.space.comparisons.mask
        case = box & space.typical & ~mask
        missing = ~((case | mask) + space.full) & space.guards
        while missing:
            guard = missing & -missing
            missing &= missing - 1
            cells = box & space.mask_below[guard]
            case |= cells & -cells
        decided = 0 if self.fewest_unusual else ~box & mask
        while decided:
            comparison = space.comparisons.by_bit[decided.bit_length()]
            decided &= ~comparison[0].mask
            case = self._adjusted(case, box, *comparison)
        return case

    def _with_comparisons(self, case: int, relevant: int) -> int:
        """Return the case with its truth fields: decided for the relevant comparisons alone."""
        comparisons = self.space.comparisons
        truth_bits = comparisons.mask
        while relevant:
            truth, left, right, plus = comparisons.by_bit[relevant.bit_length()]
            relevant &= ~truth.mask
            holds = self._value(left, case) <= self._value(right, case) + plus
            truth_bits ^= 1 << (truth.offset + (not holds))
        return case | truth_bits

    def _adjusted(
        self, case: int, box: int, truth: Field, left: Field, right: Field, plus: int
    ) -> int:
        """Return the case with one field moved up to a later cell, if the comparison needs that."""
        low, high = self._value(left, case), self._value(right, case) + plus
        if (low <= high) is bool(box >> truth.offset & 2):
            return case
        field_, target = (right, low - plus) if low > high else (left, high + 1)
        if field_.name in self.pinned:
            return case
        first_cell = bisect_left(field_.cuts, target)
        cells = box & field_.mask & -(1 << (field_.offset + first_cell))
        return (case & ~field_.mask) | (cells & -cells) if cells else case

    def _value(self, field_: Field, case: int) -> int:
        """Return the value that stands for the field's one cell: the pinned one, or its least."""
        if field_.name in self.pinned:
            return self.pinned[field_.name]
        return field_.cuts[((case & field_.mask) >> field_.offset).bit_length() - 1]

    def _check_comparisons(self, box: int, *, any_case: bool) -> list[int] | None:
        """Check the comparisons that the box decides; return the boxes to search instead.

        None means that the box is a solution as it is: it holds a case and, unless `any_case`, each
        compared field has one run of cells. An empty list means that it holds no case.
        """
        edges = decided_comparisons(self.space, box)
        if not edges:
            return None
        if any_case:
            most_typical = self._with_typical_cells(box, edges) if self.fewest_unusual else box
            paths = self._shortest_paths(most_typical, edges)
            if paths.negative_cycle is None and paths.has_case():
                return None
            if paths.negative_cycle is not None and not self.fewest_unusual:
                return []
        for name in compared_fields(edges):
            runs = self._by_run(box, name)
            if len(runs) > 1:
                return runs
        return None if self._shortest_paths(box, edges).negative_cycle is None else []

    def _with_typical_cells(self, box: int, edges: list[Edge]) -> int:
        """Return the box where each compared field has its typical cell alone, if it has that."""
        for name in compared_fields(edges):
            mask = self.space.fields[name].mask
            if typical := box & mask & self.space.typical:
                box = (box & ~mask) | typical
        return box

    def _shortest_paths(self, box: int, edges: list[Edge]) -> ShortestPaths:
        """Return the shortest paths of the comparisons; learn a clause from a negative cycle."""
        self.budget.spend(len(edges))
        paths = ShortestPaths(self.space, box, edges, self.pinned)
        cycle = paths.negative_cycle
        if cycle is not None and not paths.cycle_is_pinned and cycle not in self.space.learned:
            self.space.learned.append(cycle)
        return paths

    def _by_run(self, box: int, name: str) -> list[int]:
        """Return the box split by the runs of neighbouring cells that the field has.

        The typical cell is a run of its own, and comes first.
        """
        field_ = self.space.fields[name]
        cells = (box & field_.mask) >> field_.offset
        if not cells & (cells - 1):
            return [box]
        typical = (self.space.typical & field_.mask) >> field_.offset
        runs = [typical] if cells & typical else []
        cells &= ~typical
        while cells:
            low = cells & -cells
            run = cells & ~(cells + low)
            # the typical cell divides a run into two sides
            runs += [side for side in (run & (typical - 1), run & -(typical << 1)) if side]
            cells &= ~run
        rest = box & ~field_.mask
        return [rest | (run << field_.offset) for run in runs]

    def _branches(self, box: int, clauses: list[int], choices: list[list[int]]) -> list[int] | None:
        """Return boxes that together hold the solutions, None where no constraint is open.

        The constraint that gives the fewest boxes is the one to split along.
        """
        if not clauses and not choices:
            return None
        full, guards = self.space.full, self.space.guards
        choice = min(choices, key=len) if choices else None
        part_count, smallest_cube = len(choice) if choice else len(self.space.fields), None
        for cube in clauses:
            count = (((box & ~cube) + full) & guards).bit_count()
            if count <= part_count:
                part_count, smallest_cube = count, cube
                if count == 2:
                    break
        if smallest_cube is not None:
            return [*self._outside(box, smallest_cube)]
        assert choice is not None
        return [box & cube for cube in choice]

    def _outside(self, box: int, cube: int) -> Iterator[int]:
        """Yield disjoint boxes whose union is the part of `box` that lies outside of `cube`."""
        guards = self.space.guards
        fields = ((box & ~cube) + self.space.full) & guards
        while fields:
            guard = fields & -fields
            fields &= fields - 1
            mask = self.space.mask_below[guard]
            yield (box & ~mask) | (box & ~cube & mask)
            box = (box & ~mask) | (box & cube & mask)
