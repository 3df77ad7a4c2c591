"""Reads amounts of money and fees, in hundredths of a currency unit and in basis points."""

from __future__ import annotations

import re
from decimal import Decimal

from checker.exchange.fields import Fields, Member
from checker.exchange.google.messages import enum, integer, members
from checker.exchange.positioned_data import Path

MICROS_PER_HUNDREDTH = 10_000
MICROS_PER_BASIS_POINT = 10_000  # a micro percent is a millionth of a percent
ALL_BASIS_POINTS = 10_000
_MAX_INT64 = 2**63 - 1
_CURRENCY = re.compile("[A-Z]{3}")
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?", re.ASCII)
_TOO_FINE = "is no whole number of hundredths of the currency unit"

Money = tuple[int, str]  # hundredths, and the currency


def price(fields: Fields, member: Member) -> Money | None:
    """Return the amount of a price of the Merchant API, or None with a problem."""
    price_fields = members(fields, member, ("currencyCode",), required=("amountMicros",))
    micros = integer(fields, price_fields["amountMicros"], 0, _MAX_INT64) if price_fields else None
    if price_fields is None or micros is None:
        return None
    if micros % MICROS_PER_HUNDREDTH:
        fields.report_problem(price_fields["amountMicros"][1], _TOO_FINE)
        return None
    return _money(
        fields, micros // MICROS_PER_HUNDREDTH, price_fields.get("currencyCode"), member[1]
    )


def content_price(fields: Fields, member: Member) -> Money | None:
    """Return the amount of a price of the Content API, a decimal text, or None with a problem."""
    price_fields = members(fields, member, ("currency",), required=("value",))
    if price_fields is None:
        return None
    value, path = price_fields["value"]
    amount = str(value) if isinstance(value, int | Decimal) else value
    if isinstance(value, bool) or not isinstance(amount, str) or not _AMOUNT.fullmatch(amount):
        fields.report_problem(path, "is no amount of money")
        return None
    hundredths = Decimal(amount) * 100
    if hundredths != int(hundredths):
        fields.report_problem(path, _TOO_FINE)
        return None
    return _money(fields, int(hundredths), price_fields.get("currency"), member[1])


def _money(fields: Fields, hundredths: int, currency: Member | None, path: Path) -> Money | None:
    if currency is None:
        if hundredths == 0:
            return 0, ""  # zero is the same in every currency
        fields.report_problem(path, "has no currency")
        return None
    code, code_path = currency
    if isinstance(code, str) and _CURRENCY.fullmatch(code):
        return hundredths, code
    fields.report_problem(code_path, "is no currency", "three capital letters, after ISO 4217")
    return None


def restocking(fields: Fields, member: Member, content: bool = False) -> None:
    """State the restocking fee: an amount or a part of the price; an empty message is no fee.

    `content` says that the member is of the Content API.
    """
    fee_fields = members(fields, member, ("fixedFee", "microPercent"))
    if fee_fields is None:
        return
    if len(fee_fields) == 2:
        fields.report_problem(member[1], "states both an amount and a part of the price")
    elif "microPercent" in fee_fields:
        _part(fields, fee_fields["microPercent"])
    elif "fixedFee" in fee_fields:
        fee = (content_price if content else price)(fields, fee_fields["fixedFee"])
        if fee:
            fields.state("restocking_fee", fee[0], fee_fields["fixedFee"][1], fee[1])
    elif not member[0]:
        fields.state("restocking_basis_points", 0, member[1])


def _part(fields: Fields, member: Member) -> None:
    micros = integer(fields, member, 0, ALL_BASIS_POINTS * MICROS_PER_BASIS_POINT)
    if micros is None:
        return
    if micros % MICROS_PER_BASIS_POINT:
        fields.report_problem(member[1], "is finer than a hundredth of a percent")
    else:
        fields.state("restocking_basis_points", micros // MICROS_PER_BASIS_POINT, member[1])


def return_shipping(fields: Fields, member: Member, reason: str, content: bool = False) -> None:
    """State who pays for the return shipping.

    With a fixed fee that is zero or not set, the seller pays.

    Args:
        fields: Collects the statements.
        member: The fee.
        reason: `remorse` or `defect`, the beginning of the notion.
        content: Whether the member is of the Content API.
    """
    path = member[1]
    fee_fields = members(fields, member, ("fixedFee",), required=("type",))
    if fee_fields is None:
        return
    is_fixed = enum(
        fields, fee_fields["type"], {"FIXED": True, "CUSTOMER_PAYING_ACTUAL_FEE": False}
    )
    if is_fixed is False:
        fields.state(f"{reason}_shipping", "buyer", path)
        if "fixedFee" in fee_fields:
            fields.note(
                fee_fields["fixedFee"][1], "a fixed fee does not apply: the buyer pays the cost"
            )
    elif is_fixed and "fixedFee" not in fee_fields:
        fields.state(f"{reason}_shipping", "seller", path)
    elif is_fixed:
        fee = (content_price if content else price)(fields, fee_fields["fixedFee"])
        if fee:
            _fixed(fields, fee, reason, fee_fields["fixedFee"][1])


def _fixed(fields: Fields, fee: Money, reason: str, path: Path) -> None:
    amount, currency = fee
    fields.state(f"{reason}_shipping", "buyer" if amount else "seller", path)
    if amount:
        fields.state(f"{reason}_shipping_fee", amount, path, currency)
