"""Writes statements as properties of a MerchantReturnPolicy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from checker.exchange.countries import COUNTRIES
from checker.exchange.schema_org.vocabulary import (
    ANY_REASON,
    CATEGORIES,
    CONDITIONS,
    FINITE,
    FLAT_FEE,
    FREE,
    LABELS,
    METHODS,
    NEW,
    OUTBOUND,
    OWN_COST,
    REASONS,
    REFUNDS,
)
from checker.exchange.statements import NOT_EXPRESSED, Statement, Value
from checker.language.syntax.problems import Finding

Properties = dict[str, Any]
_Fees = tuple[list[str], Properties | None]  # the kinds, and the amount of a flat fee
_URL = "https://schema.org/"
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_ALL_BASIS_POINTS = 100_00


def properties(statements: Iterable[Statement]) -> tuple[Properties, list[Finding]]:
    """Return the properties for the statements, and what these can't state or state in addition."""
    unwritten = _Unwritten({statement.notion: statement for statement in statements})
    written: Properties = {}
    for write in (_country, _window, _conditions, _fees, _restocking, _refund, _method, _label):
        written |= write(unwritten)
    return written, [*unwritten.warnings, *map(_not_written, unwritten.values())]


def _not_written(statement: Statement) -> Finding:
    text = statement.source_text
    message = f"`{text}` can't be said in the words of schema.org"
    return Finding(statement.position, message, check=NOT_EXPRESSED, at=text)


class _Unwritten(dict[str, Statement]):
    """The statements by notion that no property states yet, and warnings about properties."""

    def __init__(self, statements: dict[str, Statement]) -> None:
        super().__init__(statements)
        self.warnings: list[Finding] = []

    def value(self, notion: str) -> Value | None:
        """Return the stated value of the notion, None where it is not stated."""
        return self[notion].value if notion in self else None

    def remove(self, *notions: str) -> None:
        """Remove notions that a property states now."""
        for notion in notions:
            self.pop(notion, None)


def _country(unwritten: _Unwritten) -> Properties:
    codes = unwritten.value("country")
    if not isinstance(codes, tuple) or not codes or not COUNTRIES.issuperset(codes):
        return {}
    unwritten.remove("country")
    return {"applicableCountry": _listed(codes)}


def _window(unwritten: _Unwritten) -> Properties:
    returns, days = unwritten.value("returns"), unwritten.value("window_days")
    if returns in {None, "limited"} and isinstance(days, int) and days > 0:
        unwritten.remove("returns", "window_days")
        return {"returnPolicyCategory": _URL + FINITE, "merchantReturnDays": days}
    category = next((name for name, value in CATEGORIES.items() if value == returns), FINITE)
    if category == FINITE:
        return {}
    unwritten.remove("returns")
    return {"returnPolicyCategory": _URL + category}


def _conditions(unwritten: _Unwritten) -> Properties:
    """List the accepted conditions; a condition that is not in the list is not accepted."""
    stated = {name: unwritten[notion] for name, notion in CONDITIONS.items() if notion in unwritten}
    if not stated:
        return {}
    unwritten.remove(*CONDITIONS.values())
    first = next(iter(stated.values()))
    text = first.source_text
    for name in {name for name, notion in CONDITIONS.items() if notion} - stated.keys():
        message = f"`{text}` is said by a list of conditions, which lacks `{name}`, too"
        warning = Finding(first.position, message, check=NOT_EXPRESSED, at=text, mild=True)
        unwritten.warnings.append(warning)
    accepted = (NEW, *(name for name, statement in stated.items() if statement.value))
    return {"itemCondition": _listed(_URL + name for name in accepted)}


def _fees(unwritten: _Unwritten) -> Properties:
    """Write the fees for any reason if both are stated, and those for defects if they differ."""
    remorse, defect = _shipping_fees(unwritten, "remorse"), _shipping_fees(unwritten, "defect")
    for_any_reason = bool(remorse[0] and defect[0])
    is_same = for_any_reason and remorse == defect
    if unwritten.value("outbound_shipping") == "buyer" and FREE not in remorse[0]:
        unwritten.remove("outbound_shipping")
        remorse = ([*remorse[0], OUTBOUND], remorse[1])
    written = _fee_pair(ANY_REASON if for_any_reason else REASONS["remorse"], remorse)
    return written if is_same else written | _fee_pair(REASONS["defect"], defect)


def _shipping_fees(unwritten: _Unwritten, reason: str) -> _Fees:
    payer, fee = unwritten.value(f"{reason}_shipping"), unwritten.get(f"{reason}_shipping_fee")
    unwritten.remove(f"{reason}_shipping")
    if payer == "buyer" and fee and fee.value != 0 and (amount := _amount(fee)):
        unwritten.remove(fee.notion)
        return [FLAT_FEE], amount
    return [{"seller": FREE, "buyer": OWN_COST}[str(payer)]] if payer else [], None


def _fee_pair(names: tuple[str, str], fees: _Fees) -> Properties:
    """Return the property for the kinds of fees, and that for the amount."""
    kinds, amount = fees
    written: Properties = {names[0]: _listed(_URL + kind for kind in kinds)} if kinds else {}
    return written | ({names[1]: amount} if amount else {})


def _restocking(unwritten: _Unwritten) -> Properties:
    basis_points, fee = unwritten.value("restocking_basis_points"), unwritten.get("restocking_fee")
    if isinstance(basis_points, int) and 0 <= basis_points <= _ALL_BASIS_POINTS:
        unwritten.remove("restocking_basis_points")
        is_whole_percent = basis_points % 100 == 0
        return {"restockingFee": basis_points // 100 if is_whole_percent else basis_points / 100}
    if basis_points is None and fee and (amount := _amount(fee)):
        unwritten.remove("restocking_fee")
        return {"restockingFee": amount}
    return {}


def _refund(unwritten: _Unwritten) -> Properties:
    """List the types of refund; the type of an exchange states that exchanges are accepted."""
    refund = unwritten.value("refund")
    refund_types = [name for name, value in REFUNDS.items() if value == refund]
    if not refund_types:
        return {}
    unwritten.remove("refund")
    if unwritten.value("exchange_accepted") is True:
        unwritten.remove("exchange_accepted")
        refund_types += [name for name, value in REFUNDS.items() if value == "exchange" != refund]
    return {"refundType": _listed(_URL + name for name in refund_types)}


def _method(unwritten: _Unwritten) -> Properties:
    names = {value: name for name, value in METHODS.items()}
    methods = unwritten.value("method")
    if not isinstance(methods, tuple) or not methods or not names.keys() >= {*methods}:
        return {}
    unwritten.remove("method")
    return {"returnMethod": _listed(_URL + names[method] for method in methods)}


def _label(unwritten: _Unwritten) -> Properties:
    labels = [name for name, value in LABELS.items() if value == unwritten.value("label")]
    unwritten.remove(*(["label"] if labels else []))
    return {"returnLabelSource": _URL + labels[0]} if labels else {}


def _amount(fee: Statement) -> Properties | None:
    """Return a MonetaryAmount, None where the fee is no amount in a currency."""
    if not isinstance(fee.value, int) or fee.value < 0 or not _CURRENCY.fullmatch(fee.currency):
        return None
    value = f"{fee.value // 100}.{fee.value % 100:02d}"
    return {"@type": "MonetaryAmount", "value": value, "currency": fee.currency}


def _listed(names: Iterable[Any]) -> Any:
    """Return a list, or its only item without a list."""
    names = [*names]
    return names[0] if len(names) == 1 else names
