"""Sets of cases, and whether a condition is true in all cases of a set, in none, or in some.

This is Kleene's three-valued logic over intervals and sets of values in place of single values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
from checker.verify.tokens import Split, shown

Truth = bool | None  # True of all cases, False of all cases; None: it may differ between cases
Interval = tuple[int, int]


def all_of(truths: Iterable[Truth]) -> Truth:
    """Return whether all are true; the rest is not asked for after the first that is false."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def any_of(truths: Iterable[Truth]) -> Truth:
    """Return whether one is true, or more; the rest is not asked for after the first."""
    return negate(all_of(negate(truth) for truth in truths))


def negate(truth: Truth) -> Truth:
    """Return the opposite."""
    return None if truth is None else not truth


class BadSplit(ValueError):
    """A split that names no fact, or a value that the fact can't have."""


_Pair = tuple[str, str]


@dataclass(slots=True)
class CaseSet:
    """A set of cases; it is narrowed in place, so that a proof of any length needs only one.

    Attributes:
        values: the values that each fact may have.
        differences: by two facts a and b, the greatest value that a - b may have.
    """

    values: dict[str, Interval | frozenset[Value]]
    differences: dict[_Pair, int] = field(default_factory=dict)

    def halves(self, split: Split, vocabulary: Vocabulary) -> tuple[Narrowing, Narrowing]:
        """Return the two narrowings of a split: to the cases where it is true, and to the others.

        The second one is derived from the first, so that no case is lost: for an ordered fact it is
        the values above the end, for any other fact the values that are not listed, and for
        `a - b <= n` its negation, which is `b - a <= -n - 1` for integers.

        Raises:
            BadSplit: the split says nothing about a fact.
        """
        if len(split) == 3:
            left, right, most = split
            for name in (left, right):
                if not isinstance(self.values.get(name), tuple):
                    raise BadSplit(f"{shown(name)} is no fact with an order")
            if type(most) is not int:
                raise BadSplit(f"{shown(most)} is no integer")
            return NarrowedDifference((left, right), most), NarrowedDifference(
                (right, left), -most - 1
            )
        if len(split) != 2 or not isinstance(split[0], str) or split[0] not in self.values:
            raise BadSplit(f"{shown(split)} splits no fact")
        name, stated = split
        values, type_ = self.values[name], vocabulary.facts[name].type
        if isinstance(values, frozenset):
            chosen = _chosen(stated, type_)
            return NarrowedValues(name, values & chosen), NarrowedValues(name, values - chosen)
        (least, greatest), end = values, _end(stated, type_)
        return NarrowedValues(name, (least, min(greatest, end))), NarrowedValues(
            name, (max(least, end + 1), greatest)
        )

    def max_difference(self, left: str, right: str) -> int:
        """Return the greatest difference left - right of two ordered facts."""
        (_, high), (low, _) = self.values[left], self.values[right]
        assert isinstance(high, int) and isinstance(low, int)
        return min(high - low, self.differences.get((left, right), high - low))

    def is_empty(self) -> bool:
        """Return whether no case is in the set: a fact has no value, or a cycle is negative.

        A negative cycle means difference constraints without a solution (Cormen, Leiserson, Rivest
        and Stein, Introduction to Algorithms, "Difference constraints and shortest paths"). All
        shortest paths are computed by Floyd-Warshall.
        """
        if any(not values or _is_reversed(values) for values in self.values.values()):
            return True
        names = [*{name for pair in self.differences for name in pair}]
        length = {(a, b): 0 if a == b else self.max_difference(a, b) for a in names for b in names}
        for via in names:
            for a in names:
                for b in names:
                    length[a, b] = min(length[a, b], length[a, via] + length[via, b])
        return any(length[name, name] < 0 for name in names)


@dataclass(frozen=True, slots=True)
class NarrowedValues:
    """Narrows a fact to values."""

    name: str
    values: Interval | frozenset[Value]

    def apply(self, cases: CaseSet) -> Narrowing:
        """Narrow the cases; return what undoes it."""
        before = NarrowedValues(self.name, cases.values[self.name])
        cases.values[self.name] = self.values
        return before


@dataclass(frozen=True, slots=True)
class NarrowedDifference:
    """Narrows the difference of two facts.

    Attributes:
        pair: the two facts.
        most: the greatest difference; None removes the bound.
        exactly: whether `most` replaces the bound, as an undo does, and does not only lower it.
    """

    pair: _Pair
    most: int | None
    exactly: bool = False

    def apply(self, cases: CaseSet) -> Narrowing:
        """Narrow the cases; return what undoes it."""
        before = cases.differences.get(self.pair)
        most = self.most
        if most is not None and before is not None and not self.exactly:
            most = min(most, before)
        if most is None:
            del cases.differences[self.pair]
        else:
            cases.differences[self.pair] = most
        return NarrowedDifference(self.pair, before, exactly=True)


Narrowing = NarrowedValues | NarrowedDifference


def _chosen(stated: Any, type_: ValueType) -> frozenset[Value]:
    """Return the values that a split lists."""
    if not isinstance(stated, list):
        raise BadSplit(f"{shown(stated)} is no list of values")
    try:
        return frozenset(type_.read(value) for value in stated)
    except ValueError as error:
        raise BadSplit(str(error)) from None


def _end(stated: Any, type_: ValueType) -> int:
    """Return the value of an ordered fact that a split divides at."""
    try:
        value = type_.read(stated)
    except ValueError as error:
        raise BadSplit(str(error)) from None
    assert type(value) is int, "ordered values are integers"
    return value


def _is_reversed(values: Interval | frozenset[Value]) -> bool:
    return isinstance(values, tuple) and values[0] > values[1]


def all_cases(vocabulary: Vocabulary) -> CaseSet:
    """Return the set of all cases that a proof covers."""
    return CaseSet(
        {name: _all_values(fact.type) for name, fact in vocabulary.testable_facts().items()}
    )


def one_case(stated: Mapping[str, Any], vocabulary: Vocabulary) -> CaseSet:
    """Return the set of one case alone.

    Raises:
        BadSplit: a fact has no value in it, or a wrong one.
    """
    values: dict[str, Interval | frozenset[Value]] = {}
    try:
        for name, fact in vocabulary.testable_facts().items():
            value = fact.type.read(stated[name])
            fact.type.check_range(value)
            values[name] = (value, value) if isinstance(value, int) else frozenset([value])
            if isinstance(value, bool):
                values[name] = frozenset([value])
    except (KeyError, ValueError):
        raise BadSplit(f"no case: `{name}` has no value in it") from None
    return CaseSet(values)


def _all_values(type_: ValueType) -> Interval | frozenset[Value]:
    if type_.ordered:
        assert type_.range, "every ordered fact has a range"
        return type_.range
    return frozenset(type_.categories())


@dataclass(frozen=True, slots=True)
class ConditionEvaluator:
    """Evaluates conditions over sets of cases, under a policy's names and parameters."""

    names: Names
    parameters: Mapping[str, Value]

    def truth(self, condition: Condition, cases: CaseSet) -> Truth:
        """Return whether the condition is true of all the cases, of none, or neither (None)."""
        if isinstance(condition, All):
            return all_of(self.truth(part, cases) for part in condition.parts)
        if isinstance(condition, AnyOf):
            return any_of(self.truth(part, cases) for part in condition.parts)
        if isinstance(condition, Not):
            return negate(self.truth(condition.part, cases))
        if isinstance(condition, GroundHolds | Defined):
            return self.truth(self.names.of(condition), cases)
        if isinstance(condition, Test):
            return self.truth(condition.core, cases)
        return self._core(condition, cases)

    def _core(self, test: CoreTest, cases: CaseSet) -> Truth:
        if isinstance(test, Includes):
            members = self.parameters[test.subject.name]
            assert isinstance(members, frozenset)
            return test.member in members
        if isinstance(test, AtMost):
            return self._at_most(test.left, test.right, cases)
        if isinstance(test, Equal):
            if test.type.ordered:
                return self._equal(test.left, test.right, cases)
            return self._unordered_equal(test.left, test.right, cases)
        if test.type.ordered:
            assert isinstance(test.members, Literal) and isinstance(test.members.value, tuple)
            values = map(Literal, test.members.value)
            return any_of(self._equal(test.subject, value, cases) for value in values)
        return self._unordered_equal(test.subject, test.members, cases)

    def _unordered_equal(self, subject: Operand, other: Operand, cases: CaseSet) -> Truth:
        """Return whether a subject without order equals the other operand, or one of its values."""
        left, right = self._values(subject, cases), self._values(other, cases)
        if not left & right:
            return False
        # a list has all its values at once; a fact has one of them, and which one is open
        is_list = not isinstance(other, FactValue)
        always = left <= right if is_list else len(left | right) == 1
        return True if always else None

    def _values(self, operand: Operand, cases: CaseSet) -> frozenset[Value]:
        if isinstance(operand, FactValue):
            values = cases.values[operand.name]
            assert isinstance(values, frozenset)
            return values
        value: Any = (
            operand.value if isinstance(operand, Literal) else self.parameters[operand.name]
        )
        return frozenset(value) if isinstance(value, tuple | frozenset) else frozenset([value])

    def _equal(self, left: Operand, right: Operand, cases: CaseSet) -> Truth:
        return all_of([self._at_most(left, right, cases), self._at_most(right, left, cases)])

    def _at_most(self, left: Operand, right: Operand, cases: CaseSet) -> Truth:
        if self._max_excess(left, right, cases) <= 0:
            return True
        return False if -self._max_excess(right, left, cases) > 0 else None

    def _max_excess(self, left: Operand, right: Operand, cases: CaseSet) -> int:
        """Return the greatest difference left - right of two ordered operands."""
        if isinstance(left, FactValue) and isinstance(right, FactValue):
            difference = (
                0 if left.name == right.name else cases.max_difference(left.name, right.name)
            )
            return difference + left.plus - right.plus
        return self._ends(left, cases)[1] - self._ends(right, cases)[0]

    def _ends(self, operand: Operand, cases: CaseSet) -> Interval:
        if isinstance(operand, Literal):
            return int(operand.value), int(operand.value)  # type: ignore[arg-type]
        if isinstance(operand, ParameterValue):
            value = int(self.parameters[operand.name]) + operand.plus  # type: ignore[arg-type]
            return value, value
        low, high = cases.values[operand.name]
        assert isinstance(low, int) and isinstance(high, int)
        return low + operand.plus, high + operand.plus
