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
from checker.language.syntax.scalars import written

# units that documents name by one English word; others say themselves how they are called
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
_FEW_DAYS = 3 * MINUTES["d"]  # what is shorter is said in hours


@dataclass(frozen=True, slots=True)
class Measure:
    """How the values of a fact, parameter or term are said. `in_days` is of durations."""

    type: ValueType
    unit: Any = None
    currency: Any = None
    titles: Mapping[str, Any] = field(default_factory=dict)
    in_days: bool = False

    def or_else(self, other: Measure) -> Measure:
        """Return the measure with what it lacks taken from the other one."""
        unit, currency = self.unit or other.unit, self.currency or other.currency
        return replace(self, unit=unit, currency=currency, titles={**other.titles, **self.titles})

    def said(self, value: Value, language: str) -> str:
        """Return the value in words."""
        name = self.type.name
        if name == "boolean":
            yes, no = ("是", "否") if language == "zh" else ("yes", "no")
            return yes if value else no
        if isinstance(value, frozenset):
            return listed([self.title(each, language) for each in sorted(value)], "and", language)
        if isinstance(value, str):
            return self.title(value, language)
        if not isinstance(value, int):
            return str(value)
        if name == "duration":
            return duration(value, language, in_days=self.in_days)
        if name == "money":
            return _money(value, self.currency, language)
        if name == "date":
            return day(value, language)
        return rate(value) if name == "rate" else number(value, self.unit, language)

    def difference(self, units: int, language: str) -> str:
        """Return by how much two values differ: days, of dates."""
        if self.type.name == "date":
            return number(units, "day", language)
        return self.said(units, language)

    def title(self, value: Value, language: str) -> str:
        """Return what people call a value, or else the value as it is written, in backticks."""
        return in_language(self.titles.get(written(value)), language) or f"`{written(value)}`"


def of_fact(fact: Fact) -> Measure:
    """Return how the values of a fact are said."""
    return Measure(fact.type, fact.unit, fact.currency, fact.titles)


def of_parameter(
    parameter: Parameter, facts: Mapping[str, Fact], *, in_days: bool = False
) -> Measure:
    """Return how the values of a parameter are said; of a set, as those of its fact."""
    of = facts.get(parameter.type.of)
    titles = of.titles if of else parameter.titles
    return Measure(parameter.type, parameter.unit, None, titles, in_days)


def of_term(term: Term) -> Measure:
    """Return how the values of a term are said."""
    return Measure(term.type, term.unit, None, term.titles, not term.counting.elapsed)


def number(value: int, unit: Any, language: str) -> str:
    """Return a whole number with its unit: `1 day`, `7 days`, `7天`."""
    name = in_language(unit, language)
    shown = f"{value:,}"
    if language == "zh":
        return shown + _UNITS.get(name, name)
    if not name:
        return shown
    return f"{shown} {name if value == 1 else _plural(name)}"


def _plural(unit: str) -> str:
    """Return a unit's plural: that of its first word."""
    word, blank, rest = unit.partition(" ")
    if not word.endswith("s"):
        ends = word[-1:] == "y" and word[-2:-1] not in "aeiou"
        word = f"{word[:-1]}ies" if ends else f"{word}s"
    return f"{word}{blank}{rest}"


def duration(minutes: int, language: str, *, in_days: bool = False) -> str:
    """Return a length of time in its largest unit; in hours where that is customary.

    Two days that are no days of a calendar are 48 hours.
    """
    units = {unit: length for unit, length in MINUTES.items() if minutes % length == 0}
    if not in_days and 0 < minutes < _FEW_DAYS and len(units) > 1:
        units.pop("d", None)
    unit, length = next(iter(units.items()))
    return number(minutes // length, _LENGTHS[unit], language)


def day(number: int, language: str) -> str:
    """Return a day: `19 August 2024`, `2024年8月19日`."""
    when = date.fromordinal(number)
    if language == "zh":
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{when.day} {_MONTHS.split()[when.month - 1]} {when.year}"


def moment(value: datetime, zone: ZoneInfo, language: str) -> str:
    """Return a moment as clocks in the zone show it: `19 August 2024, 9:26`."""
    local = value.astimezone(zone)
    seconds = f":{local:%S}" if local.second or local.microsecond else ""
    clock = f"{local.hour}:{local:%M}{seconds}"
    comma = "" if language == "zh" else ", "
    return f"{day(local.toordinal(), language)}{comma}{clock}"


def rate(value: int) -> str:
    """Return a rate, kept in ten-thousandths, as a percentage: `2%`, `0.25%`."""
    return f"{Decimal(value).scaleb(-2).normalize():f}%"


def _money(cents: int, currency: Any, language: str) -> str:
    sign, amount = ("-", money_text(-cents)) if cents < 0 else ("", money_text(cents))
    whole, _, places = amount.partition(".")
    shown = f"{sign}{int(whole):,}.{places}"
    name = in_language(currency, language)
    if language == "zh":
        return shown + _CURRENCIES.get(name, f" {name}" if name else "")
    return f"{shown} {name}" if name else shown


def listed(words: Sequence[str], last: str, language: str) -> str:
    """Return words as a list; `last` is `and` or `or`, and stands before the last of them."""
    if not words:
        return "空列表" if language == "zh" else "no values"
    *head, tail = words
    if not head:
        return tail
    if language == "zh":
        return "、".join(head) + {"and": "和", "or": "或"}[last] + tail
    return f"{', '.join(head)} {last} {tail}"
