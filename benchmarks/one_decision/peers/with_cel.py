"""common-expression-language: one compiled program that gives a list of answers."""

from __future__ import annotations

from typing import Any

import cel

from benchmarks.one_decision.expressions import Text
from benchmarks.one_decision.peers import Decide
from benchmarks.one_decision.questions import Answer, Questions

CEL = Text()


def prepare(questions: Questions) -> Decide:
    """Return the function that decides."""
    answers = ", ".join(CEL.write(each.condition) for each in questions.all)
    program = cel.compile(f"[{answers}]")

    def decide(facts: dict[str, Any]) -> Answer:
        return questions.answer(program.execute(facts))

    return decide
