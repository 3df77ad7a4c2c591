"""The settings that pass together: one condition over the parameters, in the language itself.

The settings that fail are a union of regions; the condition is that the settings lie in none.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from checker.analysis.limits.free_settings import FreeSettings
from checker.analysis.limits.results import Joint
from checker.analysis.prove.free_parameters import parameter_field
from checker.analysis.prove.requirements import RequirementFormulas
from checker.language.model.conditions import Condition
from checker.language.model.policy import Parameter, Policy
from checker.solver.box_search import Undecided
from checker.solver.encode import Free
from checker.solver.formulas import DifferenceConstraint, Has, Is, Within
from checker.solver.projection import Region


@dataclass(frozen=True, slots=True)
class Share:
    """What one check demands of settings at one place: all of the conditions, as data.

    Where it is not `exact`, settings that meet all of them may fail the check as well.
    """

    check: str
    at: str
    conditions: tuple[dict[str, Any], ...]
    exact: bool


def joint(required: RequirementFormulas) -> Joint:
    """Return the condition under which settings that are changed together pass."""
    policy = required.resolved.policy
    settings = FreeSettings(required, policy.parameters)
    try:
        failing, exact = settings.regions()
    except Undecided:
        failing, exact = [], False
    writer = _ConditionWriter(policy, settings)
    failing.sort(key=writer.order)
    parameters_per_region: list[frozenset[str]] = [
        frozenset().union(*map(writer.named, region)) for region in failing
    ]
    separate = all(len(region) <= 1 for region in parameters_per_region)
    parts = [*ranges(policy), *_merged([writer.avoids(region) for region in failing])]
    return Joint({"all": parts}, exact, exact and separate)


def shares(
    required: RequirementFormulas,
    scope: Condition | None = None,
    only: Container[tuple[str, str]] | None = None,
) -> list[Share]:
    """Return what each check demands of settings, of a seller that answers in scope only.

    Together they are `joint` without the ranges. Outside of the scope the policy answers, so that
    nothing passes a check that the policy by itself fails there. With `only`, those of these
    checks and places.
    """
    policy = required.resolved.policy
    settings = FreeSettings(required, policy.parameters, scope)
    shares = []
    for check, at in settings.places():
        if only is not None and (check, at) not in only:
            continue
        try:
            failing, exact = settings.regions_of(check, at)
        except Undecided:
            failing, exact = [], False
        writer = _ConditionWriter(policy, settings)
        failing.sort(key=writer.order)
        conditions = [writer.avoids(region) for region in failing]
        if failing or not exact:
            shares.append(Share(check, at, tuple(_merged(conditions)), exact))
    return shares


def ranges(policy: Policy) -> Iterator[dict[str, Any]]:
    """Yield that each setting is within its range, as one beyond it is an error by itself."""
    for name, parameter in policy.parameters.items():
        if parameter.type.range and not parameter.fixed:
            ends = [parameter.type.show(end) for end in parameter.type.range]
            yield {name: {"between": ends}}


def _merged(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the parts; those that differ in members of one set, and no more, as one part."""
    merged: list[dict[str, Any]] = []
    members: dict[str, list[str]] = {}
    for part in parts:
        literals = part.get("any", [part])
        sets = [
            (operator_name, literal)
            for literal in literals
            for operator_name in _SETS
            if operator_name in _test_of(literal)
        ]
        if len(sets) != 1:
            merged.append(part)
            continue
        operator, set_literal = sets[0]
        ((name, test),) = set_literal.items()
        other_literals = [literal for literal in literals if literal is not set_literal]
        key = json.dumps([name, operator, other_literals])
        if key in members:
            members[key] += test[operator]
        else:
            members[key] = test[operator]
            merged.append(part)
    return merged


_SETS = ("includes", "excludes")


def _test_of(literal: dict[str, Any]) -> dict[str, Any]:
    (test,) = literal.values()
    return test if isinstance(test, dict) else {}


def _field(literal: Is) -> str:
    atom = literal.atom
    return atom.left if isinstance(atom, DifferenceConstraint) else atom.field


class _ConditionWriter:
    """Writes literals over parameters as conditions of the language."""

    def __init__(self, policy: Policy, settings: FreeSettings) -> None:
        self._parameters: dict[str, Parameter] = {}
        self._members: dict[str, tuple[str, str]] = {}
        self._order = {field: position for position, field in enumerate(settings.free.types)}
        for name, parameter in policy.parameters.items():
            setting = settings.free.parameters[name]
            self._parameters[parameter_field(name)] = parameter
            if isinstance(setting, Free) and setting.members is not None:
                for member, field in setting.members.items():
                    self._members[field] = (name, member)

    def order(self, region: Region) -> tuple[int, list[int]]:
        """Return what puts the plainest regions first, then those of the first parameters."""
        return len(region), [self._order[_field(literal)] for literal in region]

    def named(self, literal: Is) -> frozenset[str]:
        """Return the parameters that a literal is about."""
        atom = literal.atom
        if isinstance(atom, DifferenceConstraint):
            return frozenset(self._parameters[field].name for field in (atom.left, atom.right))
        if atom.field in self._members:
            return frozenset([self._members[atom.field][0]])
        return frozenset([self._parameters[atom.field].name])

    def avoids(self, region: Region) -> dict[str, Any]:
        """Return the condition that one of the literals, at least, is false."""
        conditions = [self._not(literal) for literal in region]
        return conditions[0] if len(conditions) == 1 else {"any": conditions}

    def _not(self, literal: Is) -> dict[str, Any]:
        atom = literal.atom
        if isinstance(atom, DifferenceConstraint):
            left, right = (self._parameters[field].name for field in (atom.left, atom.right))
            operand = {"param": right, **({"plus": atom.plus} if atom.plus else {})}
            return {left: {"more_than" if literal.positive else "at_most": operand}}
        if atom.field in self._members:
            assert isinstance(atom, Has)
            name, member = self._members[atom.field]
            present = (1 in atom.positions) is literal.positive
            return {name: {"excludes" if present else "includes": [member]}}
        parameter = self._parameters[atom.field]
        if isinstance(atom, Has):
            return {parameter.name: self._other_values(atom, parameter)}
        return self._outside(atom, parameter)

    def _other_values(self, atom: Has, parameter: Parameter) -> Any:
        values = [v for i, v in enumerate(parameter.type.categories()) if i not in atom.positions]
        return values[0] if len(values) == 1 else values

    def _outside(self, atom: Within, parameter: Parameter) -> dict[str, Any]:
        """Return where the parameter is outside of what the atom has."""
        show, stated = parameter.type.show, parameter.type.stated
        parts = []
        if atom.low is not None:
            below = stated(atom.low - 1, at_most=True)
            parts.append({parameter.name: {"at_most": show(below)}})
        if atom.high is not None:
            above = stated(atom.high + 1, at_most=False)
            parts.append({parameter.name: {"at_least": show(above)}})
        return parts[0] if len(parts) == 1 else {"any": parts}
