"""The fields of a policy as Google's JSON has them, each made of the statements that it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checker.exchange.google.policy import LABELS, METHODS, MOST_DAYS
from checker.exchange.google.prices import (
    ALL_BASIS_POINTS,
    MICROS_A_BASIS_POINT,
    MICROS_A_HUNDREDTH,
)
from checker.exchange.google.windows import TYPES
from checker.exchange.statements import Statement, Value

Says = dict[str, Statement]  # by notion; what a field says is taken out

NO_RETURNS = {"type": "NO_RETURNS"}
_ACTUAL_FEE = {"type": "CUSTOMER_PAYING_ACTUAL_FEE"}
_MOST_HUNDREDTHS = (2**63 - 1) // MICROS_A_HUNDREDTH


def window(says: Says) -> dict[str, str] | None:
    """Return `policy`; calendar days are written, and left in `says` as they are not the same."""
    returns, elapsed = says.get("returns"), says.get("window_elapsed_days")
    stated = elapsed or says.get("window_days")
    kind = returns.value if returns else "limited"
    days = _number(stated, 1, MOST_DAYS)
    if (kind == "limited") != (days is not None) or (stated and days is None):
        return None
    says.pop("returns", None)
    says.pop("window_elapsed_days", None)
    type_ = next(word for word, meaning in TYPES.items() if meaning == kind)
    return {"type": type_, "days": str(days)} if days else {"type": type_}


def _number(each: Statement | None, least: int, most: int) -> int | None:
    """Return the number that is stated, None where it is none of that range."""
    value = each.value if each else None
    return value if isinstance(value, int) and least <= value <= most else None


def _countries(says: Says) -> list[str] | None:
    each = says.pop("country", None)
    return [*each.value] if each and isinstance(each.value, tuple) else None


def _restocking(says: Says) -> dict[str, Any] | None:
    part = _number(says.get("restocking_basis_points"), 0, ALL_BASIS_POINTS)
    if part is not None:
        del says["restocking_basis_points"]
        return {"microPercent": part * MICROS_A_BASIS_POINT}
    price = _price(says.get("restocking_fee"))
    if price:
        del says["restocking_fee"]
        return {"fixedFee": price}
    return None


def _price(fee: Statement | None) -> dict[str, str] | None:
    amount = _number(fee, 0, _MOST_HUNDREDTHS)
    if fee is None or amount is None or (amount and not fee.currency):
        return None
    currency = {"currencyCode": fee.currency} if fee.currency else {}
    return {"amountMicros": str(amount * MICROS_A_HUNDREDTH), **currency}


def _shipping(says: Says) -> dict[str, Any] | None:
    """Return the one fee that there is: for defects, where nothing else can be returned."""
    only = says.get("defects_only")
    reason = "defect" if only and only.value else "remorse"
    payer, fee = says.get(f"{reason}_shipping"), says.get(f"{reason}_shipping_fee")
    written = _fee(payer.value if payer else None, fee)
    if written:
        says.pop(f"{reason}_shipping", None)
        says.pop(f"{reason}_shipping_fee", None)
    return written


def _fee(payer: Value | None, fee: Statement | None) -> dict[str, Any] | None:
    if fee is None:
        return {"seller": {"type": "FIXED"}, "buyer": _ACTUAL_FEE}.get(str(payer))
    price = _price(fee)
    if price is None or payer == ("seller" if fee.value else "buyer"):
        return None
    return {"type": "FIXED", "fixedFee": price}


def _methods(says: Says) -> list[str] | None:
    each = says.get("method")
    if each is None or not isinstance(each.value, tuple):
        return None
    if {*each.value} <= {*METHODS.values()}:
        del says["method"]
    words = {meaning: word for word, meaning in METHODS.items()}
    return [words[name] for name in each.value if name in words] or None


def _conditions(says: Says) -> list[str] | None:
    each = says.pop("used_accepted", None)
    return None if each is None else ["NEW", "USED"] if each.value else ["NEW"]


def _label_source(says: Says) -> str | None:
    each = says.pop("label", None)
    return next((word for word, meaning in LABELS.items() if each and meaning == each.value), None)


def _refund_days(says: Says) -> int | None:
    days = _number(says.get("refund_days"), 0, MOST_DAYS)
    if days is not None:
        del says["refund_days"]
    return days


def _boolean(notion: str) -> Callable[[Says], Any]:
    def field(says: Says) -> Any:
        each = says.pop(notion, None)
        return each.value if each else None

    return field


WRITTEN: dict[str, Callable[[Says], Any]] = {
    "countries": _countries,
    "policy": window,
    "restockingFee": _restocking,
    "returnMethods": _methods,
    "itemConditions": _conditions,
    "returnShippingFee": _shipping,  # asks whether there is anything but defects
    "acceptDefectiveOnly": _boolean("defects_only"),
    "processRefundDays": _refund_days,
    "acceptExchange": _boolean("exchange_accepted"),
    "returnLabelSource": _label_source,
}
