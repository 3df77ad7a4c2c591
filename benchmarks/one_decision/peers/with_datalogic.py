"""datalogic-py: one compiled rule that gives a list of answers, evaluated in a session."""

from __future__ import annotations

from typing import Any

from datalogic_py import Engine

from benchmarks.one_decision.expressions import JsonLogic
from benchmarks.one_decision.peers import Decide
from benchmarks.one_decision.questions import Answer, Questions


def prepare(questions: Questions) -> Decide:
    """Return the function that decides."""
    engine = Engine()
    rule = engine.compile([JsonLogic().write(each.condition) for each in questions.all])
    session = engine.session()

    def decide(facts: dict[str, Any]) -> Answer:
        return questions.answer(session.evaluate(rule, facts))

    return decide
