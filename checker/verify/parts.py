"""Parts of all cases, and whether a condition is true in all of a part, in none of it, or neither.

Three-valued logic as Kleene has it, over intervals and sets of values instead of values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from checker.language.model.conditions import (
    All,
    AnyOf,
    AtMost,
    Condition,
    CoreTest,
    Defined,
    Equal,
    FactValue,
    GroundHolds,
    Includes,
    Literal,
    Names,
    Not,
    Operand,
    ParameterValue,
    Test,
)
from checker.language.model.types import Value, ValueType
from checker.language.model.vocabulary import Vocabulary

Truth = bool | None  # None: true of some of the part's cases, perhaps, and false of others
Interval = tuple[int, int]


def all_of(truths: Iterable[Truth]) -> Truth:
    """Return whether all are true."""
    found = {*truths}
    return False if False in found else None if None in found else True


def any_of(truths: Iterable[Truth]) -> Truth:
    """Return whether one is true, or more."""
    found = {*truths}
    return True if True in found else None if None in found else False


def not_(truth: Truth) -> Truth:
    """Return the opposite."""
    return None if truth is None else not truth


class BadSplit(ValueError):
    """A split of no fact, or by what is no value of it."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some cases: the values that each fact may have, and how far apart two facts may be.

    `apart[a, b]` is how much more a may be than b.
    """

    values: Mapping[str, Interval | frozenset[Value]]
    apart: Mapping[tuple[str, str], int]

    def split(self, step: Any, vocabulary: Vocabulary) -> tuple[Part, Part]:
        """Return the part where the step's condition is true, and the part where it is false.

        BadSplit where the step says nothing about a fact.
        """
        try:
            if len(step) == 3:
                left, right, plus = step
                return self._nearer(left, right, int(plus)), self._nearer(right, left, -plus - 1)
            name, value = step
            values, type_ = self.values[name], vocabulary.decisive()[name].type
            if isinstance(values, frozenset):
                chosen = values & {*value}
                return self._with(name, chosen), self._with(name, values - chosen)
            least, most = values
            at = int(type_.read(value))  # type: ignore[arg-type]
            return self._with(name, (least, min(most, at))), self._with(
                name, (max(least, at + 1), most)
            )
        except (KeyError, TypeError, ValueError):
            raise BadSplit(f"no split: {step!r}") from None

    def _with(self, name: str, values: Interval | frozenset[Value]) -> Part:
        return Part({**self.values, name: values}, self.apart)

    def _nearer(self, left: str, right: str, most: int) -> Part:
        for name in (left, right):
            if not isinstance(self.values[name], tuple):
                raise BadSplit(f"`{name}` has no order")
        known = min(most, self.apart.get((left, right), most))
        return Part(self.values, {**self.apart, (left, right): known})

    def furthest(self, left: str, right: str) -> int:
        """Return how much more the left fact may be than the right one, at most."""
        (_, high), (low, _) = self.values[left], self.values[right]
        assert isinstance(high, int) and isinstance(low, int)
        return min(high - low, self.apart.get((left, right), high - low))

    def is_empty(self) -> bool:
        """Return whether no case is in the part: no values, or a circle of less than nothing."""
        if any(not each or _turned(each) for each in self.values.values()):
            return True
        names = [*{name for pair in self.apart for name in pair}]
        length = {(a, b): 0 if a == b else self.furthest(a, b) for a in names for b in names}
        for via in names:
            for a in names:
                for b in names:
                    length[a, b] = min(length[a, b], length[a, via] + length[via, b])
        return any(length[name, name] < 0 for name in names)


def _turned(values: Interval | frozenset[Value]) -> bool:
    return isinstance(values, tuple) and values[0] > values[1]


def whole(vocabulary: Vocabulary) -> Part:
    """Return the part of every case that a proof speaks of."""
    return Part({name: _all(fact.type) for name, fact in vocabulary.decisive().items()}, {})


def one_case(stated: Mapping[str, Any], vocabulary: Vocabulary) -> Part:
    """Return the part of one case alone; BadSplit where it states no value of a fact."""
    values: dict[str, Interval | frozenset[Value]] = {}
    try:
        for name, fact in vocabulary.decisive().items():
            value = fact.type.read(stated[name])
            fact.type.check_range(value)
            values[name] = (value, value) if isinstance(value, int) else frozenset([value])
            if isinstance(value, bool):
                values[name] = frozenset([value])
    except (KeyError, ValueError):
        raise BadSplit(f"no case: `{name}` has no value in it") from None
    return Part(values, {})


def _all(type_: ValueType) -> Interval | frozenset[Value]:
    if type_.ordered:
        assert type_.range, "every ordered fact has a range"
        return type_.range
    return frozenset(type_.unordered())


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the names in conditions stand for."""

    names: Names
    parameters: Mapping[str, Value]

    def truth(self, condition: Condition, part: Part) -> Truth:
        """Return whether the condition is true of the cases of the part."""
        if isinstance(condition, All):
            return all_of(self.truth(each, part) for each in condition.parts)
        if isinstance(condition, AnyOf):
            return any_of(self.truth(each, part) for each in condition.parts)
        if isinstance(condition, Not):
            return not_(self.truth(condition.part, part))
        if isinstance(condition, GroundHolds | Defined):
            return self.truth(self.names.of(condition), part)
        if isinstance(condition, Test):
            return self.truth(condition.core, part)
        return self._core(condition, part)

    def _core(self, test: CoreTest, part: Part) -> Truth:
        if isinstance(test, Includes):
            kept = self.parameters[test.subject.name]
            assert isinstance(kept, frozenset)
            return test.member in kept
        if isinstance(test, AtMost):
            return self._at_most(test.left, test.right, part)
        if isinstance(test, Equal):
            if test.type.ordered:
                return self._equal(test.left, test.right, part)
            return self._among(test.left, test.right, part)
        if test.type.ordered:
            assert isinstance(test.members, Literal) and isinstance(test.members.value, tuple)
            values = map(Literal, test.members.value)
            return any_of(self._equal(test.subject, value, part) for value in values)
        return self._among(test.subject, test.members, part)

    def _among(self, subject: Operand, other: Operand, part: Part) -> Truth:
        """Return whether a subject without order is the other operand, or among its values."""
        mine, theirs = self._values(subject, part), self._values(other, part)
        if not mine & theirs:
            return False
        given = not isinstance(other, FactValue)  # and so all of them at once
        settled = mine <= theirs if given else len(mine | theirs) == 1
        return True if settled else None

    def _values(self, operand: Operand, part: Part) -> frozenset[Value]:
        if isinstance(operand, FactValue):
            values = part.values[operand.name]
            assert isinstance(values, frozenset)
            return values
        value: Any = (
            operand.value if isinstance(operand, Literal) else self.parameters[operand.name]
        )
        return frozenset(value) if isinstance(value, tuple | frozenset) else frozenset([value])

    def _equal(self, left: Operand, right: Operand, part: Part) -> Truth:
        return all_of([self._at_most(left, right, part), self._at_most(right, left, part)])

    def _at_most(self, left: Operand, right: Operand, part: Part) -> Truth:
        if self._more(left, right, part) <= 0:
            return True
        return False if -self._more(right, left, part) > 0 else None

    def _more(self, left: Operand, right: Operand, part: Part) -> int:
        """Return how much more the left operand may be than the right one, at most."""
        if isinstance(left, FactValue) and isinstance(right, FactValue):
            apart = 0 if left.name == right.name else part.furthest(left.name, right.name)
            return apart + left.plus - right.plus
        return self._ends(left, part)[1] - self._ends(right, part)[0]

    def _ends(self, operand: Operand, part: Part) -> Interval:
        if isinstance(operand, Literal):
            return int(operand.value), int(operand.value)  # type: ignore[arg-type]
        if isinstance(operand, ParameterValue):
            value = int(self.parameters[operand.name]) + operand.plus  # type: ignore[arg-type]
            return value, value
        low, high = part.values[operand.name]
        assert isinstance(low, int) and isinstance(high, int)
        return low + operand.plus, high + operand.plus
