"""The condition tree as Python expressions: AST nodes over local variables, never source text.

A condition gives two expressions, `holds` and `fails`. Where neither is true the condition is
unknown (Kleene). Where every fact is known, the second one is the negation of the first.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from checker.language.model.conditions import (
    All,
    AnyOf,
    AtMost,
    Condition,
    CoreTest,
    Defined,
    Equal,
    GroundHolds,
    Includes,
    Literal,
    Names,
    Not,
    OneOf,
    Operand,
    ParameterValue,
    Test,
    facts_of,
)
from checker.language.model.types import Value


def name(text: str) -> ast.Name:
    """Return the expression that reads a local variable."""
    return ast.Name(text, ast.Load())


def constant(value: Any) -> ast.Constant:
    """Return a constant."""
    return ast.Constant(value)


def assign(target: str, value: ast.expr) -> ast.Assign:
    """Return `target = value`."""
    return ast.Assign([ast.Name(target, ast.Store())], value)


def negated(value: ast.expr) -> ast.expr:
    """Return `not value`."""
    return ast.UnaryOp(ast.Not(), value)


def every(values: list[ast.expr]) -> ast.expr:
    """Return `a and b and …`; True of none."""
    return _joined(ast.And(), values, True)


def some(values: list[ast.expr]) -> ast.expr:
    """Return `a or b or …`; False of none."""
    return _joined(ast.Or(), values, False)


def _joined(operator: ast.boolop, values: list[ast.expr], empty: bool) -> ast.expr:
    if not values:
        return constant(empty)
    return values[0] if len(values) == 1 else ast.BoolOp(operator, values)


def is_none(variable: str) -> ast.expr:
    """Return `variable is None`."""
    return ast.Compare(name(variable), [ast.Is()], [constant(None)])


def union(variables: list[str]) -> ast.expr:
    """Return `a | b | …` of one set or more."""
    sets: ast.expr = name(variables[0])
    for variable in variables[1:]:
        sets = ast.BinOp(sets, ast.BitOr(), name(variable))
    return sets


def named_tuple(class_name: str, fields: ast.Tuple) -> ast.expr:
    """Return the named tuple with these fields.

    The code calls `new`, which must be `tuple.__new__`: it is quicker than the class.
    """
    return ast.Call(name("new"), [name(class_name), fields], [])


class Code:
    """The expressions of one policy's conditions, and the statements that they depend on.

    Parameters become constants of the code. A ground or definition becomes a local variable, which
    is assigned where it is first used.

    Args:
        body: the statements of the function; assignments are appended to it.
        names: the policy's grounds and definitions.
        parameters: the value of each parameter.
        locals_of_facts: by fact, the local variable that holds it.
        known: whether every fact is known.
        prefix: the start of the names of local variables.
    """

    def __init__(
        self,
        body: list[ast.stmt],
        names: Names,
        parameters: Mapping[str, Value],
        locals_of_facts: Mapping[str, str],
        *,
        known: bool,
        prefix: str,
    ) -> None:
        self.body, self.names, self.parameters = body, names, parameters
        self.facts, self.known, self.prefix = locals_of_facts, known, prefix
        self._locals: dict[GroundHolds | Defined, str] = {}

    def holds(self, condition: Condition) -> ast.expr:
        """Return the expression that is true where `condition` is true."""
        if isinstance(condition, All):
            return every([self.holds(part) for part in condition.parts])
        if isinstance(condition, AnyOf):
            return some([self.holds(part) for part in condition.parts])
        if isinstance(condition, Not):
            return self.fails(condition.part)
        if isinstance(condition, Test):
            return self.holds(condition.core)
        if isinstance(condition, GroundHolds | Defined):
            return name(self._local(condition))
        return self._core(condition, positive=True)

    def fails(self, condition: Condition) -> ast.expr:
        """Return the expression that is true where `condition` is false."""
        if isinstance(condition, Not):
            return self.holds(condition.part)
        if isinstance(condition, Test):
            return self.fails(condition.core)
        if isinstance(condition, Equal | AtMost | OneOf | Includes):
            return self._core(condition, positive=False)
        if self.known:
            return negated(self.holds(condition))
        if isinstance(condition, All):
            return some([self.fails(part) for part in condition.parts])
        if isinstance(condition, AnyOf):
            return every([self.fails(part) for part in condition.parts])
        return name(self._local(condition) + "_fails")

    def _core(self, test: CoreTest, *, positive: bool) -> ast.expr:
        """Return the comparison of a core test, which is true only where its facts are known."""
        comparison = self._comparison(test, positive=positive)
        if self.known:
            return comparison
        return every([*map(self._is_known, facts_of(test)), comparison])

    def _comparison(self, test: CoreTest, *, positive: bool) -> ast.expr:
        """Return the comparison that is the test, or its negation where not `positive`."""
        if isinstance(test, Includes):
            members: Any = self.parameters[test.subject.name]
            return constant((test.member in members) is positive)
        if isinstance(test, AtMost):
            return self._compare(test.left, ast.LtE if positive else ast.Gt, test.right)
        if isinstance(test, OneOf):
            return self._compare(test.subject, ast.In if positive else ast.NotIn, test.members)
        for subject, operand in ((test.left, test.right), (test.right, test.left)):
            if isinstance(operand, Literal) and isinstance(operand.value, bool):
                value = self._operand(subject)
                return value if operand.value is positive else negated(value)
        return self._compare(test.left, ast.Eq if positive else ast.NotEq, test.right)

    def _compare(self, left: Operand, operator: type[ast.cmpop], right: Operand) -> ast.expr:
        return ast.Compare(self._operand(left), [operator()], [self._operand(right)])

    def _is_known(self, fact: str) -> ast.expr:
        return ast.Compare(name(self.facts[fact]), [ast.IsNot()], [constant(None)])

    def _operand(self, operand: Operand) -> ast.expr:
        if isinstance(operand, Literal):
            value = operand.value
            return constant(frozenset(value) if isinstance(value, tuple) else value)
        if isinstance(operand, ParameterValue):
            value = self.parameters[operand.name]
            return constant(value + operand.plus if operand.plus else value)  # type: ignore[operator]
        fact_value: ast.expr = name(self.facts[operand.name])
        if not operand.plus:
            return fact_value
        return ast.BinOp(fact_value, ast.Add(), constant(operand.plus))

    def _local(self, reference: GroundHolds | Defined) -> str:
        """Return the local variable of a ground or definition; assign it at the first call."""
        if reference not in self._locals:
            condition = self.names.of(reference)
            holds = self.holds(condition)
            fails = None if self.known else self.fails(condition)
            local = f"{self.prefix}{len(self._locals)}"
            self._locals[reference] = local
            self.body.append(assign(local, holds))
            if fails:
                self.body.append(assign(local + "_fails", fails))
        return self._locals[reference]


def function(
    arguments: str, body: list[ast.stmt], globals_: Mapping[str, Any] | None = None
) -> Callable[..., Any]:
    """Return the compiled function of one argument.

    Args:
        arguments: the name of the argument.
        body: the statements of the function.
        globals_: the values that the statements refer to by name.
    """
    parameters = ast.arguments([], [ast.arg(arguments)], None, [], [], None, [])
    definition = ast.FunctionDef("compiled", parameters, body, [], None)
    module = ast.fix_missing_locations(ast.Module([definition], []))
    namespace: dict[str, Any] = dict(globals_ or {})
    exec(compile(module, "<policy>", "exec"), namespace)
    compiled: Callable[..., Any] = namespace["compiled"]
    return compiled
