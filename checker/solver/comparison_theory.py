"""What comparisons between fields demand of a search of clauses.

While a case is being built, each comparison passes on the bounds of its two fields. Where all
fields have one cell, shortest paths decide whether numbers of these cells satisfy all comparisons
together; a negative cycle becomes a clause.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from checker.solver.clause_search import FALSE_CELL, TRUE_CELL, Clause, ClauseSearch
from checker.solver.difference_bounds import Pinned, ShortestPaths, decided_comparisons
from checker.solver.space import Field, Space


class _Comparison(NamedTuple):
    """left <= right + plus; `truth` is the variable that says whether it is so."""

    truth: int
    left: int
    right: int
    plus: int


class Pin(NamedTuple):
    """The field has a value in [low, high] where the guard, a variable, is true."""

    guard: int
    low: int
    high: int


class ComparisonTheory:
    """The comparisons of a space, for the search that has its fields as variables.

    Attributes:
        compared: the names of the fields that some comparison compares.
        pins: for some of these fields, bounds within a cell.
    """

    def __init__(self, space: Space, search: ClauseSearch, variables: Mapping[str, int]) -> None:
        self._space, self._search, self._variables = space, search, variables
        self._fields: dict[int, Field] = {
            variable: space.fields[name] for name, variable in variables.items()
        }
        self.compared: set[str] = set()
        self.pins: dict[str, Pin] = {}
        self._touching: dict[int, list[_Comparison]] = {}
        for name, atom in space.differences.items():
            left, right = variables[atom.left], variables[atom.right]
            comparison = _Comparison(variables[name], left, right, atom.plus)
            self.compared |= {atom.left, atom.right}
            for variable in comparison[:3]:
                self._touching.setdefault(variable, []).append(comparison)

    def check(self, changed: set[int], complete: bool) -> Clause | None:
        """Narrow what comparisons with changed variables demand; return a clause that is false."""
        touching = self._touching
        if not touching:
            return None
        comparisons: dict[_Comparison, None] = {}
        for variable in changed:
            comparisons |= dict.fromkeys(touching.get(variable, ()))
        for comparison in comparisons:
            conflict = self._check_bounds(comparison)
            if conflict is not None:
                return conflict
        return self._check_cycles() if complete else None

    def _check_bounds(self, comparison: _Comparison) -> Clause | None:
        """Pass the bounds of the two fields on, or decide the comparison by them."""
        truth, left, right, plus = comparison
        decided = self._search.domains[truth]
        if decided == TRUE_CELL:
            return self._pass_bounds((truth, FALSE_CELL), left, right, plus)
        if decided == FALSE_CELL:
            return self._pass_bounds((truth, TRUE_CELL), right, left, -plus - 1)
        return self._decide(truth, TRUE_CELL, left, right, plus) or self._decide(
            truth, FALSE_CELL, right, left, -plus - 1
        )

    def _pass_bounds(
        self, unless: tuple[int, int], left: int, right: int, plus: int
    ) -> Clause | None:
        """Cut the cells that left <= right + plus leaves no value, unless the literal is true."""
        domains, fields = self._search.domains, self._fields
        highest = fields[right].bounds(domains[right].bit_length() - 1)[1]
        cuts = fields[left].cuts
        count = bisect_right(cuts, highest + plus)
        if domains[left] >> count:  # the first cell that is too high starts at cuts[count]
            above = _cells_above(fields[right], cuts[count] - plus - 1)
            conflict = self._cut(left, (1 << count) - 1, [unless, (right, above)])
            if conflict is not None:
                return conflict
        first = (domains[left] & -domains[left]).bit_length() - 1
        least = fields[left].cuts[first] - plus
        allowed = _cells_above(fields[right], least - 1)
        if domains[right] & ~allowed:
            too_low = (
                fields[right].bounds((allowed & -allowed).bit_length() - 2)[1]
                if allowed
                else fields[right].domain.high
            )
            below = _cells_below(fields[left], too_low + plus + 1)
            return self._cut(right, allowed, [unless, (left, below)])
        return None

    def _decide(self, truth: int, cell: int, left: int, right: int, plus: int) -> Clause | None:
        """Decide the comparison where the bounds show left <= right + plus."""
        domains, fields = self._search.domains, self._fields
        highest = fields[left].bounds(domains[left].bit_length() - 1)[1]
        first = (domains[right] & -domains[right]).bit_length() - 1
        if highest > fields[right].cuts[first] + plus:
            return None
        above = _cells_above(fields[left], highest)
        below = _cells_below(fields[right], highest - plus)
        return self._cut(truth, cell, [(left, above), (right, below)])

    def _cut(self, variable: int, allowed: int, others: Clause) -> Clause | None:
        """Narrow the variable where all other literals are false; return the clause if it is."""
        domain = self._search.domains[variable]
        clause = [literal for literal in [(variable, allowed), *others] if literal[1]]
        if not domain & allowed:
            return clause
        if domain & ~allowed:
            self._search.narrow(variable, allowed, clause)
        return None

    def paths(self, cells: Sequence[int], pinned: Pinned) -> ShortestPaths | None:
        """Return the shortest paths of the comparisons that are decided, None where none is.

        Args:
            cells: the cells that each variable has.
            pinned: the value of some fields, or their bounds.
        """
        box = 0
        for variable, field in self._fields.items():
            box |= cells[variable] << field.offset
        edges = decided_comparisons(self._space, box)
        self._search.effort.spend(len(edges))
        return ShortestPaths(self._space, box, edges, pinned) if edges else None

    def _check_cycles(self) -> Clause | None:
        """Return a clause that a negative cycle makes false, None where there is no cycle."""
        domains = self._search.domains
        pinned = {
            name: (pin.low, pin.high)
            for name, pin in self.pins.items()
            if domains[pin.guard] == TRUE_CELL
        }
        paths = self.paths(domains, pinned)
        if paths is None or paths.negative_cycle is None:
            return None
        clause = [
            (variable, cells)
            for name, variable in self._variables.items()
            if (cells := self._space.cells_of(self._space.full & ~paths.negative_cycle, name))
        ]
        if paths.cycle_is_pinned:
            guards = [pin.guard for pin in self.pins.values()]
            clause += [(guard, FALSE_CELL) for guard in guards if domains[guard] == TRUE_CELL]
        return clause


def _cells_below(field: Field, value: int) -> int:
    """Return the cells that hold a value less than `value`."""
    return (1 << bisect_left(field.cuts, value)) - 1


def _cells_above(field: Field, value: int) -> int:
    """Return the cells that hold a value greater than `value`."""
    cells = (1 << len(field.cuts)) - 1
    if field.domain.high <= value:
        return 0
    first = max(bisect_right(field.cuts, value + 1) - 1, 0)
    return cells & -(1 << first)
