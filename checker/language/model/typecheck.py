"""From a document's `when:` to the condition tree, every name resolved and every type checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.language.model.conditions import (
    All,
    AnyOf,
    Condition,
    Defined,
    FactValue,
    GroundHolds,
    Literal,
    Not,
    Operand,
    ParameterValue,
    Test,
)
from checker.language.model.operators import OPERATORS, OperandShape, Operator, shorthand
from checker.language.model.types import ValueType
from checker.language.syntax.documents import Path, Reporter
from checker.language.syntax.problems import did_you_mean, quoted

RESERVED = frozenset(["all", "any", "not", "ground", "definition"])
_SEPARATELY = "test the derived fact"


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that a condition may use, and how to speak of them.

    `broken` are names that are declared but could not be read: their own errors are reported
    where they stand, so that a use of one is no second error.
    """

    facts: Mapping[str, ValueType]
    parameters: Mapping[str, ValueType] = field(default_factory=dict)
    grounds: frozenset[str] = frozenset()
    definitions: frozenset[str] = frozenset()
    derived_from: Mapping[str, str] = field(default_factory=dict)
    invalid: frozenset[str] = frozenset()
    what: str = "fact or parameter"
    names_allowed: bool = True


@dataclass(slots=True)
class ConditionReader:
    """Reads conditions of one document; errors go to the reporter, and the rest is still read."""

    scope: Scope
    report: Reporter

    def condition(self, data: Any, path: Path) -> Condition | None:
        """Return the tree of the condition at `path`, None where part of it is in error."""
        parts = [self._entry(key, value, (*path, key)) for key, value in data.items()]
        whole = [part for part in parts if part is not None]
        if len(whole) < len(parts):
            return None
        return whole[0] if len(whole) == 1 else All(tuple(whole))

    def _entry(self, key: str, value: Any, path: Path) -> Condition | None:
        if key in ("all", "any"):
            parts = [self.condition(part, (*path, i)) for i, part in enumerate(value)]
            whole = tuple(part for part in parts if part is not None)
            if len(whole) < len(parts):
                return None
            return All(whole) if key == "all" else AnyOf(whole)
        if key == "not":
            part = self.condition(value, path)
            return None if part is None else Not(part)
        if key in ("ground", "definition"):
            return self._reference(key, value, path)
        return self._tests(key, value, path)

    def _reference(self, key: str, name: str, path: Path) -> Condition | None:
        if not self.scope.names_allowed:
            self.report.error(path, f"`{key}` can't be used here", "name facts only", key=True)
            return None
        known = self.scope.grounds if key == "ground" else self.scope.definitions
        if name not in known:
            if name not in self.scope.invalid:
                self.report.error(path, f"unknown {key} `{name}`", did_you_mean(name, known))
            return None
        return GroundHolds(name) if key == "ground" else Defined(name)

    def _tests(self, name: str, data: Any, path: Path) -> Condition | None:
        found = self._subject(name, path)
        if found is None:
            return None
        subject, type_ = found
        if not isinstance(data, dict):
            return self._one(subject, type_, shorthand(data), data, path)
        tests = [
            self._one(subject, type_, OPERATORS[name], data[name], (*path, name)) for name in data
        ]
        whole = tuple(test for test in tests if test is not None)
        if len(whole) < len(tests):
            return None
        return whole[0] if len(whole) == 1 else All(whole)

    def _subject(
        self, name: str, path: Path
    ) -> tuple[FactValue | ParameterValue, ValueType] | None:
        if name in self.scope.facts:
            problem = self._untestable(name)
            if problem:
                self.report.error(path, *problem, key=True)
                return None
            return FactValue(name), self.scope.facts[name]
        if name in self.scope.parameters:
            return ParameterValue(name), self.scope.parameters[name]
        if name not in self.scope.invalid:
            known = [*self.scope.facts, *self.scope.parameters, *RESERVED]
            hint = did_you_mean(name, known)
            self.report.error(path, f"unknown {self.scope.what} `{name}`", hint, key=True)
        return None

    def _untestable(self, name: str) -> tuple[str, str | None] | None:
        if name in self.scope.derived_from:
            derived = self.scope.derived_from[name]
            found = f"`{name}` can't be tested in a condition: `{derived}` derives from it"
            return found, _SEPARATELY
        if self.scope.facts[name].name == "datetime":
            return f"`{name}` is a datetime, which can't be tested in a condition", None
        return None

    def _one(
        self,
        subject: FactValue | ParameterValue,
        type_: ValueType,
        operator: Operator,
        data: Any,
        path: Path,
    ) -> Test | None:
        """Return one operator asked of the subject."""
        problem = operator_error(subject.name, type_, operator)
        if problem:
            self.report.error(path, *problem)
            return None
        operands: list[Operand | None]
        if operator.shape is OperandShape.LIST:
            operands = [self._list(subject, type_, data, path)]
        elif operator.shape is OperandShape.MEMBERS:
            operands = [self._members(type_, data, path)]
        elif operator.shape is OperandShape.PAIR:
            operands = [self.operand(type_, end, (*path, i)) for i, end in enumerate(data)]
        else:
            operands = [self.operand(type_, data, path)]
        whole = tuple(operand for operand in operands if operand is not None)
        if len(whole) < len(operands):
            return None
        if operator.shape is OperandShape.PAIR and self._turned_round(whole, data, path):
            return None
        return operator.test(subject, whole, type_)

    def _turned_round(self, ends: tuple[Operand, ...], data: Any, path: Path) -> bool:
        low, high = ends
        if not (isinstance(low, Literal) and isinstance(high, Literal)):
            return False
        turned = low.value > high.value  # type: ignore[operator]
        if turned:
            self.report.error(path, f"the range is turned round: {data[0]} is above {data[1]}")
        return turned

    def _list(
        self, subject: FactValue | ParameterValue, type_: ValueType, data: Any, path: Path
    ) -> Operand | None:
        if isinstance(data, list):
            return self._literals(type_, data, path)
        name, here = data["param"], (*path, "param")
        known = self.scope.parameters
        if name not in known:
            if name not in self.scope.invalid:
                self.report.error(here, f"unknown parameter `{name}`", did_you_mean(name, known))
            return None
        if isinstance(subject, FactValue) and known[name].of == subject.name:
            return ParameterValue(name)
        found = f"parameter `{name}` is {_shown(known[name])}"
        self.report.error(here, f"{found}, expected a set of `{subject.name}`")
        return None

    def _members(self, type_: ValueType, data: Any, path: Path) -> Operand | None:
        member = ValueType("enum", type_.values)
        return self._literals(member, data if isinstance(data, list) else [data], path)

    def _literals(self, type_: ValueType, data: list[Any], path: Path) -> Literal | None:
        values = [self._literal(type_, item, (*path, i)) for i, item in enumerate(data)]
        whole = tuple(value.value for value in values if value is not None)
        return Literal(whole) if len(whole) == len(values) else None  # type: ignore[arg-type]

    def operand(self, type_: ValueType, data: Any, path: Path) -> Operand | None:
        """Return the one operand at `path`, which must have the type of what is tested."""
        if not isinstance(data, dict):
            return self._literal(type_, data, path)
        plus = data.get("plus", 0)
        if "plus" in data and not type_.ordered:
            message = f"`plus` needs a type with an order, and `{type_.name}` has none"
            self.report.error((*path, "plus"), message, key=True)
            return None
        if "param" in data:
            fits_in = self._named("parameter", data["param"], type_, (*path, "param"))
            return ParameterValue(data["param"], plus) if fits_in else None
        fits_in = self._named("fact", data["fact"], type_, (*path, "fact"))
        return FactValue(data["fact"], plus) if fits_in else None

    def _named(self, what: str, name: str, tested: ValueType, path: Path) -> bool:
        """Return whether `name` names a fact or parameter that fits what is tested."""
        known = self.scope.facts if what == "fact" else self.scope.parameters
        if name not in known:
            if name not in self.scope.invalid:
                self.report.error(path, f"unknown {what} `{name}`", did_you_mean(name, known))
            return False
        problem = self._untestable(name) if what == "fact" else None
        if problem:
            self.report.error(path, *problem)
            return False
        if not fits(known[name], tested):
            found = f"{what} `{name}` is {_shown(known[name])}, expected {_shown(tested)}"
            self.report.error(path, found)
            return False
        return True

    def _literal(self, type_: ValueType, data: Any, path: Path) -> Literal | None:
        try:
            return Literal(type_.read(data))
        except ValueError as error:
            self.report.error(path, str(error))
            return None


def fits(operand: ValueType, tested: ValueType) -> bool:
    """Return whether a value of type `operand` may be compared with one of type `tested`.

    A choice fits an enum (or choice) that has all of its values, an enum a choice likewise;
    two enums must share a value, else the comparison could never hold.
    """
    if {operand.name, tested.name} == {"enum"}:
        return bool({*operand.values} & {*tested.values})
    if {operand.name, tested.name} <= {"enum", "choice"}:
        return {*operand.values} <= {*tested.values}
    return operand.name == tested.name and operand.name != "set"


def operator_error(
    name: str, type_: ValueType, operator: Operator
) -> tuple[str, str | None] | None:
    """Return what is wrong with asking `operator` of a value of the type, and what to use."""
    asked = f"`{operator.name}`"
    if type_.name == "set" and operator.shape is not OperandShape.MEMBERS:
        of_sets = (row.name for row in OPERATORS.values() if row.shape is OperandShape.MEMBERS)
        help = f"use {' or '.join(f'`{each}`' for each in of_sets)}"
        return f"{asked} can't be asked of the set `{name}`", help
    if operator.shape is OperandShape.MEMBERS and type_.name != "set":
        return f"{asked} needs a set parameter; `{name}` is {_shown(type_)}", None
    if operator.needs_order and not type_.ordered:
        return f"{asked} needs a type with an order; `{name}` is {_shown(type_)}", None
    return None


def _shown(type_: ValueType) -> str:
    values = f" of {quoted(type_.values)}" if type_.values else ""
    article = "an" if type_.name[0] in "aeiou" else "a"
    return f"{article} {type_.name}{values}"
