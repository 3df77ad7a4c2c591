"""json-logic: a rule for each question, interpreted anew each time; it compiles nothing.

The library is written for Python 2. Two places are put right as it is read, so that it runs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.one_decision.expressions import JsonLogic
from benchmarks.one_decision.peers import Decide
from benchmarks.one_decision.questions import Answer, Questions


def prepare(questions: Questions) -> Decide:
    """Return the function that decides."""
    json_logic = _for_python_3()
    rules = [JsonLogic().write(each.condition) for each in questions.all]

    def decide(facts: dict[str, Any]) -> Answer:
        return questions.answer([json_logic(rule, facts) for rule in rules])

    return decide


def _for_python_3() -> Callable[[Any, Any], Any]:
    """Return the library's function; `reduce` is no builtin now, and keys are no list."""
    spec = find_spec("json_logic")
    assert spec and spec.origin
    source = Path(spec.origin).read_text(encoding="utf-8")
    space: dict[str, Any] = {"reduce": reduce}
    code = source.replace("tests.keys()[0]", "next(iter(tests))")
    exec(compile(code, spec.origin, "exec"), space)
    function: Callable[[Any, Any], Any] = space["jsonLogic"]
    return function
