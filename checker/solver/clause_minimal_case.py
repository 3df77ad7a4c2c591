"""The minimal case of a formula, by a search of clauses (`minimal_case.py` says what it is).

How few fields are unusual is found by implicit hitting sets (Davies and Bacchus, "Solving MAXSAT
by Solving a Sequence of Simpler SAT Instances"): fields that can't all be typical are a *core*.
At least one field of each core is unusual, so the smallest set that hits all cores is tried next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from checker.solver.clause_search import FALSE_CELL, TRUE_CELL, Effort, Literal
from checker.solver.clauses import Clauses
from checker.solver.comparison_theory import Pin
from checker.solver.formulas import Formula
from checker.solver.minimal_case import Case, cells_by_distance

Core = frozenset[int]  # variables of fields, of which one is unusual


def minimal_case(clauses: Clauses, formula: Formula, names: Sequence[str]) -> Case | None:
    """Return the minimal one of all cases of the formula, None where it has no case.

    Args:
        clauses: the possible cases.
        formula: what the case satisfies.
        names: the fields of the case, in the order in which their values are compared.

    Raises:
        Undecided: the effort is spent.
    """
    try:
        return _MinimalCase(clauses, names, clauses.literal(formula)).case()
    finally:
        clauses.theory.pins.clear()


@dataclass(slots=True)
class _MinimalCase:
    """Pins one field after the other to its value in the minimal case.

    Attributes:
        formula: the literal of the formula.
        pinned: the pinned cells of fields, by variable.
        guards: the pinned values of compared fields, as assumptions.
        typical: for each field by its variable, its typical cell.
        unusual: the pinned fields that are unusual.
        usual: the pinned fields that are typical.
        cores: the cores under the pinned values.
        fewest_unusual: how many unusual fields the minimal case has.
        witness: the cells of a case with that many unusual fields and the pinned values.
        values: the pinned values of compared fields.
        order: the fields, in the order in which they are assumed to be typical.
    """

    clauses: Clauses
    names: Sequence[str]
    formula: Literal
    pinned: dict[int, int] = field(default_factory=dict)
    guards: list[Literal] = field(default_factory=list)
    typical: dict[int, int] = field(default_factory=dict)
    unusual: set[int] = field(default_factory=set)
    usual: set[int] = field(default_factory=set)
    cores: list[Core] = field(default_factory=list)
    fewest_unusual: int | None = None
    witness: list[int] = field(default_factory=list)
    values: dict[str, int] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        space = self.clauses.space
        for name in self.names:
            typical = space.cells_of(space.typical, name)
            self.typical[self.clauses.variables[name]] = typical
        self.order = [*self.typical]

    def case(self) -> Case | None:
        """Return the minimal case, None where there is no case."""
        if not self._find():
            return None
        self.fewest_unusual = self._unusual_count(self.witness)
        return {name: self._pin(name, self.clauses.variables[name]) for name in self.names}

    def _unusual_count(self, cells: Sequence[int]) -> int:
        return sum(not cells[variable] & cell for variable, cell in self.typical.items())

    def _pin(self, name: str, variable: int) -> int:
        """Pin the field to its value in the minimal case, and return that."""
        typical, field_ = self.typical[variable], self.clauses.space.fields[name]
        if self.witness[variable] & typical or self._find(usual=variable):
            self.usual.add(variable)
            self.pinned[variable] = typical
            return field_.domain.typical
        self.unusual.add(variable)
        if name in self.clauses.theory.compared:
            return self._pin_compared(name, variable)
        cells = [cell for _, cell in cells_by_distance(field_)]
        while True:
            cell = self.witness[variable].bit_length() - 1
            nearer = sum(1 << other for other in cells[: cells.index(cell)])
            if not nearer or not self._find((variable, nearer)):
                break
        self.pinned[variable] = 1 << cell
        low, high = field_.bounds(cell)
        return min(max(field_.domain.typical, low), high)

    def _pin_compared(self, name: str, variable: int) -> int:
        """Pin a compared field, whose values may depend on those of others."""
        typical = self.clauses.space.fields[name].domain.typical
        while True:
            paths = self.clauses.theory.paths(self.witness, self.values)
            assert paths is not None, "each comparison is decided in the witness"
            low, high = paths.bounds(name)
            value = min(max(typical, low), high)
            distance = abs(value - typical)
            # of two values at one distance the lower one is the better one
            low, high = typical - distance + (value < typical), typical + distance - 1
            if not self._find(self._between(name, variable, low, high)):
                break
        self.guards.append(self._between(name, variable, value, value))
        self.values[name] = value
        return value

    def _between(self, name: str, variable: int, low: int, high: int) -> Literal:
        """Return a literal that lets the field lie in [low, high] where it is true."""
        clauses, field_ = self.clauses, self.clauses.space.fields[name]
        guard, cells = clauses.guard(), 0
        for cell in range(len(field_.cuts)):
            first, last = field_.bounds(cell)
            cells |= (first <= high and low <= last) << cell
        clauses.search.add([(guard, FALSE_CELL), (variable, cells)])
        clauses.theory.pins[name] = Pin(guard, low, high)
        return guard, TRUE_CELL

    def _find(self, trial: Literal | None = None, usual: int | None = None) -> bool:
        """Look for a case with the pinned values; it becomes the witness.

        The first case has as few unusual fields as there is one with, later ones as many as it.

        Args:
            trial: what the case has to satisfy as well.
            usual: a field that has to be typical.
        """
        search, most = self.clauses.search, self.fewest_unusual
        open_fields = {*self.typical} - self.unusual - self.usual
        usual_fields = self.usual if usual is None else {*self.usual, usual}
        cores = [*self.cores]
        while True:
            hitting = smallest_hitting_set(cores, self.unusual, usual_fields, most, search.effort)
            if hitting is None:
                return False
            relaxed = {*hitting}
            while core := self._core(open_fields - relaxed, trial):
                fields = core & open_fields
                cores.append(fields)
                if trial is None or trial[0] not in core:
                    self.cores.append(fields)
                if not fields - usual_fields:
                    return False
                relaxed |= fields - usual_fields
            if search.contradictory:
                return False
            count = self._unusual_count(search.domains)
            if count <= (len(hitting) if most is None else most):
                self.witness = [*search.domains]
                return True

    def _core(self, fields: set[int], trial: Literal | None) -> Core | None:
        """Return variables that contradict each other, of assumptions and of typical fields.

        None where all of them agree: then the search holds such a case.
        """
        pinned, typical = self.pinned, self.typical
        assumptions = [
            (variable, pinned.get(variable) or typical[variable])
            for variable in self.order
            if variable in pinned or variable in fields
        ]
        last = [*self.guards, *([trial] if trial else [])]
        core = self.clauses.search.solve([self.formula, *assumptions, *last])
        for variable in core or ():
            # what changes from question to question comes last: the search keeps what comes first
            if variable in typical:
                self.order.remove(variable)
                self.order.append(variable)
        return core


def smallest_hitting_set(
    cores: Iterable[Core],
    given: set[int],
    forbidden: set[int],
    most: int | None,
    effort: Effort,
) -> set[int] | None:
    """Return the smallest set with a member of each core, None where none is small enough.

    Args:
        cores: the sets to hit.
        given: members that the set has anyway; they count.
        forbidden: members that it must not have.
        most: how many members it may have; None is any number.
        effort: what the search may spend.

    Raises:
        Undecided: the effort is spent.
    """
    waiting = {core - forbidden for core in cores if not core & given}
    best: set[int] | None = None
    limit = len(given) + sum(map(len, waiting)) if most is None else most
    stack = [(given, [*waiting])]
    while stack:
        chosen, unhit = stack.pop()
        effort.spend(1 + len(unhit))
        unhit.sort(key=len)
        apart: set[int] = set()
        bound = len(chosen)  # cores without a common member need a member each
        for core in unhit:
            if not core & apart:
                apart |= core
                bound += 1
        if bound > (limit if best is None else len(best) - 1):
            continue
        if not unhit:
            best = chosen
            continue
        if not unhit[0]:
            continue
        excluded: set[int] = set()
        frequency = dict.fromkeys(unhit[0], 0)
        for core in unhit:
            for member in core & unhit[0]:
                frequency[member] += 1
        branches = []
        for member in sorted(frequency, key=lambda member: (-frequency[member], member)):
            rest = [core - excluded for core in unhit if member not in core]
            branches.append(({*chosen, member}, rest))
            excluded.add(member)
        stack += reversed(branches)
    return best
