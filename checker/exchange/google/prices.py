"""Amounts of money and fees, in hundredths of a currency unit and in basis points."""

from __future__ import annotations

import re
from decimal import Decimal

from checker.exchange.fields import Fields, Member
from checker.exchange.google.messages import enum, members, whole
from checker.exchange.positioned_data import Path

MICROS_A_HUNDREDTH = 10_000
MICROS_A_BASIS_POINT = 10_000  # a micro percent is a millionth of a percent
ALL_BASIS_POINTS = 10_000
_MOST = 2**63 - 1
_CURRENCY = re.compile("[A-Z]{3}")
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?", re.ASCII)
_TOO_FINE = "is no whole number of hundredths of the currency unit"

Money = tuple[int, str]  # hundredths, and the currency


def price(fields: Fields, member: Member) -> Money | None:
    """Return the amount of a price of the Merchant API, or None with a problem."""
    found = members(fields, member, ("currencyCode",), needs=("amountMicros",))
    micros = whole(fields, found["amountMicros"], 0, _MOST) if found else None
    if found is None or micros is None:
        return None
    if micros % MICROS_A_HUNDREDTH:
        fields.odd(found["amountMicros"][1], _TOO_FINE)
        return None
    return _money(fields, micros // MICROS_A_HUNDREDTH, found.get("currencyCode"), member[1])


def content_price(fields: Fields, member: Member) -> Money | None:
    """Return the amount of a price of the Content API: a decimal number as text, a currency."""
    found = members(fields, member, ("currency",), needs=("value",))
    if found is None:
        return None
    value, path = found["value"]
    text = str(value) if isinstance(value, int | Decimal) else value
    if isinstance(value, bool) or not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        fields.odd(path, "is no amount of money")
        return None
    hundredths = Decimal(text) * 100
    if hundredths != int(hundredths):
        fields.odd(path, _TOO_FINE)
        return None
    return _money(fields, int(hundredths), found.get("currency"), member[1])


def _money(fields: Fields, hundredths: int, currency: Member | None, path: Path) -> Money | None:
    if currency is None:
        if hundredths == 0:
            return 0, ""  # nothing is the same in every currency
        fields.odd(path, "has no currency")
        return None
    code, at = currency
    if isinstance(code, str) and _CURRENCY.fullmatch(code):
        return hundredths, code
    fields.odd(at, "is no currency", "three capital letters, after ISO 4217")
    return None


def restocking(fields: Fields, member: Member, content: bool = False) -> None:
    """State the restocking fee: an amount, a part of the price, or none where neither is set."""
    found = members(fields, member, ("fixedFee", "microPercent"))
    if found is None:
        return
    if len(found) == 2:
        fields.odd(member[1], "states both an amount and a part of the price")
    elif "microPercent" in found:
        _part(fields, found["microPercent"])
    elif "fixedFee" in found:
        fee = (content_price if content else price)(fields, found["fixedFee"])
        if fee:
            fields.state("restocking_fee", fee[0], found["fixedFee"][1], fee[1])
    elif not member[0]:
        fields.state("restocking_basis_points", 0, member[1])


def _part(fields: Fields, member: Member) -> None:
    micros = whole(fields, member, 0, ALL_BASIS_POINTS * MICROS_A_BASIS_POINT)
    if micros is None:
        return
    if micros % MICROS_A_BASIS_POINT:
        fields.odd(member[1], "is finer than a hundredth of a percent")
    else:
        fields.state("restocking_basis_points", micros // MICROS_A_BASIS_POINT, member[1])


def return_shipping(fields: Fields, member: Member, reason: str, content: bool = False) -> None:
    """State who pays for sending it back; `reason` is `remorse` or `defect`.

    A fixed fee that is zero or not set is no fee: the seller pays.
    """
    path = member[1]
    found = members(fields, member, ("fixedFee",), needs=("type",))
    if found is None:
        return
    fixed = enum(fields, found["type"], {"FIXED": True, "CUSTOMER_PAYING_ACTUAL_FEE": False})
    if fixed is False:
        fields.state(f"{reason}_shipping", "buyer", path)
        if "fixedFee" in found:
            fields.note(found["fixedFee"][1], "a fixed fee does not apply: the buyer pays the cost")
    elif fixed and "fixedFee" not in found:
        fields.state(f"{reason}_shipping", "seller", path)
    elif fixed:
        fee = (content_price if content else price)(fields, found["fixedFee"])
        if fee:
            _fixed(fields, fee, reason, found["fixedFee"][1])


def _fixed(fields: Fields, fee: Money, reason: str, path: Path) -> None:
    amount, currency = fee
    fields.state(f"{reason}_shipping", "buyer" if amount else "seller", path)
    if amount:
        fields.state(f"{reason}_shipping_fee", amount, path, currency)
