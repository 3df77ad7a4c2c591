"""The condition tree, which every backend reads with one meaning (docs/language.md, section 3).

A tree is typed and closed: every name in it exists, and every operand has the type of what it is
compared with. Grounds and definitions stay references; the `Names` of the policy have their
conditions.

Authors write operators (`operators.py`). The meaning of each `Test` is in *core tests*: equal, at
most, one of, includes, and their negations. Backends read only core tests; errors and explanations
use the operator. Conditions are true, false or unknown by Kleene's strong logic
(docs/language.md, section 3.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from checker.language.model.types import Value, ValueType


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant: a value in its kept form, or all values of a list."""

    value: Value | tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class FactValue:
    """The value of a fact in the case, plus a whole number of its units."""

    name: str
    plus: int = 0


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """The value of a parameter, plus a whole number of its units."""

    name: str
    plus: int = 0


Operand = Literal | FactValue | ParameterValue
Subject = FactValue | ParameterValue


# --- core tests: each is unknown where a fact that it names is absent ---


@dataclass(frozen=True, slots=True)
class Equal:
    """True where both operands are the same value of `type`."""

    left: Operand
    right: Operand
    type: ValueType


@dataclass(frozen=True, slots=True)
class AtMost:
    """True where the left operand is at most the right one; both have the ordered `type`."""

    left: Operand
    right: Operand
    type: ValueType


@dataclass(frozen=True, slots=True)
class OneOf:
    """True where the subject is among the members: a list of values, or a set parameter."""

    subject: Subject
    members: Literal | ParameterValue
    type: ValueType


@dataclass(frozen=True, slots=True)
class Includes:
    """True where a set parameter has the member."""

    subject: ParameterValue
    member: str


CoreTest = Equal | AtMost | OneOf | Includes


def operands_of(test: CoreTest) -> tuple[Operand, ...]:
    """Return the operands of a core test."""
    if isinstance(test, Includes):
        return (test.subject,)
    if isinstance(test, OneOf):
        return (test.subject, test.members)
    return (test.left, test.right)


def facts_of(test: CoreTest) -> tuple[str, ...]:
    """Return the names of the facts that a core test uses, each once."""
    names = (operand.name for operand in operands_of(test) if isinstance(operand, FactValue))
    return tuple(dict.fromkeys(names))


# --- the tree ---


@dataclass(frozen=True, slots=True)
class Test:
    """A test as the author wrote it: one operator on a subject; `core` is its meaning."""

    subject: Subject
    operator: str
    operands: tuple[Operand, ...]
    type: ValueType
    core: Condition = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class All:
    """The conjunction of its parts; true without parts."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The disjunction of its parts; false without parts."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The negation of its part."""

    part: Condition


@dataclass(frozen=True, slots=True)
class GroundHolds:
    """True where the ground holds."""

    id: str


@dataclass(frozen=True, slots=True)
class Defined:
    """True where the definition holds."""

    name: str


Condition = All | AnyOf | Not | GroundHolds | Defined | Test | CoreTest


@dataclass(frozen=True, slots=True)
class Names:
    """The conditions that others refer to: of grounds by id, of definitions by name."""

    grounds: Mapping[str, Condition]
    definitions: Mapping[str, Condition]

    def of(self, reference: GroundHolds | Defined) -> Condition:
        """Return the condition that `reference` names."""
        if isinstance(reference, GroundHolds):
            return self.grounds[reference.id]
        return self.definitions[reference.name]


ALWAYS = All(())
NO_NAMES = Names({}, {})  # for conditions over facts alone


def core_tests_in(
    condition: Condition, names: Names, seen: set[GroundHolds | Defined] | None = None
) -> Iterator[CoreTest]:
    """Yield every core test of `condition`, also of the grounds and definitions that it names.

    Args:
        condition: the condition.
        names: the conditions that it may refer to.
        seen: the references that were followed; each is followed once.
    """
    seen = set() if seen is None else seen
    if isinstance(condition, Test):
        yield from core_tests_in(condition.core, names, seen)
    elif isinstance(condition, All | AnyOf):
        for part in condition.parts:
            yield from core_tests_in(part, names, seen)
    elif isinstance(condition, Not):
        yield from core_tests_in(condition.part, names, seen)
    elif isinstance(condition, GroundHolds | Defined):
        if condition not in seen:
            seen.add(condition)
            yield from core_tests_in(names.of(condition), names, seen)
    else:
        yield condition


def facts_in(condition: Condition, names: Names) -> frozenset[str]:
    """Return the names of the facts that `condition` uses."""
    return frozenset(fact for test in core_tests_in(condition, names) for fact in facts_of(test))


def parameters_in(condition: Condition, names: Names) -> frozenset[str]:
    """Return the names of the parameters that `condition` uses."""
    return frozenset(
        operand.name
        for test in core_tests_in(condition, names)
        for operand in operands_of(test)
        if isinstance(operand, ParameterValue)
    )
