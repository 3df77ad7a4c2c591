"""All possible cases at once: the domain of every field, cut where formulas can tell values apart.

A *cube* is one integer: the cells of every field side by side, a bit a cell that is allowed, with
a guard bit above each field that is never set. `a & b` is the intersection of two cubes, and
adding `full` carries into the guard bit of every field that has a cell left.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.solver.formulas import AtMost, Atom, Formula, Is, Within

Product = tuple[Is, ...]  # true where all of the literals are


@dataclass(frozen=True, slots=True)
class Domain:
    """The values of a field as numbers: an interval, or positions from 0; and the typical one."""

    low: int
    high: int
    typical: int
    ordered: bool


@dataclass(slots=True)
class Field:
    """A field of the cubes: cell i has the values from cuts[i] up to the next cut."""

    name: str
    domain: Domain
    cuts: list[int]
    offset: int
    mask: int  # the cube's bits that are this field's

    def cells(self, low: int | None, high: int | None) -> int:
        """Return the bits of the cells in [low, high], which are cuts, None being no bound."""
        first = 0 if low is None else bisect_right(self.cuts, low - 1)
        last = len(self.cuts) if high is None else bisect_right(self.cuts, high)
        count = max(0, last - first)
        return ((1 << count) - 1) << (first + self.offset)

    def cell(self, value: int) -> int:
        """Return the place of the cell that `value` lies in."""
        return bisect_right(self.cuts, value) - 1

    def bounds(self, cell: int) -> tuple[int, int]:
        """Return the least and the greatest value in a cell."""
        last = cell + 1 == len(self.cuts)
        return self.cuts[cell], self.domain.high if last else self.cuts[cell + 1] - 1


@dataclass(frozen=True, slots=True)
class Truths:
    """The fields for the truth of comparisons: their bits, and which comparison a bit is of.

    `at` has, by the place of a bit above its cube's foot, counted from 1: the field of the truth,
    the two fields that are compared, and the number.
    """

    mask: int
    at: dict[int, tuple[Field, Field, Field, int]]


@dataclass(slots=True)
class Space:
    """The fields, and the cubes of atoms; made for the formulas that it is asked about.

    `short` and `asserted` are what became of formulas, by identity and with what keeps that;
    `learned` are contradictions, which hold in every search.
    """

    fields: dict[str, Field]
    full: int
    guards: int
    below: dict[int, int]  # the mask of the field below each guard bit
    typical: int  # the typical cell of every field
    differences: dict[str, AtMost]
    truths: Truths
    short: dict[int, tuple[Formula, list[int] | None, list[int] | None]] = field(
        default_factory=dict
    )
    asserted: dict[int, tuple[Formula, list[Any]]] = field(default_factory=dict)  # as queries
    learned: list[int] = field(default_factory=list)
    _walked: dict[int, Formula] = field(default_factory=dict)  # whose cuts are all there
    _cubes: dict[Is, int] = field(default_factory=dict)

    def is_empty(self, cube: int) -> bool:
        """Return whether some field has no cell left."""
        return (cube + self.full) & self.guards != self.guards

    def cells_of(self, cube: int, name: str) -> int:
        """Return the cells of a field that the cube allows, as bits from the first cell on."""
        found = self.fields[name]
        return (cube & found.mask) >> found.offset

    def cube(self, literal: Is) -> int:
        """Return the cube of the cases in which the literal is true."""
        found = self._cubes.get(literal)
        if found is None:
            bits, mask = self._bits(literal.atom)
            chosen = bits if literal.positive else mask & ~bits
            found = self._cubes[literal] = (self.full & ~mask) | chosen
        return found

    def cubes(self, products: Iterable[Product]) -> list[int]:
        """Return the cube of each product."""
        found, known = [], self._cubes
        for product in products:
            cube = self.full
            for literal in product:
                kept = known.get(literal)
                cube &= self.cube(literal) if kept is None else kept
            found.append(cube)
        return found

    def _bits(self, atom: Atom) -> tuple[int, int]:
        if isinstance(atom, AtMost):
            truth = self.fields[difference_name(atom)]
            return 1 << (truth.offset + 1), truth.mask
        found = self.fields[atom.field]
        if isinstance(atom, Within):
            return found.cells(atom.low, atom.high), found.mask
        return sum(1 << (found.offset + place) for place in atom.positions), found.mask

    def refined(self, formulas: Iterable[Formula]) -> Space:
        """Return the space with the cuts that the formulas need besides; itself where none."""
        cuts = {name: {*each.cuts} for name, each in self.fields.items() if each.domain.ordered}
        before = {name: len(each) for name, each in cuts.items()}
        differences = dict(self.differences)
        domains = {name: each.domain for name, each in self.fields.items()}
        _cut(_atoms(formulas, self._walked, keep=False), domains, cuts, differences)
        fresh = [name for name in differences if name not in self.differences]
        if not fresh and all(len(each) == before[name] for name, each in cuts.items()):
            return self
        domains |= dict.fromkeys(fresh, _TRUTH)
        return _laid_out(domains, cuts, differences)


_TRUTH = Domain(0, 1, 0, False)


def difference_name(atom: AtMost) -> str:
    """Return the name of the field for the truth of a comparison; no fact has such a name."""
    return f"{atom.left} <= {atom.right} + {atom.plus}"


def make_space(domains: Mapping[str, Domain], formulas: Iterable[Formula]) -> Space:
    """Return the space of the domains, cut for the atoms of the formulas."""
    cuts: dict[str, set[int]] = {}
    for name, each in domains.items():
        if each.ordered:
            # the typical value is a cell of its own, so that what differs from it can be counted
            wanted = (each.low, each.typical, each.typical + 1)
            cuts[name] = {cut for cut in wanted if each.low <= cut <= each.high}
    differences: dict[str, AtMost] = {}
    walked: dict[int, Formula] = {}
    _cut(_atoms(formulas, walked), domains, cuts, differences)
    truths = dict.fromkeys(sorted(differences), _TRUTH)
    space = _laid_out({**domains, **truths}, cuts, differences)
    space._walked = walked
    return space


def _atoms(
    formulas: Iterable[Formula], walked: dict[int, Formula], *, keep: bool = True
) -> set[Atom]:
    """Return the atoms of the formulas, but for those that were walked before.

    What is walked now is added where it is to be kept.
    """
    found: set[Atom] = set()
    seen: dict[int, Formula] = {}
    waiting = [*formulas]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Is):
            found.add(each.atom)
        elif id(each) not in walked and id(each) not in seen:
            seen[id(each)] = each
            waiting += each.parts
    if keep:
        walked |= seen
    return found


def _cut(
    atoms: Iterable[Atom],
    domains: Mapping[str, Domain],
    cuts: dict[str, set[int]],
    differences: dict[str, AtMost],
) -> None:
    """Add the cuts and the comparisons that the atoms tell values apart by."""
    for atom in atoms:
        if isinstance(atom, AtMost):
            differences[difference_name(atom)] = atom
        elif isinstance(atom, Within):
            domain = domains[atom.field]
            for end in (atom.low, None if atom.high is None else atom.high + 1):
                if end is not None and domain.low < end <= domain.high:
                    cuts[atom.field].add(end)


def _laid_out(
    domains: Mapping[str, Domain],
    cuts: Mapping[str, set[int]],
    differences: dict[str, AtMost],
) -> Space:
    """Return the space with the fields side by side."""
    fields: dict[str, Field] = {}
    below: dict[int, int] = {}
    offset = full = guards = typical = 0
    for name, domain in domains.items():
        places = sorted(cuts[name]) if domain.ordered else [*range(domain.high + 1)]
        mask = ((1 << len(places)) - 1) << offset
        fields[name] = Field(name, domain, places, offset, mask)
        full |= mask
        typical |= 1 << (offset + bisect_right(places, domain.typical) - 1)
        offset += len(places)
        guards |= 1 << offset  # above the field
        below[1 << offset] = mask
        offset += 1
    truths = _truths(fields, differences)
    return Space(fields, full, guards, below, typical, differences, truths)


def _truths(fields: Mapping[str, Field], differences: Mapping[str, AtMost]) -> Truths:
    mask, at = 0, {}
    for name, atom in differences.items():
        truth = fields[name]
        mask |= truth.mask
        known = (truth, fields[atom.left], fields[atom.right], atom.plus)
        at[truth.offset + 1] = at[truth.offset + 2] = known
    return Truths(mask, at)
