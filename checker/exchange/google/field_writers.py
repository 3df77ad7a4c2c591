"""Writes statements as the fields of a policy in Google's JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checker.exchange.google.policy import LABELS, METHODS
from checker.exchange.google.prices import (
    ALL_BASIS_POINTS,
    MICROS_PER_BASIS_POINT,
    MICROS_PER_HUNDREDTH,
)
from checker.exchange.google.windows import MAX_DAYS, TYPES
from checker.exchange.statements import Statement, Value

# statements by notion; a writer removes those that its field states
Unwritten = dict[str, Statement]

NO_RETURNS = {"type": "NO_RETURNS"}
_ACTUAL_FEE = {"type": "CUSTOMER_PAYING_ACTUAL_FEE"}
_MAX_HUNDREDTHS = (2**63 - 1) // MICROS_PER_HUNDREDTH


def write_window(unwritten: Unwritten) -> dict[str, str] | None:
    """Return `policy`, None where it can't be stated.

    Calendar days are written, but stay in `unwritten`, as they are not the same as days of 24
    hours.
    """
    returns, elapsed_days = unwritten.get("returns"), unwritten.get("window_elapsed_days")
    window = elapsed_days or unwritten.get("window_days")
    kind = returns.value if returns else "limited"
    days = _number(window, 1, MAX_DAYS)
    if (kind == "limited") != (days is not None) or (window and days is None):
        return None
    unwritten.pop("returns", None)
    unwritten.pop("window_elapsed_days", None)
    type_ = next(word for word, meaning in TYPES.items() if meaning == kind)
    return {"type": type_, "days": str(days)} if days else {"type": type_}


def _number(statement: Statement | None, least: int, most: int) -> int | None:
    """Return the stated number, None where there is none in this range."""
    value = statement.value if statement else None
    return value if isinstance(value, int) and least <= value <= most else None


def _countries(unwritten: Unwritten) -> list[str] | None:
    countries = unwritten.pop("country", None)
    return [*countries.value] if countries and isinstance(countries.value, tuple) else None


def _restocking_fee(unwritten: Unwritten) -> dict[str, Any] | None:
    basis_points = _number(unwritten.get("restocking_basis_points"), 0, ALL_BASIS_POINTS)
    if basis_points is not None:
        del unwritten["restocking_basis_points"]
        return {"microPercent": basis_points * MICROS_PER_BASIS_POINT}
    price = _price(unwritten.get("restocking_fee"))
    if price:
        del unwritten["restocking_fee"]
        return {"fixedFee": price}
    return None


def _price(fee: Statement | None) -> dict[str, str] | None:
    amount = _number(fee, 0, _MAX_HUNDREDTHS)
    if fee is None or amount is None or (amount and not fee.currency):
        return None
    currency = {"currencyCode": fee.currency} if fee.currency else {}
    return {"amountMicros": str(amount * MICROS_PER_HUNDREDTH), **currency}


def _shipping_fee(unwritten: Unwritten) -> dict[str, Any] | None:
    """Return the only fee of the format: for defects, if nothing else can be returned."""
    defects_only = unwritten.get("defects_only")
    reason = "defect" if defects_only and defects_only.value else "remorse"
    payer, fee = unwritten.get(f"{reason}_shipping"), unwritten.get(f"{reason}_shipping_fee")
    field = _fee(payer.value if payer else None, fee)
    if field:
        unwritten.pop(f"{reason}_shipping", None)
        unwritten.pop(f"{reason}_shipping_fee", None)
    return field


def _fee(payer: Value | None, fee: Statement | None) -> dict[str, Any] | None:
    if fee is None:
        return {"seller": {"type": "FIXED"}, "buyer": _ACTUAL_FEE}.get(str(payer))
    price = _price(fee)
    if price is None or payer == ("seller" if fee.value else "buyer"):
        return None
    return {"type": "FIXED", "fixedFee": price}


def _methods(unwritten: Unwritten) -> list[str] | None:
    methods = unwritten.get("method")
    if methods is None or not isinstance(methods.value, tuple):
        return None
    if {*methods.value} <= {*METHODS.values()}:
        del unwritten["method"]
    words = {meaning: word for word, meaning in METHODS.items()}
    return [words[name] for name in methods.value if name in words] or None


def _conditions(unwritten: Unwritten) -> list[str] | None:
    used_accepted = unwritten.pop("used_accepted", None)
    if used_accepted is None:
        return None
    return ["NEW", "USED"] if used_accepted.value else ["NEW"]


def _label_source(unwritten: Unwritten) -> str | None:
    label = unwritten.pop("label", None)
    words = (word for word, meaning in LABELS.items() if label and meaning == label.value)
    return next(words, None)


def _refund_days(unwritten: Unwritten) -> int | None:
    days = _number(unwritten.get("refund_days"), 0, MAX_DAYS)
    if days is not None:
        del unwritten["refund_days"]
    return days


def _boolean(notion: str) -> Callable[[Unwritten], Any]:
    def write(unwritten: Unwritten) -> Any:
        statement = unwritten.pop(notion, None)
        return statement.value if statement else None

    return write


FIELD_WRITERS: dict[str, Callable[[Unwritten], Any]] = {
    "countries": _countries,
    "policy": write_window,
    "restockingFee": _restocking_fee,
    "returnMethods": _methods,
    "itemConditions": _conditions,
    "returnShippingFee": _shipping_fee,  # before `acceptDefectiveOnly`, whose statement it needs
    "acceptDefectiveOnly": _boolean("defects_only"),
    "processRefundDays": _refund_days,
    "acceptExchange": _boolean("exchange_accepted"),
    "returnLabelSource": _label_source,
}
