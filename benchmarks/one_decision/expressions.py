"""Plain conditions in other rule languages: one walk over the tree, one writer for each kind."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from checker.language.model.conditions import All, AnyOf, Condition, FactValue, Literal, Not, Test

Written = TypeVar("Written")

COMPARISONS = {
    "is": "==",
    "is_not": "!=",
    "at_least": ">=",
    "at_most": "<=",
    "more_than": ">",
    "less_than": "<",
}


class Writer(ABC, Generic[Written]):
    """How a rule language says what conditions are made of."""

    @abstractmethod
    def every(self, parts: list[Written]) -> Written: ...

    @abstractmethod
    def some(self, parts: list[Written]) -> Written: ...

    @abstractmethod
    def negated(self, part: Written) -> Written: ...

    @abstractmethod
    def compared(self, fact: str, operator: str, value: Any) -> Written: ...

    @abstractmethod
    def one_of(self, fact: str, values: list[Any]) -> Written: ...

    @abstractmethod
    def fact(self, fact: str) -> Written: ...

    def write(self, condition: Condition) -> Written:
        """Return the condition in the rule language."""
        if isinstance(condition, All):
            return self.every([self.write(part) for part in condition.parts])
        if isinstance(condition, AnyOf):
            return self.some([self.write(part) for part in condition.parts])
        if isinstance(condition, Not):
            return self.negated(self.write(condition.part))
        assert isinstance(condition, Test)
        return self._test(condition)

    def _test(self, test: Test) -> Written:
        assert isinstance(test.subject, FactValue)
        operand, fact = test.operands[0], test.subject.name
        assert isinstance(operand, Literal), "no condition here compares two facts"
        value = operand.value
        if isinstance(value, tuple):
            found = self.one_of(fact, sorted(value))
            return found if test.operator == "one_of" else self.negated(found)
        if isinstance(value, bool):
            true = (test.operator == "is") == value
            return self.fact(fact) if true else self.negated(self.fact(fact))
        return self.compared(fact, COMPARISONS[test.operator], value)


class JsonLogic(Writer[dict[str, Any]]):
    """JsonLogic: a map of one operator to its operands."""

    def every(self, parts: list[Any]) -> dict[str, Any]:
        return {"and": parts}

    def some(self, parts: list[Any]) -> dict[str, Any]:
        return {"or": parts}

    def negated(self, part: Any) -> dict[str, Any]:
        return {"!": [part]}

    def compared(self, fact: str, operator: str, value: Any) -> dict[str, Any]:
        return {operator: [self.fact(fact), value]}

    def one_of(self, fact: str, values: list[Any]) -> dict[str, Any]:
        return {"in": [self.fact(fact), values]}

    def fact(self, fact: str) -> dict[str, Any]:
        return {"var": fact}


@dataclass(frozen=True)
class Text(Writer[str]):
    """Expressions as text, for languages that look much like each other."""

    both: str = " && "
    either: str = " || "
    no: str = "!({})"
    named: str = "{}"
    member: str = "{fact} in {values}"

    def every(self, parts: list[str]) -> str:
        return f"({self.both.join(parts)})"

    def some(self, parts: list[str]) -> str:
        return f"({self.either.join(parts)})"

    def negated(self, part: str) -> str:
        return self.no.format(part)

    def compared(self, fact: str, operator: str, value: Any) -> str:
        return f"{self.fact(fact)} {operator} {json.dumps(value)}"

    def one_of(self, fact: str, values: list[Any]) -> str:
        return self.member.format(fact=self.fact(fact), values=json.dumps(values))

    def fact(self, fact: str) -> str:
        return self.named.format(fact)
