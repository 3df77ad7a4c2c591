"""Hypothesis looks for a case that an override must not have (section 6, by sampling)."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings

from checker.language.facts import Facts, show_facts
from checker.readings.decide import Decider
from checker.readings.draw import possible_cases

DEFAULT_EXAMPLES = 1000


class _Shown(Exception):
    """A case that shows a finding; a class a check, so that Hypothesis keeps them apart."""

    check = ""

    def __init__(self, facts: Facts) -> None:
        super().__init__(self.check)
        self.facts = facts


class _RequiredReturn(_Shown):
    check = "rejects-required-return"


class _WithoutGround(_Shown):
    check = "rejects-without-ground"


class _WorseTerm(_Shown):
    check = "worse-term"


_SHOWN = {each.check: each for each in (_RequiredReturn, _WithoutGround, _WorseTerm)}


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding and the facts of the smallest case that was found to show it."""

    check: str
    facts: Facts


def search(decider: Decider, *, examples: int, seed: int) -> list[Shown]:
    """Return, for each error of section 6 that was found, the smallest case that shows it.

    Looks at `examples` drawn cases; finding nothing proves nothing.
    """
    with tempfile.TemporaryDirectory() as scratch:
        hypothesis.configuration.set_hypothesis_home_dir(scratch)

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
            for check in decider.decide(facts).findings:
                if check in _SHOWN:
                    raise _SHOWN[check](facts)

        try:
            never_wrong()
        except (_Shown, BaseExceptionGroup) as error:
            return sorted((_found(each) for each in _leaves(error)), key=lambda each: each.check)
        except hypothesis.errors.Unsatisfiable:
            return []
    return []


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for each in error.exceptions for leaf in _leaves(each)]
    return [error]


def _found(error: BaseException) -> Shown:
    if isinstance(error, _Shown):
        return Shown(error.check, error.facts)
    raise error


def as_cases(shown: Shown, decider: Decider) -> dict[str, Any]:
    """Return a `cases` document with the case that shows the finding."""
    world, override = decider.world, decider.override
    document: dict[str, Any] = {"kind": "cases", "policy": world.policy.name}
    if override:
        document["override"] = override.name
    facts = show_facts(shown.facts, world.vocabulary)
    return {**document, "cases": [{"id": shown.check, "facts": facts}]}
