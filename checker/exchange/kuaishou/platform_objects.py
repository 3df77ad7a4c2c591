"""Finds items, categories and refunds in answers and messages of the platform."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checker.exchange.fields import display
from checker.exchange.positioned_data import Data, Path, pointer, read_json
from checker.exchange.statements import not_understood
from checker.language.syntax.problems import Finding

# the keys under which answers of the platform, or clients that save them, have the objects
_WRAPPERS = ("data", "response", "items", "refundOrderInfoList", "dataList", "info")
_REQUESTS = ("request", "param")

Category = tuple[Any, Path] | None


@dataclass(frozen=True, slots=True)
class PlatformObject:
    """An object of a known form, with the `categoryId` that it or an object around it has."""

    form: str  # item, category, refund, message
    path: Path
    value: dict[str, Any]
    category: Category = None


def find_objects(data: Data) -> Iterator[PlatformObject | Finding]:
    """Yield the objects of a document in its order, and a problem for each unknown object."""
    pending: list[tuple[Path, Any, Category]] = [((), data.value, None)]
    while pending:
        path, value, category = pending.pop()
        if isinstance(value, list):
            items = reversed([*enumerate(value)])
            pending += [((*path, index), item, category) for index, item in items]
            continue
        if not isinstance(value, dict):
            yield _problem(data, path, f"`{display(value)}` is no answer of the platform")
            continue
        category = _category(value, path) or category
        if form := _form(value):
            yield PlatformObject(form, path, value, category)
            continue
        wrappers = [name for name in _WRAPPERS if value.get(name) is not None]
        if "result" in value and value["result"] not in (1, "1"):
            error = display(value.get("error_msg") or value.get("sub_msg") or value["result"])
            yield _problem(data, path, f"the platform answered with an error: `{error}`")
        elif wrappers:
            pending += [((*path, name), value[name], category) for name in reversed(wrappers)]
        else:
            yield _problem(data, path, "no item, category or refund is said here")


def message_info(data: Data, message: PlatformObject) -> Any:
    """Return the `info` of a message, or a problem; it may be JSON in a text.

    Such a text is replaced by its data. All of the data has the position of the text.
    """
    info, path = message.value["info"], (*message.path, "info")
    if isinstance(info, str):
        inner_data = read_json(info, data.position(path))
        if isinstance(inner_data, Finding):
            return _problem(data, path, f"`info` is {inner_data.message}")
        info = message.value["info"] = inner_data.value
    return info


def _form(value: dict[str, Any]) -> str:
    """Return the form of an object, empty if unknown; a refund may have an item's fields, too."""
    if "event" in value and "info" in value:
        return "message"
    if "refundId" in value:
        return "refund"
    if "categoryConfig" in value or "refundRuleList" in value:
        return "category"
    return "item" if {"serviceRule", "itemId", "kwaiItemId"} & value.keys() else ""


def _category(value: dict[str, Any], path: Path) -> Category:
    """Return the category of an object, as stated by it or by the request saved with it."""
    if value.get("categoryId") is not None:
        return value["categoryId"], (*path, "categoryId")
    for name in _REQUESTS:
        request = value.get(name)
        if isinstance(request, dict) and request.get("categoryId") is not None:
            return request["categoryId"], (*path, name, "categoryId")
    return None


def _problem(data: Data, path: Path, message: str) -> Finding:
    return not_understood(data.position(path), message, pointer(path))
