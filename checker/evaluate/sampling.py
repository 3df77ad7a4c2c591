"""Hypothesis draws cases and looks for one that fails a check (docs/language.md, section 6)."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings

from checker.evaluate.decider import Decider, FailedCheck
from checker.evaluate.strategies import possible_cases
from checker.language.checks import OVERRIDE_ERRORS
from checker.language.resolve.facts import Facts


class _Found(Exception):
    """A case that shows a finding; a class a finding, so that Hypothesis keeps them apart."""

    def __init__(self, finding: FailedCheck, facts: Facts) -> None:
        super().__init__(finding)
        self.finding, self.facts = finding, facts


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding and the facts of the smallest case that was found to show it."""

    finding: FailedCheck
    facts: Facts


def search(decider: Decider, *, examples: int, seed: int) -> list[Shown]:
    """Return, for each error that was found, the smallest case that shows it.

    Looks at `examples` drawn cases; finding nothing proves nothing.
    """
    with tempfile.TemporaryDirectory() as scratch:
        hypothesis.configuration.set_hypothesis_home_dir(scratch)

        kinds: dict[FailedCheck, type[_Found]] = {}

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
                    kind = kinds.setdefault(finding, type("Found", (_Found,), {}))
                    raise kind(finding, facts)

        try:
            never_wrong()
        except (_Found, BaseExceptionGroup) as error:
            return sorted((_shown(each) for each in _leaves(error)), key=lambda each: each.finding)
        except hypothesis.errors.Unsatisfiable:
            return []
    return []


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for each in error.exceptions for leaf in _leaves(each)]
    return [error]


def _shown(error: BaseException) -> Shown:
    if isinstance(error, _Found):
        return Shown(error.finding, error.facts)
    raise error
