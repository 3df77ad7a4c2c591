"""Is there a case such that …? Decided exactly, by boxes of cases.

What is left open of a query is split, box by box. What survives is checked for the comparisons
between fields by shortest paths (Bellman-Ford), and each contradiction found is learned as a
clause. Where one case is enough, a plain one is tried of every box, and the box is split by what
that one does not satisfy.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import and_

from checker.solver.constraints import Budget, Query, Undecided, propagated
from checker.solver.difference_bounds import Edge, ShortestPaths, compared, compared_fields
from checker.solver.space import Field, Space

__all__ = ["Budget", "Query", "Search", "Undecided"]

Keep = Callable[[int], bool]


@dataclass(slots=True)
class Search:
    """Looks through the boxes of queries, within a budget.

    `pinned` are fields whose value is fixed within their cell. Where `fewest` is asked for, a plain
    case is one of the fewest unusual fields that its box has.
    """

    space: Space
    pinned: dict[str, int] = field(default_factory=dict)
    fewest: bool = False
    budget: Budget = field(default_factory=Budget)

    def solutions(
        self,
        query: Query,
        keep: Keep = lambda _: True,
        *,
        plain: bool = False,
        any_case: bool = False,
    ) -> Iterator[int]:
        """Yield boxes of cases that satisfy the query; every case that does lies in one.

        Of fields that are not compared, every combination of cells has a case; a compared one
        has one run of cells, or its typical cell alone. Boxes that `keep` turns down, and with them
        all that lies in them, are not looked into.

        Where `any_case` will do, a box that has one is yielded as it is. With `plain`, a plain case
        is tried of each box, and yielded in its place if it satisfies the query; where the fewest
        are asked for, a box has a case in which every field is typical that may be. Undecided where
        the budget is spent.
        """
        learned = self.space.learned
        stack = [(query.box, query.clauses, query.choices, 0, query.lost)]
        while stack:
            box, clauses, choices, known, lost = stack.pop()
            if not keep(box):
                continue
            if known < len(learned):  # contradictions that were found since
                clauses, known, lost = [*clauses, *learned[known:]], len(learned), -1
            self.budget.spend(len(clauses))
            narrowed = propagated(self.space, box, clauses, choices, lost)
            if narrowed is None or not keep(narrowed[0]):
                continue
            box, clauses, choices = narrowed
            unmet = clauses, choices
            if plain and (clauses or choices):
                case, unmet = self._tried(box, clauses, choices)
                if case is not None:
                    yield case
                    continue
            branches = self._branches(box, *unmet)
            if branches is None:
                branches = self._compared(box, any_case=any_case or plain)
            if branches is None:
                yield box
            else:
                stack += [
                    (part, clauses, choices, known, box & ~part) for part in reversed(branches)
                ]

    def any(self, queries: Iterable[Query], *, likely: bool) -> bool:
        """Return whether some case satisfies one of the queries. Undecided as above.

        Where that is `likely`, plain cases are tried.
        """
        return any(
            True for query in queries for _ in self.solutions(query, plain=likely, any_case=True)
        )

    def has_plain_case(self, query: Query) -> bool:
        """Return whether a plain case satisfies the query; where not, another one may."""
        box = query.box
        empty = self.space.is_empty(box)
        return not empty and self._tried(box, query.clauses, query.choices)[0] is not None

    def _tried(
        self, box: int, clauses: list[int], choices: list[list[int]]
    ) -> tuple[int | None, tuple[list[int], list[list[int]]]]:
        """Return a plain case of the box if it satisfies all, and else what it does not."""
        case = self._plain_case(box)
        near = [cube for cube in clauses if case & cube == case]  # as far as it is settled
        told = reduce(and_, near, box)  # of comparisons, only what this says something of matters
        for choice in choices:
            told = reduce(and_, choice, told)
        case = self._settled(case, ~told & self.space.truths.mask)
        unmet = [cube for cube in near if case & cube == case]
        open_ = [choice for choice in choices if all(case & ~cube for cube in choice)]
        if case & ~box and not unmet and not open_:
            return None, (clauses, choices)  # what it compares is not as the box has it
        return None if unmet or open_ else case, (unmet, open_)

    def _plain_case(self, box: int) -> int:
        """Return one cell of each field: the typical one, or else the first that the box has.

        Where the box says how two fields compare, one of them is moved for that, unless that may
        make it unusual and the fewest are asked for. The truths of comparisons are left out.
        """
        space, mask = self.space, self.space.truths.mask
        case = box & space.typical & ~mask
        missing = ~((case | mask) + space.full) & space.guards
        while missing:
            guard = missing & -missing
            missing &= missing - 1
            cells = box & space.below[guard]
            case |= cells & -cells
        decided = 0 if self.fewest else ~box & mask
        while decided:
            known = space.truths.at[decided.bit_length()]
            decided &= ~known[0].mask
            case = self._reconciled(case, box, *known)
        return case

    def _settled(self, case: int, matters: int) -> int:
        """Return the case with the truths of comparisons: as they are where that matters."""
        truths = self.space.truths
        open_ = truths.mask
        while matters:
            truth, left, right, plus = truths.at[matters.bit_length()]
            matters &= ~truth.mask
            holds = self._value(left, case) <= self._value(right, case) + plus
            open_ ^= 1 << (truth.offset + (not holds))
        return case | open_

    def _reconciled(
        self, case: int, box: int, truth: Field, left: Field, right: Field, plus: int
    ) -> int:
        """Return the case with a field moved up to a cell of the box, if the comparison asks it."""
        low, high = self._value(left, case), self._value(right, case) + plus
        if (low <= high) is bool(box >> truth.offset & 2):
            return case
        moved, least = (right, low - plus) if low > high else (left, high + 1)
        if moved.name in self.pinned:
            return case
        first = bisect_left(moved.cuts, least)
        cells = box & moved.mask & -(1 << (moved.offset + first))
        return (case & ~moved.mask) | (cells & -cells) if cells else case

    def _value(self, found: Field, case: int) -> int:
        """Return the value that the field's one cell stands for: pinned, typical or its least."""
        if found.name in self.pinned:
            return self.pinned[found.name]
        return found.cuts[((case & found.mask) >> found.offset).bit_length() - 1]

    def _compared(self, box: int, *, any_case: bool) -> list[int] | None:
        """Check the comparisons that the box decides; return parts to look into instead.

        None where the box holds a case, and, but for where `any_case` will do, each field that is
        compared has one run of cells; no part where it holds none, of which a clause is learned.
        """
        decided = compared(self.space, box)
        if not decided:
            return None
        if any_case:
            paths = self._paths(self._usual(box, decided) if self.fewest else box, decided)
            if paths.circle is None and paths.has_case():
                return None
            if paths.circle is not None and not self.fewest:
                return []
        for name in compared_fields(decided):
            runs = self._parts(box, name)
            if len(runs) > 1:
                return runs
        return None if self._paths(box, decided).circle is None else []

    def _usual(self, box: int, decided: list[Edge]) -> int:
        """Return the box with the typical cell alone of the compared fields that have it."""
        for name in compared_fields(decided):
            mask = self.space.fields[name].mask
            if typical := box & mask & self.space.typical:
                box = (box & ~mask) | typical
        return box

    def _paths(self, box: int, decided: list[Edge]) -> ShortestPaths:
        """Return the comparisons as paths; of a contradiction a clause is learned."""
        self.budget.spend(len(decided))
        paths = ShortestPaths(self.space, box, decided, self.pinned)
        circle = paths.circle
        if circle is not None and not paths.pinned_in_circle and circle not in self.space.learned:
            self.space.learned.append(circle)
        return paths

    def _parts(self, box: int, name: str) -> list[int]:
        """Return the box with one run of neighbouring cells of the field at a time.

        The typical cell is a part of its own, and comes first.
        """
        found = self.space.fields[name]
        cells = (box & found.mask) >> found.offset
        if not cells & (cells - 1):
            return [box]
        typical = (self.space.typical & found.mask) >> found.offset
        runs = [typical] if cells & typical else []
        cells &= ~typical
        while cells:
            low = cells & -cells
            run = cells & ~(cells + low)
            runs += [part for part in (run & (typical - 1), run & -(typical << 1)) if part]
            cells &= ~run
        rest = box & ~found.mask
        return [rest | (run << found.offset) for run in runs]

    def _branches(self, box: int, clauses: list[int], choices: list[list[int]]) -> list[int] | None:
        """Return parts of the box that together hold its solutions, None where all of it does."""
        if not clauses and not choices:
            return None
        full, guards = self.space.full, self.space.guards
        choice = min(choices, key=len) if choices else None
        fewest, smallest = len(choice) if choice else len(self.space.fields), None
        for cube in clauses:
            parts = (((box & ~cube) + full) & guards).bit_count()
            if parts <= fewest:
                fewest, smallest = parts, cube
                if parts == 2:
                    break
        if smallest is not None:
            return [*self._outside(box, smallest)]
        assert choice is not None
        return [box & cube for cube in choice]

    def _outside(self, box: int, cube: int) -> Iterator[int]:
        """Yield disjoint boxes that make up what of `box` lies outside of `cube`."""
        guards = self.space.guards
        fields = ((box & ~cube) + self.space.full) & guards
        while fields:
            guard = fields & -fields
            fields &= fields - 1
            mask = self.space.below[guard]
            yield (box & ~mask) | (box & ~cube & mask)
            box = (box & ~mask) | (box & cube & mask)
