"""Exceptions that a rule may be missing: conditions that it could ask for besides."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from checker.analysis.repair.draft import Draft
from checker.evaluate.interpreter import Interpreter
from checker.language.formatter.edit_in_place import flow_yaml
from checker.language.formatter.edits import Edit, Step, changed_data, document_value
from checker.language.model.conditions import NO_NAMES, FactValue, Literal, Operand
from checker.language.model.operators import OPERATORS, OperandShape
from checker.language.model.typecheck import RESERVED
from checker.language.model.types import ValueType
from checker.language.resolve.facts import Facts
from checker.language.syntax.documents import Path

Data = dict[str, Any]


def exceptions(number: int, draft: Draft) -> Iterator[Edit]:
    """Yield edits that add a condition to a rule, those that are right by their meaning first."""
    path: Path = ("rules", number, "when")
    when = draft.rules[number]["when"]
    for added in _conditions(draft.rules[number], draft):
        steps = tuple(_steps(path, when, added))
        yield Edit(draft.at(path), _change_text(added), steps, unordered_changes=len(steps))
    for fact, entry in when.items():
        test_path = (*path, fact)
        if fact not in RESERVED and isinstance(entry, dict):
            for operator, bound in _bounds(fact, draft):
                if operator not in entry and _allows(entry, bound, draft.types[fact]):
                    step = Step((*test_path, operator), bound)
                    yield Edit(
                        draft.at(test_path),
                        _change_text({operator: bound}),
                        (step,),
                        unordered_changes=1,
                    )


def _change_text(added: Data) -> str:
    return f"the condition `{flow_yaml(added)[1:-1]}` is added"


def _steps(path: Path, when: Data, added: Data) -> Iterator[Step]:
    """Yield the steps that add a condition, in a list of `all` where one of its keys is taken."""
    for key, entry in added.items():
        if key not in when:
            step = Step((*path, key), entry)
        elif "all" in when:
            step = Step((*path, "all", len(when["all"])), {key: entry})
        else:
            step = Step((*path, "all"), [{key: entry}])
        yield step
        when = changed_data({"when": when}, Step(step.path[2:], step.value))["when"]


def _conditions(rule: Data, draft: Draft) -> Iterator[Data]:
    definitions, grounds = draft.policy.names.definitions, draft.policy.grounds
    cited = rule.get("cites", [])
    yield from ({"ground": ground} for ground in cited)
    # a ground that is cited, where it does not stand against everything that is owed
    yield from (
        {"ground": ground, "not": condition} for ground in cited for condition in draft.owed
    )
    yield from ({"not": {"definition": name}} for name in definitions)
    yield from ({"not": {"ground": ground}} for ground in grounds)
    yield from ({"definition": name} for name in definitions)
    yield from ({"ground": ground} for ground in grounds if ground not in cited)
    yield from ({"not": condition} for condition in draft.owed)
    for fact in draft.policy.vocabulary.testable_facts():
        if fact not in rule["when"]:
            yield from ({fact: test} for test in _tests(fact, draft))


def _tests(fact: str, draft: Draft) -> Iterator[Any]:
    type_ = draft.types[fact]
    if type_.ordered:
        yield from ({operator: bound} for operator, bound in _bounds(fact, draft))
    elif type_.name == "boolean":
        yield from type_.categories()
    else:
        yield from ({"is_not": value} for value in type_.categories())
        yield from type_.categories()


def _bounds(fact: str, draft: Draft) -> Iterator[tuple[str, Any]]:
    """Yield bounds of a fact or parameter with an order, those that leave the most first."""
    type_, thresholds = draft.types[fact], draft.thresholds
    if type_.ordered:
        shortest = 0 if type_.name == "duration" else -math.inf  # none below can be written
        highest, lowest = thresholds.highest_below(fact), thresholds.lowest_above(fact)
        for operator, bounds in (("at_most", reversed(highest)), ("at_least", lowest)):
            yield from (
                (operator, document_value(type_, bound)) for bound in bounds if bound >= shortest
            )


def _allows(entry: Data, bound: Any, type_: ValueType) -> bool:
    """Return whether a test's literals let the bound through: where they don't, it adds nothing."""
    facts: Facts = {"tested": type_.read(bound), "other": None}
    interpreter = Interpreter(NO_NAMES, {}, facts)
    tests = (
        OPERATORS[name].test(FactValue("tested"), _literals(operand, name, type_), type_)
        for name, operand in entry.items()
    )
    return all(interpreter.value(test) is not False for test in tests)


def _literals(operand: Any, operator: str, type_: ValueType) -> tuple[Operand, ...]:
    """Return what stands after an operator; a fact or parameter is one that is not known."""
    if OPERATORS[operator].shape is OperandShape.LIST and isinstance(operand, list):
        return (Literal(tuple(type_.read(value) for value in operand)),)
    operands = operand if isinstance(operand, list) else [operand]
    return tuple(
        FactValue("other") if isinstance(value, dict) else Literal(type_.read(value))
        for value in operands
    )
