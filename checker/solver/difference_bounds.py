"""Comparisons between fields, checked exactly: difference constraints by Bellman-Ford.

x - y <= c is an edge from y to x of length c. The constraints have a solution exactly where no
cycle of edges is negative. The shortest paths from and to the origin then bound every field
(Cormen, Leiserson, Rivest and Stein, Introduction to Algorithms, "Difference constraints and
shortest paths").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checker.solver.space import Space

Edge = tuple[str, str, int]  # left, right, length: left - right <= length
Pinned = Mapping[str, int | tuple[int, int]]  # the value of a field, or its bounds
ORIGIN = ""  # a name for the number 0, which no field has


def decided_comparisons(space: Space, box: int) -> list[Edge]:
    """Return the comparisons that the box decides, as edges.

    A comparison that the box leaves open constrains nothing.
    """
    edges: list[Edge] = []
    decided = ~box & space.comparisons.mask
    while decided:
        truth, left, right, plus = space.comparisons.by_bit[decided.bit_length()]
        decided &= ~truth.mask
        if box >> truth.offset & 2:
            edges.append((left.name, right.name, plus))
        else:
            edges.append((right.name, left.name, -plus - 1))
    return edges


def compared_fields(edges: Iterable[Edge]) -> list[str]:
    """Return the names of the fields that the edges compare, sorted."""
    return sorted({name for edge in edges for name in edge[:2]})


class ShortestPaths:
    """The least and greatest values that compared fields can have in a box.

    A field may have any value between its first cell and its last one, or its pinned value alone.

    Attributes:
        edges: the comparisons, and the bounds of each field as edges from and to the origin.
        names: the compared fields, sorted.
        negative_cycle: a cube of cases that contradict the comparisons, None where there is no
            negative cycle.
        cycle_is_pinned: whether that cycle depends on a pinned value, so that its cube holds cases
            where the field has another value.
    """

    def __init__(self, space: Space, box: int, edges: list[Edge], pinned: Pinned) -> None:
        self.space, self.box, self._pinned = space, box, pinned
        self.cycle_is_pinned = False
        self.edges: list[Edge] = [*edges]
        self.names = compared_fields(edges)
        for name in self.names:
            low, high = self.ends(name, pinned)
            self.edges += [(name, ORIGIN, high), (ORIGIN, name, -low)]
        self._potential: dict[str, int] = {}  # a solution, moved by the value of the origin
        self.negative_cycle = self._negative_cycle()

    def has_case(self) -> bool:
        """Return whether the solution lies in cells of the box; where not, another one may."""
        origin_value = self._potential[ORIGIN]
        return all(
            self.space.cells_of(self.box, name)
            >> self.space.fields[name].cell(self._potential[name] - origin_value)
            & 1
            for name in self.names
        )

    def ends(self, name: str, pinned: Pinned) -> tuple[int, int]:
        """Return the least and greatest value that the field's cells alone allow."""
        pin = pinned.get(name)
        if isinstance(pin, int):
            return pin, pin
        field, cells = self.space.fields[name], self.space.cells_of(self.box, name)
        first, last = (cells & -cells).bit_length() - 1, cells.bit_length() - 1
        low, high = field.bounds(first)[0], field.bounds(last)[1]
        return (max(low, pin[0]), min(high, pin[1])) if pin else (low, high)

    def bounds(self, name: str) -> tuple[int, int]:
        """Return the least and greatest value of the field in a case of the box."""
        from_origin = self._distances([(right, left, length) for left, right, length in self.edges])
        to_origin = self._distances(self.edges)
        return -to_origin[name], from_origin[name]

    def _distances(self, arrows: list[Edge]) -> dict[str, int]:
        """Return the length of the shortest path along arrows from the origin to each field."""
        distance: dict[str, int] = {ORIGIN: 0}
        changed = True
        while changed:
            changed = False
            for start, end, length in arrows:
                if start in distance:
                    through = distance[start] + length
                    if end not in distance or through < distance[end]:
                        distance[end], changed = through, True
        return distance

    def _negative_cycle(self) -> int | None:
        """Return the cube of a negative cycle's edges, None where there is none (Bellman-Ford)."""
        distance = dict.fromkeys([ORIGIN, *self.names], 0)
        predecessors: dict[str, Edge] = {}
        while True:
            relaxed = None
            for edge in self.edges:
                left, right, length = edge
                if distance[right] + length < distance[left]:
                    distance[left] = distance[right] + length
                    predecessors[left], relaxed = edge, left
            if relaxed is None:
                self._potential = distance
                return None
            cycle = _cycle_from(relaxed, predecessors)
            if cycle:
                bounded = {left or right for left, right, _ in cycle if ORIGIN in (left, right)}
                self.cycle_is_pinned = not bounded.isdisjoint(self._pinned)
                return self._cube(cycle)

    def _cube(self, cycle: list[Edge]) -> int:
        """Return the cube of the cases that meet every edge of the negative cycle: none exists."""
        space, cube = self.space, self.space.full
        for left, right, length in cycle:
            if ORIGIN in (left, right):
                name = left or right
                field, cells = space.fields[name], space.cells_of(self.box, name)
                last, first = cells.bit_length() - 1, (cells & -cells).bit_length() - 1
                low, high = (
                    (None, field.bounds(last)[1]) if left else (field.bounds(first)[0], None)
                )
                cube &= (space.full & ~field.mask) | field.cells(low, high)
            else:
                cube &= self._comparison_cube(left, right, length)
        return cube

    def _comparison_cube(self, left: str, right: str, length: int) -> int:
        """Return the cube of the cases where a comparison is as the box decides it."""
        for name, atom in self.space.differences.items():
            true = (atom.left, atom.right, atom.plus) == (left, right, length)
            false = (atom.right, atom.left, -atom.plus - 1) == (left, right, length)
            if true or false:
                mask = self.space.fields[name].mask
                return (self.space.full & ~mask) | (self.box & mask)
        raise AssertionError("the edge belongs to no comparison")


def _cycle_from(start: str, predecessors: Mapping[str, Edge]) -> list[Edge]:
    """Return the edges of the cycle that the path back from `start` runs into; none if it ends."""
    visited, name = set(), start
    while name in predecessors and name not in visited:
        visited.add(name)
        name = predecessors[name][1]
    if name not in predecessors:
        return []
    cycle, first = [predecessors[name]], name
    while predecessors[name][1] != first:
        name = predecessors[name][1]
        cycle.append(predecessors[name])
    return cycle
