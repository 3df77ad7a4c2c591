"""Conditions made plain: of facts alone, without names, parameters and needless parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from checker.language.model.conditions import (
    ALWAYS,
    All,
    AnyOf,
    Condition,
    Literal,
    Not,
    Operand,
    ParameterValue,
    Test,
)
from checker.language.model.policy import Policy

NEVER = AnyOf(())


def plain(condition: Condition, policy: Policy) -> Condition:
    """Return `condition` with what it names written out, under the policy's defaults."""
    if isinstance(condition, All):
        return every(plain(part, policy) for part in condition.parts)
    if isinstance(condition, AnyOf):
        return some(plain(part, policy) for part in condition.parts)
    if isinstance(condition, Not):
        return negated(plain(condition.part, policy))
    if isinstance(condition, Test):
        return _test(condition, policy)
    return plain(policy.names.of(condition), policy)


def every(parts: Iterable[Condition]) -> Condition:
    """Return the condition that all `parts` hold."""
    left = [part for part in dict.fromkeys(parts) if part != ALWAYS]
    if NEVER in left:
        return NEVER
    return left[0] if len(left) == 1 else All(tuple(left))


def some(parts: Iterable[Condition]) -> Condition:
    """Return the condition that one of `parts` holds."""
    left = [part for part in dict.fromkeys(parts) if part != NEVER]
    if ALWAYS in left:
        return ALWAYS
    return left[0] if len(left) == 1 else AnyOf(tuple(left))


def negated(part: Condition) -> Condition:
    """Return the condition that `part` does not hold."""
    if part == ALWAYS:
        return NEVER
    return ALWAYS if part == NEVER else Not(part)


def _test(test: Test, policy: Policy) -> Condition:
    operands = tuple(_operand(operand, policy) for operand in test.operands)
    if isinstance(test.subject, ParameterValue):
        if test.operator != "is":
            raise NotImplementedError(f"`{test.operator}` asked of a parameter")
        return ALWAYS if operands == (_operand(test.subject, policy),) else NEVER
    return replace(test, operands=operands)


def _operand(operand: Operand, policy: Policy) -> Operand:
    if isinstance(operand, ParameterValue):
        return Literal(policy.parameters[operand.name].default)
    return operand
