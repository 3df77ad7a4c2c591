"""Draws cases with Hypothesis in search of one that fails a check (docs/language.md, section 6)."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings

from checker.evaluate.decider import Decider
from checker.evaluate.decision import FailedCheck
from checker.evaluate.strategies import possible_cases
from checker.language.checks import OVERRIDE_ERRORS
from checker.language.resolve.facts import Facts


class _CheckFailed(Exception):
    """A case that fails a check; one subclass a check, so that Hypothesis tells them apart."""

    def __init__(self, finding: FailedCheck, facts: Facts) -> None:
        super().__init__(finding)
        self.finding, self.facts = finding, facts


@dataclass(frozen=True, slots=True)
class FailingCase:
    """A failed check, and the facts of the smallest case found that fails it."""

    finding: FailedCheck
    facts: Facts


def search(decider: Decider, *, examples: int, seed: int) -> list[FailingCase]:
    """Return the smallest failing case that is found for each error.

    Finding none proves nothing.

    Args:
        decider: decides the cases.
        examples: how many cases are drawn.
        seed: the seed of the random draw.
    """
    with tempfile.TemporaryDirectory() as folder:
        hypothesis.configuration.set_hypothesis_home_dir(folder)

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

        try:
            never_wrong()
        except (_CheckFailed, BaseExceptionGroup) as error:
            failing_cases = [_failing_case(leaf) for leaf in _leaves(error)]
            return sorted(failing_cases, key=lambda case: case.finding)
        except hypothesis.errors.Unsatisfiable:
            return []
    return []


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in _leaves(inner)]
    return [error]


def _failing_case(error: BaseException) -> FailingCase:
    if isinstance(error, _CheckFailed):
        return FailingCase(error.finding, error.facts)
    raise error
