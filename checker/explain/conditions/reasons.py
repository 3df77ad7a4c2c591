"""Why a condition is true or false of a case, and what it still depends on, in words.

What is said are statements about the case that make it so: of an `all` that is true every part, of
one that is false the first part that is, and of an `any` the other way round, but all parts that
are true. Grounds and definitions are read through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from checker.evaluate.interpreter import Interpreter
from checker.explain.conditions.lines import Line, leaves
from checker.explain.conditions.sentences import Words
from checker.explain.conditions.values import of_fact
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

    words: Words
    names: Names
    parameters: Mapping[str, Value]
    facts: Facts
    _known: dict[Condition, bool | None] = field(default_factory=dict, repr=False)

    def value(self, condition: Condition) -> bool | None:
        """Return whether the condition is true of the case, None where that is unknown."""
        if condition not in self._known:
            interpreter = Interpreter(self.names, self.parameters, self.facts)
            self._known[condition] = interpreter.value(condition)
        return self._known[condition]

    def why(self, condition: Condition) -> list[Line]:
        """Return the statements that make a condition true or false, whichever it is."""
        return [*dict.fromkeys(self._why(condition, self.value(condition) is True))]

    def _why(self, condition: Condition, holds: bool) -> list[Line]:
        if isinstance(condition, All | AnyOf):
            every = isinstance(condition, All) is holds
            parts = [part for part in condition.parts if every or self.value(part) is holds]
            parts = parts if holds or every else parts[:1]  # of what is false one part is enough
            return [line for part in parts for line in self._why(part, holds)]
        if isinstance(condition, Not):
            return self._why(condition.part, not holds)
        if isinstance(condition, GroundHolds | Defined):
            return self._why(self.names.of(condition), holds)
        assert isinstance(condition, Test), "authors write operators"
        return [self._statement(condition, holds)]

    def _statement(self, test: Test, holds: bool) -> Line:
        """Return what a test is about with its value, and what follows where that is not plain."""
        words, subject = replace(self.words, case=self.facts), test.subject
        core = test.core.part if isinstance(test.core, Not) else test.core
        # of a value among those named, that it is what it is says all
        named = isinstance(core, Equal | OneOf)
        plain = named and all(isinstance(each, Literal) for each in test.operands)
        if isinstance(subject, ParameterValue) and plain:
            return self._set(subject.name, replace(words, bare=True))
        value = self.facts[subject.name] if isinstance(subject, FactValue) else None
        if value is None or isinstance(value, bool):
            return next(iter(leaves(words.condition(test, holds))))
        stated = words.stated(subject.name, value)
        if plain:
            return stated
        predicate = words.predicate(test, holds, of_fact(words.facts[subject.name]))
        return words.phrase("which", fact=stated, predicate=predicate)

    def _set(self, name: str, words: Words) -> Line:
        """Return what a setting is."""
        value = words.measure(name).said(self.parameters[name], words.language)
        return words.phrase("test", subject=words.setting(name), predicate=words.is_value(value))

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
