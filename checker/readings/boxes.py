"""Is there a case such that …? Decided exactly, by boxes of cases.

A formula is asserted on a box (a cube of the space): what must hold narrows it, and what remains
becomes clauses, each "outside of this cube", of which the last open field is forced (unit
propagation), or choices between cubes. What survives is checked for the comparisons between
fields by shortest paths (Bellman-Ford), and each contradiction found is learned as a clause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from checker.readings.formulas import Every, Formula, Is, Some
from checker.readings.normal import as_disjunction
from checker.readings.paths import ShortestPaths, compared
from checker.readings.space import Space

MOST_QUERIES = 512  # that one question is split into
BUDGET = 30_000  # boxes that the questions about one document may look at


class Undecided(Exception):
    """The budget of boxes is spent."""


@dataclass(slots=True)
class Query:
    """A box with what its cases must satisfy besides: one cube of each choice, no clause's cube."""

    space: Space
    box: int
    clauses: list[int] = field(default_factory=list)
    choices: list[list[int]] = field(default_factory=list)

    def narrowed(self, formula: Formula) -> list[Query]:
        """Return queries that together ask for the cases in which the formula is true as well.

        Undecided where they are too many.
        """
        found = []
        for query in self.asserting(formula):
            left = propagated(self.space, query.box, query.clauses, query.choices)
            if left is not None:
                found.append(Query(self.space, *left))
        return found

    def asserting(self, formula: Formula) -> list[Query]:
        """Return what `narrowed` does, without looking whether cases are left.

        A disjunction becomes clauses or a choice, whichever is shorter; where both are too long,
        each of its parts becomes a query.
        """
        done: list[Query] = []
        waiting = [(self._copy(), [formula])]
        while waiting:
            if len(done) + len(waiting) > MOST_QUERIES:
                raise Undecided
            query, formulas = waiting.pop()
            while formulas:
                each = formulas.pop()
                if isinstance(each, Is):
                    query.box &= self.space.cube(each)
                elif isinstance(each, Every):
                    formulas += each.parts
                elif not query._choose(each):
                    waiting += [(query._copy(), [*formulas, part]) for part in reversed(each.parts)]
                    break
            else:
                done.append(query)
        return done

    def _copy(self) -> Query:
        return Query(self.space, self.box, [*self.clauses], [*self.choices])

    def within(self, cube: int) -> Query:
        """Return the query in the part of its box that lies in the cube."""
        return Query(self.space, self.box & cube, self.clauses, self.choices)

    def _choose(self, formula: Some) -> bool:
        """Assert a disjunction as clauses or as a choice; return whether it is short enough."""
        clauses, choice = as_disjunction(formula, self.space)
        self.clauses += clauses or []
        self.choices += [choice] if choice is not None else []
        return clauses is not None or choice is not None


Open = tuple[int, list[int], list[list[int]]]


def propagated(space: Space, box: int, clauses: list[int], choices: list[list[int]]) -> Open | None:
    """Return the box narrowed as far as clauses and choices force it, and what is left open.

    None where no case is left.
    """
    full, guards = space.full, space.guards
    lost = -1  # cells that the box has lost since the clauses were looked at
    while True:
        before = box
        if (box + full) & guards != guards:
            return None
        open_clauses = []
        for cube in clauses:
            if not lost & ~cube:
                open_clauses.append(cube)  # as far outside of the cube as before
                continue
            if ((box & cube) + full) & guards != guards:
                continue  # the box is outside of the cube
            outside = box & ~cube
            fields = (outside + full) & guards
            if not fields:
                return None  # the box is inside of the cube
            if fields & (fields - 1):
                open_clauses.append(cube)
            else:
                mask = _field_below(fields, guards)
                box = (box & ~mask) | (outside & mask)
        open_choices = []
        closed = {*open_clauses} if choices else ()
        for choice in choices:
            left = [
                cube
                for cube in choice
                if ((box & cube) + full) & guards == guards and cube not in closed
            ]
            if not left:
                return None
            union = 0
            for cube in left:
                union |= cube
            box &= union
            if len(left) > 1 and all(box & ~cube for cube in left):
                open_choices.append(left)
        clauses, choices = open_clauses, open_choices
        if box == before:
            return box, clauses, choices
        lost = before & ~box


def _field_below(guard: int, guards: int) -> int:
    """Return the mask of the field whose guard bit is given."""
    start = (guards & (guard - 1)).bit_length()
    return (guard - 1) & ~((1 << start) - 1)


@dataclass(slots=True)
class Budget:
    """How many boxes may still be looked at."""

    left: int = BUDGET

    def spend(self) -> None:
        """Take one; Undecided where none is left."""
        self.left -= 1
        if self.left < 0:
            raise Undecided


Keep = Callable[[int], bool]


@dataclass(slots=True)
class Search:
    """Looks through the boxes of queries, within a budget.

    `pinned` are fields whose value is fixed within their cell.
    """

    space: Space
    pinned: dict[str, int] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)

    def solutions(
        self, query: Query, keep: Keep = lambda _: True, *, lucky: bool = False
    ) -> Iterator[int]:
        """Yield boxes of cases that satisfy the query; every case that does lies in one.

        Of fields that are not compared, every combination of cells has a case; a compared one
        has one run of cells, or its typical cell alone. Boxes that `keep` turns down are not
        looked into. Where one is enough, `lucky` looks for a plain case first. Undecided where the
        budget is spent.
        """
        learned = self.space.learned
        stack = [(query.box, query.clauses, query.choices, 0)]
        while stack:
            self.budget.spend()
            box, clauses, choices, known = stack.pop()
            if known < len(learned):  # contradictions that were found since
                clauses, known = [*clauses, *learned[known:]], len(learned)
            narrowed = propagated(self.space, box, clauses, choices)
            if narrowed is None or not keep(narrowed[0]):
                continue
            box, clauses, choices = narrowed
            if lucky and self._is_likely(box, clauses, choices):
                yield box
                return
            branches = self._branches(box, clauses, choices)
            if branches is None:
                branches = self._compared(box)
            if branches is None:
                yield box
            else:
                stack += [(part, clauses, choices, known) for part in reversed(branches)]

    def any(self, queries: Iterable[Query]) -> bool:
        """Return whether some case satisfies one of the queries. Undecided as above."""
        return any(self._has_case(query) for query in queries)

    def _has_case(self, query: Query) -> bool:
        return any(True for _ in self.solutions(query, lucky=True))

    def _is_likely(self, box: int, clauses: list[int], choices: list[list[int]]) -> bool:
        """Return whether one plain case of the box satisfies all."""
        matters = ~box
        for cube in clauses:
            matters |= ~cube
        for choice in choices:
            for cube in choice:
                matters |= ~cube
        case = self._plain_case(box, matters)
        if any(not case & ~cube for cube in clauses):
            return False
        if not all(any(not case & ~cube for cube in choice) for choice in choices):
            return False
        return not case & ~box  # what it compares is as the box has it

    def _plain_case(self, box: int, matters: int) -> int:
        """Return one cell of each field: the typical one, or else the first that the box has.

        Of comparisons only those that matter are settled.
        """
        space = self.space
        case = box & space.typical
        missing = ~(case + space.full) & space.guards
        while missing:
            guard = missing & -missing
            missing &= missing - 1
            cells = box & _field_below(guard, space.guards)
            case |= cells & -cells
        for truth, left, right, plus in space.truths():
            if matters & truth.mask:
                settled = left.plain(case) <= right.plain(case) + plus
                case = (case & ~truth.mask) | 1 << (truth.offset + settled)
            else:
                case |= truth.mask
        return case

    def _compared(self, box: int) -> list[int] | None:
        """Check the comparisons that the box decides; return parts to look into instead.

        None where the box holds a case; no part where it holds none, of which a clause is learned.
        """
        decided = compared(self.space, box)
        if not decided:
            return None
        for name in sorted({name for edge in decided for name in edge[:2]}):
            runs = self._parts(box, name)
            if len(runs) > 1:
                return runs
        paths = ShortestPaths(self.space, box, decided, self.pinned)
        if paths.circle is None:
            return None
        if not self.pinned and paths.circle not in self.space.learned:
            self.space.learned.append(paths.circle)
        return []

    def _parts(self, box: int, name: str) -> list[int]:
        """Return the box with one run of neighbouring cells of the field at a time.

        The typical cell is a part of its own, and comes first.
        """
        found = self.space.fields[name]
        cells = (box & found.mask) >> found.offset
        typical = 1 << found.cell(found.domain.typical)
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
            mask = _field_below(guard, guards)
            yield (box & ~mask) | (box & ~cube & mask)
            box = (box & ~mask) | (box & cube & mask)
