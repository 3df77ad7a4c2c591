"""The plainest case that satisfies a question: the fewest unusual facts, then values near typical.

Depends on what the question means alone, never on how its conditions are written (language,
section 6): fields are compared in the vocabulary's order, at the first difference the value
nearer to typical wins, then the lower one.
"""

from __future__ import annotations

from collections.abc import Sequence

from checker.readings.boxes import Query, Search
from checker.readings.paths import ShortestPaths, compared
from checker.readings.space import Field, Space

Case = dict[str, int]


def plainest(space: Space, queries: Sequence[Query], names: Sequence[str]) -> Case | None:
    """Return the plainest case of any of the queries: a number for each of the fields `names`.

    None where no case satisfies one. Undecided where the budget is spent.
    """
    fewest = _fewest_unusual(space, queries, names)
    if fewest is None:
        return None
    case: Case = {}
    search = Search(space)
    queries = [*queries]
    for name in names:
        case[name] = _nearest(search, queries, space.fields[name], names, fewest)
        search.pinned[name] = case[name]
        found = space.fields[name]
        cell = 1 << (found.cell(case[name]) + found.offset)
        queries = [query.within((space.full & ~found.mask) | cell) for query in queries]
    return case


def _fewest_unusual(space: Space, queries: Sequence[Query], names: Sequence[str]) -> int | None:
    """Return how many fields must differ from typical in a case of one of the queries."""
    typical = _typical_cells(space, names)
    best: int | None = None
    for query in queries:

        def better(box: int) -> bool:
            return best is None or _unusual(space, box, typical) < best  # noqa: B023

        for box in Search(space).solutions(query, better):
            best = _unusual(space, box, typical)
            if best == 0:
                return 0
    return best


def _nearest(
    search: Search, queries: Sequence[Query], found: Field, names: Sequence[str], fewest: int
) -> int:
    """Return the field's value nearest to typical in a case with the fewest unusual fields."""
    space, typical = search.space, _typical_cells(search.space, names)
    best: tuple[int, int] | None = None
    for distance, cell in _cells_by_distance(found):
        if best is not None and distance > best[0]:
            break
        chosen = (space.full & ~found.mask) | (1 << (cell + found.offset))
        for query in queries:
            narrowed = query.within(chosen)

            def few(box: int) -> bool:
                return _unusual(space, box, typical) <= fewest

            for box in search.solutions(narrowed, few):
                low, high = _values(search, box, found, cell)
                value = min(max(found.domain.typical, low), high)
                key = (abs(value - found.domain.typical), value)
                best = key if best is None else min(best, key)
                if best[0] == distance:
                    break
    assert best is not None, "a case was found, and then was not"
    return best[1]


def _values(search: Search, box: int, found: Field, cell: int) -> tuple[int, int]:
    """Return the least and greatest value of the field in a case of the box."""
    edges = compared(search.space, box)
    if any(found.name in edge[:2] for edge in edges):
        return ShortestPaths(search.space, box, edges, search.pinned).bounds(found.name)
    return found.bounds(cell)


def _cells_by_distance(found: Field) -> list[tuple[int, int]]:
    """Return the field's cells with their distance from typical, nearest first."""
    typical = found.domain.typical
    cells = []
    for cell in range(len(found.cuts)):
        low, high = found.bounds(cell)
        cells.append((max(low - typical, typical - high, 0), cell))
    return sorted(cells)


def _typical_cells(space: Space, names: Sequence[str]) -> int:
    """Return the bits of the typical cell of each field."""
    fields = (space.fields[name] for name in names)
    return sum(1 << (each.cell(each.domain.typical) + each.offset) for each in fields)


def _unusual(space: Space, box: int, typical: int) -> int:
    """Return how many fields of the box have lost their typical cell."""
    return typical.bit_count() - (box & typical).bit_count()
