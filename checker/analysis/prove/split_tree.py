"""A proof written down: the cases split until in each part the claim is plainly false.

A tree is a list, read from the left: a split is followed by the tree of the cases where it is true
and then by that of the others; the leaf 0 stands for a part in which the claim is false whatever
else the case is, the leaf 1 for one in which the comparisons that were split on contradict one
another. Splits are `[fact, value]`, the fact at most the value; `[fact, [value, …]]`, the fact one
of the values; `[fact, other, number]`, the fact at most the other plus a number.
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
    """The tree has more steps than anyone would want to keep."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some cases: what each field may be, and the comparisons that were split on."""

    values: Mapping[str, Values]
    differences: Mapping[tuple[str, str], int]  # the first minus the second is at most this

    def truth(self, atom: Atom) -> bool | None:
        """Return whether the atom is true in every case of the part, or false, or neither."""
        if isinstance(atom, DifferenceConstraint):
            if self._apart(atom.left, atom.right) <= atom.plus:
                return True
            return False if -self._apart(atom.right, atom.left) > atom.plus else None
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
        beyond = (atom.low is not None and high < atom.low) or (
            atom.high is not None and atom.high < low
        )
        return False if beyond else None

    def _apart(self, left: str, right: str) -> int:
        """Return how much more the left field may be than the right one, at most."""
        (_, high), (low, _) = self.values[left], self.values[right]
        known = self.differences.get((left, right))
        return high - low if known is None else min(high - low, known)

    def split(self, atom: Atom) -> tuple[Any, Part, Part]:
        """Return a split that settles the atom, or a bound of it, and the two parts."""
        if isinstance(atom, DifferenceConstraint):
            yes = self._differing((atom.left, atom.right), atom.plus)
            no = self._differing((atom.right, atom.left), -atom.plus - 1)
            return [atom.left, atom.right, atom.plus], yes, no
        values = self.values[atom.field]
        if isinstance(values, frozenset):
            assert isinstance(atom, Has)
            yes = self._with(atom.field, values & atom.positions)
            return (
                [atom.field, sorted(values & atom.positions)],
                yes,
                self._with(atom.field, values - atom.positions),
            )
        assert isinstance(atom, Within)
        low, high = values
        below = atom.low is not None and low < atom.low
        at = atom.low - 1 if below else atom.high  # type: ignore[operator]
        assert at is not None
        return (
            [atom.field, at],
            self._with(atom.field, (low, at)),
            self._with(atom.field, (at + 1, high)),
        )

    def _with(self, name: str, values: Values) -> Part:
        return Part({**self.values, name: values}, self.differences)

    def _differing(self, pair: tuple[str, str], most: int) -> Part:
        known = self.differences.get(pair, most)
        return Part(self.values, {**self.differences, pair: min(known, most)})

    def contradicts_itself(self) -> bool:
        """Return whether no values of the fields are as the differences say."""
        names = {name for pair in self.differences for name in pair}
        edges = [(left, right, most) for (left, right), most in self.differences.items()]
        for name in names:
            low, high = self.values[name]
            edges += [(name, "", high), ("", name, -low)]
        length = dict.fromkeys([*names, ""], 0)
        for _ in length:
            changed = False
            for left, right, most in edges:
                if length[right] + most < length[left]:
                    length[left], changed = length[right] + most, True
            if not changed:
                return False
        return True


def split_tree(claim: Formula, domains: Mapping[str, Domain]) -> Tree | None:
    """Return a tree that shows the claim to be false in every case, None where it is not.

    TooLong where it has more than MOST_STEPS.
    """
    whole = Part({name: _all(each) for name, each in domains.items()}, {})
    tree: Tree = []
    waiting = [(_settled(claim, whole), whole)]
    while waiting:
        if len(tree) + len(waiting) > MOST_STEPS:
            raise TooLong(f"the proof has more than {MOST_STEPS:,} steps")
        formula, part = waiting.pop()
        if formula == FALSE:
            tree.append(0)
        elif part.contradicts_itself():
            tree.append(1)
        elif formula == TRUE:
            return None
        else:
            step, yes, no = part.split(_most_telling(formula))
            tree.append(step)
            waiting += [(_settled(formula, no), no), (_settled(formula, yes), yes)]
    return tree


def _all(domain: Domain) -> Values:
    if domain.ordered:
        return domain.low, domain.high
    return frozenset(range(domain.high + 1))


def _settled(formula: Formula, part: Part) -> Formula:
    """Return what of the formula the part leaves open."""
    if isinstance(formula, Is):
        truth = part.truth(formula.atom)
        if truth is None:
            return formula
        return TRUE if truth is formula.positive else FALSE
    if isinstance(formula, Every):
        left: list[Formula] = []
        for each in formula.parts:
            settled = _settled(each, part)
            if settled == FALSE:
                return FALSE
            left += settled.parts if isinstance(settled, Every) else [settled]
        return every(left)
    found: list[Formula] = []
    for each in formula.parts:
        settled = _settled(each, part)
        if settled == TRUE:
            return TRUE
        found += settled.parts if isinstance(settled, Some) else [settled]
    return some(found)


def _most_telling(formula: Formula) -> Atom:
    """Return an atom whose truth may settle the formula: of what has the fewest ways to be true."""
    while not isinstance(formula, Is):
        telling = isinstance(formula, Every)
        formula = min(formula.parts, key=_ways) if telling else formula.parts[0]
    return formula.atom


def _ways(formula: Formula) -> int:
    return 1 if isinstance(formula, Is) else len(formula.parts)


def shown(tree: Tree, types: Mapping[str, ValueType]) -> Tree:
    """Return the tree with values as documents write them, in place of numbers."""
    return [step if isinstance(step, int) else _shown(step, types) for step in tree]


def _shown(step: list[Any], types: Mapping[str, ValueType]) -> list[Any]:
    if len(step) == 3:
        return step
    name, value = step
    if isinstance(value, list):
        return [name, [types[name].unordered()[place] for place in value]]
    return [name, types[name].show(value)]
