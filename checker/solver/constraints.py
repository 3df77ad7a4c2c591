"""What is asked of a box: what its cases must satisfy besides, narrowed as far as that forces it.

A formula is asserted on a box (a cube of the space): what must hold narrows it, and what remains
becomes clauses, each "outside of this cube", of which the last open field is forced (unit
propagation), or choices between cubes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from checker.solver.dnf import as_disjunction
from checker.solver.formulas import Every, Formula, Is, Some
from checker.solver.space import Space

MOST_QUERIES = 512  # that one question is split into
BUDGET = 40_000  # boxes that the questions about one document may look at
FEW_PARTS = 3  # that are not worth being kept
PARTS = 32  # clauses or comparisons that take about as long as a box more


class Undecided(Exception):
    """The budget of boxes is spent."""


@dataclass(slots=True)
class Query:
    """A box with what its cases must satisfy besides: one cube of each choice, no clause's cube.

    Clauses and choices forced it no narrower before it `lost` some cells; -1 where they may have.
    """

    space: Space
    box: int
    clauses: list[int] = field(default_factory=list)
    choices: list[list[int]] = field(default_factory=list)
    lost: int = -1

    def narrowed(self, formula: Formula) -> list[Query]:
        """Return queries that together ask for the cases in which the formula is true as well.

        Undecided where they are too many.
        """
        found, space = [], self.space
        for each in self.asserting(formula):
            box = self.box & each.box
            if space.is_empty(box):
                continue
            clauses, choices = [*each.clauses, *self.clauses], [*each.choices, *self.choices]
            left = propagated(space, box, clauses, choices)
            if left is not None:
                found.append(Query(space, *left, lost=0))
        return found

    def asserting(self, formula: Formula) -> list[Query]:
        """Return queries that together ask for the cases of the formula alone; it is kept.

        A disjunction becomes clauses or a choice, whichever is shorter; where both are too long,
        each of its parts becomes a query. Undecided where they are too many.
        """
        kept = self.space.asserted.get(id(formula))
        if kept is not None:
            return kept[1]
        done: list[Query] = []
        parts: list[Formula] = [*formula.parts] if isinstance(formula, Every) else [formula]
        waiting = [(Query(self.space, self.space.full), parts)]
        while waiting:
            if len(done) + len(waiting) > MOST_QUERIES:
                raise Undecided
            query, formulas = waiting.pop()
            while formulas:
                each = formulas.pop()
                if isinstance(each, Is):
                    query.box &= self.space.cube(each)
                elif isinstance(each, Every):
                    if not query._also(each):
                        formulas += each.parts
                elif not query._choose(each):
                    waiting += [(query._copy(), [*formulas, part]) for part in reversed(each.parts)]
                    break
            else:
                done.append(query)
        self.space.asserted[id(formula)] = (formula, done)
        return done

    def _also(self, formula: Every) -> bool:
        """Assert what others may be asserted with as well; return whether it is one query."""
        if len(formula.parts) < FEW_PARTS or len(kept := self.asserting(formula)) != 1:
            return False
        (known,) = kept
        self.box &= known.box
        self.clauses += known.clauses
        self.choices += known.choices
        return True

    def _copy(self) -> Query:
        return Query(self.space, self.box, [*self.clauses], [*self.choices])

    def and_also(self, other: Query) -> Query:
        """Return the query for what satisfies both."""
        clauses, choices = [*self.clauses, *other.clauses], [*self.choices, *other.choices]
        return Query(self.space, self.box & other.box, clauses, choices)

    def opposite(self) -> list[Query] | None:
        """Return queries for what does not satisfy it, None where that is more than a box."""
        if self.box != self.space.full or self.choices or len(self.clauses) != 1:
            return None
        (box,) = self.clauses
        return [] if self.space.is_empty(box) else [Query(self.space, box, lost=0)]

    def within(self, cube: int) -> Query:
        """Return the query in the part of its box that lies in the cube."""
        lost = self.lost if self.lost < 0 else self.lost | (self.box & ~cube)
        return Query(self.space, self.box & cube, self.clauses, self.choices, lost)

    def _choose(self, formula: Some) -> bool:
        """Assert a disjunction as clauses or as a choice; return whether it is short enough."""
        clauses, choice = as_disjunction(formula, self.space)
        self.clauses += clauses or []
        self.choices += [choice] if choice is not None else []
        return clauses is not None or choice is not None


Open = tuple[int, list[int], list[list[int]]]


def propagated(
    space: Space, box: int, clauses: list[int], choices: list[list[int]], lost: int = -1
) -> Open | None:
    """Return the box narrowed as far as clauses and choices force it, and what is left open.

    None where no case is left. `lost` are cells that the box has lost since the clauses were looked
    at.
    """
    if not lost:
        return box, clauses, choices
    full, guards, below = space.full, space.guards, space.below
    while True:
        before = box
        if (box + full) & guards != guards:
            return None
        open_clauses = []
        for cube in clauses:
            inside = box & cube
            if (inside + full) & guards != guards:
                continue  # the box is outside of the cube
            if lost > 0 and not lost & ~cube:
                open_clauses.append(cube)  # no more of it is forced than was
                continue
            outside = box ^ inside
            fields = (outside + full) & guards
            if not fields:
                return None  # the box is inside of the cube
            if fields & (fields - 1):
                open_clauses.append(cube)
            else:
                mask = below[fields]
                box = (box & ~mask) | (outside & mask)
        left = _chosen(space, box, choices, {*open_clauses}) if choices else (box, choices)
        if left is None:
            return None
        box, choices = left
        clauses = open_clauses
        if box == before:
            return box, clauses, choices
        lost = before & ~box


def _chosen(
    space: Space, box: int, choices: list[list[int]], closed: set[int]
) -> tuple[int, list[list[int]]] | None:
    """Return the box as far as choices narrow it, and those left open; None where one can't be met.

    A cube that is closed is a clause's as well.
    """
    full, guards = space.full, space.guards
    open_choices = []
    for choice in choices:
        left = [
            cube
            for cube in choice
            if ((box & cube) + full) & guards == guards and cube not in closed
        ]
        union = 0
        for cube in left:
            union |= cube
        box &= union
        if not left:
            return None
        if len(left) > 1 and all(box & ~cube for cube in left):
            open_choices.append(left)
    return box, open_choices


@dataclass(slots=True)
class Budget:
    """How many boxes may still be looked at; one with a lot to look at counts for several."""

    left: int = BUDGET

    def spend(self, parts: int) -> None:
        """Take a box with so many clauses or comparisons; Undecided where none is left."""
        self.left -= 1 + parts // PARTS
        if self.left < 0:
            raise Undecided
