"""rule-engine: a rule for each question, each asked whether it matches."""

from __future__ import annotations

from typing import Any

from rule_engine import Rule

from benchmarks.one_decision.expressions import Text
from benchmarks.one_decision.peers import Decide
from benchmarks.one_decision.questions import Answer, Questions

RULES = Text(both=" and ", either=" or ", no="not ({})")


def prepare(questions: Questions) -> Decide:
    """Return the function that decides."""
    rules = [Rule(RULES.write(each.condition)) for each in questions.all]

    def decide(facts: dict[str, Any]) -> Answer:
        return questions.answer([rule.matches(facts) for rule in rules])

    return decide
