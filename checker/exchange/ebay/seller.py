"""Reads what a seller sets: a policy for all buyers, or one for each side of the border."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.exchange.ebay.values import MARKETPLACES, METHODS, PAYERS, REFUNDS, period
from checker.exchange.fields import FieldReader, Fields, ignore_field, note_text
from checker.exchange.positioned_data import Data, Path, pointer
from checker.exchange.statements import StatedPolicy

_INTERNATIONAL = "internationalOverride"
_NOT_AS_DESCRIBED = "eBay: the seller pays where goods are not as described"
_COMMON_NOTIONS = ("marketplace", "refund")  # an override for other countries can't change these


def stated_policies(data: Data, value: Mapping[str, Any], path: Path) -> list[StatedPolicy]:
    """Return a seller's policy, and the one of its `internationalOverride` if it has one."""
    fields = Fields(data, path)
    fields.read(value, path, _FIELDS)
    _returns(fields, value, path)
    name = value.get("name")
    name = " ".join(name.split()) if isinstance(name, str) else ""
    international = value.get(_INTERNATIONAL)
    international_path = (*path, _INTERNATIONAL)
    if international and not isinstance(international, dict):
        fields.report_problem(international_path, "is no object")
    if not international or not isinstance(international, dict):
        return [_stated_policy(name, fields, path)]
    why = "which is of its own for other countries"
    fields.state("destination", "domestic", international_path, why=why)
    return [
        _stated_policy(name, fields, path),
        _international_policy(name, fields, international, international_path),
    ]


def _international_policy(
    name: str, domestic_fields: Fields, value: Any, path: Path
) -> StatedPolicy:
    fields = Fields(domestic_fields.data, domestic_fields.base, unclear=domestic_fields.unclear)
    fields.statements += [
        statement for statement in domestic_fields.statements if statement.notion in _COMMON_NOTIONS
    ]
    fields.read(value, path, _SETTINGS)
    _returns(fields, value, path)
    fields.state("destination", "international", path)
    name = f"{name} (international)" if name else "international"
    return _stated_policy(name, fields, path)


def _stated_policy(name: str, fields: Fields, path: Path) -> StatedPolicy:
    return StatedPolicy(
        name,
        pointer(path),
        fields.data.position(path),
        tuple(fields.statements),
        tuple(fields.notes),
        tuple(fields.problems),
        unclear=tuple(fields.unclear),
    )


def _returns(fields: Fields, value: Any, path: Path) -> None:
    """State whether returns are accepted, and for how long; the two fields must agree."""
    settings = value if isinstance(value, dict) else {}
    accepted, window = settings.get("returnsAccepted"), settings.get("returnPeriod")
    accepted_path, window_path = (*path, "returnsAccepted"), (*path, "returnPeriod")
    days = period(fields, window, window_path) if window is not None else None
    if accepted is not None and fields.boolean(accepted, accepted_path) is None:
        return
    if accepted is False and window is not None:
        fields.report_problem(window_path, f"contradicts `{fields.quote(accepted_path)}`")
    elif accepted is False:
        fields.state("returns", "none", accepted_path)
    elif accepted and window is None:
        fields.report_problem(accepted_path, "needs a `returnPeriod`")
    elif days is not None:
        if accepted:
            fields.state("returns", "limited", accepted_path)
        fields.state("window_days", days, window_path)


def _marketplace(fields: Fields, value: Any, path: Path) -> None:
    marketplace = fields.choice(value, path, MARKETPLACES)
    if marketplace:
        fields.state("marketplace", marketplace, path)
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
    """Note the only category type of return policies: eBay has none for motor vehicles."""
    for item, item_path in fields.items(value, path):
        category = fields.members(item, item_path, ("default",), required=("name",))
        if category is None:
            continue
        name, name_path = category["name"]
        if fields.choice(name, name_path, {"ALL_EXCLUDING_MOTORS_VEHICLES": True}):
            fields.note(name_path, "is about everything but motor vehicles")
        default, default_path = category.get("default", (False, path))
        if not isinstance(default, bool):
            text = fields.quote(default_path)
            fields.note(default_path, f"`{text}` is no boolean; eBay no longer uses it")


def _ignored(fields: Fields, value: Any, path: Path) -> None:
    fields.note(path, f"`{fields.quote(path)}` is ignored by eBay, which no longer supports it")


def warnings(fields: Fields, value: Any, path: Path) -> None:
    """Note the warnings of eBay."""
    for item, item_path in fields.items(value, path):
        text = item.get("longMessage") or item.get("message") if isinstance(item, dict) else None
        text = text if isinstance(text, str) else fields.quote(item_path)
        fields.note(item_path, f"eBay warned: {text}")


_SETTINGS: dict[str, FieldReader] = {
    "returnsAccepted": ignore_field,  # `_returns` reads these two together
    "returnPeriod": ignore_field,
    "returnShippingCostPayer": _payer,
    "returnMethod": _method,
}
_FIELDS: dict[str, FieldReader] = {
    **_SETTINGS,
    "name": ignore_field,
    "returnPolicyId": ignore_field,
    "marketplaceId": _marketplace,
    "categoryTypes": _categories,
    "refundMethod": _refund,
    "description": note_text("the seller's description"),
    "returnInstructions": note_text("instructions for buyers"),
    "extendedHolidayReturnsOffered": _ignored,
    "restockingFeePercentage": _ignored,
    _INTERNATIONAL: ignore_field,
    "warnings": warnings,
}
# the fields that identify a seller's policy; other objects may have the three
FIELDS = frozenset(_FIELDS) - {"name", "description", "warnings"}
