"""What was found of one policy: statements, notes and problems, gathered property by property."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from checker.exchange.schema_org.nodes import Graph, Node, Scalar, shown
from checker.exchange.schema_org.nodes import Value as Said
from checker.exchange.schema_org.values import Unclear
from checker.exchange.statements import Note, Statement, Value, not_understood
from checker.language.syntax.problems import Finding

Read = TypeVar("Read")


@dataclass(slots=True)
class Found:
    """What a policy says; `graph` knows the things that it refers to."""

    graph: Graph
    statements: list[Statement] = field(default_factory=list)
    notes: dict[Note, None] = field(default_factory=dict)  # each once, in their order
    problems: list[Finding] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)  # as `Stated` has them

    def each(
        self, node: Node, name: str, read: Callable[[Scalar | Node], Read]
    ) -> list[tuple[Read, Said]]:
        """Return the distinct values of a property; what can't be read of them is a problem."""
        values: dict[Read, Said] = {}
        for said in node.says.get(name, []):
            try:
                values.setdefault(read(self.graph.whole(said.value)), said)
            except Unclear as unclear:
                self.odd(said, unclear.why, unclear.help)
        return [*values.items()]

    def one(
        self, node: Node, name: str, read: Callable[[Scalar | Node], Read]
    ) -> tuple[Read, Said] | None:
        """Return the value of a property that can have one; None where it has none or several."""
        values = self.each(node, name, read)
        if len(values) > 1:
            self.odd(values[1][1], f"contradicts `{values[0][1].said}`")
        return values[0] if len(values) == 1 else None

    def state(self, notion: str, value: Value, *said: Said, currency: str = "") -> None:
        """State a notion, as one value of a property or several say it."""
        text = ", ".join([said[0].said, *(shown(each.value) for each in said[1:])])
        statement = Statement(notion, value, text, said[0].place.position, currency)
        if all((each.notion, each.value) != (notion, value) for each in self.statements):
            self.statements.append(statement)

    def note(self, said: Said, text: str = "") -> None:
        """Keep for people what no notion says."""
        self.notes[Note(text or said.said, said.place.position)] = None

    def silent(self, node: Node, text: str) -> None:
        """Keep for people that a policy does not say something."""
        self.notes[Note(f"does not say {text}", node.place.position)] = None

    def odd(self, said: Said, why: str, help: str | None = None) -> None:
        """Say why a value is not understood."""
        problem = not_understood(said.place.position, f"`{said.said}` {why}", said.place.at, help)
        self.problems.append(problem)
