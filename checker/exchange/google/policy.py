"""Reads the fields of a return policy; tables list them by JSON name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from checker.exchange.countries import COUNTRIES
from checker.exchange.fields import FieldReader, Fields, Member, ignore_field
from checker.exchange.google.messages import enum, integer, members
from checker.exchange.google.prices import restocking, return_shipping
from checker.exchange.google.windows import MAX_DAYS, window
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


def _label(fields: Fields, value: Any, path: Path) -> None:
    text = fields.text(value, path)
    if text and text.strip() != DEFAULT_LABEL:
        fields.note(path, f"holds for products with the return policy label `{text}` alone")


def _countries(fields: Fields, value: Any, path: Path) -> None:
    codes = []
    for code, code_path in fields.items(value, path):
        if isinstance(code, str) and code in COUNTRIES:
            codes.append(code)
        else:
            fields.report_problem(
                code_path, "is no country code", "two capital letters, after ISO 3166-1"
            )
    if codes:
        fields.state("country", tuple(dict.fromkeys(codes)), path)
    elif value:
        fields.unclear.append("country")


def _methods(fields: Fields, value: Any, path: Path) -> None:
    methods = [enum(fields, item, METHODS) for item in fields.items(value, path)]
    known = tuple(dict.fromkeys(method for method in methods if method))
    if known:
        fields.state("method", known, path)


def _conditions(fields: Fields, value: Any, path: Path) -> None:
    """State whether used goods are accepted, unless the list has something unclear."""
    conditions = {enum(fields, item, CONDITIONS) for item in fields.items(value, path)}
    if True in conditions:
        fields.state("used_accepted", True, path)
        if False not in conditions:
            fields.note(path, "goods in new condition are not listed")
    elif conditions == {False}:
        fields.state("used_accepted", False, path)


def _address(fields: Fields, value: Any, path: Path) -> None:
    text = fields.text(value, path)
    if text and _is_address(text):
        fields.note(path, f"the policy for people: {text}")
    elif text:
        fields.report_problem(path, "is no web address")


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _boolean(notion: str) -> FieldReader:
    def read(fields: Fields, value: Any, path: Path) -> None:
        accepted = fields.boolean(value, path)
        if accepted is not None:
            fields.state(notion, accepted, path)

    return read


def _refund_days(fields: Fields, value: Any, path: Path) -> None:
    days = integer(fields, (value, path), 0, MAX_DAYS)
    if days is not None:
        fields.state("refund_days", days, path)


def _label_source(fields: Fields, value: Any, path: Path) -> None:
    label = enum(fields, (value, path), LABELS)
    if label:
        fields.state("label", label, path)


def _shipping(fields: Fields, value: Any, path: Path) -> None:
    return_shipping(fields, (value, path), "remorse")


def _by_reason(fields: Fields, value: Any, path: Path) -> None:
    """State the label and the fee of each reason of the Content API: remorse and defects."""
    reasons: set[str] = set()
    names = ("returnLabelSource", "returnShippingFee")
    for item in fields.items(value, path):
        info = members(fields, item, names, required=("returnReasonCategory",))
        if info is None:
            continue
        reason = enum(fields, info["returnReasonCategory"], REASONS)
        if reason in reasons:
            fields.report_problem(info["returnReasonCategory"][1], "stands twice")
        elif reason:
            reasons.add(reason)
            _reason(fields, info, reason)


def _reason(fields: Fields, info: Mapping[str, Member], reason: str) -> None:
    if "returnShippingFee" in info:
        return_shipping(fields, info["returnShippingFee"], reason, content=True)
    if "returnLabelSource" in info:
        label = enum(fields, info["returnLabelSource"], CONTENT_LABELS)
        path = info["returnLabelSource"][1]
        if label and reason == "remorse":
            fields.state("label", label, path)
        elif label:
            fields.note(path, f"the label for defects: {label}")


def _member_reader(read: Callable[..., None], **options: bool) -> FieldReader:
    """Return a reader of fields made from one of members."""
    return lambda fields, value, path: read(fields, (value, path), **options)


_COMMON_FIELDS: dict[str, FieldReader] = {
    "name": ignore_field,
    "returnPolicyId": ignore_field,
    "label": _label,
    "countries": _countries,
    "policy": window,
    "returnMethods": _methods,
    "itemConditions": _conditions,
    "returnPolicyUri": _address,
}
FIELDS: dict[str, FieldReader] = {
    **_COMMON_FIELDS,
    "restockingFee": _member_reader(restocking),
    "returnShippingFee": _shipping,
    "acceptDefectiveOnly": _boolean("defects_only"),
    "processRefundDays": _refund_days,
    "acceptExchange": _boolean("exchange_accepted"),
    "returnLabelSource": _label_source,
}
CONTENT_FIELDS: dict[str, FieldReader] = {
    **_COMMON_FIELDS,
    "restockingFee": _member_reader(restocking, content=True),
    "returnReasonCategoryInfo": _by_reason,
}
