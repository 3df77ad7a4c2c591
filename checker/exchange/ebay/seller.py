"""What a seller sets: one policy for all buyers, or one for each side of the border."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.exchange.ebay.words import MARKETPLACES, METHODS, PAYERS, REFUNDS, period
from checker.exchange.fields import Fields, Take, noted, passed_over
from checker.exchange.positioned_data import Data, Path, pointer
from checker.exchange.statements import Stated

_ABROAD = "internationalOverride"
_NOT_AS_DESCRIBED = "eBay: the seller pays where goods are not as described"
_OF_ALL = ("marketplace", "refund")  # what an override for other countries leaves as it is


def stated(data: Data, value: Mapping[str, Any], path: Path) -> list[Stated]:
    """Return what a seller's policy states, and what its `internationalOverride` does."""
    fields = Fields(data, path)
    fields.take(value, path, _FIELDS)
    _returns(fields, value, path)
    name = value.get("name")
    name = " ".join(name.split()) if isinstance(name, str) else ""
    abroad = value.get(_ABROAD)
    at = (*path, _ABROAD)
    if abroad and not isinstance(abroad, dict):
        fields.odd(at, "is no object")
    if not abroad or not isinstance(abroad, dict):
        return [_made(name, fields, path)]
    fields.state("destination", "domestic", at, why="which is of its own for other countries")
    return [_made(name, fields, path), _abroad(name, fields, abroad, at)]


def _abroad(name: str, shared: Fields, value: Any, path: Path) -> Stated:
    fields = Fields(shared.data, shared.base, unclear=shared.unclear)
    fields.statements += [each for each in shared.statements if each.notion in _OF_ALL]
    fields.take(value, path, _SETTINGS)
    _returns(fields, value, path)
    fields.state("destination", "international", path)
    return _made(f"{name} (international)" if name else "international", fields, path)


def _made(name: str, fields: Fields, path: Path) -> Stated:
    return Stated(
        name,
        pointer(path),
        fields.data.position(path),
        tuple(fields.statements),
        tuple(fields.notes),
        tuple(fields.problems),
        unclear=tuple(fields.unclear),
    )


def _returns(fields: Fields, value: Any, path: Path) -> None:
    """State whether returns are accepted, and for how long: two fields that have to fit."""
    found = value if isinstance(value, dict) else {}
    accepted, window = found.get("returnsAccepted"), found.get("returnPeriod")
    at, of_window = (*path, "returnsAccepted"), (*path, "returnPeriod")
    days = period(fields, window, of_window) if window is not None else None
    if accepted is not None and fields.boolean(accepted, at) is None:
        return
    if accepted is False and window is not None:
        fields.odd(of_window, f"contradicts `{fields.said(at)}`")
    elif accepted is False:
        fields.state("returns", "none", at)
    elif accepted and window is None:
        fields.odd(at, "needs a `returnPeriod`")
    elif days is not None:
        if accepted:
            fields.state("returns", "limited", at)
        fields.state("window_days", days, of_window)


def _marketplace(fields: Fields, value: Any, path: Path) -> None:
    known = fields.choice(value, path, MARKETPLACES)
    if known:
        fields.state("marketplace", known, path)
    else:
        fields.unclear.append("marketplace")


def _payer(fields: Fields, value: Any, path: Path) -> None:
    payer = fields.choice(value, path, PAYERS)
    if payer:
        fields.state("remorse_shipping", payer, path)
        fields.state("defect_shipping", "seller", path, why=_NOT_AS_DESCRIBED)


def _refund(fields: Fields, value: Any, path: Path) -> None:
    refund = fields.choice(value, path, REFUNDS)
    if refund:
        fields.state("refund", refund, path)
    if refund == "store_credit":
        fields.note(path, f"`{value}` is no longer supported by eBay")


def _method(fields: Fields, value: Any, path: Path) -> None:
    if fields.choice(value, path, METHODS):
        fields.state("exchange_accepted", True, path)


def _categories(fields: Fields, value: Any, path: Path) -> None:
    """Note what every return policy is about: eBay has none for motor vehicles."""
    for item, at in fields.items(value, path):
        found = fields.members(item, at, ("default",), needs=("name",))
        if found is None:
            continue
        if fields.choice(*found["name"], {"ALL_EXCLUDING_MOTORS_VEHICLES": True}):
            fields.note(found["name"][1], "is about everything but motor vehicles")
        if "default" in found and not isinstance(found["default"][0], bool):
            said = fields.said(found["default"][1])
            fields.note(found["default"][1], f"`{said}` is no boolean; eBay no longer uses it")


def _ignored(fields: Fields, value: Any, path: Path) -> None:
    fields.note(path, f"`{fields.said(path)}` is ignored by eBay, which no longer supports it")


def warnings(fields: Fields, value: Any, path: Path) -> None:
    """Note what eBay said besides."""
    for item, at in fields.items(value, path):
        text = item.get("longMessage") or item.get("message") if isinstance(item, dict) else None
        fields.note(at, f"eBay warned: {text if isinstance(text, str) else fields.said(at)}")


_SETTINGS: dict[str, Take] = {
    "returnsAccepted": passed_over,  # these two by `_returns`
    "returnPeriod": passed_over,
    "returnShippingCostPayer": _payer,
    "returnMethod": _method,
}
_FIELDS: dict[str, Take] = {
    **_SETTINGS,
    "name": passed_over,
    "returnPolicyId": passed_over,
    "marketplaceId": _marketplace,
    "categoryTypes": _categories,
    "refundMethod": _refund,
    "description": noted("the seller's description"),
    "returnInstructions": noted("instructions for buyers"),
    "extendedHolidayReturnsOffered": _ignored,
    "restockingFeePercentage": _ignored,
    _ABROAD: passed_over,
    "warnings": warnings,
}
FIELDS = frozenset(_FIELDS) - {"name", "description", "warnings"}  # that nothing else has
