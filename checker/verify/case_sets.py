"""Sets of cases, and whether a condition is true in all of one, in none of it, or neither.

Three-valued logic as Kleene has it, over intervals and sets of values instead of values.
"""

from __future__ import annotations

import json
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
from checker.verify.certificate_file import Split

Truth = bool | None  # None: perhaps true of some of the cases, and false of others
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


_Pair = tuple[str, str]


@dataclass(slots=True)
class CaseSet:
    """Some cases: the values that each fact may have, and how far apart two facts may be.

    `apart[a, b]` is how much more a may be than b. A set is narrowed in place, so that a proof of
    any length needs one.
    """

    values: dict[str, Interval | frozenset[Value]]
    apart: dict[_Pair, int] = field(default_factory=dict)

    def halves(self, split: Split, vocabulary: Vocabulary) -> tuple[Narrowing, Narrowing]:
        """Return what narrows the set to the cases where the split's condition is true, or false.

        The second is derived from the first, so that no case is in neither: of ordered values those
        above its end, of others those that it leaves, and of a comparison its negation, which for
        integers is `b - a <= -n - 1`. BadSplit where the split says nothing about a fact.
        """
        if len(split) == 3:
            left, right, most = split
            for name in (left, right):
                if not isinstance(self.values.get(name), tuple):
                    raise BadSplit(f"{_quoted(name)} is no fact with an order")
            if type(most) is not int:
                raise BadSplit(f"{_quoted(most)} is no integer")
            return Apart((left, right), most), Apart((right, left), -most - 1)
        if len(split) != 2 or not isinstance(split[0], str) or split[0] not in self.values:
            raise BadSplit(f"{_quoted(split)} splits no fact")
        name, stated = split
        values, type_ = self.values[name], vocabulary.facts[name].type
        if isinstance(values, frozenset):
            chosen = _chosen(stated, type_)
            return Values(name, values & chosen), Values(name, values - chosen)
        (least, most_), end = values, _end(stated, type_)
        return Values(name, (least, min(most_, end))), Values(name, (max(least, end + 1), most_))

    def furthest(self, left: str, right: str) -> int:
        """Return how much more the left fact may be than the right one, at most."""
        (_, high), (low, _) = self.values[left], self.values[right]
        assert isinstance(high, int) and isinstance(low, int)
        return min(high - low, self.apart.get((left, right), high - low))

    def is_empty(self) -> bool:
        """Return whether no case is in the set: no values, or a cycle of less than nothing.

        The second are difference constraints without a solution (Cormen, Leiserson, Rivest and
        Stein, Introduction to Algorithms, "Difference constraints and shortest paths").
        """
        if any(not values or _turned(values) for values in self.values.values()):
            return True
        names = [*{name for pair in self.apart for name in pair}]
        length = {(a, b): 0 if a == b else self.furthest(a, b) for a in names for b in names}
        for via in names:
            for a in names:
                for b in names:
                    length[a, b] = min(length[a, b], length[a, via] + length[via, b])
        return any(length[name, name] < 0 for name in names)


@dataclass(frozen=True, slots=True)
class Values:
    """Narrows a fact to values; `applied` returns what undoes it."""

    name: str
    values: Interval | frozenset[Value]

    def applied(self, cases: CaseSet) -> Narrowing:
        """Narrow the cases; return what undoes it."""
        before = Values(self.name, cases.values[self.name])
        cases.values[self.name] = self.values
        return before


@dataclass(frozen=True, slots=True)
class Apart:
    """Narrows how much more one fact may be than another; None takes a bound away again."""

    pair: _Pair
    most: int | None
    exactly: bool = False  # of what undoes it

    def applied(self, cases: CaseSet) -> Narrowing:
        """Narrow the cases; return what undoes it."""
        before = cases.apart.get(self.pair)
        most = self.most
        if most is not None and before is not None and not self.exactly:
            most = min(most, before)
        if most is None:
            del cases.apart[self.pair]
        else:
            cases.apart[self.pair] = most
        return Apart(self.pair, before, exactly=True)


Narrowing = Values | Apart


def _chosen(stated: Any, type_: ValueType) -> frozenset[Value]:
    """Return the values that a split lists."""
    if not isinstance(stated, list):
        raise BadSplit(f"{_quoted(stated)} is no list of values")
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


def _quoted(found: Any) -> str:
    text = json.dumps(found)
    return f"`{text}`" if len(text) <= 60 else f"`{text[:57]}…`"


def _turned(values: Interval | frozenset[Value]) -> bool:
    return isinstance(values, tuple) and values[0] > values[1]


def all_cases(vocabulary: Vocabulary) -> CaseSet:
    """Return every case that a proof speaks of."""
    return CaseSet({name: _all(fact.type) for name, fact in vocabulary.decisive().items()})


def one_case(stated: Mapping[str, Any], vocabulary: Vocabulary) -> CaseSet:
    """Return one case alone; BadSplit where it states no value of a fact."""
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
    return CaseSet(values)


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

    def truth(self, condition: Condition, cases: CaseSet) -> Truth:
        """Return whether the condition is true of the cases."""
        if isinstance(condition, All):
            return all_of(self.truth(each, cases) for each in condition.parts)
        if isinstance(condition, AnyOf):
            return any_of(self.truth(each, cases) for each in condition.parts)
        if isinstance(condition, Not):
            return not_(self.truth(condition.part, cases))
        if isinstance(condition, GroundHolds | Defined):
            return self.truth(self.names.of(condition), cases)
        if isinstance(condition, Test):
            return self.truth(condition.core, cases)
        return self._core(condition, cases)

    def _core(self, test: CoreTest, cases: CaseSet) -> Truth:
        if isinstance(test, Includes):
            kept = self.parameters[test.subject.name]
            assert isinstance(kept, frozenset)
            return test.member in kept
        if isinstance(test, AtMost):
            return self._at_most(test.left, test.right, cases)
        if isinstance(test, Equal):
            if test.type.ordered:
                return self._equal(test.left, test.right, cases)
            return self._among(test.left, test.right, cases)
        if test.type.ordered:
            assert isinstance(test.members, Literal) and isinstance(test.members.value, tuple)
            values = map(Literal, test.members.value)
            return any_of(self._equal(test.subject, value, cases) for value in values)
        return self._among(test.subject, test.members, cases)

    def _among(self, subject: Operand, other: Operand, cases: CaseSet) -> Truth:
        """Return whether a subject without order is the other operand, or among its values."""
        mine, theirs = self._values(subject, cases), self._values(other, cases)
        if not mine & theirs:
            return False
        given = not isinstance(other, FactValue)  # and so all of them at once
        settled = mine <= theirs if given else len(mine | theirs) == 1
        return True if settled else None

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
        if self._more(left, right, cases) <= 0:
            return True
        return False if -self._more(right, left, cases) > 0 else None

    def _more(self, left: Operand, right: Operand, cases: CaseSet) -> int:
        """Return how much more the left operand may be than the right one, at most."""
        if isinstance(left, FactValue) and isinstance(right, FactValue):
            apart = 0 if left.name == right.name else cases.furthest(left.name, right.name)
            return apart + left.plus - right.plus
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
