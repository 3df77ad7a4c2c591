"""Why a condition is true or false in a case, and what an unknown one still depends on.

The reasons are statements about the case: for a true `all` those of every part, for a false `all`
those of its first false part; for a true `any` those of all its true parts, for a false `any` those
of every part. A ground or definition has the reasons of its condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from checker.evaluate.interpreter import Interpreter
from checker.explain.conditions.rich_text import RichText, leaves
from checker.explain.conditions.sentences import SentenceWriter
from checker.explain.conditions.values import fact_format
from checker.language.model.conditions import (
    All,
    AnyOf,
    Condition,
    Defined,
    Equal,
    FactValue,
    GroundHolds,
    Literal,
    Names,
    Not,
    OneOf,
    ParameterValue,
    Test,
)
from checker.language.model.types import Value
from checker.language.resolve.facts import Facts


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why conditions over `names` and `parameters` hold or fail in the case of `facts`."""

    sentences: SentenceWriter
    names: Names
    parameters: Mapping[str, Value]
    facts: Facts
    _known: dict[Condition, bool | None] = field(default_factory=dict, repr=False)

    def value(self, condition: Condition) -> bool | None:
        """Return whether the condition is true in the case, None where that is unknown."""
        if condition not in self._known:
            interpreter = Interpreter(self.names, self.parameters, self.facts)
            self._known[condition] = interpreter.value(condition)
        return self._known[condition]

    def why(self, condition: Condition) -> list[RichText]:
        """Return the statements that make a condition true or false, whichever it is."""
        return [*dict.fromkeys(self._why(condition, self.value(condition) is True))]

    def _why(self, condition: Condition, holds: bool) -> list[RichText]:
        if isinstance(condition, All | AnyOf):
            every = isinstance(condition, All) is holds
            parts = [part for part in condition.parts if every or self.value(part) is holds]
            parts = parts if holds or every else parts[:1]  # one false part is enough
            return [line for part in parts for line in self._why(part, holds)]
        if isinstance(condition, Not):
            return self._why(condition.part, not holds)
        if isinstance(condition, GroundHolds | Defined):
            return self._why(self.names.of(condition), holds)
        assert isinstance(condition, Test), "authors write operators"
        return [self._statement(condition, holds)]

    def _statement(self, test: Test, holds: bool) -> RichText:
        """Return the subject with its value, and the test's predicate where that adds something."""
        sentences, subject = replace(self.sentences, case=self.facts), test.subject
        core = test.core.part if isinstance(test.core, Not) else test.core
        # a test that lists the values needs no more than the value of the case
        lists_values = isinstance(core, Equal | OneOf)
        plain = lists_values and all(isinstance(operand, Literal) for operand in test.operands)
        if isinstance(subject, ParameterValue) and plain:
            return self._setting_statement(subject.name, replace(sentences, bare=True))
        value = self.facts[subject.name] if isinstance(subject, FactValue) else None
        if value is None or isinstance(value, bool):
            return next(iter(leaves(sentences.condition(test, holds))))
        statement = sentences.fact_statement(subject.name, value)
        if plain:
            return statement
        predicate = sentences.predicate(test, holds, fact_format(sentences.facts[subject.name]))
        return sentences.phrase("which", fact=statement, predicate=predicate)

    def _setting_statement(self, name: str, sentences: SentenceWriter) -> RichText:
        """Return the statement that a parameter has its value in the case."""
        value = sentences.parameter_format(name).text(self.parameters[name], sentences.language)
        return sentences.phrase(
            "test", subject=sentences.setting(name), predicate=sentences.equals(value)
        )

    def left(self, condition: Condition) -> Condition:
        """Return what an unknown condition still depends on: the parts of it that are unknown."""
        if isinstance(condition, All | AnyOf):
            parts = [self.left(part) for part in condition.parts if self.value(part) is None]
            return parts[0] if len(parts) == 1 else type(condition)(tuple(parts))
        if isinstance(condition, Not):
            return Not(self.left(condition.part))
        if isinstance(condition, GroundHolds | Defined):
            return self.left(self.names.of(condition))
        return condition
