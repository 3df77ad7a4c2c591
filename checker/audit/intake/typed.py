"""A raw column of a table read as a type of the language: typed values, and what is wrong.

It is the counterpart of `ValueType.read` for columns. An empty text is absent; text spells booleans
and integers as in YAML 1.2. Numbers of more than 18 digits are refused, as engines compute in 64
bits. A decimal counts by its value, whatever its scale.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic

from checker.audit.intake.messages import found_message, range_limits, range_message
from checker.audit.intake.moments import date_of, datetime_of
from checker.audit.intake.numbers import integer_of, money_of
from checker.columns.base import Columns, E, is_true
from checker.language.model.types import MINUTES, ValueType
from checker.language.syntax.problems import UsageError, quoted

SEPARATOR = "|"  # between the members of a list in a text


@dataclass(frozen=True, slots=True)
class TypedColumn(Generic[E]):
    """A column of typed values.

    Attributes:
        column: the values, NULL where the raw value is NULL or wrong; a set is a text.
        wrong: whether the raw value is wrong, never NULL.
        reason: what is wrong with it.
        members: by each possible member of a set, whether the set includes it; NULL where the set
            is NULL.
    """

    column: E
    wrong: E
    reason: E
    members: Mapping[str, E] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParsedColumn(Generic[E]):
    """Values whose range is not checked yet, and what a message expects where they are NULL."""

    column: E
    expected: E


def typed_column(
    engine: Columns[E],
    raw: E,
    kind: str,
    type: ValueType,
    name: str | None = None,
    keep: Callable[[E], E] | None = None,
) -> TypedColumn[E]:
    """Return the column `raw` read as values of the type.

    Args:
        engine: the operations of the engine.
        raw: a column of the table.
        kind: the column's kind (`Connection.columns`).
        type: the type of the values.
        name: the column's name, for messages.
        keep: puts a column that is used several times into a layer, and returns the reference.

    Raises:
        UsageError: no column of that kind can be of the type.
    """
    if kind not in _KINDS[type.name]:
        raise UsageError(_unfit(kind, type, name))
    parsed: ParsedColumn[E] = _READ[type.name](engine, raw, kind, type)
    low, high = range_limits(type)
    column = parsed.column
    if type.name in ("integer", "money"):
        column = keep(column) if keep else column
        parsed = ParsedColumn(column, parsed.expected)
        column = engine.first_match(
            [(engine.inside(column, low, high), column)], engine.absent(int)
        )
    elif type.name == "set" and keep:
        column = keep(column)
    wrong = engine.every([is_stated(engine, raw, kind), engine.is_absent(column)])
    members = _members(engine, column, type) if type.name == "set" else {}
    return TypedColumn(column, wrong, _reason(engine, raw, kind, parsed, type), members)


def is_stated(engine: Columns[E], raw: E, kind: str) -> E:
    """Return whether a raw value is neither NULL nor an empty text; never NULL."""
    present = engine.negation(engine.is_absent(raw))
    if kind != "text":
        return present
    return engine.every([present, engine.negation(engine.equal(raw, engine.value("")))])


def can_be(kind: str, type: ValueType) -> bool:
    """Return whether a column of that kind can be of the type."""
    return kind in _KINDS[type.name]


def _reason(engine: Columns[E], raw: E, kind: str, parsed: ParsedColumn[E], type: ValueType) -> E:
    reason = engine.joined([found_message(engine, raw, kind), engine.value(", "), parsed.expected])
    if type.name in ("integer", "money"):
        is_number = engine.negation(engine.is_absent(parsed.column))
        reason = engine.first_match(
            [(is_number, range_message(engine, parsed.column, type))], reason
        )
    return reason


def _boolean(engine: Columns[E], raw: E, kind: str, _: ValueType) -> ParsedColumn[E]:
    column = raw
    if kind == "text":
        spelled = [
            (engine.one_of(raw, [text.lower(), text.title(), text.upper()]), engine.value(value))
            for text, value in (("true", True), ("false", False))
        ]
        column = engine.first_match(spelled, engine.absent(bool))
    return ParsedColumn(column, engine.value("expected true or false"))


def _integer(engine: Columns[E], raw: E, kind: str, _: ValueType) -> ParsedColumn[E]:
    return ParsedColumn(integer_of(engine, raw, kind), engine.value("expected a whole number"))


def _money(engine: Columns[E], raw: E, kind: str, _: ValueType) -> ParsedColumn[E]:
    expected = engine.value("expected an amount of money, like `99.00`")
    if kind == "text":
        many = engine.matches(raw, r"[-+]?[0-9]+\.[0-9]{3,}")
        message = engine.value("expected at most 2 decimal places")
        expected = engine.first_match([(many, message)], expected)
    return ParsedColumn(money_of(engine, raw, kind), expected)


def _one_of_values(engine: Columns[E], raw: E, _: str, type: ValueType) -> ParsedColumn[E]:
    column = engine.first_match([(engine.one_of(raw, type.values), raw)], engine.absent(str))
    return ParsedColumn(column, engine.value(f"expected one of {quoted(type.values)}"))


def _date(engine: Columns[E], raw: E, kind: str, _: ValueType) -> ParsedColumn[E]:
    return ParsedColumn(*date_of(engine, raw, kind))


def _datetime(engine: Columns[E], raw: E, kind: str, _: ValueType) -> ParsedColumn[E]:
    return ParsedColumn(*datetime_of(engine, raw, kind))


def _duration(engine: Columns[E], raw: E, _: str, __: ValueType) -> ParsedColumn[E]:
    number = engine.parsed_digits(engine.extracted(raw, "^([0-9]{1,9})"))
    rows = [
        (engine.matches(raw, f"[0-9]{{1,9}}{unit}"), engine.times(number, length))
        for unit, length in MINUTES.items()
    ]
    expected = engine.value("expected a duration like `48h`, `7d` or `90m`")
    return ParsedColumn(engine.first_match(rows, engine.absent(int)), expected)


def _set(engine: Columns[E], raw: E, kind: str, type: ValueType) -> ParsedColumn[E]:
    text = engine.joined_list(raw) if kind == "list" else raw
    member, single = any_of(type.values), _single(engine, text, type)
    several = engine.only_where(engine.negation(single), text)
    fits = engine.some([single, engine.matches(several, f"{member}([{SEPARATOR}]{member})*")])
    if kind == "list":
        fits = engine.some([fits, engine.equal(text, engine.value(""))])
    column = engine.first_match([(is_true(engine, fits), text)], engine.absent(str))
    return ParsedColumn(column, engine.value(f"expected members of {quoted(type.values)}"))


def any_of(texts: tuple[str, ...]) -> str:
    """Return a regular expression that matches each of the texts."""
    return f"({SEPARATOR.join(re.escape(text) for text in texts)})"


def _single(engine: Columns[E], column: E, type: ValueType) -> E:
    """Return whether a text is a single member: the usual case, and a fast comparison."""
    return engine.some([engine.equal(column, engine.value(member)) for member in type.values])


def _members(engine: Columns[E], column: E, type: ValueType) -> dict[str, E]:
    """Return for each possible member whether a text lists it."""
    single = _single(engine, column, type)
    several = engine.only_where(engine.negation(single), column)
    return {
        member: engine.first_match(
            [(single, engine.equal(column, engine.value(member)))],
            has_member(engine, several, member),
        )
        for member in type.values
    }


def has_member(engine: Columns[E], column: E, member: str) -> E:
    """Return whether a text that lists members includes this one; NULL where the text is."""
    bar = engine.value(SEPARATOR)
    return engine.contains(engine.joined([bar, column, bar]), f"|{member}|")


def _unfit(kind: str, type: ValueType, name: str | None) -> str:
    """Return the message that a column of that kind can't be of the type."""
    expected = " or ".join(sorted(_KINDS[type.name]))
    kind = "timestamp without time zone" if kind == "timestamp" else kind
    column = f"the column `{name}`" if name else "a column"
    article = "an" if type.name.startswith(("e", "i")) else "a"
    return (
        f"{column} is of type {kind}, expected {expected} for {article} {type.name}; "
        "map it in a --columns file"
    )


_NUMBERS = frozenset(["integer", "decimal", "float", "text"])
_KINDS: dict[str, frozenset[str]] = {
    "boolean": frozenset(["boolean", "text"]),
    "integer": _NUMBERS,
    "money": _NUMBERS,
    "enum": frozenset(["text"]),
    "choice": frozenset(["text"]),
    "date": frozenset(["date", "text"]),
    "datetime": frozenset(["moment", "text"]),
    "duration": frozenset(["text"]),
    "set": frozenset(["list", "text"]),
}
_READ: dict[str, Callable[..., ParsedColumn]] = {  # type: ignore[type-arg]
    "boolean": _boolean,
    "integer": _integer,
    "money": _money,
    "enum": _one_of_values,
    "choice": _one_of_values,
    "date": _date,
    "datetime": _datetime,
    "duration": _duration,
    "set": _set,
}
