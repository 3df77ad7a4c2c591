"""What two formulas of one shape show of each other is so in every case, on drawn worlds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from hypothesis import given

from checker.analysis.prove.policy_formulas import PolicyFormulas, as_it_stands, as_set
from checker.language.model.types import ValueType
from checker.language.resolve.facts import Facts
from checker.solver.formulas import (
    DifferenceConstraint,
    Every,
    Formula,
    Has,
    Is,
    Within,
    entails,
    opposite,
)
from tests import reference
from tests.drawing import drawing, print_counts
from tests.properties.test_proofs import all_cases, small_worlds
from tests.worlds import decider

WORLDS = 150


def holds(formula: Formula, case: Facts, types: Mapping[str, ValueType]) -> bool:
    """Return whether a formula is true of a case, read off its parts."""
    if not isinstance(formula, Is):
        held = (holds(part, case, types) for part in formula.parts)
        return all(held) if isinstance(formula, Every) else any(held)
    atom = formula.atom
    if isinstance(atom, DifferenceConstraint):
        found = int(case[atom.left]) <= int(case[atom.right]) + atom.plus  # type: ignore[arg-type]
    elif isinstance(atom, Within):
        value = int(case[atom.field])  # type: ignore[arg-type]
        low, high = atom.low, atom.high
        found = (low is None or low <= value) and (high is None or value <= high)
    else:
        assert isinstance(atom, Has)
        found = types[atom.field].categories().index(case[atom.field]) in atom.positions
    return found is formula.positive


def pairs(own: PolicyFormulas, seller: PolicyFormulas) -> Iterator[tuple[Formula, Formula]]:
    """Yield what entitlements and grounds mean without and with the settings, and the opposites."""
    for each in own.policy.entitlements.values():
        yield own.owed(each), seller.owed(each)
    for id in own.policy.grounds:
        yield own.ground(id), seller.ground(id)
        yield own.no_ground(id), seller.no_ground(id)


def test_what_is_entailed_is_so_in_every_case() -> None:
    seen: Counter[str] = Counter()

    @drawing(WORLDS)
    @given(small_worlds())
    def agree(resolved: reference.World) -> None:
        read = decider(resolved)
        assert read.override
        own = as_it_stands(read.resolved.policy)
        seller = as_set(own, read.override.parameters(), {})
        cases, types = all_cases(read), read.resolved.vocabulary.types()
        seen["worlds"] += 1
        for one, other in (each for pair in pairs(own, seller) for each in (pair, pair[::-1])):
            if one is other or not entails(one, other):
                continue
            seen["entailed"] += 1
            assert not any(holds(one, c, types) and not holds(other, c, types) for c in cases)
            assert all(holds(opposite(one), c, types) is not holds(one, c, types) for c in cases)

    agree()
    print_counts(seen)
    assert seen["entailed"] > 5
