"""Values as schema.org writes them: members of enumerations, days, money, countries."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from checker.exchange.countries import COUNTRIES, NAMES
from checker.exchange.schema_org.nodes import Node, Scalar
from checker.exchange.schema_org.vocabulary import OF_THINGS, Members, local
from checker.language.syntax.problems import quoted

_WHOLE = re.compile(r"[+-]?[0-9]{1,9}", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,9})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_BOOLEANS = {"true": True, "false": False}
_BEYOND = 10**12
_CENT = Decimal("0.01")


class Unclear(Exception):
    """A value says nothing that schema.org defines; `why` follows it in a message."""

    def __init__(self, why: str, help: str | None = None) -> None:
        super().__init__(why)
        self.why, self.help = why, help


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in hundredths of a currency's unit."""

    hundredths: int
    currency: str


def member(members: Members) -> Callable[[Scalar | Node], str]:
    """Return what reads a member of an enumeration: its name, with or without schema.org's URL."""

    def read(value: Scalar | Node) -> str:
        text = value.id if isinstance(value, Node) and not value.says else value
        name = local(text) if isinstance(text, str) else ""
        if name in members:
            return name
        raise Unclear("is none of schema.org's values", f"they are {quoted(members)}")

    return read


def days(value: Scalar | Node) -> int | date:
    """Return a number of days, or the day until which goods can be returned."""
    try:
        if isinstance(value, str) and not _WHOLE.fullmatch(value.strip()):
            return moment(value)
        number = _number(value)
    except Unclear:
        raise Unclear("is neither a number of days nor a date") from None
    if number < 0 or number != number.to_integral_value():
        raise Unclear("is no whole number of days")
    return int(number)


def moment(value: Scalar | Node) -> date:
    """Return a day, or a day with its time (`datetime`)."""
    text = value.strip() if isinstance(value, str) else ""
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        raise Unclear("is no date", "a date is written as `2025-12-24`") from None


def boolean(value: Scalar | Node) -> bool:
    """Return a boolean, which may be written as text."""
    text = local(value).lower() if isinstance(value, str) else ""
    found = value if isinstance(value, bool) else _BOOLEANS.get(text)
    if found is None:
        raise Unclear("is neither true nor false")
    return found


def fee(value: Scalar | Node) -> int | Money:
    """Return a fee: a part of the price in hundredths of a percent, or an amount."""
    if isinstance(value, Node):
        return money(value)
    part = _hundredths(_number(value))
    if part > 100_00:
        raise Unclear("is more than 100 percent")
    return part


def money(value: Scalar | Node) -> Money:
    """Return a MonetaryAmount."""
    if not isinstance(value, Node) or not {*value.types} <= {"MonetaryAmount"}:
        help = '`{"@type": "MonetaryAmount", "value": "4.50", "currency": "EUR"}`'
        raise Unclear("is no MonetaryAmount", help)
    further = value.says.keys() - {"value", "currency", *OF_THINGS}
    if further:
        raise Unclear(f"says more than an amount: {quoted(sorted(further))}")
    currency = _only(value, "currency")
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency.strip()):
        raise Unclear("has no currency of ISO 4217")
    return Money(_hundredths(_number(_only(value, "value"))), currency.strip())


def country(value: Scalar | Node) -> str:
    """Return the ISO 3166-1 alpha-2 code of a country, given by it or by its English name."""
    texts = [value]
    if isinstance(value, Node):
        told = value.says.get("identifier", []) + value.says.get("name", [])
        texts = [each.value for each in told] if {*value.types} <= {"Country"} else []
    codes = {_code(text) for text in texts if isinstance(text, str)} - {""}
    if len(codes) != 1:
        raise Unclear(
            "is no country of ISO 3166-1", "one country each, as two letters such as `DE`"
        )
    return codes.pop()


def _code(text: str) -> str:
    text = " ".join(text.split())
    return text.upper() if text.upper() in COUNTRIES else NAMES.get(text.casefold(), "")


def _only(node: Node, name: str) -> Scalar | Node:
    values = {each.value for each in node.says.get(name, [])}
    if len(values) != 1:
        raise Unclear(f"has {'no' if not values else 'more than one'} `{name}`")
    return values.pop()


def _number(value: Scalar | Node) -> Decimal:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = Decimal(value.strip())
    if isinstance(value, bool | str | Node) or not -_BEYOND < value < _BEYOND:
        raise Unclear("is no number")
    return Decimal(value)


def _hundredths(number: Decimal) -> int:
    if number < 0:
        raise Unclear("is negative")
    if number != number.quantize(_CENT):
        raise Unclear("is finer than hundredths")
    return int(number.quantize(_CENT) * 100)
