"""All possible cases at once: the domain of every field, cut where formulas can tell values apart.

A *cube* is one integer: the cells of every field side by side, a bit a cell that is allowed, with
a guard bit above each field that is never set. `a & b` is the intersection of two cubes, and
adding `full` carries into the guard bit of every field that has a cell left.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from checker.readings.formulas import AtMost, Atom, Formula, Is, Within, atoms_in


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
    offset: int = 0

    @property
    def mask(self) -> int:
        """Return the cube's bits that are this field's."""
        return ((1 << len(self.cuts)) - 1) << self.offset

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


@dataclass(slots=True)
class Space:
    """The fields, and the cubes of atoms; made for the formulas that it is asked about."""

    fields: dict[str, Field]
    full: int
    guards: int
    differences: dict[str, AtMost] = field(default_factory=dict)
    disjunctions: dict[int, tuple[Formula, list[int] | None, list[int] | None]] = field(
        default_factory=dict
    )
    _cubes: dict[tuple[Atom, bool], int] = field(default_factory=dict)

    def is_empty(self, cube: int) -> bool:
        """Return whether some field has no cell left."""
        return (cube + self.full) & self.guards != self.guards

    def cells_of(self, cube: int, name: str) -> int:
        """Return the cells of a field that the cube allows, as bits from the first cell on."""
        found = self.fields[name]
        return (cube & found.mask) >> found.offset

    def cube(self, literal: Is) -> int:
        """Return the cube of the cases in which the literal is true."""
        key = (literal.atom, literal.positive)
        if key not in self._cubes:
            bits, mask = self._bits(literal.atom)
            chosen = bits if literal.positive else mask & ~bits
            self._cubes[key] = (self.full & ~mask) | chosen
        return self._cubes[key]

    def _bits(self, atom: Atom) -> tuple[int, int]:
        if isinstance(atom, AtMost):
            truth = self.fields[difference_name(atom)]
            return 1 << (truth.offset + 1), truth.mask
        found = self.fields[atom.field]
        if isinstance(atom, Within):
            return found.cells(atom.low, atom.high), found.mask
        return sum(1 << (found.offset + place) for place in atom.positions), found.mask


def difference_name(atom: AtMost) -> str:
    """Return the name of the field for the truth of a comparison; no fact has such a name."""
    return f"{atom.left} <= {atom.right} + {atom.plus}"


def make_space(domains: Mapping[str, Domain], formulas: Iterable[Formula]) -> Space:
    """Return the space of the domains, cut for the atoms of the formulas."""
    cuts = {name: {each.low} for name, each in domains.items()}
    differences: dict[str, AtMost] = {}
    for name, each in domains.items():
        # the typical value is a cell of its own, so that what differs from it can be counted
        wanted = {each.typical, each.typical + 1} if each.ordered else {*range(each.high + 1)}
        cuts[name] |= {cut for cut in wanted if each.low < cut <= each.high}
    for atom in {atom for formula in formulas for atom in atoms_in(formula)}:
        if isinstance(atom, AtMost):
            differences[difference_name(atom)] = atom
        elif isinstance(atom, Within):
            domain = domains[atom.field]
            ends = [
                each
                for each in (atom.low, None if atom.high is None else atom.high + 1)
                if each is not None
            ]
            cuts[atom.field] |= {cut for cut in ends if domain.low < cut <= domain.high}
    fields = {name: Field(name, domains[name], sorted(cuts[name])) for name in domains}
    for name in sorted(differences):
        fields[name] = Field(name, Domain(0, 1, 0, False), [0, 1])
    offset = full = guards = 0
    for placed in fields.values():
        placed.offset = offset
        full |= placed.mask
        offset += len(placed.cuts)
        guards |= 1 << offset  # above the field
        offset += 1
    return Space(fields, full, guards, differences)
