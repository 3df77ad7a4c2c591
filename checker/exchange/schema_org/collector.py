"""Collects the statements, notes and problems of one policy, property by property."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from checker.exchange.schema_org.things import Graph, PropertyValue, Scalar, Thing, display
from checker.exchange.schema_org.values import UnclearValue
from checker.exchange.statements import Note, Statement, Value, not_understood
from checker.language.syntax.problems import Finding

Parsed = TypeVar("Parsed")


@dataclass(slots=True)
class PolicyCollector:
    """Collects what one policy states; `graph` has the things that it refers to."""

    graph: Graph
    statements: list[Statement] = field(default_factory=list)
    notes: dict[Note, None] = field(default_factory=dict)  # an ordered set
    problems: list[Finding] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)  # as in `StatedPolicy`

    def values(
        self, thing: Thing, name: str, parse: Callable[[Scalar | Thing], Parsed]
    ) -> list[tuple[Parsed, PropertyValue]]:
        """Return the distinct values of a property; a value that can't be parsed is a problem."""
        values: dict[Parsed, PropertyValue] = {}
        for value in thing.properties.get(name, []):
            try:
                values.setdefault(parse(self.graph.resolve(value.value)), value)
            except UnclearValue as unclear:
                self.report_problem(value, unclear.why, unclear.help)
        return [*values.items()]

    def single_value(
        self, thing: Thing, name: str, parse: Callable[[Scalar | Thing], Parsed]
    ) -> tuple[Parsed, PropertyValue] | None:
        """Return the value of a property that can have one; None where it has none or several."""
        values = self.values(thing, name, parse)
        if len(values) > 1:
            self.report_problem(values[1][1], f"contradicts `{values[0][1].source_text}`")
        return values[0] if len(values) == 1 else None

    def state(self, notion: str, value: Value, *sources: PropertyValue, currency: str = "") -> None:
        """Add a statement that one or several values of a property make, unless it is known."""
        text = ", ".join([sources[0].source_text, *(display(each.value) for each in sources[1:])])
        statement = Statement(notion, value, text, sources[0].location.position, currency)
        if all((known.notion, known.value) != (notion, value) for known in self.statements):
            self.statements.append(statement)

    def note(self, value: PropertyValue, text: str = "") -> None:
        """Add a note, for what no notion states: the text, or the property with its value."""
        self.notes[Note(text or value.source_text, value.location.position)] = None

    def note_missing(self, thing: Thing, text: str) -> None:
        """Add a note that a policy does not state something."""
        self.notes[Note(f"does not say {text}", thing.location.position)] = None

    def report_problem(self, value: PropertyValue, why: str, help: str | None = None) -> None:
        """Report that a value is not understood; the message is the property and `why`."""
        message, location = f"`{value.source_text}` {why}", value.location
        self.problems.append(not_understood(location.position, message, location.at, help))
