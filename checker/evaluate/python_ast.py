"""The condition tree as Python expressions: AST nodes over local variables, never text.

Each condition has two results, `holds` and `fails`; where neither is true it is unknown
(Kleene). Where every fact is known, one is the negation of the other, and the code says so.
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
    """Return the value of a local variable."""
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


class Code:
    """The statements of one function, and the expressions of one policy's conditions in it.

    Parameters are constants of the code. Grounds and definitions become local variables as
    they are first used.
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
        asked = self._asked(test, positive=positive)
        if self.known:
            return asked
        return every([*map(self._stated, facts_of(test)), asked])

    def _asked(self, test: CoreTest, *, positive: bool) -> ast.expr:
        """Return the comparison that is true where the test is, or is not; its facts are known."""
        if isinstance(test, Includes):
            members: Any = self.parameters[test.subject.name]
            return constant((test.member in members) is positive)
        if isinstance(test, AtMost):
            return self._compare(test.left, ast.LtE if positive else ast.Gt, test.right)
        if isinstance(test, OneOf):
            return self._compare(test.subject, ast.In if positive else ast.NotIn, test.members)
        for one, other in ((test.left, test.right), (test.right, test.left)):
            if isinstance(other, Literal) and isinstance(other.value, bool):
                value = self._operand(one)
                return value if other.value is positive else negated(value)
        return self._compare(test.left, ast.Eq if positive else ast.NotEq, test.right)

    def _compare(self, left: Operand, operator: type[ast.cmpop], right: Operand) -> ast.expr:
        return ast.Compare(self._operand(left), [operator()], [self._operand(right)])

    def _stated(self, fact: str) -> ast.expr:
        return ast.Compare(name(self.facts[fact]), [ast.IsNot()], [constant(None)])

    def _operand(self, operand: Operand) -> ast.expr:
        if isinstance(operand, Literal):
            value = operand.value
            return constant(frozenset(value) if isinstance(value, tuple) else value)
        if isinstance(operand, ParameterValue):
            value = self.parameters[operand.name]
            return constant(value + operand.plus if operand.plus else value)  # type: ignore[operator]
        value_of_fact: ast.expr = name(self.facts[operand.name])
        if not operand.plus:
            return value_of_fact
        return ast.BinOp(value_of_fact, ast.Add(), constant(operand.plus))

    def _local(self, reference: GroundHolds | Defined) -> str:
        """Return the local variable of a ground or definition, assigned where it was not yet."""
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
    """Return the function of one argument with the statements of `body`."""
    args = ast.arguments([], [ast.arg(arguments)], None, [], [], None, [])
    definition = ast.FunctionDef("compiled", args, body, [], None)
    module = ast.fix_missing_locations(ast.Module([definition], []))
    space: dict[str, Any] = dict(globals_ or {})
    exec(compile(module, "<policy>", "exec"), space)
    compiled: Callable[..., Any] = space["compiled"]
    return compiled
