"""What a marketplace's categories allow their sellers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from checker.exchange.ebay.words import METHODS, PAYERS, REFUNDS, period
from checker.exchange.fields import Fields, Take, passed_over
from checker.exchange.positioned_data import Data, Path, pointer
from checker.exchange.statements import Parameters, Value

_DESTINATIONS = ("domestic", "international")

Choice = tuple[str, tuple[Value, ...]]  # a notion, and the values that sellers may choose
Detail = Callable[[Fields, Any, Path], Choice | None]


def parameters(data: Data, items: Iterable[tuple[Mapping[str, Any], Path]]) -> list[Parameters]:
    """Return what categories allow, those with equal limits together, in the document's order."""
    found: dict[Any, list[Parameters]] = {}
    for each in (each for item in items for each in _of_category(data, *item)):
        key = (each.name, each.allowed, *(note.text for note in each.notes))
        found.setdefault(key, []).append(each)
    return [_together(each) for each in found.values()]


def _together(equal: list[Parameters]) -> Parameters:
    """Return equal limits as one; it has the name of the first category, which is in no other."""
    first, categories = equal[0], tuple(name for each in equal for name in each.categories)
    others = f" and {len(categories) - 1} others" if len(categories) > 1 else ""
    return replace(
        first,
        name=f"{first.name} in {categories[0]}{others}" if categories else "",
        categories=categories,
        problems=tuple(problem for each in equal for problem in each.problems),
    )


def _of_category(data: Data, value: Mapping[str, Any], path: Path) -> Iterator[Parameters]:
    """Yield what a category allows for goods sold within the country, and abroad."""
    shared = Fields(data, path)
    shared.take(value, path, _FIELDS)
    category = value.get("categoryId")
    if not isinstance(category, str) or not category:
        shared.odd(path, "does not say of which category it is, as text")
        yield Parameters("", pointer(path), data.position(path), problems=tuple(shared.problems))
        return
    for destination in _DESTINATIONS:
        within, own = (*path, destination), Fields(data, path)
        if value.get(destination) is None:
            continue
        allowed = tuple(_allowed(own, value[destination], within))
        yield Parameters(
            f"{destination} returns",
            pointer(within),
            data.position(within),
            (("destination", (destination,)), *allowed),
            (category,),
            (*shared.notes, *own.notes),
            (*shared.problems, *own.problems),
        )
        shared.problems = []


def _allowed(fields: Fields, value: Any, path: Path) -> Iterator[Choice]:
    found = fields.members(value, path, _DETAILS) or {}
    for name, detail in _DETAILS.items():
        choice = detail(fields, *found[name]) if name in found else None
        if choice and choice[1]:
            yield choice


def _acceptance(fields: Fields, value: Any, path: Path) -> Choice | None:
    enabled = fields.boolean(value, path)
    if enabled is False:
        fields.note(path, "sellers can't choose whether they accept returns")
    return ("returns", ("limited", "none")) if enabled else None


def _methods(fields: Fields, value: Any, path: Path) -> Choice | None:
    known = [fields.choice(*item, METHODS) for item in fields.items(value, path)]
    return ("exchange_accepted", (False, True)) if any(known) else None


def _description(fields: Fields, value: Any, path: Path) -> None:
    if fields.boolean(value, path):
        fields.note(path, "sellers may give instructions for returns")


def _periods(fields: Fields, value: Any, path: Path) -> Choice:
    days = [period(fields, *item) for item in fields.items(value, path)]
    return "window_days", tuple(dict.fromkeys(each for each in days if each is not None))


def _words(notion: str, words: Mapping[str, str]) -> Detail:
    def detail(fields: Fields, value: Any, path: Path) -> Choice:
        known = [fields.choice(*item, words) for item in fields.items(value, path)]
        return notion, tuple(dict.fromkeys(each for each in known if each is not None))

    return detail


def _required(fields: Fields, value: Any, path: Path) -> None:
    if fields.boolean(value, path):
        fields.note(path, "sellers have to state a return policy, which may be that there are none")


_FIELDS: dict[str, Take] = {
    "categoryId": passed_over,
    "categoryTreeId": passed_over,
    "required": _required,
    **dict.fromkeys(_DESTINATIONS, passed_over),
}
FIELDS = frozenset(_FIELDS)
_DETAILS: dict[str, Detail] = {
    "returnsAcceptanceEnabled": _acceptance,
    "returnPeriods": _periods,
    "returnMethods": _methods,
    "refundMethods": _words("refund", REFUNDS),
    "returnShippingCostPayers": _words("remorse_shipping", PAYERS),
    "policyDescriptionEnabled": _description,
}
