"""What the steps of taking in a table of returns share: layers of columns, and refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic

from checker.audit.intake.columns import Raw
from checker.audit.intake.typed import is_stated
from checker.columns.base import Columns, E, Layer
from checker.language.model.conditions import FactValue
from checker.language.model.types import ValueType
from checker.language.model.vocabulary import Fact
from checker.language.resolve.resolver import ResolvedPolicy

_TYPES_IN_COLUMNS: dict[str, type] = {"boolean": bool, "enum": str}


@dataclass(slots=True)
class IntakeBuilder(Generic[E]):
    """The columns taken in so far, and why rows are refused.

    Attributes:
        engine: the operations of the engine.
        resolved: the policy with its vocabulary and calendars.
        raws: the table's columns, by what they state.
        layers: the layers to compute; there are always at least two.
        facts: each fact's column.
        stated: the columns of derived facts as the table states them.
        problems: for each stage, whether a row is refused, and the reason.
        least: the lowest count of each fact that counts by a calendar; its column in `facts` is the
            highest. They differ where days that the calendar does not cover count.
        unpublished: for each count by a calendar, whether these two differ, and the message about
            that.
    """

    engine: Columns[E]
    resolved: ResolvedPolicy
    raws: dict[str, Raw[E]]
    layers: list[Layer[E]]
    facts: dict[str, E] = field(default_factory=dict)
    stated: dict[str, E] = field(default_factory=dict)
    problems: list[list[tuple[E, E]]] = field(default_factory=list)
    least: dict[str, E] = field(default_factory=dict)
    unpublished: list[tuple[E, E]] = field(default_factory=list)

    def put(self, name: str, column: E) -> E:
        """Put a column into the last layer; return the reference to it."""
        self.layers[-1][name] = column
        return self.engine.column(name)

    def put_before(self, name: str, column: E) -> E:
        """Put a column into the layer before the last; return the reference to it."""
        self.layers[-2][name] = column
        return self.engine.column(name)

    def absent(self, type: ValueType) -> E:
        """Return NULL, of the type that columns of the value type have."""
        return self.engine.absent(_TYPES_IN_COLUMNS.get(type.name, int))

    def with_default(self, fact: Fact) -> E:
        """Return a fact's column, with its default where a row does not state the fact."""
        column, default = self.facts[fact.name], fact.default
        if default is None:
            return column
        if isinstance(default, FactValue):
            value = self.facts[default.name]
        else:
            assert isinstance(default, bool | int | str)
            value = self.engine.value(default)
        return self.engine.first_match([(self.engine.is_absent(column), value)], column)

    def refuse(self, subject: str, wrong: E, reason: E) -> None:
        """Refuse the rows where `wrong` is true, at the current stage."""
        message = self.engine.joined([self.engine.value(subject), reason])
        self.problems[-1].append((wrong, message))

    def unreadable(self, raw: Raw[E], column: E) -> E:
        """Return whether a raw column states a value and its typed column has none."""
        engine = self.engine
        return engine.every([is_stated(engine, raw.column, raw.kind), engine.is_absent(column)])
