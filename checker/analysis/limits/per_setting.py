"""The exact values that each setting may take alone (docs/language.md, section 11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from checker.analysis.limits.free_settings import FreeSettings
from checker.analysis.limits.results import Interval, Limit
from checker.analysis.prove.requirements import RequirementFormulas
from checker.language.model.policy import Parameter
from checker.solver.box_search import BoxSearch, Query, Undecided
from checker.solver.encode import Free
from checker.solver.formulas import Has, Is, Within, every, opposite
from checker.solver.projection import Region
from checker.solver.space import Domain, Space

Bounds = tuple[int, int]  # the first and the last value


def limits(required: RequirementFormulas) -> dict[str, Limit]:
    """Return the limit of every parameter that sellers may set.

    Undecided where the budget of boxes is spent.
    """
    parameters = required.resolved.policy.parameters.values()
    return {
        parameter.name: _limit(required, parameter)
        for parameter in parameters
        if not parameter.fixed
    }


def _limit(required: RequirementFormulas, parameter: Parameter) -> Limit:
    settings = FreeSettings(required, [parameter.name])
    failing, complete = settings.regions()
    if not complete:
        raise Undecided
    free = settings.free.parameters[parameter.name]
    assert isinstance(free, Free)
    if free.members is not None:
        return Limit(parameter, members=_fates(settings.space, failing, free.members))
    if parameter.type.ordered:
        whole = settings.domains[free.field]
        ends = [_ends(region, whole) for region in failing]
        allowed = _outside(ends, (whole.low, whole.high))
        stated = (_stated(bounds, parameter) for bounds in allowed)
        intervals = (_ended(bounds, parameter, whole) for bounds in stated if bounds)
        return Limit(parameter, allowed=tuple(intervals))
    positions = {position for region in failing for position in _positions(region, parameter)}
    values = parameter.type.categories()
    return Limit(
        parameter,
        values=tuple(value for position, value in enumerate(values) if position not in positions),
    )


def _ends(region: Region, whole: Domain) -> Bounds:
    """Return the values of a region of one ordered parameter."""
    low, high = whole.low, whole.high
    for literal in region:
        assert isinstance(literal.atom, Within)
        low = max(low, literal.atom.low if literal.atom.low is not None else low)
        high = min(high, literal.atom.high if literal.atom.high is not None else high)
    return low, high


def _stated(bounds: Bounds, parameter: Parameter) -> Bounds | None:
    """Return the first and the last value that a document can state, None where there are none."""
    low = parameter.type.stated(bounds[0], at_most=False)
    high = parameter.type.stated(bounds[1], at_most=True)
    return (low, high) if low <= high else None


def _ended(bounds: Bounds, parameter: Parameter, whole: Domain) -> Interval:
    """Return values as an interval, which has no end where the domain of a type ends far off."""
    low, high = bounds
    if parameter.type.range is not None:
        return low, high
    open_below = low == whole.low and low < 0
    return None if open_below else low, None if high == whole.high else high


def _positions(region: Region, parameter: Parameter) -> Iterable[int]:
    """Return the positions of a region of one parameter without order."""
    positions = {*range(len(parameter.type.categories()))}
    for literal in region:
        assert isinstance(literal.atom, Has)
        positions &= literal.atom.positions
    return positions


def _fates(space: Space, failing: Sequence[Region], members: Mapping[str, str]) -> dict[str, str]:
    """Return for each member whether it must, may or must never be in the set."""
    passing = every(opposite(every(region)) for region in failing)

    def possible_with(field: str, present: bool) -> bool:
        formula = every([passing, Is(Has(field, frozenset([1])), present)])
        return BoxSearch(space).any(Query(space, space.full).narrowed(formula), expect_case=True)

    return {
        member: _fate(possible_with(field, True), possible_with(field, False))
        for member, field in members.items()
    }


def _fate(with_it: bool, without_it: bool) -> str:
    if with_it:
        return "may" if without_it else "must"
    return "never"


def _outside(intervals: Iterable[Bounds], whole: Bounds) -> Iterator[Bounds]:
    """Yield the parts of `whole` that none of the intervals covers, in order."""
    start = whole[0]
    for low, high in sorted(intervals):
        if low > start and start <= whole[1]:
            yield start, min(low - 1, whole[1])
        start = max(start, high + 1)
    if start <= whole[1]:
        yield start, whole[1]
