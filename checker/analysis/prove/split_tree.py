"""A proof as a tree: the cases are split until the claim is plainly false in each region.

A tree is a list in prefix order: a split is followed by the tree of the cases where it is true, and
then by the tree of the others. The leaf 0 is a region in which the claim is false in every case.
The leaf 1 is a region without cases, as the comparisons of its splits contradict each other.
Splits are `[fact, value]`, the fact is at most the value; `[fact, [value, …]]`, the fact is one of
the values; `[fact, other, number]`, the fact is at most the other plus the number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checker.language.model.types import ValueType
from checker.solver.formulas import (
    FALSE,
    TRUE,
    Atom,
    DifferenceConstraint,
    Every,
    Formula,
    Has,
    Is,
    Some,
    Within,
    every,
    some,
)
from checker.solver.space import Domain

MOST_STEPS = 100_000  # of one tree

Tree = list[Any]
Values = tuple[int, int] | frozenset[int]


class TooLong(Exception):
    """The tree has more than `MOST_STEPS` steps."""


@dataclass(frozen=True, slots=True)
class Region:
    """A set of cases: the values that each field may have, and the comparisons split on."""

    values: Mapping[str, Values]
    differences: Mapping[tuple[str, str], int]  # upper bound of the first minus the second

    def truth(self, atom: Atom) -> bool | None:
        """Return True or False where the atom is so in every case of the region, else None."""
        if isinstance(atom, DifferenceConstraint):
            if self._greatest_difference(atom.left, atom.right) <= atom.plus:
                return True
            return False if -self._greatest_difference(atom.right, atom.left) > atom.plus else None
        values = self.values[atom.field]
        if isinstance(atom, Has):
            assert isinstance(values, frozenset)
            if values <= atom.positions:
                return True
            return None if values & atom.positions else False
        assert isinstance(values, tuple)
        low, high = values
        if (atom.low is None or atom.low <= low) and (atom.high is None or high <= atom.high):
            return True
        outside = (atom.low is not None and high < atom.low) or (
            atom.high is not None and atom.high < low
        )
        return False if outside else None

    def _greatest_difference(self, left: str, right: str) -> int:
        """Return the upper bound of the left field minus the right one."""
        (_, high), (low, _) = self.values[left], self.values[right]
        bound = self.differences.get((left, right))
        return high - low if bound is None else min(high - low, bound)

    def split(self, atom: Atom) -> tuple[Any, Region, Region]:
        """Return a split on the atom, or on one of its bounds, and the two regions."""
        if isinstance(atom, DifferenceConstraint):
            true_side = self._with_difference((atom.left, atom.right), atom.plus)
            false_side = self._with_difference((atom.right, atom.left), -atom.plus - 1)
            return [atom.left, atom.right, atom.plus], true_side, false_side
        values = self.values[atom.field]
        if isinstance(values, frozenset):
            assert isinstance(atom, Has)
            true_side = self._with_values(atom.field, values & atom.positions)
            return (
                [atom.field, sorted(values & atom.positions)],
                true_side,
                self._with_values(atom.field, values - atom.positions),
            )
        assert isinstance(atom, Within)
        low, high = values
        below = atom.low is not None and low < atom.low
        threshold = atom.low - 1 if below else atom.high  # type: ignore[operator]
        assert threshold is not None
        return (
            [atom.field, threshold],
            self._with_values(atom.field, (low, threshold)),
            self._with_values(atom.field, (threshold + 1, high)),
        )

    def _with_values(self, name: str, values: Values) -> Region:
        return Region({**self.values, name: values}, self.differences)

    def _with_difference(self, pair: tuple[str, str], bound: int) -> Region:
        known_bound = self.differences.get(pair, bound)
        return Region(self.values, {**self.differences, pair: min(known_bound, bound)})

    def is_contradictory(self) -> bool:
        """Return whether no values of the fields meet the differences.

        The differences are the edges of a graph; Bellman-Ford looks for a negative cycle.
        """
        names = {name for pair in self.differences for name in pair}
        edges = [(left, right, bound) for (left, right), bound in self.differences.items()]
        for name in names:
            low, high = self.values[name]
            edges += [(name, "", high), ("", name, -low)]
        distance = dict.fromkeys([*names, ""], 0)
        for _ in distance:
            changed = False
            for left, right, bound in edges:
                if distance[right] + bound < distance[left]:
                    distance[left], changed = distance[right] + bound, True
            if not changed:
                return False
        return True


def split_tree(claim: Formula, domains: Mapping[str, Domain]) -> Tree | None:
    """Return a tree that shows the claim to be false in every case, None where it is not.

    Raises:
        TooLong: The tree has more than `MOST_STEPS` steps.
    """
    all_cases = Region({name: _all_values(domain) for name, domain in domains.items()}, {})
    tree: Tree = []
    pending = [(_simplified(claim, all_cases), all_cases)]
    while pending:
        if len(tree) + len(pending) > MOST_STEPS:
            raise TooLong(f"the proof has more than {MOST_STEPS:,} steps")
        formula, region = pending.pop()
        if formula == FALSE:
            tree.append(0)
        elif region.is_contradictory():
            tree.append(1)
        elif formula == TRUE:
            return None
        else:
            step, true_side, false_side = region.split(_splitting_atom(formula))
            tree.append(step)
            pending += [
                (_simplified(formula, false_side), false_side),
                (_simplified(formula, true_side), true_side),
            ]
    return tree


def _all_values(domain: Domain) -> Values:
    if domain.ordered:
        return domain.low, domain.high
    return frozenset(range(domain.high + 1))


def _simplified(formula: Formula, region: Region) -> Formula:
    """Return the formula, simplified by what the region decides."""
    known: dict[Formula, Formula] = {}  # parts that occur more than once are simplified once

    def simplify(formula: Formula) -> Formula:
        if isinstance(formula, Is):
            truth = region.truth(formula.atom)
            if truth is None:
                return formula
            return TRUE if truth is formula.positive else FALSE
        if formula not in known:
            known[formula] = simplify_parts(formula)
        return known[formula]

    def simplify_parts(formula: Every | Some) -> Formula:
        kind, decisive = (Every, FALSE) if isinstance(formula, Every) else (Some, TRUE)
        parts: dict[Formula, None] = {}
        for part in formula.parts:
            simplified = simplify(part)
            if simplified == decisive:
                return decisive
            inner = simplified.parts if isinstance(simplified, kind) else (simplified,)
            parts |= dict.fromkeys(inner)
        return every(parts) if kind is Every else some(parts)

    return simplify(formula)


def _splitting_atom(formula: Formula) -> Atom:
    """Return the atom to split on: in conjunctions, from the part with the fewest alternatives."""
    while not isinstance(formula, Is):
        is_conjunction = isinstance(formula, Every)
        formula = min(formula.parts, key=_part_count) if is_conjunction else formula.parts[0]
    return formula.atom


def _part_count(formula: Formula) -> int:
    return 1 if isinstance(formula, Is) else len(formula.parts)


def document_tree(tree: Tree, types: Mapping[str, ValueType]) -> Tree:
    """Return the tree with values as documents write them instead of numbers."""
    return [step if isinstance(step, int) else _document_step(step, types) for step in tree]


def _document_step(step: list[Any], types: Mapping[str, ValueType]) -> list[Any]:
    if len(step) == 3:
        return step
    name, value = step
    if isinstance(value, list):
        return [name, [types[name].categories()[index] for index in value]]
    return [name, types[name].show(value)]
