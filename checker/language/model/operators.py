"""The operators that authors write, one row each: operand shape, wording, and core tests.

All that the program knows about an operator is in its row. Its JSON Schema, its type errors, its
completion in editors and its sentences come from the row, and so does its meaning: a test is
lowered once, and every backend reads only core tests (docs/language.md, section 3.1). A new
operator is a row here and a file in `tests/conformance`; `checker schema --out schemas` then writes
it into `schemas/condition.schema.json`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from checker.language.model.conditions import (
    All,
    AtMost,
    Condition,
    Equal,
    Includes,
    Literal,
    Not,
    OneOf,
    Operand,
    ParameterValue,
    Subject,
    Test,
)
from checker.language.model.types import ValueType

Lower = Callable[[Subject, Sequence[Operand], ValueType], Condition]


class OperandShape(Enum):
    """What an author writes after an operator."""

    ONE = "one operand"
    LIST = "a list of values, or a set parameter"
    PAIR = "two operands, the lower one first"
    MEMBERS = "members of a set"


_SCHEMAS: dict[OperandShape, dict[str, Any]] = {
    OperandShape.ONE: {"$ref": "#/$defs/operand"},
    OperandShape.LIST: {"$ref": "#/$defs/list"},
    OperandShape.PAIR: {
        "type": "array",
        "minItems": 2,
        "maxItems": 2,
        "items": {"$ref": "#/$defs/operand"},
    },
    OperandShape.MEMBERS: {
        "type": ["array", "string"],
        "items": {"type": "string", "x-name": {"kind": "value"}},
    },
}


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a predicate; `{value}` and `{high}` are its operands.

    Attributes:
        english: the words in English.
        chinese: the words in Chinese.
        variants: other words, English and Chinese, by the type of values (`money`), for a list of
            `none` or `one` value, and where the operand is `named`, a fact or a parameter.
        last: the word between the last two values of a list.
    """

    english: str
    chinese: str
    variants: Mapping[str, tuple[str, str]]
    last: str = "or"

    def words(self, variants: Iterable[str]) -> tuple[str, str]:
        """Return the words, English and Chinese, of the first variant that it has.

        Where it has none of the variants, these are the default words.
        """
        default = (self.english, self.chinese)
        return next((self.variants[name] for name in variants if name in self.variants), default)


def _wording(english: str, chinese: str, last: str = "or", **variants: tuple[str, str]) -> Wording:
    return Wording(english, chinese, variants, last)


@dataclass(frozen=True, slots=True)
class Operator:
    """One row of the table of operators.

    Attributes:
        name: the key in a document.
        shape: what an author writes after it.
        description: its description in the JSON Schema.
        true: the words for a subject for which it is true.
        false: the words for a subject for which it is false.
        lower: its meaning: a function of subject, operands and type that returns core tests.
        needs_order: whether the type of the subject must be ordered.
    """

    name: str
    shape: OperandShape
    description: str
    true: Wording
    false: Wording
    lower: Lower
    needs_order: bool = False

    def test(self, subject: Subject, operands: tuple[Operand, ...], type_: ValueType) -> Test:
        """Return the test of a subject by this operator, with its meaning in core tests."""
        return Test(subject, self.name, operands, type_, self.lower(subject, operands, type_))

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of what an author writes after the operator."""
        return {**_SCHEMAS[self.shape], "description": self.description}


def _equal(subject: Subject, operands: Sequence[Operand], type_: ValueType) -> Condition:
    return Equal(subject, operands[0], type_)


def _one_of(subject: Subject, operands: Sequence[Operand], type_: ValueType) -> Condition:
    (members,) = operands
    assert isinstance(members, Literal | ParameterValue)
    return OneOf(subject, members, type_)


def _at_most(subject: Subject, operands: Sequence[Operand], type_: ValueType) -> Condition:
    return AtMost(subject, operands[0], type_)


def _at_least(subject: Subject, operands: Sequence[Operand], type_: ValueType) -> Condition:
    return AtMost(operands[0], subject, type_)


def _between(subject: Subject, operands: Sequence[Operand], type_: ValueType) -> Condition:
    low, high = operands
    return All((AtMost(low, subject, type_), AtMost(subject, high, type_)))


def _members(subject: Subject, operands: Sequence[Operand]) -> list[Includes]:
    (members,) = operands
    assert isinstance(subject, ParameterValue) and isinstance(members, Literal)
    assert isinstance(members.value, tuple)
    return [Includes(subject, str(member)) for member in members.value]


def _includes(subject: Subject, operands: Sequence[Operand], type_: ValueType) -> Condition:
    return All(tuple(_members(subject, operands)))


def _excludes(subject: Subject, operands: Sequence[Operand], type_: ValueType) -> Condition:
    return All(tuple(map(Not, _members(subject, operands))))


def _not(lower: Lower) -> Lower:
    return lambda subject, operands, type_: Not(lower(subject, operands, type_))


_IS = _wording("is {value}", "为{value}", named=("is the same as {value}", "与{value}相同"))
_IS_NOT = _wording(
    "is not {value}", "不是{value}", named=("is not the same as {value}", "与{value}不同")
)
_ONE_OF = _wording(
    "is {value}",
    "为{value}",
    none=("is one of {value}", "属于{value}"),
    named=("is one of {value}", "属于{value}"),
)
_NONE_OF = _wording(
    "is none of {value}",
    "不是{value}",
    "and",
    one=("is not {value}", "不是{value}"),
    none=("is none of {value}", "不属于{value}"),
    named=("is none of {value}", "不属于{value}"),
)
_AT_LEAST = _wording(
    "is at least {value}",
    "不少于{value}",
    money=("is at least {value}", "不低于{value}"),
    rate=("is at least {value}", "不低于{value}"),
    date=("is {value} or later", "不早于{value}"),
)
_AT_MOST = _wording(
    "is at most {value}", "不超过{value}", date=("is {value} or earlier", "不晚于{value}")
)
_MORE_THAN = _wording(
    "is more than {value}", "超过{value}", date=("is after {value}", "晚于{value}")
)
_LESS_THAN = _wording(
    "is less than {value}",
    "少于{value}",
    money=("is less than {value}", "低于{value}"),
    rate=("is less than {value}", "低于{value}"),
    date=("is before {value}", "早于{value}"),
)
_BETWEEN = _wording("is from {value} to {high}", "在{value}至{high}之间（含两端）")
_OUTSIDE = _wording("is outside of {value} to {high}", "不在{value}至{high}之间")
_INCLUDES = _wording(
    "includes {value}",
    "包括{value}",
    "and",
    none=("includes all of {value}", "包括{value}的各项"),
)
_LACKS = _wording(
    "does not include all of {value}",
    "不全包括{value}",
    "and",
    one=("does not include {value}", "不包括{value}"),
)
_EXCLUDES = _wording(
    "includes none of {value}",
    "不包括{value}中的任何一项",
    "and",
    one=("does not include {value}", "不包括{value}"),
)
_INCLUDES_SOME = _wording(
    "includes {value}", "包括{value}", none=("includes one of {value}", "包括{value}中的一项")
)

ONE, LIST, PAIR, MEMBERS = (
    OperandShape.ONE,
    OperandShape.LIST,
    OperandShape.PAIR,
    OperandShape.MEMBERS,
)
IS = Operator("is", ONE, "Equals.", _IS, _IS_NOT, _equal)
ONE_OF = Operator(
    "one_of", LIST, "Is one of a list, or of a `set` parameter.", _ONE_OF, _NONE_OF, _one_of
)

OPERATORS: dict[str, Operator] = {
    row.name: row
    for row in (
        IS,
        Operator("is_not", ONE, "Differs from.", _IS_NOT, _IS, _not(_equal)),
        ONE_OF,
        Operator(
            "none_of",
            LIST,
            "Is none of a list, or of a `set` parameter.",
            _NONE_OF,
            _ONE_OF,
            _not(_one_of),
        ),
        Operator("at_least", ONE, "Is this or more.", _AT_LEAST, _LESS_THAN, _at_least, True),
        Operator("at_most", ONE, "Is this or less.", _AT_MOST, _MORE_THAN, _at_most, True),
        Operator(
            "more_than", ONE, "Is more than this.", _MORE_THAN, _AT_MOST, _not(_at_most), True
        ),
        Operator(
            "less_than", ONE, "Is less than this.", _LESS_THAN, _AT_LEAST, _not(_at_least), True
        ),
        Operator(
            "between",
            PAIR,
            "Lies in [low, high], both ends in.",
            _BETWEEN,
            _OUTSIDE,
            _between,
            True,
        ),
        Operator(
            "includes",
            MEMBERS,
            "Of a `set` parameter: has every one of these.",
            _INCLUDES,
            _LACKS,
            _includes,
        ),
        Operator(
            "excludes",
            MEMBERS,
            "Of a `set` parameter: has none of these.",
            _EXCLUDES,
            _INCLUDES_SOME,
            _excludes,
        ),
    )
}


def shorthand(data: Any) -> Operator:
    """Return the operator of a condition without one: `is` for a value, `one_of` for a list."""
    return ONE_OF if isinstance(data, list) else IS
