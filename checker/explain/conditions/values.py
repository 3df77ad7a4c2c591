"""Values as people write them: numbers with their unit, money, durations, days, titles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from checker.language.model.policy import Parameter
from checker.language.model.terms import Term
from checker.language.model.types import MINUTES, Value, ValueType, money_text
from checker.language.model.vocabulary import Fact
from checker.language.syntax.localized import in_language
from checker.language.syntax.scalars import scalar_text

# units that documents write as one English word; other units have titles of their own
_UNITS = {
    "day": "天",
    "hour": "小时",
    "minute": "分钟",
    "week": "周",
    "month": "个月",
    "year": "年",
    "item": "件",
    "piece": "件",
    "time": "次",
}
_LENGTHS = {"d": "day", "h": "hour", "m": "minute"}
_CURRENCIES = {"CNY": "元", "RMB": "元", "EUR": "欧元", "USD": "美元"}
_MONTHS = "January February March April May June July August September October November December"
_FEW_DAYS = 3 * MINUTES["d"]  # a shorter duration is written in hours


@dataclass(frozen=True, slots=True)
class ValueFormat:
    """How the values of a fact, parameter or term are written.

    `in_days` is for durations: two days of a calendar are `2 days`, and not `48 hours`.
    """

    type: ValueType
    unit: Any = None
    currency: Any = None
    titles: Mapping[str, Any] = field(default_factory=dict)
    in_days: bool = False

    def with_fallback(self, other: ValueFormat) -> ValueFormat:
        """Return this format, with unit, currency and titles of another where it has none."""
        unit, currency = self.unit or other.unit, self.currency or other.currency
        return replace(self, unit=unit, currency=currency, titles={**other.titles, **self.titles})

    def text(self, value: Value, language: str) -> str:
        """Return a value as people write it."""
        name = self.type.name
        if name == "boolean":
            yes, no = ("是", "否") if language == "zh" else ("yes", "no")
            return yes if value else no
        if isinstance(value, frozenset):
            return enumeration(
                [self.title(member, language) for member in sorted(value)], "and", language
            )
        if isinstance(value, str):
            return self.title(value, language)
        if not isinstance(value, int):
            return str(value)
        if name == "duration":
            return format_duration(value, language, in_days=self.in_days)
        if name == "money":
            return _money(value, self.currency, language)
        if name == "date":
            return format_day(value, language)
        return format_rate(value) if name == "rate" else format_number(value, self.unit, language)

    def difference(self, units: int, language: str) -> str:
        """Return the difference of two values: days for dates, else a value of the same type."""
        if self.type.name == "date":
            return format_number(units, "day", language)
        return self.text(units, language)

    def title(self, value: Value, language: str) -> str:
        """Return the title of a value, or the value as documents write it, in backticks."""
        return (
            in_language(self.titles.get(scalar_text(value)), language) or f"`{scalar_text(value)}`"
        )


def fact_format(fact: Fact) -> ValueFormat:
    """Return how the values of a fact are written."""
    return ValueFormat(fact.type, fact.unit, fact.currency, fact.titles)


def parameter_format(
    parameter: Parameter, facts: Mapping[str, Fact], *, in_days: bool = False
) -> ValueFormat:
    """Return how the values of a parameter are written; a set's members, as its fact's values."""
    fact = facts.get(parameter.type.of)
    titles = fact.titles if fact else parameter.titles
    return ValueFormat(parameter.type, parameter.unit, None, titles, in_days)


def term_format(term: Term) -> ValueFormat:
    """Return how the values of a term are written."""
    return ValueFormat(term.type, term.unit, None, term.titles, not term.counting.elapsed)


def format_number(value: int, unit: Any, language: str) -> str:
    """Return a whole number with its unit: `1 day`, `7 days`, `7天`."""
    name = in_language(unit, language)
    digits = f"{value:,}"
    if language == "zh":
        return digits + _UNITS.get(name, name)
    if not name:
        return digits
    return f"{digits} {name if value == 1 else _plural(name)}"


def _plural(unit: str) -> str:
    """Return the English plural of a unit, whose first word takes the ending."""
    word, blank, rest = unit.partition(" ")
    if not word.endswith("s"):
        ends_in_y = word[-1:] == "y" and word[-2:-1] not in "aeiou"
        word = f"{word[:-1]}ies" if ends_in_y else f"{word}s"
    return f"{word}{blank}{rest}"


def format_duration(minutes: int, language: str, *, in_days: bool = False) -> str:
    """Return a duration of so many minutes in the largest unit that divides it.

    Less than three days is in hours, unless `in_days`: 2880 minutes are `48 hours`.
    """
    units = {unit: length for unit, length in MINUTES.items() if minutes % length == 0}
    if not in_days and 0 < minutes < _FEW_DAYS and len(units) > 1:
        units.pop("d", None)
    unit, length = next(iter(units.items()))
    return format_number(minutes // length, _LENGTHS[unit], language)


def format_day(ordinal: int, language: str) -> str:
    """Return the day with this ordinal: `19 August 2024`, `2024年8月19日`."""
    when = date.fromordinal(ordinal)
    if language == "zh":
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{when.day} {_MONTHS.split()[when.month - 1]} {when.year}"


def format_moment(value: datetime, zone: ZoneInfo, language: str) -> str:
    """Return a moment as clocks in the zone show it: `19 August 2024, 9:26`."""
    local = value.astimezone(zone)
    seconds = f":{local:%S}" if local.second or local.microsecond else ""
    clock = f"{local.hour}:{local:%M}{seconds}"
    comma = "" if language == "zh" else ", "
    return f"{format_day(local.toordinal(), language)}{comma}{clock}"


def format_rate(value: int) -> str:
    """Return a rate in ten-thousandths as a percentage: `2%`, `0.25%`."""
    return f"{Decimal(value).scaleb(-2).normalize():f}%"


def _money(cents: int, currency: Any, language: str) -> str:
    sign, amount = ("-", money_text(-cents)) if cents < 0 else ("", money_text(cents))
    integer, _, decimals = amount.partition(".")
    digits = f"{sign}{int(integer):,}.{decimals}"
    name = in_language(currency, language)
    if language == "zh":
        return digits + _CURRENCIES.get(name, f" {name}" if name else "")
    return f"{digits} {name}" if name else digits


def enumeration(texts: Sequence[str], conjunction: str, language: str) -> str:
    """Return texts as a list, `a, b or c`, with the conjunction `and` or `or`."""
    if not texts:
        return "空列表" if language == "zh" else "no values"
    *head, tail = texts
    if not head:
        return tail
    if language == "zh":
        return "、".join(head) + {"and": "和", "or": "或"}[conjunction] + tail
    return f"{', '.join(head)} {conjunction} {tail}"
