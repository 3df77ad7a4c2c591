"""The property that no case fails an override, tested by Hypothesis (docs/language.md, section 6).

It is the property that `pytest` tests. `checker test` draws from the same values by the quicker
generator of `case_drawing`.
"""

from __future__ import annotations

import tempfile
from itertools import chain
from random import Random

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checker.evaluate.case_drawing import CaseDrawing, facts_of
from checker.evaluate.decider import Decider
from checker.evaluate.decision import FailedCheck
from checker.evaluate.sampling import FailingCase
from checker.language.checks import OVERRIDE_ERRORS
from checker.language.model.types import Value
from checker.language.resolve.facts import Facts

_ATTEMPTS = 6
_FEW = 3


class _CheckFailed(Exception):
    """A case that fails a check; one subclass a check, so that Hypothesis tells them apart."""

    def __init__(self, finding: FailedCheck, facts: Facts) -> None:
        super().__init__(finding)
        self.finding, self.facts = finding, facts


def search_by_property(decider: Decider, *, examples: int, seed: int) -> list[FailingCase]:
    """Return the failing case to which Hypothesis shrinks, for each error that it finds.

    Finding none proves nothing.

    Args:
        decider: decides the cases.
        examples: how many cases are drawn.
        seed: the seed of the random draw.
    """
    kinds: dict[FailedCheck, type[_CheckFailed]] = {}

    @hypothesis.seed(seed)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[*HealthCheck],
        report_multiple_bugs=True,
        print_blob=False,
    )
    @given(possible_cases(decider))
    def never_wrong(facts: Facts) -> None:
        for finding in decider.decide(facts).findings:
            if finding.check in OVERRIDE_ERRORS:
                kind = kinds.setdefault(finding, type("CheckFailed", (_CheckFailed,), {}))
                raise kind(finding, facts)

    with tempfile.TemporaryDirectory() as folder:
        hypothesis.configuration.set_hypothesis_home_dir(folder)
        try:
            never_wrong()
        except (_CheckFailed, BaseExceptionGroup) as error:
            failing_cases = [_failing_case(leaf) for leaf in _leaves(error)]
            return sorted(failing_cases, key=lambda case: case.finding)
        except hypothesis.errors.Unsatisfiable:
            return []
    return []


def possible_cases(decider: Decider) -> st.SearchStrategy[Facts]:
    """Return the strategy of possible cases, with many values at the edges of conditions.

    Every fact is known but the dates that other facts derive from. Two in three cases differ from
    the typical one only in the facts of one condition or a few. Values shrink towards `typical`.
    """
    drawing = CaseDrawing(decider, Random(0))
    strategies = {name: _values(drawing, name) for name in drawing.values}
    fact_sets = drawing.fact_sets or [()]
    one_condition = st.sampled_from(fact_sets).map(lambda facts: {*facts})
    few_sets = st.sets(st.sampled_from(fact_sets), max_size=_FEW)
    few_conditions = few_sets.map(lambda sets: {*chain(*sets)})

    @st.composite
    def possible_case(draw: st.DrawFn) -> Facts:
        unusual = draw(one_condition | few_conditions | st.just({*strategies}))
        facts = {**drawing.typical}
        for name, values in strategies.items():
            if name in unusual:
                facts[name] = draw(values)
        for _ in range(_ATTEMPTS):
            broken = decider.broken_invariants(facts)
            if not broken:
                return facts
            names = facts_of(broken)
            for name in names:
                facts[name] = draw(strategies[name])
            if draw(st.booleans()):
                facts |= drawing.as_one(names, facts)
        hypothesis.reject()

    return possible_case()


def _values(drawing: CaseDrawing, name: str) -> st.SearchStrategy[Value]:
    at_edges = st.sampled_from(drawing.values[name])
    if name not in drawing.ranges:
        return at_edges
    return st.one_of(at_edges, at_edges, at_edges, st.integers(*drawing.ranges[name]))


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in _leaves(inner)]
    return [error]


def _failing_case(error: BaseException) -> FailingCase:
    if isinstance(error, _CheckFailed):
        return FailingCase(error.finding, error.facts)
    raise error
