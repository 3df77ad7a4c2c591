"""The types of values: how a document states a value, and the form in which it is kept.

The kept form compares fast and exactly: money as cents, a date as its proleptic Gregorian ordinal,
a duration as minutes, a rate as ten-thousandths, an enum and a choice as their text, a datetime as
an aware `datetime`, a set as a frozenset. Datetimes follow RFC 3339, with an offset
(docs/language.md, sections 2.1 and 4.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Context, Decimal
from typing import Any
from unicodedata import normalize

from checker.language.syntax.habits import meant_date, meant_duration, meant_number
from checker.language.syntax.problems import did_you_mean, quoted
from checker.language.syntax.scalars import MAX_DIGITS, found_instead_of, found_text

Value = bool | int | str | datetime | frozenset[str]

FIRST_DAY = date(1970, 1, 1).toordinal()
LAST_DAY = date(2199, 12, 31).toordinal()
MINUTES = {"d": 1440, "h": 60, "m": 1}
_MOST_OF_A_UNIT = 999_999_999
LONGEST = _MOST_OF_A_UNIT * MINUTES["d"]
DUE = "due:"  # prefix of a term's name: the column with the moment at which its deadline ends
ORDERED = frozenset(["integer", "money", "date", "duration", "rate"])

_EXACT = Context(prec=4 * MAX_DIGITS)
_AMOUNT = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
_DURATION = re.compile(r"([0-9]{1,9})([dhm])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


class BadValue(ValueError):
    """Data is no value of a type.

    Attributes:
        message: what was found, and what was expected.
        help: what to write instead, None where the message says it.
    """

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(f"{message}; {help}" if help else message)
        self.message, self.help = message, help


@dataclass(frozen=True, slots=True)
class ValueType:
    """A type of values.

    Attributes:
        name: `boolean`, `integer`, `money`, `rate`, `enum`, `choice`, `date`, `datetime`,
            `duration` or `set`.
        values: the values of an enum, of a choice, or of the enum that a set draws from.
        range: the closed range of values in the kept form, None without bounds.
        of: the enum fact that a set draws from.
    """

    name: str
    values: tuple[str, ...] = ()
    range: tuple[int, int] | None = None
    of: str = ""

    def stated(self, number: int, *, at_most: bool) -> int:
        """Return the nearest value that a document can state, below or above, as a number."""
        return stated_duration(number, at_most=at_most) if self.name == "duration" else number

    @property
    def ordered(self) -> bool:
        """Whether operators that need an order, like `at_least`, can test it."""
        return self.name in ORDERED

    def categories(self) -> tuple[Value, ...]:
        """Return the values of a type without order; proofs count them in this order."""
        return (False, True) if self.name == "boolean" else self.values

    def read(self, data: Any) -> Value:
        """Return the value that a document states as `data`, in the kept form.

        Raises:
            ValueError: `data` is no value of the type; the message is for the author.
        """
        return _READ[self.name](self, data)

    def show(self, value: Value) -> Any:
        """Return `value` as documents state it and JSON prints it."""
        show = _SHOW.get(self.name)
        return show(value) if show else value

    def check_range(self, value: Value) -> None:
        """Check that `value` is in the range.

        Raises:
            ValueError: it is not.
        """
        if self.range is None or not isinstance(value, int):
            return
        low, high = self.range
        if not low <= value <= high:
            ends = f"{self.show(low)} to {self.show(high)}"
            raise ValueError(f"`{self.show(value)}` is outside of the range {ends}")


def duration_text(minutes: int) -> str:
    """Return `minutes` in the largest unit that divides them, of days, hours and minutes: `2d`."""
    unit = next(unit for unit, length in MINUTES.items() if minutes % length == 0)
    return f"{minutes // MINUTES[unit]}{unit}"


def stated_duration(minutes: int, *, at_most: bool) -> int:
    """Return the nearest duration that a document can state, in minutes.

    A document states at most 999,999,999 of a unit, so that it can't state all minutes far from 0.

    Args:
        minutes: a duration from 0 to `LONGEST`.
        at_most: whether the nearest one below is asked for, rather than above.
    """
    if at_most:
        return max(min(minutes // length, _MOST_OF_A_UNIT) * length for length in MINUTES.values())
    counts = [(-(-minutes // length), length) for length in MINUTES.values()]
    return min(count * length for count, length in counts if count <= _MOST_OF_A_UNIT)


def money_text(cents: int) -> str:
    """Return an amount in cents with two decimal places: `99.00`."""
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{cents // 100}.{cents % 100:02d}"


def _boolean(_: ValueType, data: Any) -> bool:
    if not isinstance(data, bool):
        raise ValueError(found_instead_of(data, bool, "true or false"))
    return data


def _integer(_: ValueType, data: Any) -> int:
    if isinstance(data, bool) or not isinstance(data, int):
        raise BadValue(found_instead_of(data, int, "a whole number"), meant_number(data))
    return data


def _scaled(data: Any, places: int, expected: str) -> int:
    """Return the decimal `data` times 10 to the power of `places`, exactly."""
    number = None
    is_number = isinstance(data, int | Decimal) and not isinstance(data, bool)
    if is_number or (isinstance(data, str) and len(data) < 99 and _AMOUNT.fullmatch(data)):
        number = Decimal(data)
    if number is None or number.adjusted() > MAX_DIGITS:
        raise ValueError(f"found {found_text(data)}, expected {expected}")
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        raise ValueError(f"found {found_text(data)}, expected at most {places} decimal places")
    return int(number.scaleb(places, _EXACT))


def _money(_: ValueType, data: Any) -> int:
    return _scaled(data, 2, "an amount of money, like `99.00`")


def _rate(_: ValueType, data: Any) -> int:
    return _scaled(data, 4, "a rate between 0 and 1, like `0.02`")


def _one_of_values(type_: ValueType, data: Any) -> str:
    if isinstance(data, str):
        name = data if data.isascii() else normalize("NFC", data)
        if name in type_.values:
            return name
    hint = did_you_mean(data, type_.values) if isinstance(data, str) else None
    expected = f"expected one of {quoted(type_.values)}"
    raise BadValue(f"found {found_text(data)}, {expected}", hint)


def _date(_: ValueType, data: Any) -> int:
    if isinstance(data, str) and _DATE.fullmatch(data):
        try:
            day = date.fromisoformat(data).toordinal()
        except ValueError:
            raise ValueError(f"found `{data}`, which is no day of the calendar") from None
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValueError(f"found `{data}`, expected a day from 1970-01-01 to 2199-12-31")
        return day
    message = f"found {found_text(data)}, expected a date like `2024-08-19`"
    raise BadValue(message, meant_date(data))


def _datetime(_: ValueType, data: Any) -> datetime:
    match = _DATETIME.fullmatch(data) if isinstance(data, str) else None
    if match is None:
        expected = "a date and time with its offset, like `2024-08-19T09:26:01+08:00`"
        raise ValueError(f"found {found_text(data)}, expected {expected}")
    day, time, fraction, offset = match.groups()
    leap = time.endswith(":60")  # a leap second, which RFC 3339 allows, is the next second
    time = f"{time[:-2]}59" if leap else time
    text = f"{day}T{time}{(fraction or '')[:7]}{'+00:00' if offset in 'Zz' else offset}"
    try:
        moment = datetime.fromisoformat(text) + timedelta(seconds=leap)
    except ValueError:
        raise ValueError(f"found `{data}`, which is no moment of the calendar") from None
    if not FIRST_DAY <= moment.toordinal() <= LAST_DAY:
        raise ValueError(f"found `{data}`, expected a day from 1970-01-01 to 2199-12-31")
    return moment


def _duration(_: ValueType, data: Any) -> int:
    match = _DURATION.fullmatch(data) if isinstance(data, str) else None
    if match is None:
        message = f"found {found_text(data)}, expected a duration like `48h`, `7d` or `90m`"
        raise BadValue(message, meant_duration(data))
    return int(match[1]) * MINUTES[match[2]]


def _set(type_: ValueType, data: Any) -> frozenset[str]:
    if not isinstance(data, list):
        raise ValueError(f"found {found_text(data)}, expected a list of values")
    return frozenset(_one_of_values(type_, member) for member in data)


_READ: dict[str, Callable[[ValueType, Any], Value]] = {
    "boolean": _boolean,
    "integer": _integer,
    "money": _money,
    "rate": _rate,
    "enum": _one_of_values,
    "choice": _one_of_values,
    "date": _date,
    "datetime": _datetime,
    "duration": _duration,
    "set": _set,
}
_SHOW: dict[str, Callable[[Any], Any]] = {
    "money": money_text,
    "duration": duration_text,
    "date": lambda day: date.fromordinal(day).isoformat(),
    "datetime": lambda moment: moment.isoformat(),
    "rate": lambda rate: f"{Decimal(rate).scaleb(-4):.4f}",
    "set": sorted,
}
