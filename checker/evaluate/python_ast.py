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
    Condition,
    Defined,
    FactValue,
    GroundHolds,
    Literal,
    Names,
    Not,
    Operand,
    ParameterValue,
    Test,
)
from checker.language.model.types import Value

Comparison = Callable[[ast.expr, list[ast.expr]], ast.expr]


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


def _compare(operator: type[ast.cmpop]) -> Comparison:
    return lambda subject, operands: ast.Compare(subject, [operator()], operands)


def _is(subject: ast.expr, operands: list[ast.expr]) -> ast.expr:
    operand = operands[0]
    if isinstance(operand, ast.Constant) and isinstance(operand.value, bool):
        return subject if operand.value else negated(subject)
    return ast.Compare(subject, [ast.Eq()], operands)


def _is_not(subject: ast.expr, operands: list[ast.expr]) -> ast.expr:
    return negated(_is(subject, operands))


def _between(subject: ast.expr, operands: list[ast.expr]) -> ast.expr:
    low, high = operands
    return ast.Compare(low, [ast.LtE(), ast.LtE()], [subject, high])


def _includes(subject: ast.expr, operands: list[ast.expr]) -> ast.expr:
    return ast.Compare(operands[0], [ast.LtE()], [subject])


def _excludes(subject: ast.expr, operands: list[ast.expr]) -> ast.expr:
    return negated(ast.BinOp(subject, ast.BitAnd(), operands[0]))


COMPARISONS: dict[str, Comparison] = {
    "is": _is,
    "is_not": _is_not,
    "one_of": _compare(ast.In),
    "none_of": _compare(ast.NotIn),
    "at_least": _compare(ast.GtE),
    "at_most": _compare(ast.LtE),
    "more_than": _compare(ast.Gt),
    "less_than": _compare(ast.Lt),
    "between": _between,
    "includes": _includes,
    "excludes": _excludes,
}


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
            return self._test(condition, positive=True)
        return name(self._local(condition))

    def fails(self, condition: Condition) -> ast.expr:
        """Return the expression that is true where `condition` is false."""
        if isinstance(condition, Not):
            return self.holds(condition.part)
        if self.known:
            return negated(self.holds(condition))
        if isinstance(condition, All):
            return some([self.fails(part) for part in condition.parts])
        if isinstance(condition, AnyOf):
            return every([self.fails(part) for part in condition.parts])
        if isinstance(condition, Test):
            return self._test(condition, positive=False)
        return name(self._local(condition) + "_fails")

    def _test(self, test: Test, *, positive: bool) -> ast.expr:
        operands = [self._operand(operand) for operand in test.operands]
        asked = COMPARISONS[test.operator](self._operand(test.subject), operands)
        asked = asked if positive else negated(asked)
        if self.known:
            return asked
        return every([*map(self._stated, dict.fromkeys(test.facts())), asked])

    def _stated(self, fact: str) -> ast.expr:
        return ast.Compare(name(self.facts[fact]), [ast.IsNot()], [constant(None)])

    def _operand(self, operand: Operand) -> ast.expr:
        if isinstance(operand, Literal):
            value = operand.value
            return constant(frozenset(value) if isinstance(value, tuple) else value)
        if isinstance(operand, ParameterValue):
            value = self.parameters[operand.name]
            return constant(value + operand.plus if operand.plus else value)  # type: ignore[operator]
        return self._plus(name(self.facts[operand.name]), operand)

    def _plus(self, value: ast.expr, operand: FactValue) -> ast.expr:
        return ast.BinOp(value, ast.Add(), constant(operand.plus)) if operand.plus else value

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
