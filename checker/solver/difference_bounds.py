"""Comparisons between fields, checked exactly: difference constraints by Bellman-Ford.

x - y <= c is an edge from y to x of length c; the constraints can be met where no circle is
negative, and the shortest paths from the origin then bound every field (Cormen et al.,
Introduction to Algorithms, "Difference constraints and shortest paths").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checker.solver.space import Space, difference_name

Edge = tuple[str, str, int]  # left, right, c: left - right <= c
ORIGIN = ""


def compared(space: Space, box: int) -> list[Edge]:
    """Return the comparisons that the box decides; one that it leaves open asks for nothing."""
    edges: list[Edge] = []
    decided = ~box & space.truths.mask
    while decided:
        truth, left, right, plus = space.truths.at[decided.bit_length()]
        decided &= ~truth.mask
        if box >> truth.offset & 2:
            edges.append((left.name, right.name, plus))
        else:
            edges.append((right.name, left.name, -plus - 1))
    return edges


def compared_fields(edges: Iterable[Edge]) -> list[str]:
    """Return the names of the fields that the comparisons are about, in order."""
    return sorted({name for edge in edges for name in edge[:2]})


class ShortestPaths:
    """The least and greatest values that compared fields can have in a box.

    A field may have any value between its first cell and its last one. `circle` is a cube of cases
    that contradict the comparisons, None where there is no contradiction; `pinned_in_circle` says
    that it holds for the pinned values alone.
    """

    def __init__(
        self, space: Space, box: int, edges: list[Edge], pinned: Mapping[str, int]
    ) -> None:
        self.space, self.box, self._pinned = space, box, pinned
        self.pinned_in_circle = False
        self.edges: list[Edge] = [*edges]
        self.names = compared_fields(edges)
        for name in self.names:
            low, high = self.ends(name, pinned)
            self.edges += [(name, ORIGIN, high), (ORIGIN, name, -low)]
        self._found: dict[str, int] = {}  # a value of each field, beside that of the origin
        self.circle = self._negative_circle()

    def has_case(self) -> bool:
        """Return whether the values that were found lie in cells of the box; others may."""
        zero = self._found[ORIGIN]
        return all(
            self.space.cells_of(self.box, name)
            >> self.space.fields[name].cell(self._found[name] - zero)
            & 1
            for name in self.names
        )

    def ends(self, name: str, pinned: Mapping[str, int]) -> tuple[int, int]:
        """Return the least and greatest value that the field's cells alone allow."""
        if name in pinned:
            return pinned[name], pinned[name]
        found, cells = self.space.fields[name], self.space.cells_of(self.box, name)
        first, last = (cells & -cells).bit_length() - 1, cells.bit_length() - 1
        return found.bounds(first)[0], found.bounds(last)[1]

    def bounds(self, name: str) -> tuple[int, int]:
        """Return the least and greatest value of the field in a case of the box."""
        above = self._distances(ORIGIN, [(right, left, c) for left, right, c in self.edges])
        below = self._distances(ORIGIN, [(left, right, c) for left, right, c in self.edges])
        return -below[name], above[name]

    def _distances(self, origin: str, arrows: list[Edge]) -> dict[str, int]:
        """Return the length of the shortest path from the origin to each field."""
        distance: dict[str, int] = {origin: 0}
        changed = True
        while changed:
            changed = False
            for start, end, length in arrows:
                if start in distance:
                    reached = distance[start] + length
                    if end not in distance or reached < distance[end]:
                        distance[end], changed = reached, True
        return distance

    def _negative_circle(self) -> int | None:
        """Return the cube of a negative circle's edges, None where there is none."""
        distance = dict.fromkeys([ORIGIN, *self.names], 0)
        came: dict[str, Edge] = {}
        while True:
            last = None
            for edge in self.edges:
                left, right, length = edge
                if distance[right] + length < distance[left]:
                    distance[left], came[left], last = distance[right] + length, edge, left
            if last is None:
                self._found = distance
                return None
            circle = _circle(last, came)
            if circle:
                bounded = {left or right for left, right, _ in circle if ORIGIN in (left, right)}
                self.pinned_in_circle = not bounded.isdisjoint(self._pinned)
                return self._cube(circle)

    def _cube(self, circle: list[Edge]) -> int:
        """Return the cases that meet every edge of the circle: none of them is possible."""
        space, cube = self.space, self.space.full
        for left, right, length in circle:
            if ORIGIN in (left, right):
                name = left or right
                found, cells = space.fields[name], space.cells_of(self.box, name)
                last, first = cells.bit_length() - 1, (cells & -cells).bit_length() - 1
                low, high = (
                    (None, found.bounds(last)[1]) if left else (found.bounds(first)[0], None)
                )
                cube &= (space.full & ~found.mask) | found.cells(low, high)
            else:
                cube &= self._decided(left, right, length)
        return cube

    def _decided(self, left: str, right: str, length: int) -> int:
        """Return the cube of the comparison's truth, as the box has it."""
        for name, atom in self.space.differences.items():
            true = (atom.left, atom.right, atom.plus) == (left, right, length)
            false = (atom.right, atom.left, -atom.plus - 1) == (left, right, length)
            if true or false:
                mask = self.space.fields[difference_name(atom)].mask
                return (self.space.full & ~mask) | (self.box & self.space.fields[name].mask)
        raise AssertionError("an edge of no comparison")


def _circle(start: str, came: Mapping[str, Edge]) -> list[Edge]:
    """Return the edges of a circle on the way that led to `start`, none where it is no circle."""
    seen, name = set(), start
    while name in came and name not in seen:
        seen.add(name)
        name = came[name][1]
    if name not in came:
        return []
    circle, first = [came[name]], name
    while came[name][1] != first:
        name = came[name][1]
        circle.append(came[name])
    return circle
