"""celine-regorus: one Rego policy, compiled for its virtual machine; JSON goes in and comes out."""

from __future__ import annotations

import json
from typing import Any

from regorus.regorus import Program, Rvm

from benchmarks.one_decision.expressions import Writer
from benchmarks.one_decision.peers import Decide
from benchmarks.one_decision.questions import Answer, Questions


class Rego(Writer[str]):
    """Rego: what is not a single test is a rule of its own, once for all that need it."""

    def __init__(self) -> None:
        self.rules: dict[tuple[str, ...], str] = {}

    def every(self, parts: list[str]) -> str:
        return self._rule(["; ".join(parts)])

    def some(self, parts: list[str]) -> str:
        return self._rule(parts)

    def negated(self, part: str) -> str:
        return part.removeprefix("not ") if part.startswith("not ") else f"not {part}"

    def compared(self, fact: str, operator: str, value: Any) -> str:
        return f"{self.fact(fact)} {operator} {json.dumps(value)}"

    def one_of(self, fact: str, values: list[Any]) -> str:
        members = ", ".join(json.dumps(value) for value in values)
        return f"{self.fact(fact)} in {{{members}}}"

    def fact(self, fact: str) -> str:
        return f"input.{fact}"

    def _rule(self, bodies: list[str]) -> str:
        return self.rules.setdefault((*bodies,), f"rule{len(self.rules)}")

    def module(self, questions: Questions) -> str:
        """Return the policy: a set of the names of the questions that are true."""
        true = [f'holds contains "{q.name}" if {self.write(q.condition)}' for q in questions.all]
        rules = [
            f"{name} if {{ {body} }}" for bodies, name in self.rules.items() for body in bodies
        ]
        return "\n".join(["package returns", "import rego.v1", *true, *rules])


def prepare(questions: Questions) -> Decide:
    """Return the function that decides."""
    names = [each.name for each in questions.all]
    module = Rego().module(questions)
    machine = Rvm()
    machine.load_program(
        Program.compile_from_modules("{}", [("returns.rego", module)], ["data.returns.holds"])
    )

    def decide(facts: dict[str, Any]) -> Answer:
        machine.set_input_json(json.dumps(facts))
        true = {*json.loads(machine.execute())}
        return questions.answer([name in true for name in names])

    return decide
