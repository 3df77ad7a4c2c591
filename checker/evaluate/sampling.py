"""Draws cases in search of one that fails a check (docs/language.md, section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from checker.evaluate.case_drawing import CaseDrawing
from checker.evaluate.decider import Decider
from checker.evaluate.decision import FailedCheck
from checker.language.checks import OVERRIDE_ERRORS
from checker.language.resolve.facts import Facts

_DRAWS_OF_ONE = 10  # how often a case is drawn again where it was drawn before or is impossible


@dataclass(frozen=True, slots=True)
class FailingCase:
    """A failed check, and the facts of the plainest case found that fails it."""

    finding: FailedCheck
    facts: Facts


def search(decider: Decider, *, examples: int, seed: int) -> list[FailingCase]:
    """Return the plainest failing case that is found for each error.

    Finding none proves nothing.

    Args:
        decider: decides the cases.
        examples: how many different cases are drawn; fewer where there are no more.
        seed: the seed of the random draw.
    """
    drawing = CaseDrawing(decider, Random(seed))
    first_cases: dict[FailedCheck, Facts] = {}
    seen: set[tuple[object, ...]] = set()
    for _ in range(examples * _DRAWS_OF_ONE):
        facts = drawing.draw()
        if facts is None or (case := tuple(facts.values())) in seen:
            continue
        seen.add(case)
        for finding in _errors(decider, facts):
            first_cases.setdefault(finding, facts)
        if len(seen) == examples:
            break
    return [
        FailingCase(finding, _plainest(drawing, decider, finding, facts))
        for finding, facts in sorted(first_cases.items())
    ]


def _plainest(drawing: CaseDrawing, decider: Decider, finding: FailedCheck, facts: Facts) -> Facts:
    """Return a plain case that fails the check, near the one with these facts."""
    return drawing.simplest(facts, lambda changed: finding in _errors(decider, changed))


def _errors(decider: Decider, facts: Facts) -> list[FailedCheck]:
    findings = decider.decide(facts).findings
    return [finding for finding in findings if finding.check in OVERRIDE_ERRORS]
