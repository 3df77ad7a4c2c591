"""The condition tree: written once, read many ways.

A tree is typed and closed: every name in it exists, every operand has the type of what is
tested. Grounds and definitions stay names; the policy that the tree belongs to holds them.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checker.language.model.types import Value, ValueType

# what stands after the operator: one operand, a list or set, two operands, members of a set
Shape = typing.Literal["one", "list", "pair", "members"]


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator's name, the shape of its operand, and whether it asks for an order."""

    name: str
    shape: Shape
    needs_order: bool = False


OPERATORS = {
    operator.name: operator
    for operator in (
        Operator("is", "one"),
        Operator("is_not", "one"),
        Operator("one_of", "list"),
        Operator("none_of", "list"),
        Operator("at_least", "one", needs_order=True),
        Operator("at_most", "one", needs_order=True),
        Operator("more_than", "one", needs_order=True),
        Operator("less_than", "one", needs_order=True),
        Operator("between", "pair", needs_order=True),
        Operator("includes", "members"),
        Operator("excludes", "members"),
    )
}


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as the document states it; of `one_of` and its like, all the values."""

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


@dataclass(frozen=True, slots=True)
class Test:
    """One operator asked of a fact or parameter. Unknown where a fact it names is absent."""

    subject: FactValue | ParameterValue
    operator: str
    operands: tuple[Operand, ...]
    type: ValueType

    def facts(self) -> Iterator[str]:
        """Yield the facts that the test looks at."""
        for part in (self.subject, *self.operands):
            if isinstance(part, FactValue):
                yield part.name


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


Condition = All | AnyOf | Not | GroundHolds | Defined | Test


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


def tests_in(
    condition: Condition, names: Names, seen: set[GroundHolds | Defined] | None = None
) -> Iterator[Test]:
    """Yield every test of `condition`, through the grounds and definitions it names, each once."""
    seen = set() if seen is None else seen
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, All | AnyOf):
        for part in condition.parts:
            yield from tests_in(part, names, seen)
    elif isinstance(condition, Not):
        yield from tests_in(condition.part, names, seen)
    elif condition not in seen:
        seen.add(condition)
        yield from tests_in(names.of(condition), names, seen)


def facts_in(condition: Condition, names: Names) -> frozenset[str]:
    """Return the facts that `condition` looks at."""
    return frozenset(fact for test in tests_in(condition, names) for fact in test.facts())


def parameters_in(condition: Condition, names: Names) -> frozenset[str]:
    """Return the parameters that `condition` looks at."""
    return frozenset(
        part.name
        for test in tests_in(condition, names)
        for part in (test.subject, *test.operands)
        if isinstance(part, ParameterValue)
    )
