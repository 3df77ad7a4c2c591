"""Reads conditions: from data to condition trees, with all names resolved and types checked.

Defined in docs/language.md, sections 3, 3.1 and 3.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
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
from checker.language.model.types import BadValue, ValueType
from checker.language.syntax.documents import Path, Reporter
from checker.language.syntax.habits import meant_condition_word, meant_test
from checker.language.syntax.problems import did_you_mean, quoted

RESERVED = frozenset(["all", "any", "not", "ground", "definition"])


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that a condition may use.

    Attributes:
        facts: the types of facts, by name.
        parameters: the types of parameters, by name.
        grounds, definitions: the names that the condition may refer to.
        derived_from: the derived fact of each date that a fact derives from: it can't be tested.
        invalid: names that are declared and have errors, which are reported at their declaration:
            a condition that uses one is no second error.
        what: what the facts and parameters are called in messages.
        names_allowed: whether grounds and definitions may be used.
    """

    facts: Mapping[str, ValueType]
    parameters: Mapping[str, ValueType] = field(default_factory=dict)
    grounds: frozenset[str] = frozenset()
    definitions: frozenset[str] = frozenset()
    derived_from: Mapping[str, str] = field(default_factory=dict)
    invalid: frozenset[str] = frozenset()
    what: str = "fact or parameter"
    names_allowed: bool = True

    def facts_only(self) -> Scope:
        """Return the same without parameters, grounds and definitions."""
        return replace(
            self,
            parameters={},
            grounds=frozenset(),
            definitions=frozenset(),
            what="fact",
            names_allowed=False,
        )


@dataclass(slots=True)
class ConditionReader:
    """Reads the conditions of one document.

    Errors go to `report`, and the rest of the condition is still read.
    """

    scope: Scope
    report: Reporter

    def condition(self, data: Any, path: Path) -> Condition | None:
        """Return the tree of the condition at `path`, None where it has errors."""
        parts = [self._entry(key, value, (*path, key)) for key, value in data.items()]
        valid_parts = tuple(part for part in parts if part is not None)
        if len(valid_parts) < len(parts):
            return None
        return valid_parts[0] if len(valid_parts) == 1 else All(valid_parts)

    def _entry(self, key: str, value: Any, path: Path) -> Condition | None:
        if key in ("all", "any"):
            parts = [self.condition(part, (*path, index)) for index, part in enumerate(value)]
            valid_parts = tuple(part for part in parts if part is not None)
            if len(valid_parts) < len(parts):
                return None
            return All(valid_parts) if key == "all" else AnyOf(valid_parts)
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
        typed_subject = self._subject(name, path)
        if typed_subject is None:
            return None
        subject, type_ = typed_subject
        if not isinstance(data, dict):
            return self._test(subject, type_, shorthand(data), data, path)
        tests = [
            self._test(subject, type_, OPERATORS[key], value, (*path, key))
            for key, value in data.items()
        ]
        valid_tests = tuple(test for test in tests if test is not None)
        if len(valid_tests) < len(tests):
            return None
        return valid_tests[0] if len(valid_tests) == 1 else All(valid_tests)

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
            known = chain(self.scope.facts, self.scope.parameters, RESERVED)
            hint = meant_condition_word(name) or did_you_mean(name, known)
            self.report.error(path, f"unknown {self.scope.what} `{name}`", hint, key=True)
        return None

    def _untestable(self, name: str) -> tuple[str, str | None] | None:
        """Return message and help where no condition may test the fact."""
        if name in self.scope.derived_from:
            derived = self.scope.derived_from[name]
            message = f"`{name}` can't be tested in a condition: `{derived}` derives from it"
            return message, "test the derived fact"
        if self.scope.facts[name].name == "datetime":
            return f"`{name}` is a datetime, which can't be tested in a condition", None
        return None

    def _test(
        self,
        subject: FactValue | ParameterValue,
        type_: ValueType,
        operator: Operator,
        data: Any,
        path: Path,
    ) -> Test | None:
        """Return the test of the subject by one operator, None where it has errors."""
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
            operands = [self.operand(type_, end, (*path, index)) for index, end in enumerate(data)]
        else:
            operands = [self.operand(type_, data, path)]
        valid_operands = tuple(operand for operand in operands if operand is not None)
        if len(valid_operands) < len(operands):
            return None
        if operator.shape is OperandShape.PAIR and self._turned_round(valid_operands, data, path):
            return None
        return operator.test(subject, valid_operands, type_)

    def _turned_round(self, ends: tuple[Operand, ...], data: Any, path: Path) -> bool:
        """Return and report whether two constant ends are in the wrong order."""
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
        name, name_path = data["param"], (*path, "param")
        known = self.scope.parameters
        if name not in known:
            if name not in self.scope.invalid:
                hint = did_you_mean(name, known)
                self.report.error(name_path, f"unknown parameter `{name}`", hint)
            return None
        if isinstance(subject, FactValue) and known[name].of == subject.name:
            return ParameterValue(name)
        actual = f"parameter `{name}` is {_type_text(known[name])}"
        self.report.error(name_path, f"{actual}, expected a set of `{subject.name}`")
        return None

    def _members(self, type_: ValueType, data: Any, path: Path) -> Operand | None:
        member = ValueType("enum", type_.values)
        return self._literals(member, data if isinstance(data, list) else [data], path)

    def _literals(self, type_: ValueType, data: list[Any], path: Path) -> Literal | None:
        literals = [self._literal(type_, item, (*path, index)) for index, item in enumerate(data)]
        values = tuple(literal.value for literal in literals if literal is not None)
        return Literal(values) if len(values) == len(literals) else None  # type: ignore[arg-type]

    def operand(self, type_: ValueType, data: Any, path: Path) -> Operand | None:
        """Return the operand at `path`, None where it has errors.

        Args:
            type_: the type of the subject, which the operand must fit.
            data: a scalar, or a map with `param` or `fact` and perhaps `plus`.
            path: the path of the operand.
        """
        if not isinstance(data, dict):
            return self._literal(type_, data, path)
        plus = data.get("plus", 0)
        if "plus" in data and not type_.ordered:
            message = f"`plus` needs a type with an order, and `{type_.name}` has none"
            self.report.error((*path, "plus"), message, key=True)
            return None
        if "param" in data:
            is_valid = self._check_named("parameter", data["param"], type_, (*path, "param"))
            return ParameterValue(data["param"], plus) if is_valid else None
        is_valid = self._check_named("fact", data["fact"], type_, (*path, "fact"))
        return FactValue(data["fact"], plus) if is_valid else None

    def _check_named(self, what: str, name: str, tested: ValueType, path: Path) -> bool:
        """Return whether `name` is a fact or parameter that fits the tested type; report errors."""
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
            actual, expected = _type_text(known[name]), _type_text(tested)
            self.report.error(path, f"{what} `{name}` is {actual}, expected {expected}")
            return False
        return True

    def _literal(self, type_: ValueType, data: Any, path: Path) -> Literal | None:
        try:
            return Literal(type_.read(data))
        except ValueError as error:
            bad = error if isinstance(error, BadValue) else BadValue(str(error))
            self.report.error(path, bad.message, self._meant(data) or bad.help)
            return None

    def _meant(self, data: Any) -> str | None:
        """Return the help for a text that is the name of a fact or parameter, or a whole test."""
        if not isinstance(data, str):
            return None
        if data in self.scope.parameters:
            return f"write `{{param: {data}}}`"
        return f"write `{{fact: {data}}}`" if data in self.scope.facts else meant_test(data)


def fits(operand: ValueType, tested: ValueType) -> bool:
    """Return whether a value of type `operand` may be compared with one of type `tested`.

    A choice fits an enum or a choice that has all of its values, and an enum fits a choice
    likewise. Two enums fit where they share a value, else the comparison could never hold
    (docs/language.md, section 3.2).
    """
    if {operand.name, tested.name} == {"enum"}:
        return bool({*operand.values} & {*tested.values})
    if {operand.name, tested.name} <= {"enum", "choice"}:
        return {*operand.values} <= {*tested.values}
    return operand.name == tested.name and operand.name != "set"


def operator_error(
    name: str, type_: ValueType, operator: Operator
) -> tuple[str, str | None] | None:
    """Return message and help where the operator can't test a subject of the type, else None.

    Args:
        name: the name of the subject.
        type_: its type.
        operator: the operator.
    """
    operator_text = f"`{operator.name}`"
    if type_.name == "set" and operator.shape is not OperandShape.MEMBERS:
        of_sets = (row.name for row in OPERATORS.values() if row.shape is OperandShape.MEMBERS)
        help = f"use {' or '.join(f'`{operator_name}`' for operator_name in of_sets)}"
        return f"{operator_text} can't be asked of the set `{name}`", help
    if operator.shape is OperandShape.MEMBERS and type_.name != "set":
        return f"{operator_text} needs a set parameter; `{name}` is {_type_text(type_)}", None
    if operator.needs_order and not type_.ordered:
        return f"{operator_text} needs a type with an order; `{name}` is {_type_text(type_)}", None
    return None


def _type_text(type_: ValueType) -> str:
    """Return a type as messages name it: "an enum of `food`, `toys`"."""
    values = f" of {quoted(type_.values)}" if type_.values else ""
    article = "an" if type_.name[0] in "aeiou" else "a"
    return f"{article} {type_.name}{values}"
