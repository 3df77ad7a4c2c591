"""The condition tree: written once, read by every backend with one meaning.

A tree is typed and closed: every name in it exists, every operand has the type of what it is
compared with. Grounds and definitions stay names; the policy that the tree belongs to holds them.

Authors write operators (`operators.py`). Each `Test` has its meaning in *core tests*: equal, at
most, one of, includes, and their negation. Backends read core tests alone; errors and explanations
keep the operator.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from checker.language.model.types import Value, ValueType


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as the document states it; of a list, all the values."""

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
    """Return what a core test looks at."""
    if isinstance(test, Includes):
        return (test.subject,)
    if isinstance(test, OneOf):
        return (test.subject, test.members)
    return (test.left, test.right)


def facts_of(test: CoreTest) -> tuple[str, ...]:
    """Return the facts that a core test looks at, each once."""
    names = (each.name for each in operands_of(test) if isinstance(each, FactValue))
    return tuple(dict.fromkeys(names))


# --- the tree ---


@dataclass(frozen=True, slots=True)
class Test:
    """One operator asked of a fact or parameter, as the author wrote it; `core` is its meaning."""

    subject: Subject
    operator: str
    operands: tuple[Operand, ...]
    type: ValueType
    core: Condition = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class All:
    """True where every part is; true without parts."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True where some part is; false without parts."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True where the part is false."""

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
    """The conditions that others refer to by name."""

    grounds: Mapping[str, Condition]
    definitions: Mapping[str, Condition]

    def of(self, reference: GroundHolds | Defined) -> Condition:
        """Return the condition that `reference` names."""
        if isinstance(reference, GroundHolds):
            return self.grounds[reference.id]
        return self.definitions[reference.name]


ALWAYS = All(())
NO_NAMES = Names({}, {})  # what stands behind conditions over facts alone


def core_tests_in(
    condition: Condition, names: Names, seen: set[GroundHolds | Defined] | None = None
) -> Iterator[CoreTest]:
    """Yield every core test of `condition`, through the names in it, each of which once."""
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
    """Return the facts that `condition` looks at."""
    return frozenset(fact for test in core_tests_in(condition, names) for fact in facts_of(test))


def parameters_in(condition: Condition, names: Names) -> frozenset[str]:
    """Return the parameters that `condition` looks at."""
    return frozenset(
        operand.name
        for test in core_tests_in(condition, names)
        for operand in operands_of(test)
        if isinstance(operand, ParameterValue)
    )
