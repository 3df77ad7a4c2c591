"""Clauses over variables with finite domains: propagation, learning from conflicts, backjumping.

A literal says that a variable has one of some cells; a clause is a disjunction of literals of
different variables. The search is conflict-driven clause learning (Marques-Silva and Sakallah,
"GRASP"; Moskewicz et al., "Chaff") with literals that are sets of values (Beckert, Hähnle and
Manyà, "The SAT problem of signed CNF formulas"): the resolvent of two clauses on a variable allows
it the cells that both allow.

Clauses that are learned follow from the others, so that they hold for every later question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from checker.solver.constraints import Undecided

Literal = tuple[int, int]  # a variable, and the bits of the cells of which it has one
Clause = list[Literal]
Theory = Callable[[set[int], bool], Clause | None]
Step = tuple[int, int, Clause | None]  # a variable, its cells before, and the clause that cut them

FALSE_CELL, TRUE_CELL = 1, 2  # of a variable that says whether something is so
STEPS = 30_000_000  # clauses that the proof of one document may look at
LITERALS = 3_000_000  # in clauses that are kept at a time; each takes some 100 bytes
_FIRST_RESTART = 100  # conflicts
_LEARNED = 2_000  # clauses that are kept before the longest ones are dropped


@dataclass(slots=True)
class Effort:
    """What a search may still spend: steps, and literals in memory. No clock is asked."""

    steps: int = STEPS
    literals: int = LITERALS

    def spend(self, steps: int) -> None:
        """Count clauses that were looked at.

        Raises:
            Undecided: no step is left.
        """
        self.steps -= steps
        if self.steps < 0:
            raise Undecided

    def keep(self, literals: int) -> None:
        """Count literals that are kept in memory; a negative number gives them back.

        Raises:
            Undecided: there is no room.
        """
        self.literals -= literals
        if self.literals < 0:
            raise Undecided


class ClauseSearch:
    """Variables with domains, clauses, and the current partial assignment.

    Attributes:
        domains: for each variable, the bits of the cells that it may still have.
        preferred: for each variable, the bit of the cell that is tried first; then those above it,
            then those below.
        decided: the variables that a solution has to decide; any others are auxiliary, and may stay
            open.
        effort: what may still be spent.
        theory: what else solutions must satisfy. It is asked after each propagation, with the
            variables that were narrowed since, and with True of a solution. It may narrow
            variables, and returns a clause that is false, if any.
    """

    def __init__(self, effort: Effort | None = None) -> None:
        self.effort = effort or Effort()
        self.domains: list[int] = []
        self.preferred: list[int] = []
        self.decided: list[int] = []
        self.theory: Theory = lambda *_: None
        self.trail: list[Step] = []
        self._levels: list[int] = []  # where each level starts in the trail
        self._assumed: list[Literal] = []  # of the last question
        self._head = 0  # of the trail: what was not propagated yet
        self._told = 0  # of the trail: what the theory was not told yet
        self._watching: list[list[Clause]] = []
        self._pairs: list[list[tuple[int, int, int, Clause]]] = []  # clauses of two literals
        self._root: list[int] = []  # the domains before any decision
        self._activity: list[float] = []
        self._increment = 1.0
        self._learned: list[Clause] = []
        self._most_learned = _LEARNED
        self._order: list[int] = []
        self._next = 0  # in the order: all variables before it are decided
        self.contradictory = False  # the clauses have no solution at all

    def variable(self, cells: int, *, preferred: int = 1, decided: bool = True) -> int:
        """Return a new variable with this many cells."""
        name = len(self.domains)
        self.domains.append((1 << cells) - 1)
        self._root.append((1 << cells) - 1)
        self.preferred.append(preferred)
        self._watching.append([])
        self._pairs.append([])
        self._activity.append(0.0)
        if decided:
            self.decided.append(name)
            self._order.append(name)
        return name

    def add(self, literals: Iterable[Literal]) -> None:
        """Add a clause. It holds in every later question.

        Raises:
            Undecided: there is no room for it.
        """
        self._back_to(0)
        merged: dict[int, int] = {}
        for variable, cells in literals:
            merged[variable] = merged.get(variable, 0) | cells
        clause = []
        for variable, cells in merged.items():
            allowed = self.domains[variable] & cells
            if allowed == self.domains[variable]:
                return  # it holds in every case
            if allowed:
                clause.append((variable, allowed))
        if len(clause) > 1:
            self._keep(clause)
        elif clause:
            self.narrow(*clause[0], clause)
        else:
            self.contradictory = True

    def _keep(self, clause: Clause) -> None:
        self.effort.keep(len(clause))
        if len(clause) == 2:  # most clauses: what narrows one literal decides the other
            (variable, cells), (other, allowed) = clause
            self._pairs[variable].append((cells, other, allowed, clause))
            self._pairs[other].append((allowed, variable, cells, clause))
            return
        self._watching[clause[0][0]].append(clause)
        self._watching[clause[1][0]].append(clause)

    def narrow(self, variable: int, cells: int, reason: Clause | None) -> None:
        """Leave the variable only these cells, by reason of a clause or of a decision."""
        before = self.domains[variable]
        self.trail.append((variable, before, reason))
        self.domains[variable] = before & cells
        if not self._levels:
            self._root[variable] = before & cells

    def solve(self, assumptions: Sequence[Literal] = ()) -> frozenset[int] | None:
        """Search for a solution in which the assumptions hold.

        Returns:
            None where there is one: `domains` then has one cell for each decided variable. Where
            there is none, the variables of assumptions that contradict the clauses together.

        Raises:
            Undecided: the effort is spent.
        """
        common = 0  # assumptions that the last question began with as well stay decided
        for assumption, earlier in zip(assumptions, self._assumed, strict=False):
            if assumption != earlier:
                break
            common += 1
        self._back_to(common)
        self._assumed = [*assumptions]
        conflicts, restart = 0, _FIRST_RESTART
        while True:
            conflict = self._conflict(complete=False)
            if conflict is None and not self._assume(assumptions):
                return self._core(assumptions[len(self._levels)])
            if conflict is None:
                if self._head < len(self.trail) or self._decide():
                    continue
                conflict = self._conflict(complete=True)
                if conflict is None:
                    return None
            if not self._learn(conflict):
                self.contradictory = True
            if self.contradictory:
                return frozenset()
            conflicts += 1
            if conflicts >= restart:
                conflicts, restart = 0, restart + restart // 2
                self._back_to(0)
                self._forget()
                self._order.sort(key=lambda variable: -self._activity[variable])

    def _conflict(self, *, complete: bool) -> Clause | None:
        """Propagate all that follows; return a clause that is false, if there is one."""
        while not self.contradictory:
            conflict = self._propagate()
            if conflict is not None:
                return conflict
            changed = {step[0] for step in self.trail[self._told :]}
            self._told = len(self.trail)
            conflict = self.theory(changed, complete)
            if conflict is not None or self._head == len(self.trail):
                return conflict
        return []

    def _propagate(self) -> Clause | None:
        """Narrow variables until no clause has only one literal left; return a false clause."""
        domains, watching_of, trail = self.domains, self._watching, self.trail
        while self._head < len(trail):
            variable = trail[self._head][0]
            self._head += 1
            domain, watching = domains[variable], watching_of[variable]
            pairs = self._pairs[variable]
            self.effort.spend(len(watching) + len(pairs) // 4)
            for cells, other, allowed, clause in pairs:
                if not domain & cells and domains[other] & ~allowed:
                    if not domains[other] & allowed:
                        return clause
                    self.narrow(other, allowed, clause)
            kept: list[Clause] = []
            for index, clause in enumerate(watching):
                first, second = clause[0], clause[1]
                if second[0] != variable:
                    first, second = second, first
                    clause[0], clause[1] = first, second
                if second[1] & domain:
                    kept.append(clause)
                    continue
                other, allowed = first
                if not domains[other] & ~allowed:
                    kept.append(clause)  # it is true by its first literal
                    continue
                for position in range(2, len(clause)):
                    literal = clause[position]
                    if domains[literal[0]] & literal[1]:
                        clause[1], clause[position] = literal, second
                        watching_of[literal[0]].append(clause)
                        break
                else:
                    kept.append(clause)
                    if not domains[other] & allowed:
                        kept += watching[index + 1 :]
                        watching_of[variable] = kept
                        return clause
                    self.narrow(other, allowed, clause)
            watching_of[variable] = kept
        return None

    def _assume(self, assumptions: Sequence[Literal]) -> bool:
        """Decide the next assumption that is open; return False where one is false."""
        while len(self._levels) < len(assumptions):
            variable, cells = assumptions[len(self._levels)]
            if not self.domains[variable] & cells:
                return False
            self._levels.append(len(self.trail))
            if self.domains[variable] & ~cells:
                self.narrow(variable, cells, None)
                return True
        return True

    def _decide(self) -> bool:
        """Decide a variable that is open, the most active first; return False where none is."""
        for position in range(self._next, len(self._order)):
            variable = self._order[position]
            domain = self.domains[variable]
            if domain & (domain - 1):
                self._next = position
                self._levels.append(len(self.trail))
                above = domain & -self.preferred[variable]
                cell = above & -above or 1 << (domain.bit_length() - 1)
                self.narrow(variable, cell, None)
                return True
        self._next = len(self._order)
        return False

    def _learn(self, conflict: Clause) -> bool:
        """Learn a clause from one that is false, and go back to where it narrows a variable.

        It has one literal that became false on the current level (first unique implication point).
        Returns False where the clauses have no solution.
        """
        literals = {variable: cells for variable, cells in conflict if self._root[variable] & cells}
        while self._levels and not self._false_on_level(literals):
            self._back_to(len(self._levels) - 1)  # the clause was false before this level
        if not self._levels:
            return False
        variable = self._resolve(literals)
        asserted = variable, literals.pop(variable)
        self._back_to(len(self._levels) - 1)
        while self._levels and not self._false_on_level(literals):
            self._back_to(len(self._levels) - 1)
        clause = [asserted, *literals.items()]
        if len(clause) > 1:
            # the second watched literal is the one that became false last
            for variable, before, _ in reversed(self.trail):
                if before & literals.get(variable, 0):
                    position = clause.index((variable, literals[variable]))
                    clause[1], clause[position] = clause[position], clause[1]
                    break
            self._keep(clause)
            self._learned.append(clause)
        self._increment *= 1.05
        self.narrow(*asserted, clause)
        return True

    def _resolve(self, literals: dict[int, int]) -> int:
        """Resolve a false clause with reasons until one literal became false on this level.

        The steps of the trail are undone on the way. Returns the variable of that literal.
        """
        root, domains, trail = self._root, self.domains, self.trail
        start, recent = self._domains_at_level(), self._false_on_level(literals)
        while True:
            variable, before, reason = trail.pop()
            domains[variable] = before
            if not before & literals.get(variable, 0):
                continue
            if len(recent) == 1 or reason is None:
                return variable
            self.effort.spend(1)
            recent.discard(variable)
            for other, cells in reason:
                if other == variable:
                    resolved = cells & literals.pop(variable)
                else:
                    resolved = cells | literals.get(other, 0)
                    self._bump(other)
                if resolved & root[other]:
                    literals[other] = resolved
                    if resolved & start.get(other, domains[other]):
                        recent.add(other)

    def _domains_at_level(self) -> dict[int, int]:
        """Return the domains before the current level, of the variables that it narrowed."""
        start: dict[int, int] = {}
        for variable, before, _ in self.trail[self._levels[-1] :] if self._levels else ():
            start.setdefault(variable, before)
        return start

    def _false_on_level(self, clause: dict[int, int]) -> set[int]:
        """Return the variables of the clause whose literals the current level made false."""
        start = self._domains_at_level()
        return {variable for variable, cells in clause.items() if start.get(variable, 0) & cells}

    def _back_to(self, level: int) -> None:
        """Undo all decisions above the level."""
        if len(self._levels) <= level:
            return
        start = self._levels[level]
        for variable, before, _ in reversed(self.trail[start:]):
            self.domains[variable] = before
        del self.trail[start:]
        del self._levels[level:]
        self._head, self._told = min(self._head, start), min(self._told, start)
        self._next = 0

    def _core(self, failed: Literal) -> frozenset[int]:
        """Return the variables of the assumptions that make this one false, and its own."""
        root, clause, core = self._root, {failed[0]: failed[1]}, {failed[0]}
        for variable, before, reason in reversed(self.trail):
            if not before & root[variable] & clause.get(variable, 0):
                continue
            cells_so_far = clause.pop(variable)
            if reason is None:
                core.add(variable)
                continue
            for other, cells in reason:
                if other == variable:
                    clause[other] = cells & cells_so_far
                else:
                    clause[other] = clause.get(other, 0) | cells
        return frozenset(core)

    def _bump(self, variable: int) -> None:
        self._activity[variable] += self._increment
        if self._activity[variable] > 1e100:
            self._activity = [activity * 1e-100 for activity in self._activity]
            self._increment *= 1e-100

    def _forget(self) -> None:
        """Drop the longer half of the learned clauses where there are many; level 0 only."""
        if len(self._learned) <= self._most_learned:
            return
        self._learned.sort(key=len)
        dropped = [clause for clause in self._learned[len(self._learned) // 2 :] if len(clause) > 2]
        del self._learned[len(self._learned) // 2 :]
        self._most_learned += _LEARNED // 4
        self.effort.keep(-sum(map(len, dropped)))
        gone = {id(clause) for clause in dropped}
        for variable, watching in enumerate(self._watching):
            self._watching[variable] = [clause for clause in watching if id(clause) not in gone]
