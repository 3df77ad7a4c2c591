"""The property that no case fails an override, tested by Hypothesis (docs/language.md, section 6).

It is the property that `pytest` tests. `checker test` draws the same way from Python's own
generator, which is quicker.
"""

from __future__ import annotations

import tempfile
from random import Random

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checker.evaluate.case_drawing import CaseDrawing
from checker.evaluate.decider import Decider
from checker.evaluate.decision import FailedCheck
from checker.evaluate.sampling import FailingCase
from checker.language.checks import OVERRIDE_ERRORS
from checker.language.resolve.facts import Facts


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

    They are drawn as `CaseDrawing` draws, with Hypothesis as its source: a lower choice is a
    plainer one, so that cases shrink towards the typical one.
    """
    drawing = CaseDrawing(decider, Random(0))

    @st.composite
    def possible_case(draw: st.DrawFn) -> Facts:
        drawing.random = draw(st.randoms(use_true_random=False))
        facts = drawing.draw()
        if facts is None:
            hypothesis.reject()
        return facts

    return possible_case()


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in _leaves(inner)]
    return [error]


def _failing_case(error: BaseException) -> FailingCase:
    if isinstance(error, _CheckFailed):
        return FailingCase(error.finding, error.facts)
    raise error
