"""The fields of a return policy, by the names that they have in JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from checker.exchange.countries import COUNTRIES
from checker.exchange.fields import Fields, Member, Take, passed_over
from checker.exchange.google.messages import enum, members, whole
from checker.exchange.google.prices import restocking, return_shipping
from checker.exchange.google.windows import window
from checker.exchange.positioned_data import Path

METHODS = {"BY_MAIL": "mail", "IN_STORE": "store", "AT_A_KIOSK": "kiosk"}
CONDITIONS = {"NEW": False, "USED": True}  # whether goods were used
LABELS = {
    "DOWNLOAD_AND_PRINT": "download",
    "IN_THE_PACKAGE": "in_package",
    "CUSTOMER_RESPONSIBILITY": "buyer",
}
CONTENT_LABELS = {
    "DOWNLOAD_AND_PRINT": "download",
    "IN_THE_BOX": "in_package",
    "CUSTOMER_RESPONSIBILITY": "buyer",
}
REASONS = {"BUYER_REMORSE": "remorse", "ITEM_DEFECT": "defect"}
DEFAULT_LABEL = "default"  # of the policy for all goods without a label
MOST_DAYS = 2**31 - 1


def _label(fields: Fields, value: Any, path: Path) -> None:
    text = fields.text(value, path)
    if text and text.strip() != DEFAULT_LABEL:
        fields.note(path, f"holds for products with the return policy label `{text}` alone")


def _countries(fields: Fields, value: Any, path: Path) -> None:
    codes = []
    for code, at in fields.items(value, path):
        if isinstance(code, str) and code in COUNTRIES:
            codes.append(code)
        else:
            fields.odd(at, "is no country code", "two capital letters, after ISO 3166-1")
    if codes:
        fields.state("country", tuple(dict.fromkeys(codes)), path)
    elif value:
        fields.unclear.append("country")


def _methods(fields: Fields, value: Any, path: Path) -> None:
    found = [enum(fields, item, METHODS) for item in fields.items(value, path)]
    known = tuple(dict.fromkeys(each for each in found if each))
    if known:
        fields.state("method", known, path)


def _conditions(fields: Fields, value: Any, path: Path) -> None:
    """State whether used goods are accepted, unless the list has something unclear."""
    found = {enum(fields, item, CONDITIONS) for item in fields.items(value, path)}
    if True in found:
        fields.state("used_accepted", True, path)
        if False not in found:
            fields.note(path, "goods in new condition are not listed")
    elif found == {False}:
        fields.state("used_accepted", False, path)


def _address(fields: Fields, value: Any, path: Path) -> None:
    text = fields.text(value, path)
    if text and _is_address(text):
        fields.note(path, f"the policy for people: {text}")
    elif text:
        fields.odd(path, "is no web address")


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _boolean(notion: str) -> Take:
    def take(fields: Fields, value: Any, path: Path) -> None:
        known = fields.boolean(value, path)
        if known is not None:
            fields.state(notion, known, path)

    return take


def _refund_days(fields: Fields, value: Any, path: Path) -> None:
    days = whole(fields, (value, path), 0, MOST_DAYS)
    if days is not None:
        fields.state("refund_days", days, path)


def _label_source(fields: Fields, value: Any, path: Path) -> None:
    known = enum(fields, (value, path), LABELS)
    if known:
        fields.state("label", known, path)


def _shipping(fields: Fields, value: Any, path: Path) -> None:
    return_shipping(fields, (value, path), "remorse")


def _by_reason(fields: Fields, value: Any, path: Path) -> None:
    """State what holds for goods sent back after a change of mind, and for defects."""
    seen: set[str] = set()
    names = ("returnLabelSource", "returnShippingFee")
    for item in fields.items(value, path):
        found = members(fields, item, names, needs=("returnReasonCategory",))
        if found is None:
            continue
        reason = enum(fields, found["returnReasonCategory"], REASONS)
        if reason in seen:
            fields.odd(found["returnReasonCategory"][1], "stands twice")
        elif reason:
            seen.add(reason)
            _one_reason(fields, found, reason)


def _one_reason(fields: Fields, found: Mapping[str, Member], reason: str) -> None:
    if "returnShippingFee" in found:
        return_shipping(fields, found["returnShippingFee"], reason, content=True)
    if "returnLabelSource" in found:
        label, path = (
            enum(fields, found["returnLabelSource"], CONTENT_LABELS),
            found["returnLabelSource"][1],
        )
        if label and reason == "remorse":
            fields.state("label", label, path)
        elif label:
            fields.note(path, f"the label for defects: {label}")


def _of(take: Callable[..., None], **how: bool) -> Take:
    return lambda fields, value, path: take(fields, (value, path), **how)


_OF_BOTH: dict[str, Take] = {
    "name": passed_over,
    "returnPolicyId": passed_over,
    "label": _label,
    "countries": _countries,
    "policy": window,
    "returnMethods": _methods,
    "itemConditions": _conditions,
    "returnPolicyUri": _address,
}
FIELDS: dict[str, Take] = {
    **_OF_BOTH,
    "restockingFee": _of(restocking),
    "returnShippingFee": _shipping,
    "acceptDefectiveOnly": _boolean("defects_only"),
    "processRefundDays": _refund_days,
    "acceptExchange": _boolean("exchange_accepted"),
    "returnLabelSource": _label_source,
}
CONTENT_FIELDS: dict[str, Take] = {
    **_OF_BOTH,
    "restockingFee": _of(restocking, content=True),
    "returnReasonCategoryInfo": _by_reason,
}
