"""Where the platform's answers and messages have items, categories, and refunds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checker.exchange.fields import shown
from checker.exchange.positioned_data import Data, Path, pointer, read_json
from checker.exchange.statements import not_understood
from checker.language.syntax.problems import Finding

# what answers put around what they say, in every client's way
_WRAPPERS = ("data", "response", "items", "refundOrderInfoList", "dataList", "info")
_REQUESTS = ("request", "param")

Category = tuple[Any, Path] | None


@dataclass(frozen=True, slots=True)
class Found:
    """An object of a known form, and the `categoryId` in it or around it, if there is one."""

    form: str  # item, category, refund, message
    path: Path
    value: dict[str, Any]
    category: Category = None


def find(data: Data) -> Iterator[Found | Finding]:
    """Yield what a document has, in its order; problems are what is no form of the platform's."""
    left: list[tuple[Path, Any, Category]] = [((), data.value, None)]
    while left:
        path, value, category = left.pop()
        if isinstance(value, list):
            left += [((*path, n), each, category) for n, each in reversed([*enumerate(value)])]
            continue
        if not isinstance(value, dict):
            yield _problem(data, path, f"`{shown(value)}` is no answer of the platform")
            continue
        category = _category(value, path) or category
        if form := _form(value):
            yield Found(form, path, value, category)
            continue
        inside = [name for name in _WRAPPERS if value.get(name) is not None]
        if "result" in value and value["result"] not in (1, "1"):
            said = shown(value.get("error_msg") or value.get("sub_msg") or value["result"])
            yield _problem(data, path, f"the platform answered with an error: `{said}`")
        elif inside:
            left += [((*path, name), value[name], category) for name in reversed(inside)]
        else:
            yield _problem(data, path, "no item, category or refund is said here")


def opened(data: Data, found: Found) -> Any:
    """Return a message's `info`, which is data or the text of data; or the problem that it is none.

    What was text is data from then on, all of it at the text's position.
    """
    info, path = found.value["info"], (*found.path, "info")
    if isinstance(info, str):
        read = read_json(info, data.position(path))
        if isinstance(read, Finding):
            return _problem(data, path, f"`info` is {read.message}")
        info = found.value["info"] = read.value
    return info


def _form(value: dict[str, Any]) -> str:
    """Return of which form an object is, empty where of none: a refund names its item, too."""
    if "event" in value and "info" in value:
        return "message"
    if "refundId" in value:
        return "refund"
    if "categoryConfig" in value or "refundRuleList" in value:
        return "category"
    return "item" if {"serviceRule", "itemId", "kwaiItemId"} & value.keys() else ""


def _category(value: dict[str, Any], path: Path) -> Category:
    """Return of which category an object is, as it or the request that it keeps says."""
    if value.get("categoryId") is not None:
        return value["categoryId"], (*path, "categoryId")
    for name in _REQUESTS:
        asked = value.get(name)
        if isinstance(asked, dict) and asked.get("categoryId") is not None:
            return asked["categoryId"], (*path, name, "categoryId")
    return None


def _problem(data: Data, path: Path, message: str) -> Finding:
    return not_understood(data.position(path), message, pointer(path))
