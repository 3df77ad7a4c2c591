"""Is there a case such that …? Decided exactly, by boxes of cases.

A formula is asserted on a box (a cube of the space): what must hold narrows it, and what remains
becomes clauses, each "outside of this cube", of which the last open field is forced (unit
propagation), or choices between cubes. What survives is checked for the comparisons between
fields by shortest paths (Bellman-Ford), and each contradiction found is learned as a clause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from checker.readings.formulas import Every, Formula, Is, Some, opposite
from checker.readings.paths import ShortestPaths, compared
from checker.readings.space import Space

MOST_CUBES = 400  # of one disjunction
FEW_CUBES = 12  # clauses that are not worth looking for a shorter choice
MOST_QUERIES = 512  # that one question is split into
BUDGET = 200_000  # boxes that one question may look at


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

        A disjunction becomes clauses or a choice, whichever is shorter; where both are too long,
        each of its parts becomes a query. Undecided where those are too many.
        """
        done: list[Query] = []
        waiting = [(Query(self.space, self.box, [*self.clauses], [*self.choices]), [formula])]
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
                if not self.space.is_empty(query.box):
                    done.append(query)
        return done

    def _copy(self) -> Query:
        return Query(self.space, self.box, [*self.clauses], [*self.choices])

    def within(self, cube: int) -> Query:
        """Return the query in the part of its box that lies in the cube."""
        return Query(self.space, self.box & cube, self.clauses, self.choices)

    def _choose(self, formula: Some) -> bool:
        """Assert a disjunction as clauses or as a choice; return whether it is short enough."""
        clauses, choice = _shorter(formula, self.space)
        self.clauses += clauses or []
        self.choices += [choice] if choice is not None else []
        return clauses is not None or choice is not None


def _shorter(formula: Some, space: Space) -> tuple[list[int] | None, list[int] | None]:
    """Return a disjunction as clauses, or else as a choice; neither where both are too long.

    One formula is part of many questions, so that the space keeps what was found.
    """
    known = space.disjunctions.get(id(formula))
    if known is None:
        clauses, choice = _cubes(opposite(formula), space), None
        if clauses is None or len(clauses) > FEW_CUBES:
            choice = _cubes(formula, space)
        if clauses is not None and choice is not None:
            if len(choice) < len(clauses):
                clauses = None
            else:
                choice = None
        known = (formula, clauses, choice)  # with the formula itself, whose id must stay its own
        space.disjunctions[id(formula)] = known
    return known[1:]


def _cubes(formula: Formula, space: Space) -> list[int] | None:
    """Return cubes whose union is where the formula is true, None where they are too many."""
    if isinstance(formula, Is):
        return [space.cube(formula)]
    if isinstance(formula, Some):
        found: list[int] = []
        for part in formula.parts:
            cubes = _cubes(part, space)
            if cubes is None or len(found) + len(cubes) > MOST_CUBES:
                return None
            found += cubes
        return _without_parts(found)
    product = [space.full]
    for part in sorted(formula.parts, key=lambda each: isinstance(each, Some)):
        cubes = _cubes(part, space)
        if cubes is None or len(product) * len(cubes) > 8 * MOST_CUBES:
            return None
        product = [both for a in product for b in cubes if not space.is_empty(both := a & b)]
        product = _without_parts(product)
        if len(product) > MOST_CUBES:
            return None
    return product


def _without_parts(cubes: Iterable[int]) -> list[int]:
    """Return the cubes without those that lie in another one."""
    kept: list[int] = []
    for cube in sorted({*cubes}, key=lambda each: -each.bit_count()):
        if all(cube & ~other for other in kept):
            kept.append(cube)
    return kept


Keep = Callable[[int], bool]


@dataclass(slots=True)
class Search:
    """Looks through the boxes of queries; what is learned of comparisons serves the next one.

    `pinned` are fields whose value is fixed within their cell.
    """

    space: Space
    pinned: dict[str, int] = field(default_factory=dict)
    spent: int = 0
    _learned: dict[int, None] = field(default_factory=dict)

    def solutions(self, query: Query, keep: Keep = lambda _: True) -> Iterator[int]:
        """Yield boxes in which every combination of cells has a case that satisfies the query.

        Boxes that `keep` turns down are not looked into. Undecided where the budget is spent.
        """
        stack = [(query.box, query.clauses, query.choices)]
        while stack:
            self.spent += 1
            if self.spent > BUDGET:
                raise Undecided
            box, clauses, choices = stack.pop()
            narrowed = self._propagate(box, [*clauses, *self._learned], choices)
            if narrowed is None or not keep(narrowed[0]):
                continue
            box, clauses, choices = narrowed
            branches = self._branches(box, clauses, choices)
            if branches is None:
                branches = self._compared(box)
            if branches is None:
                yield box
            else:
                stack += [(part, clauses, choices) for part in reversed(branches)]

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
        if not self.pinned:
            self._learned[paths.circle] = None
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

    def _propagate(
        self, box: int, clauses: list[int], choices: list[list[int]]
    ) -> tuple[int, list[int], list[list[int]]] | None:
        """Return the box narrowed as far as clauses and choices force it, and what is left open."""
        space = self.space
        full, guards = space.full, space.guards
        while True:
            before = box
            if (box + full) & guards != guards:
                return None
            open_clauses = []
            for cube in clauses:
                if ((box & cube) + full) & guards != guards:
                    continue  # the box is outside of the cube
                outside = box & ~cube
                fields = (outside + full) & guards
                if not fields:
                    return None  # the box is inside of the cube
                if fields & (fields - 1):
                    open_clauses.append(cube)
                else:
                    mask = self._field_below(fields)
                    box = (box & ~mask) | (outside & mask)
            open_choices = []
            for choice in choices:
                left = [cube for cube in choice if ((box & cube) + full) & guards == guards]
                if not left:
                    return None
                if len(left) == 1:
                    box &= left[0]
                elif all(box & ~cube for cube in left):
                    open_choices.append(left)
            clauses, choices = open_clauses, open_choices
            if box == before:
                return box, clauses, choices

    def _field_below(self, guard: int) -> int:
        """Return the mask of the field whose guard bit is given."""
        below = self.space.guards & (guard - 1)
        start = below.bit_length()
        return (guard - 1) & ~((1 << start) - 1)

    def _branches(self, box: int, clauses: list[int], choices: list[list[int]]) -> list[int] | None:
        """Return parts of the box that together hold its solutions, None where all of it does."""
        if clauses:
            cube = min(clauses, key=lambda each: self._open_fields(box, each))
            return [*self._outside(box, cube)]
        if choices:
            return [box & cube for cube in min(choices, key=len)]
        return None

    def _open_fields(self, box: int, cube: int) -> int:
        return (((box & ~cube) + self.space.full) & self.space.guards).bit_count()

    def _outside(self, box: int, cube: int) -> Iterator[int]:
        """Yield disjoint boxes that make up what of `box` lies outside of `cube`."""
        fields = ((box & ~cube) + self.space.full) & self.space.guards
        while fields:
            guard = fields & -fields
            fields &= fields - 1
            mask = self._field_below(guard)
            yield (box & ~mask) | (box & ~cube & mask)
            box = (box & ~mask) | (box & cube & mask)
