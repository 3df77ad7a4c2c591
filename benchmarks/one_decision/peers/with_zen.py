"""zen-engine: one compiled expression that gives a list of answers."""

from __future__ import annotations

from typing import Any

import zen

from benchmarks.one_decision.expressions import Text
from benchmarks.one_decision.peers import Decide
from benchmarks.one_decision.questions import Answer, Questions

ZEN = Text(both=" and ", either=" or ", no="not ({})")


def prepare(questions: Questions) -> Decide:
    """Return the function that decides."""
    answers = ", ".join(ZEN.write(each.condition) for each in questions.all)
    expression = zen.compile_expression(f"[{answers}]")

    def decide(facts: dict[str, Any]) -> Answer:
        return questions.answer(expression.evaluate(facts))

    return decide
