"""The exact values that each setting may take, alone and without rules (section 11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from checker.analysis.claims import PolicyFormulas, Required, responses
from checker.analysis.prove import domain, possible
from checker.language.conditions import ParameterValue
from checker.language.policy import Parameter
from checker.language.terms import Term
from checker.language.values import Value, ValueType
from checker.readings.boxes import Query, Search
from checker.readings.formulas import (
    Formula,
    Free,
    Has,
    Is,
    Reading,
    Within,
    every,
    some,
)
from checker.readings.paths import ShortestPaths, compared
from checker.readings.space import Domain, Space, make_space

Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Limit:
    """What one setting may be: closed intervals, values, or the fate of each member of a set."""

    parameter: Parameter
    allowed: tuple[Interval, ...] = ()
    values: tuple[Value, ...] = ()
    members: dict[str, str] | None = None  # member: must, may or never

    def as_json(self) -> dict[str, Any]:
        """Return the limit as `limits --format json` prints it; None is no end."""
        type_ = self.parameter.type
        shown: dict[str, Any] = {"type": type_.name, "default": type_.show(self.parameter.default)}
        if self.members is not None:
            fates = self.members.items()
            groups = {key: [m for m, fate in fates if fate == key] for key in FATES}
            return {**shown, **{key: sorted(group) for key, group in groups.items()}}
        if type_.ordered:
            low, high = _domain(type_).low, _domain(type_).high
            unbounded = type_.range is None
            ends = [
                [
                    None if unbounded and start == low and low < 0 else type_.show(start),
                    None if unbounded and end == high else type_.show(end),
                ]
                for start, end in self.allowed
            ]
            return {**shown, "allowed": ends}
        return {**shown, "allowed": [*self.values]}


FATES = ("must", "may", "never")


def limits(required: Required) -> dict[str, Limit]:
    """Return the limit of every parameter that sellers may set.

    Undecided where the budget of boxes is spent.
    """
    parameters = required.world.policy.parameters.values()
    return {each.name: _limit(required, each) for each in parameters if not each.fixed}


def _limit(required: Required, parameter: Parameter) -> Limit:
    question = _Setting(required, parameter)
    if parameter.type.name == "set":
        return Limit(parameter, members=question.fates())
    field = question.free.field
    if parameter.type.ordered:
        whole = question.domains[field]
        wrong = [*question.wrong_values(field)]
        return Limit(parameter, allowed=tuple(_outside(wrong, (whole.low, whole.high))))
    wrong_places = {
        place for low, high in question.wrong_values(field) for place in range(low, high + 1)
    }
    values = parameter.type.unordered()
    return Limit(parameter, values=tuple(v for i, v in enumerate(values) if i not in wrong_places))


class _Setting:
    """One parameter left free, and the cases in which some value of it breaks section 6."""

    def __init__(self, required: Required, parameter: Parameter) -> None:
        world, self.parameter = required.world, parameter
        name, types = f"parameter {parameter.name}", dict(world.vocabulary.types())
        self.domains = {
            fact: domain(each.type, each.typical)
            for fact, each in world.vocabulary.decisive().items()
        }
        self.free = Free(name)
        if parameter.type.name == "set":
            members = {value: f"{name} {value}" for value in parameter.type.values}
            self.free = Free(name, members)
            for member in members.values():
                types[member] = ValueType("boolean")
                self.domains[member] = Domain(0, 1, 0, False)
        else:
            types[name] = parameter.type
            self.domains[name] = _domain(parameter.type, parameter.default)
        settings = {**world.policy.defaults(), parameter.name: self.free}
        reading = Reading(world.policy.names, settings, types)
        rows = {term: each.rows for term, each in world.policy.terms.items()}
        self.inside = PolicyFormulas(world.policy, reading, rows)
        wrong, invariants = self._wrong(required), possible(world)
        self.space: Space = make_space(self.domains, [wrong, invariants])
        base = Query(self.space, self.space.full).narrowed(invariants)
        self.queries = [each for query in base for each in query.narrowed(wrong)]

    def _wrong(self, required: Required) -> Formula:
        """Return where a seller that follows the policy under the setting breaks section 6."""
        must = required.must_accept
        rejects, defers, baseless = responses("follow", (), self.inside, required.policies[0])
        wrong = [every([must, some([rejects, defers])])]
        wrong.append(every([required.need_not, rejects, baseless]))
        for name, term in required.world.policy.terms.items():
            for where, row in self.inside.reached(name):
                then = row.then
                if isinstance(then, ParameterValue) and then.name == self.parameter.name:
                    worse = some(
                        every([here, self._worse(term, value, then.plus)])
                        for each in required.policies
                        if name in each.policy.terms
                        for here, value in each.values(name)
                    )
                else:
                    worse = required.better_than(term, self.inside.value_of(row))
                wrong.append(every([where, worse]))
        return some(wrong)

    def _worse(self, term: Term, required: Value, plus: int) -> Formula:
        """Return where the setting, as the term's value, is worse than the required value."""
        field = self.free.field
        if term.type.name == "choice":
            rank = term.rank(required)
            values = enumerate(self.parameter.type.values)
            return Is(Has(field, frozenset(i for i, v in values if term.rank(v) > rank)))
        value = int(required) - plus  # type: ignore[arg-type]
        if term.better == "lower":
            return Is(Within(field, value + 1, None))
        return Is(Within(field, None, value - 1))

    def wrong_values(self, field: str) -> Iterator[Interval]:
        """Yield intervals of the setting's values, or positions, that break section 6: all."""
        found, space = self.space.fields[field], self.space
        seen: list[Interval] = []
        for cell in range(len(found.cuts)):
            here = (space.full & ~found.mask) | (1 << (cell + found.offset))
            low, high = found.bounds(cell)
            for query in self.queries:
                for box in Search(space).solutions(query.within(here)):
                    edges = compared(space, box)
                    part = (low, high)
                    if any(field in edge[:2] for edge in edges):
                        part = ShortestPaths(space, box, edges, {}).bounds(field)
                    seen.append(part)
                    if not [*_outside(seen, (low, high))]:
                        break
                if not [*_outside(seen, (low, high))]:
                    break
        yield from seen

    def fates(self) -> dict[str, str]:
        """Return of each member whether it must, may or must never be in the set."""
        assert self.free.members is not None
        fields = self.free.members
        mask = sum(self.space.fields[name].mask for name in fields.values())
        wrong: dict[int, None] = {}
        for query in self.queries:  # sets that some case breaks, as cubes over the members alone
            search = Search(self.space)
            while True:
                fresh = Query(self.space, query.box, [*query.clauses, *wrong], query.choices)
                box = next(search.solutions(fresh), None)
                if box is None:
                    break
                wrong[(self.space.full & ~mask) | (box & mask)] = None
        right = Query(self.space, self.space.full, [*wrong])

        def possible_with(name: str, present: bool) -> bool:
            cube = self.space.cube(Is(Has(name, frozenset([1])), present))
            return any(True for _ in Search(self.space).solutions(right.within(cube)))

        return {
            member: _fate(possible_with(name, True), possible_with(name, False))
            for member, name in fields.items()
        }


def _fate(with_it: bool, without_it: bool) -> str:
    if with_it:
        return "may" if without_it else "must"
    return "never"


def _domain(type_: ValueType, default: Value | None = None) -> Domain:
    return domain(type_, default if default is not None else (0 if type_.ordered else None))


def _outside(intervals: Iterable[Interval], whole: Interval) -> Iterator[Interval]:
    """Yield the parts of `whole` that none of the intervals covers, in order."""
    start = whole[0]
    for low, high in sorted(intervals):
        if low > start and start <= whole[1]:
            yield start, min(low - 1, whole[1])
        start = max(start, high + 1)
    if start <= whole[1]:
        yield start, whole[1]
