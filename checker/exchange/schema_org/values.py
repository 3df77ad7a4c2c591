"""Parses values as schema.org writes them: members of enumerations, days, money, countries."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from checker.exchange.countries import COUNTRIES, NAMES
from checker.exchange.schema_org.things import Scalar, Thing
from checker.exchange.schema_org.vocabulary import OF_THINGS, Members, local
from checker.language.syntax.problems import quoted

_WHOLE = re.compile(r"[+-]?[0-9]{1,9}", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,9})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_BOOLEANS = {"true": True, "false": False}
_LIMIT = 10**12
_CENT = Decimal("0.01")


class UnclearValue(Exception):
    """A value is not as schema.org defines it. `why` follows the value in a message."""

    def __init__(self, why: str, help: str | None = None) -> None:
        super().__init__(why)
        self.why, self.help = why, help


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in hundredths of a currency's unit."""

    hundredths: int
    currency: str


def member(members: Members) -> Callable[[Scalar | Thing], str]:
    """Return the parser of a member of an enumeration, with or without the URL of schema.org."""

    def parse(value: Scalar | Thing) -> str:
        text = value.id if isinstance(value, Thing) and not value.properties else value
        name = local(text) if isinstance(text, str) else ""
        if name in members:
            return name
        raise UnclearValue("is none of schema.org's values", f"they are {quoted(members)}")

    return parse


def days(value: Scalar | Thing) -> int | date:
    """Return a number of days, or the last day on which goods can be returned."""
    try:
        if isinstance(value, str) and not _WHOLE.fullmatch(value.strip()):
            return moment(value)
        number = _number(value)
    except UnclearValue:
        raise UnclearValue("is neither a number of days nor a date") from None
    if number < 0 or number != number.to_integral_value():
        raise UnclearValue("is no whole number of days")
    return int(number)


def moment(value: Scalar | Thing) -> date:
    """Return a day, or a `datetime` where the value has a time."""
    text = value.strip() if isinstance(value, str) else ""
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        raise UnclearValue("is no date", "a date is written as `2025-12-24`") from None


def boolean(value: Scalar | Thing) -> bool:
    """Return a boolean, which may be written as text."""
    text = local(value).lower() if isinstance(value, str) else ""
    result = value if isinstance(value, bool) else _BOOLEANS.get(text)
    if result is None:
        raise UnclearValue("is neither true nor false")
    return result


def fee(value: Scalar | Thing) -> int | Money:
    """Return a fee: a part of the price in basis points, or an amount."""
    if isinstance(value, Thing):
        return money(value)
    basis_points = _hundredths(_number(value))
    if basis_points > 100_00:
        raise UnclearValue("is more than 100 percent")
    return basis_points


def money(value: Scalar | Thing) -> Money:
    """Return the amount of a MonetaryAmount."""
    if not isinstance(value, Thing) or not {*value.types} <= {"MonetaryAmount"}:
        help = '`{"@type": "MonetaryAmount", "value": "4.50", "currency": "EUR"}`'
        raise UnclearValue("is no MonetaryAmount", help)
    other_names = value.properties.keys() - {"value", "currency", *OF_THINGS}
    if other_names:
        raise UnclearValue(f"says more than an amount: {quoted(sorted(other_names))}")
    currency = _single_value(value, "currency")
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency.strip()):
        raise UnclearValue("has no currency of ISO 4217")
    return Money(_hundredths(_number(_single_value(value, "value"))), currency.strip())


def country(value: Scalar | Thing) -> str:
    """Return the ISO 3166-1 alpha-2 code of a country; the value is a code or an English name."""
    texts = [value]
    if isinstance(value, Thing):
        values = value.properties.get("identifier", []) + value.properties.get("name", [])
        texts = [each.value for each in values] if {*value.types} <= {"Country"} else []
    codes = {_code(text) for text in texts if isinstance(text, str)} - {""}
    if len(codes) != 1:
        raise UnclearValue(
            "is no country of ISO 3166-1", "one country each, as two letters such as `DE`"
        )
    return codes.pop()


def _code(text: str) -> str:
    text = " ".join(text.split())
    return text.upper() if text.upper() in COUNTRIES else NAMES.get(text.casefold(), "")


def _single_value(thing: Thing, name: str) -> Scalar | Thing:
    values = {value.value for value in thing.properties.get(name, [])}
    if len(values) != 1:
        raise UnclearValue(f"has {'no' if not values else 'more than one'} `{name}`")
    return values.pop()


def _number(value: Scalar | Thing) -> Decimal:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = Decimal(value.strip())
    if isinstance(value, bool | str | Thing) or not -_LIMIT < value < _LIMIT:
        raise UnclearValue("is no number")
    return Decimal(value)


def _hundredths(number: Decimal) -> int:
    if number < 0:
        raise UnclearValue("is negative")
    if number != number.quantize(_CENT):
        raise UnclearValue("is finer than hundredths")
    return int(number.quantize(_CENT) * 100)
