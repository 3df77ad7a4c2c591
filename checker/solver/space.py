"""The space of all cases: the domain of every field, cut into cells that formulas can tell apart.

A *cube* is a set of cases that is the product of one set of cells for each field. It is encoded as
one integer: the fields lie side by side, with one bit for each cell that is allowed. Above each
field is a guard bit, which is never set in a cube. `a & b` is the intersection of two cubes. The
sum of a cube and `full` carries into the guard bit of every field that has a cell left.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.solver.formulas import Atom, DifferenceConstraint, Formula, Is, Within

Product = tuple[Is, ...]  # true where all of its literals are true


@dataclass(frozen=True, slots=True)
class Domain:
    """The values of a field as numbers, with the typical value.

    The values of an ordered field are an interval. Those of any other field are positions, which
    count from 0.
    """

    low: int
    high: int
    typical: int
    ordered: bool


@dataclass(slots=True)
class Field:
    """A field of the cubes: cell i holds the values from cuts[i] up to the next cut."""

    name: str
    domain: Domain
    cuts: list[int]
    offset: int
    mask: int  # the bits of a cube that belong to this field

    def cells(self, low: int | None, high: int | None) -> int:
        """Return the bits of the cells in [low, high]; None is no bound.

        Both bounds must be ends of cells.
        """
        first = 0 if low is None else bisect_right(self.cuts, low - 1)
        last = len(self.cuts) if high is None else bisect_right(self.cuts, high)
        count = max(0, last - first)
        return ((1 << count) - 1) << (first + self.offset)

    def cell(self, value: int) -> int:
        """Return the index of the cell that `value` lies in."""
        return bisect_right(self.cuts, value) - 1

    def bounds(self, cell: int) -> tuple[int, int]:
        """Return the least and the greatest value in the cell with this index."""
        last = cell + 1 == len(self.cuts)
        return self.cuts[cell], self.domain.high if last else self.cuts[cell + 1] - 1


@dataclass(frozen=True, slots=True)
class Comparisons:
    """The comparisons of two fields; each has a field of its own for its truth (false, true).

    Attributes:
        mask: the bits of all these truth fields.
        by_bit: the comparison that a bit of a truth field belongs to, by `int.bit_length` of the
            bit: the truth field, the two compared fields, and the number that is added to the
            second one.
    """

    mask: int
    by_bit: dict[int, tuple[Field, Field, Field, int]]


@dataclass(slots=True)
class Space:
    """The fields of the cases, and the cubes of literals.

    A space can answer for the formulas that it was cut for, and for no others.

    Attributes:
        disjunctions: a cache of `dnf.py`, by the identity of the formula. Each entry holds its
            formula, so that no other object can take over the identity.
        asserted: the same for `constraints.py`.
        learned: cubes without a case, which comparisons contradict; they hold in every search.
    """

    fields: dict[str, Field]
    full: int
    guards: int
    mask_below: dict[int, int]  # the mask of the field below each guard bit
    typical: int  # the typical cell of every field
    differences: dict[str, DifferenceConstraint]
    comparisons: Comparisons
    disjunctions: dict[int, tuple[Formula, list[int] | None, list[int] | None]] = field(
        default_factory=dict
    )
    asserted: dict[int, tuple[Formula, list[Any]]] = field(default_factory=dict)  # lists of queries
    learned: list[int] = field(default_factory=list)
    _walked: dict[int, Formula] = field(default_factory=dict)  # formulas with all their cuts made
    _cubes: dict[Is, int] = field(default_factory=dict)

    def is_empty(self, cube: int) -> bool:
        """Return whether some field has no cell left, so that the cube holds no case."""
        return (cube + self.full) & self.guards != self.guards

    def cells_of(self, cube: int, name: str) -> int:
        """Return the cells of a field that the cube allows; bit 0 is the first cell."""
        field_ = self.fields[name]
        return (cube & field_.mask) >> field_.offset

    def cube(self, literal: Is) -> int:
        """Return the cube of the cases in which the literal is true."""
        cube = self._cubes.get(literal)
        if cube is None:
            bits, mask = self._bits(literal.atom)
            chosen = bits if literal.positive else mask & ~bits
            cube = self._cubes[literal] = (self.full & ~mask) | chosen
        return cube

    def cubes(self, products: Iterable[Product]) -> list[int]:
        """Return the cube of each product."""
        cubes, cache = [], self._cubes
        for product in products:
            cube = self.full
            for literal in product:
                cached = cache.get(literal)
                cube &= self.cube(literal) if cached is None else cached
            cubes.append(cube)
        return cubes

    def _bits(self, atom: Atom) -> tuple[int, int]:
        """Return the bits of the cells where the atom is true, and the mask of its field."""
        if isinstance(atom, DifferenceConstraint):
            truth = self.fields[difference_name(atom)]
            return 1 << (truth.offset + 1), truth.mask
        field_ = self.fields[atom.field]
        if isinstance(atom, Within):
            return field_.cells(atom.low, atom.high), field_.mask
        return sum(1 << (field_.offset + position) for position in atom.positions), field_.mask

    def refined(self, formulas: Iterable[Formula]) -> Space:
        """Return the space with the further cuts that the formulas need; itself where none."""
        cuts = {
            name: {*field_.cuts} for name, field_ in self.fields.items() if field_.domain.ordered
        }
        before = {name: len(starts) for name, starts in cuts.items()}
        differences = dict(self.differences)
        domains = {name: field_.domain for name, field_ in self.fields.items()}
        _add_cuts(_atoms(formulas, self._walked, remember=False), domains, cuts, differences)
        new_names = [name for name in differences if name not in self.differences]
        if not new_names and all(len(starts) == before[name] for name, starts in cuts.items()):
            return self
        domains |= dict.fromkeys(new_names, _TRUTH)
        return _lay_out(domains, cuts, differences)


_TRUTH = Domain(0, 1, 0, False)


def difference_name(atom: DifferenceConstraint) -> str:
    """Return the name of the truth field of a comparison; no fact has such a name."""
    return f"{atom.left} <= {atom.right} + {atom.plus}"


def make_space(domains: Mapping[str, Domain], formulas: Iterable[Formula]) -> Space:
    """Return the space of the domains, cut for the atoms of the formulas."""
    cuts: dict[str, set[int]] = {}
    for name, domain in domains.items():
        if domain.ordered:
            # the typical value is a cell of its own, so that what differs from it can be counted
            starts = (domain.low, domain.typical, domain.typical + 1)
            cuts[name] = {cut for cut in starts if domain.low <= cut <= domain.high}
    differences: dict[str, DifferenceConstraint] = {}
    walked: dict[int, Formula] = {}
    _add_cuts(_atoms(formulas, walked), domains, cuts, differences)
    truths = dict.fromkeys(sorted(differences), _TRUTH)
    space = _lay_out({**domains, **truths}, cuts, differences)
    space._walked = walked
    return space


def _atoms(
    formulas: Iterable[Formula], walked: dict[int, Formula], *, remember: bool = True
) -> set[Atom]:
    """Return the atoms of the formulas, without those of formulas that were walked before.

    With `remember`, the formulas are added to `walked`.
    """
    atoms: set[Atom] = set()
    visited: dict[int, Formula] = {}
    waiting = [*formulas]
    while waiting:
        formula = waiting.pop()
        if isinstance(formula, Is):
            atoms.add(formula.atom)
        elif id(formula) not in walked and id(formula) not in visited:
            visited[id(formula)] = formula
            waiting += formula.parts
    if remember:
        walked |= visited
    return atoms


def _add_cuts(
    atoms: Iterable[Atom],
    domains: Mapping[str, Domain],
    cuts: dict[str, set[int]],
    differences: dict[str, DifferenceConstraint],
) -> None:
    """Add the cuts and the comparisons that the atoms need."""
    for atom in atoms:
        if isinstance(atom, DifferenceConstraint):
            differences[difference_name(atom)] = atom
        elif isinstance(atom, Within):
            domain = domains[atom.field]
            for end in (atom.low, None if atom.high is None else atom.high + 1):
                if end is not None and domain.low < end <= domain.high:
                    cuts[atom.field].add(end)


def _lay_out(
    domains: Mapping[str, Domain],
    cuts: Mapping[str, set[int]],
    differences: dict[str, DifferenceConstraint],
) -> Space:
    """Return the space whose cubes have the fields side by side."""
    fields: dict[str, Field] = {}
    mask_below: dict[int, int] = {}
    offset = full = guards = typical = 0
    for name, domain in domains.items():
        cell_starts = sorted(cuts[name]) if domain.ordered else [*range(domain.high + 1)]
        mask = ((1 << len(cell_starts)) - 1) << offset
        fields[name] = Field(name, domain, cell_starts, offset, mask)
        full |= mask
        typical |= 1 << (offset + bisect_right(cell_starts, domain.typical) - 1)
        offset += len(cell_starts)
        guards |= 1 << offset  # above the field
        mask_below[1 << offset] = mask
        offset += 1
    comparisons = _comparisons(fields, differences)
    return Space(fields, full, guards, mask_below, typical, differences, comparisons)


def _comparisons(
    fields: Mapping[str, Field], differences: Mapping[str, DifferenceConstraint]
) -> Comparisons:
    mask, by_bit = 0, {}
    for name, atom in differences.items():
        truth = fields[name]
        mask |= truth.mask
        comparison = (truth, fields[atom.left], fields[atom.right], atom.plus)
        by_bit[truth.offset + 1] = by_bit[truth.offset + 2] = comparison
    return Comparisons(mask, by_bit)
