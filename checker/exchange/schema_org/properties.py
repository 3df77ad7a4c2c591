"""The properties of a MerchantReturnPolicy that say what statements say."""

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
_WHOLE_PRICE = 100_00  # basis points


def properties(statements: Iterable[Statement]) -> tuple[Properties, list[Finding]]:
    """Return properties of schema.org that say what statements say, and what they can't say."""
    left = _Left({each.notion: each for each in statements})
    said: Properties = {}
    for write in (_country, _window, _conditions, _fees, _restocking, _refund, _method, _label):
        said |= write(left)
    return said, [*left.warnings, *map(_unsaid, left.values())]


def _unsaid(each: Statement) -> Finding:
    message = f"`{each.said}` can't be said in the words of schema.org"
    return Finding(each.position, message, check=NOT_EXPRESSED, at=each.said)


class _Left(dict[str, Statement]):
    """Statements by notion that are not yet written; and warnings of what is said besides."""

    def __init__(self, statements: dict[str, Statement]) -> None:
        super().__init__(statements)
        self.warnings: list[Finding] = []

    def value(self, notion: str) -> Value | None:
        return self[notion].value if notion in self else None

    def written(self, *notions: str) -> None:
        for notion in notions:
            self.pop(notion, None)


def _country(left: _Left) -> Properties:
    codes = left.value("country")
    if not isinstance(codes, tuple) or not codes or not COUNTRIES.issuperset(codes):
        return {}
    left.written("country")
    return {"applicableCountry": _listed(codes)}


def _window(left: _Left) -> Properties:
    returns, days = left.value("returns"), left.value("window_days")
    if returns in {None, "limited"} and isinstance(days, int) and days > 0:
        left.written("returns", "window_days")
        return {"returnPolicyCategory": _URL + FINITE, "merchantReturnDays": days}
    category = next((name for name, value in CATEGORIES.items() if value == returns), FINITE)
    if category == FINITE:
        return {}
    left.written("returns")
    return {"returnPolicyCategory": _URL + category}


def _conditions(left: _Left) -> Properties:
    """List the conditions that are accepted; what a list lacks is not accepted."""
    said = {name: left[notion] for name, notion in CONDITIONS.items() if notion in left}
    if not said:
        return {}
    left.written(*CONDITIONS.values())
    for name in {name for name, notion in CONDITIONS.items() if notion} - said.keys():
        one = next(iter(said.values()))
        message = f"`{one.said}` is said by a list of conditions, which lacks `{name}`, too"
        left.warnings.append(
            Finding(one.position, message, check=NOT_EXPRESSED, at=one.said, mild=True)
        )
    accepted = (NEW, *(name for name, each in said.items() if each.value))
    return {"itemCondition": _listed(_URL + name for name in accepted)}


def _fees(left: _Left) -> Properties:
    """Say who pays for any reason where both are known, and for defects where it differs."""
    remorse, defect = _paid(left, "remorse"), _paid(left, "defect")
    for_any = bool(remorse[0] and defect[0])
    same = for_any and remorse == defect
    if left.value("outbound_shipping") == "buyer" and FREE not in remorse[0]:
        left.written("outbound_shipping")
        remorse = ([*remorse[0], OUTBOUND], remorse[1])
    said = _pair(ANY_REASON if for_any else REASONS["remorse"], remorse)
    return said if same else said | _pair(REASONS["defect"], defect)


def _paid(left: _Left, reason: str) -> _Fees:
    payer, fee = left.value(f"{reason}_shipping"), left.get(f"{reason}_shipping_fee")
    left.written(f"{reason}_shipping")
    if payer == "buyer" and fee and fee.value != 0 and (amount := _amount(fee)):
        left.written(fee.notion)
        return [FLAT_FEE], amount
    return [{"seller": FREE, "buyer": OWN_COST}[str(payer)]] if payer else [], None


def _pair(names: tuple[str, str], fees: _Fees) -> Properties:
    kinds, amount = fees
    said: Properties = {names[0]: _listed(_URL + kind for kind in kinds)} if kinds else {}
    return said | ({names[1]: amount} if amount else {})


def _restocking(left: _Left) -> Properties:
    part, amount = left.value("restocking_basis_points"), left.get("restocking_fee")
    if isinstance(part, int) and 0 <= part <= _WHOLE_PRICE:
        left.written("restocking_basis_points")
        return {"restockingFee": part // 100 if part % 100 == 0 else part / 100}
    if part is None and amount and (written := _amount(amount)):
        left.written("restocking_fee")
        return {"restockingFee": written}
    return {}


def _refund(left: _Left) -> Properties:
    """List the ways of a refund; one by an exchange says that exchanges are accepted."""
    refund = left.value("refund")
    ways = [name for name, value in REFUNDS.items() if value == refund]
    if not ways:
        return {}
    left.written("refund")
    if left.value("exchange_accepted") is True:
        left.written("exchange_accepted")
        ways += [name for name, value in REFUNDS.items() if value == "exchange" != refund]
    return {"refundType": _listed(_URL + way for way in ways)}


def _method(left: _Left) -> Properties:
    names = {value: name for name, value in METHODS.items()}
    methods = left.value("method")
    if not isinstance(methods, tuple) or not methods or not names.keys() >= {*methods}:
        return {}
    left.written("method")
    return {"returnMethod": _listed(_URL + names[method] for method in methods)}


def _label(left: _Left) -> Properties:
    labels = [name for name, value in LABELS.items() if value == left.value("label")]
    left.written(*(["label"] if labels else []))
    return {"returnLabelSource": _URL + labels[0]} if labels else {}


def _amount(fee: Statement) -> Properties | None:
    """Return a MonetaryAmount; None of what is none."""
    if not isinstance(fee.value, int) or fee.value < 0 or not _CURRENCY.fullmatch(fee.currency):
        return None
    value = f"{fee.value // 100}.{fee.value % 100:02d}"
    return {"@type": "MonetaryAmount", "value": value, "currency": fee.currency}


def _listed(names: Iterable[Any]) -> Any:
    """Return a list, or its only item by itself."""
    names = [*names]
    return names[0] if len(names) == 1 else names
