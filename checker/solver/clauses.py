"""Formulas as clauses: one literal names each formula (Plaisted and Greenbaum).

The clauses say that a formula is true where its name is, and nothing of where the name is false:
a formula that no question asserts constrains nothing. A formula becomes clauses once, whoever
uses it, so that the clauses are as many as the text is long.
"""

from __future__ import annotations

from checker.solver.clause_search import FALSE_CELL, TRUE_CELL, ClauseSearch, Effort, Literal
from checker.solver.comparison_theory import ComparisonTheory
from checker.solver.formulas import DifferenceConstraint, Every, Formula, Is, Some
from checker.solver.space import Space, difference_name


class Clauses:
    """The cases of a space, as variables of a search, and formulas over them.

    Attributes:
        space: the space of the cases; it must be cut for every formula.
        search: the search.
        variables: the variable of each field.
        theory: what the comparisons between fields demand.
    """

    def __init__(self, space: Space, effort: Effort | None = None) -> None:
        self.space, self.search = space, ClauseSearch(effort)
        self.variables: dict[str, int] = {}
        self._names: dict[Formula, Literal] = {}
        # a comparison comes after all fields, whose values decide it
        for name in sorted(space.fields, key=lambda name: name in space.differences):
            field = space.fields[name]
            preferred = (space.typical & field.mask) >> field.offset
            self.variables[name] = self.search.variable(len(field.cuts), preferred=preferred)
        self.theory = ComparisonTheory(space, self.search, self.variables)
        self.search.theory = self.theory.check

    def require(self, formula: Formula) -> None:
        """Let every case satisfy the formula.

        Raises:
            Undecided: there is no room for its clauses.
        """
        self.search.add([self.literal(formula)])

    def literal(self, formula: Formula) -> Literal:
        """Return the literal that names the formula, and add the clauses that it needs.

        Raises:
            Undecided: there is no room for them.
        """
        waiting = [formula]
        while waiting:
            part = waiting[-1]
            if part in self._names:
                waiting.pop()
            elif isinstance(part, Is):
                self._names[part] = self._literal_of(part)
            elif unnamed := [inner for inner in part.parts if inner not in self._names]:
                waiting += unnamed
            else:
                self._names[part] = self._named(part)
        return self._names[formula]

    def guard(self) -> int:
        """Return a new variable that no clause mentions yet; it has the cells of a name."""
        return self.search.variable(2, decided=False)

    def _literal_of(self, literal: Is) -> Literal:
        atom, cube = literal.atom, self.space.cube(literal)
        name = difference_name(atom) if isinstance(atom, DifferenceConstraint) else atom.field
        return self.variables[name], self.space.cells_of(cube, name)

    def _named(self, formula: Every | Some) -> Literal:
        """Return a new literal for a formula whose parts have names."""
        literals = [self._names[part] for part in formula.parts]
        name = self.guard()
        without = name, FALSE_CELL
        if isinstance(formula, Every):
            for literal in literals:
                self.search.add([without, literal])
        else:
            self.search.add([without, *literals])
        negation = formula.negation
        if negation is not None and not isinstance(negation, Is) and negation in self._names:
            self.search.add([without, (self._names[negation][0], FALSE_CELL)])  # never both
        return name, TRUE_CELL
