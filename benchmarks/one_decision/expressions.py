"""Conditions in other rule languages: one walk over the tree, one writer for each kind."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from checker.language.conditions import (
    All,
    AnyOf,
    Condition,
    FactValue,
    Literal,
    Not,
    Operand,
    Test,
)
from checker.language.policy import Policy

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
    def compared(self, subject: Written, operator: str, operand: Written) -> Written: ...

    @abstractmethod
    def one_of(self, subject: Written, values: Written) -> Written: ...

    @abstractmethod
    def fact(self, name: str) -> Written: ...

    @abstractmethod
    def literal(self, value: Any) -> Written: ...

    def write(self, condition: Condition, policy: Policy) -> Written:
        """Return `condition`, with the definitions and grounds that it names written out."""
        if isinstance(condition, All):
            return self.every([self.write(part, policy) for part in condition.parts])
        if isinstance(condition, AnyOf):
            return self.some([self.write(part, policy) for part in condition.parts])
        if isinstance(condition, Not):
            return self.negated(self.write(condition.part, policy))
        if isinstance(condition, Test):
            return self._test(condition, policy)
        return self.write(policy.names.of(condition), policy)

    def _test(self, test: Test, policy: Policy) -> Written:
        subject, operand = self._operand(test.subject, policy), test.operands[0]
        if test.operator == "is" and isinstance(operand, Literal) and operand.value in (True, False):
            return subject if operand.value else self.negated(subject)
        if test.operator in ("one_of", "none_of"):
            found = self.one_of(subject, self._operand(operand, policy))
            return found if test.operator == "one_of" else self.negated(found)
        operator = COMPARISONS[test.operator]
        return self.compared(subject, operator, self._operand(operand, policy))

    def _operand(self, operand: Operand, policy: Policy) -> Written:
        if isinstance(operand, FactValue):
            return self.fact(operand.name)
        if isinstance(operand, Literal):
            return self.literal(operand.value)
        return self.literal(policy.parameters[operand.name].default)


class JsonLogic(Writer[Any]):
    """The rules of JsonLogic: a map of one operator to its operands."""

    def every(self, parts: list[Any]) -> Any:
        return {"and": parts}

    def some(self, parts: list[Any]) -> Any:
        return {"or": parts}

    def negated(self, part: Any) -> Any:
        return {"!": [part]}

    def compared(self, subject: Any, operator: str, operand: Any) -> Any:
        return {operator: [subject, operand]}

    def one_of(self, subject: Any, values: Any) -> Any:
        return {"in": [subject, values]}

    def fact(self, name: str) -> Any:
        return {"var": name}

    def literal(self, value: Any) -> Any:
        return [*value] if isinstance(value, tuple) else value


@dataclass(frozen=True)
class Text(Writer[str]):
    """Expressions as text, for languages that look much like each other."""

    both: str = " && "
    either: str = " || "
    no: str = "!({})"
    member: str = "{subject} in {values}"
    name: str = "{}"

    def every(self, parts: list[str]) -> str:
        return f"({self.both.join(parts)})"

    def some(self, parts: list[str]) -> str:
        return f"({self.either.join(parts)})"

    def negated(self, part: str) -> str:
        return self.no.format(part)

    def compared(self, subject: str, operator: str, operand: str) -> str:
        return f"{subject} {operator} {operand}"

    def one_of(self, subject: str, values: str) -> str:
        return self.member.format(subject=subject, values=values)

    def fact(self, name: str) -> str:
        return self.name.format(name)

    def literal(self, value: Any) -> str:
        return json.dumps(value)
