"""A raw column of a table read as a type of the language: the kept form, and what is wrong.

The meaning is that of `ValueType.read` for cells of a table, said in columns: an empty text is
absent, and text spells a boolean or a whole number as YAML 1.2 does. Numbers of more than 18 digits
are refused, as engines count in 64 bits; a decimal counts by its value, whatever its scale.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic

from checker.audit.intake.messages import ends, found_text, outside_words
from checker.audit.intake.moments import date_of, datetime_of
from checker.audit.intake.numbers import integer_of, money_of
from checker.columns.base import Columns, E, is_true
from checker.language.model.types import MINUTES, ValueType
from checker.language.syntax.problems import UsageError, quoted

SEPARATOR = "|"  # between the members of a list that is written as text


@dataclass(frozen=True, slots=True)
class Typed(Generic[E]):
    """A column of typed values.

    `column` is the kept form, absent where the raw one is or is wrong; of a set, its members as
    text. `wrong` is true or false, and `reason` says what is wrong where it is true. `members`
    are those of a set: whether each is in it, absent where the set is.
    """

    column: E
    wrong: E
    reason: E
    members: Mapping[str, E] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read(Generic[E]):
    """The kept form before its range is looked at, and what was expected where it is absent."""

    column: E
    expected: E


def typed(
    engine: Columns[E],
    raw: E,
    kind: str,
    type: ValueType,
    name: str | None = None,
    keep: Callable[[E], E] | None = None,
) -> Typed[E]:
    """Return the column `raw`, of a kind of columns, read as values of the type.

    `keep` puts a column that is used several times into a layer, and returns what refers to it.
    UsageError where no column of that kind can be of the type; `name` is the column's for people.
    """
    if kind not in _KINDS[type.name]:
        raise UsageError(_unfit(kind, type, name))
    read: Read[E] = _READ[type.name](engine, raw, kind, type)
    low, high = ends(type)
    column = read.column
    if type.name in ("integer", "money"):
        column = keep(column) if keep else column
        read = Read(column, read.expected)
        column = engine.first_match(
            [(engine.inside(column, low, high), column)], engine.absent(int)
        )
    elif type.name == "set" and keep:
        column = keep(column)
    wrong = engine.every([states(engine, raw, kind), engine.is_absent(column)])
    members = _members(engine, column, type) if type.name == "set" else {}
    return Typed(column, wrong, _reason(engine, raw, kind, read, type), members)


def states(engine: Columns[E], raw: E, kind: str) -> E:
    """Return whether a raw column states something, as an empty text does not: never absent."""
    there = engine.negation(engine.is_absent(raw))
    if kind != "text":
        return there
    return engine.every([there, engine.negation(engine.equal(raw, engine.value("")))])


def can_be(kind: str, type: ValueType) -> bool:
    """Return whether a column of that kind can be of the type."""
    return kind in _KINDS[type.name]


def _reason(engine: Columns[E], raw: E, kind: str, read: Read[E], type: ValueType) -> E:
    reason = engine.joined([found_text(engine, raw, kind), engine.value(", "), read.expected])
    if type.name in ("integer", "money"):
        known = engine.negation(engine.is_absent(read.column))
        reason = engine.first_match([(known, outside_words(engine, read.column, type))], reason)
    return reason


def _boolean(engine: Columns[E], raw: E, kind: str, _: ValueType) -> Read[E]:
    column = raw
    if kind == "text":
        spelled = [
            (engine.one_of(raw, [text.lower(), text.title(), text.upper()]), engine.value(value))
            for text, value in (("true", True), ("false", False))
        ]
        column = engine.first_match(spelled, engine.absent(bool))
    return Read(column, engine.value("expected true or false"))


def _integer(engine: Columns[E], raw: E, kind: str, _: ValueType) -> Read[E]:
    return Read(integer_of(engine, raw, kind), engine.value("expected a whole number"))


def _money(engine: Columns[E], raw: E, kind: str, _: ValueType) -> Read[E]:
    expected = engine.value("expected an amount of money, like `99.00`")
    if kind == "text":
        many = engine.matches(raw, r"[-+]?[0-9]+\.[0-9]{3,}")
        places = engine.value("expected at most 2 decimal places")
        expected = engine.first_match([(many, places)], expected)
    return Read(money_of(engine, raw, kind), expected)


def _one_of_values(engine: Columns[E], raw: E, _: str, type: ValueType) -> Read[E]:
    column = engine.first_match([(engine.one_of(raw, type.values), raw)], engine.absent(str))
    return Read(column, engine.value(f"expected one of {quoted(type.values)}"))


def _date(engine: Columns[E], raw: E, kind: str, _: ValueType) -> Read[E]:
    return Read(*date_of(engine, raw, kind))


def _datetime(engine: Columns[E], raw: E, kind: str, _: ValueType) -> Read[E]:
    return Read(*datetime_of(engine, raw, kind))


def _duration(engine: Columns[E], raw: E, _: str, __: ValueType) -> Read[E]:
    number = engine.parsed_digits(engine.extracted(raw, "^([0-9]{1,9})"))
    rows = [
        (engine.matches(raw, f"[0-9]{{1,9}}{unit}"), engine.times(number, length))
        for unit, length in MINUTES.items()
    ]
    expected = engine.value("expected a duration like `48h`, `7d` or `90m`")
    return Read(engine.first_match(rows, engine.absent(int)), expected)


def _set(engine: Columns[E], raw: E, kind: str, type: ValueType) -> Read[E]:
    text = engine.joined_list(raw) if kind == "list" else raw
    known, single = any_of(type.values), _single(engine, text, type)
    several = engine.only_where(engine.negation(single), text)
    fits = engine.some([single, engine.matches(several, f"{known}([{SEPARATOR}]{known})*")])
    if kind == "list":
        fits = engine.some([fits, engine.equal(text, engine.value(""))])
    column = engine.first_match([(is_true(engine, fits), text)], engine.absent(str))
    return Read(column, engine.value(f"expected members of {quoted(type.values)}"))


def any_of(texts: tuple[str, ...]) -> str:
    """Return the pattern of one of the texts."""
    return f"({SEPARATOR.join(re.escape(text) for text in texts)})"


def _single(engine: Columns[E], column: E, type: ValueType) -> E:
    """Return whether a text is one member alone, as most are, which is quickly compared."""
    return engine.some([engine.equal(column, engine.value(member)) for member in type.values])


def _members(engine: Columns[E], column: E, type: ValueType) -> dict[str, E]:
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
    """Return whether a text that lists members has one; absent where the text is."""
    bar = engine.value(SEPARATOR)
    return engine.contains(engine.joined([bar, column, bar]), f"|{member}|")


def _unfit(kind: str, type: ValueType, name: str | None) -> str:
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
_READ: dict[str, Callable[..., Read]] = {  # type: ignore[type-arg]
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
