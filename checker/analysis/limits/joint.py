"""The settings that pass together: one condition over the parameters, in the language itself.

What breaks something is a union of regions; the condition is that the settings lie in none.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from checker.analysis.limits.free_settings import FreeSettings
from checker.analysis.prove.free_parameters import parameter_field
from checker.analysis.prove.requirements import RequirementFormulas
from checker.language.model.conditions import Condition
from checker.language.model.policy import Parameter, Policy
from checker.solver.box_search import Undecided
from checker.solver.encode import Free
from checker.solver.formulas import AtMost, Has, Is, Within
from checker.solver.projection import Region


@dataclass(frozen=True, slots=True)
class Joint:
    """The condition, as data; where it is not exact, what breaks it fails, and more may."""

    condition: dict[str, Any]
    exact: bool
    separate: bool  # whether settings pass together wherever each passes alone


@dataclass(frozen=True, slots=True)
class Share:
    """What one check demands of settings at one place: all of the conditions, as data.

    Where it is not `exact`, what breaks one of them fails the check, and others may as well.
    """

    check: str
    at: str
    conditions: tuple[dict[str, Any], ...]
    exact: bool


def joint(required: RequirementFormulas) -> Joint:
    """Return the condition under which settings pass that are changed together."""
    policy = required.resolved.policy
    settings = FreeSettings(required, policy.parameters)
    try:
        wrong, exact = settings.wrong()
    except Undecided:
        wrong, exact = [], False
    words = _Words(policy, settings)
    wrong.sort(key=words.order)
    about: list[frozenset[str]] = [frozenset().union(*map(words.named, each)) for each in wrong]
    separate = all(len(each) <= 1 for each in about)
    parts = [*ranges(policy), *_gathered([words.avoids(region) for region in wrong])]
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
    found = []
    for check, at in settings.places():
        if only is not None and (check, at) not in only:
            continue
        try:
            wrong, exact = settings.wrong_of(check, at)
        except Undecided:
            wrong, exact = [], False
        words = _Words(policy, settings)
        wrong.sort(key=words.order)
        avoided = [words.avoids(region) for region in wrong]
        if wrong or not exact:
            found.append(Share(check, at, tuple(_gathered(avoided)), exact))
    return found


def ranges(policy: Policy) -> Iterator[dict[str, Any]]:
    """Yield that each setting is within its range, as one beyond it is an error by itself."""
    for name, parameter in policy.parameters.items():
        if parameter.type.range and not parameter.fixed:
            ends = [parameter.type.show(end) for end in parameter.type.range]
            yield {name: {"between": ends}}


def _gathered(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the parts; those that differ in members of one set, and no more, as one part."""
    gathered: list[dict[str, Any]] = []
    members: dict[str, list[str]] = {}
    for part in parts:
        literals = part.get("any", [part])
        sets = [(key, each) for each in literals for key in _SETS if key in _test_of(each)]
        if len(sets) != 1:
            gathered.append(part)
            continue
        operator, literal = sets[0]
        ((name, test),) = literal.items()
        others = [each for each in literals if each is not literal]
        alike = json.dumps([name, operator, others])
        if alike in members:
            members[alike] += test[operator]
        else:
            members[alike] = test[operator]
            gathered.append(part)
    return gathered


_SETS = ("includes", "excludes")


def _test_of(literal: dict[str, Any]) -> dict[str, Any]:
    (test,) = literal.values()
    return test if isinstance(test, dict) else {}


def _field(literal: Is) -> str:
    atom = literal.atom
    return atom.left if isinstance(atom, AtMost) else atom.field


class _Words:
    """Says in the language of conditions what literals over parameters say."""

    def __init__(self, policy: Policy, settings: FreeSettings) -> None:
        self._parameters: dict[str, Parameter] = {}
        self._members: dict[str, tuple[str, str]] = {}
        self._order = {field: place for place, field in enumerate(settings.free.types)}
        for name, parameter in policy.parameters.items():
            kept = settings.free.parameters[name]
            self._parameters[parameter_field(name)] = parameter
            if isinstance(kept, Free) and kept.members is not None:
                for member, field in kept.members.items():
                    self._members[field] = (name, member)

    def order(self, region: Region) -> tuple[int, list[int]]:
        """Return what puts the plainest regions first, then those of the first parameters."""
        return len(region), [self._order[_field(each)] for each in region]

    def named(self, literal: Is) -> frozenset[str]:
        """Return the parameters that a literal is about."""
        atom = literal.atom
        if isinstance(atom, AtMost):
            return frozenset(self._parameters[each].name for each in (atom.left, atom.right))
        if atom.field in self._members:
            return frozenset([self._members[atom.field][0]])
        return frozenset([self._parameters[atom.field].name])

    def avoids(self, region: Region) -> dict[str, Any]:
        """Return the condition that one of the literals, at least, is false."""
        found = [self._not(literal) for literal in region]
        return found[0] if len(found) == 1 else {"any": found}

    def _not(self, literal: Is) -> dict[str, Any]:
        atom = literal.atom
        if isinstance(atom, AtMost):
            left, right = (self._parameters[each].name for each in (atom.left, atom.right))
            operand = {"param": right, **({"plus": atom.plus} if atom.plus else {})}
            return {left: {"more_than" if literal.positive else "at_most": operand}}
        if atom.field in self._members:
            assert isinstance(atom, Has)
            name, member = self._members[atom.field]
            present = (1 in atom.positions) is literal.positive
            return {name: {"excludes" if present else "includes": [member]}}
        parameter = self._parameters[atom.field]
        if isinstance(atom, Has):
            return {parameter.name: self._but_for(atom, parameter)}
        return self._beyond(atom, parameter)

    def _but_for(self, atom: Has, parameter: Parameter) -> Any:
        values = [v for i, v in enumerate(parameter.type.unordered()) if i not in atom.positions]
        return values[0] if len(values) == 1 else values

    def _beyond(self, atom: Within, parameter: Parameter) -> dict[str, Any]:
        """Return where the parameter is outside of what the atom has."""
        show = parameter.type.show
        parts = []
        if atom.low is not None:
            parts.append({parameter.name: {"at_most": show(atom.low - 1)}})
        if atom.high is not None:
            parts.append({parameter.name: {"at_least": show(atom.high + 1)}})
        return parts[0] if len(parts) == 1 else {"any": parts}
