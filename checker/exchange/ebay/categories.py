"""Reads what a marketplace's categories allow their sellers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from checker.exchange.ebay.values import METHODS, PAYERS, REFUNDS, period
from checker.exchange.fields import FieldReader, Fields, ignore_field
from checker.exchange.positioned_data import Data, Path, pointer
from checker.exchange.statements import SellerChoices, Value

_DESTINATIONS = ("domestic", "international")

Choice = tuple[str, tuple[Value, ...]]  # a notion, and the values that sellers may choose
ChoiceReader = Callable[[Fields, Any, Path], Choice | None]


def choices(data: Data, items: Iterable[tuple[Mapping[str, Any], Path]]) -> list[SellerChoices]:
    """Return what categories allow, in the document's order; equal limits are merged."""
    equal_limits: dict[Any, list[SellerChoices]] = {}
    for limits in (limits for item in items for limits in _limits(data, *item)):
        key = (limits.name, limits.allowed, *(note.text for note in limits.notes))
        equal_limits.setdefault(key, []).append(limits)
    return [_merged(limits) for limits in equal_limits.values()]


def _merged(equal: list[SellerChoices]) -> SellerChoices:
    """Return equal limits as one, named after its first category, which makes names unique."""
    first, categories = equal[0], tuple(name for limits in equal for name in limits.categories)
    others = f" and {len(categories) - 1} others" if len(categories) > 1 else ""
    return replace(
        first,
        name=f"{first.name} in {categories[0]}{others}" if categories else "",
        categories=categories,
        problems=tuple(problem for limits in equal for problem in limits.problems),
    )


def _limits(data: Data, value: Mapping[str, Any], path: Path) -> Iterator[SellerChoices]:
    """Yield what a category allows for domestic and for international returns."""
    category_fields = Fields(data, path)
    category_fields.read(value, path, _FIELDS)
    category = value.get("categoryId")
    if not isinstance(category, str) or not category:
        category_fields.report_problem(path, "does not say of which category it is, as text")
        problems = tuple(category_fields.problems)
        yield SellerChoices("", pointer(path), data.position(path), problems=problems)
        return
    for destination in _DESTINATIONS:
        destination_path, fields = (*path, destination), Fields(data, path)
        if value.get(destination) is None:
            continue
        allowed = tuple(_allowed(fields, value[destination], destination_path))
        yield SellerChoices(
            f"{destination} returns",
            pointer(destination_path),
            data.position(destination_path),
            (("destination", (destination,)), *allowed),
            (category,),
            (*category_fields.notes, *fields.notes),
            (*category_fields.problems, *fields.problems),
        )
        category_fields.problems = []  # the first destination has them


def _allowed(fields: Fields, value: Any, path: Path) -> Iterator[Choice]:
    members = fields.members(value, path, _CHOICE_READERS) or {}
    for name, read_choice in _CHOICE_READERS.items():
        choice = read_choice(fields, *members[name]) if name in members else None
        if choice and choice[1]:
            yield choice


def _acceptance(fields: Fields, value: Any, path: Path) -> Choice | None:
    enabled = fields.boolean(value, path)
    if enabled is False:
        fields.note(path, "sellers can't choose whether they accept returns")
    return ("returns", ("limited", "none")) if enabled else None


def _methods(fields: Fields, value: Any, path: Path) -> Choice | None:
    methods = [fields.choice(*item, METHODS) for item in fields.items(value, path)]
    return ("exchange_accepted", (False, True)) if any(methods) else None


def _description(fields: Fields, value: Any, path: Path) -> None:
    if fields.boolean(value, path):
        fields.note(path, "sellers may give instructions for returns")


def _periods(fields: Fields, value: Any, path: Path) -> Choice:
    periods = [period(fields, *item) for item in fields.items(value, path)]
    return "window_days", tuple(dict.fromkeys(days for days in periods if days is not None))


def _word_list(notion: str, words: Mapping[str, str]) -> ChoiceReader:
    """Return the reader of a list of words, each of which stands for a value of the notion."""

    def read(fields: Fields, value: Any, path: Path) -> Choice:
        meanings = [fields.choice(*item, words) for item in fields.items(value, path)]
        return notion, tuple(dict.fromkeys(each for each in meanings if each is not None))

    return read


def _required(fields: Fields, value: Any, path: Path) -> None:
    if fields.boolean(value, path):
        fields.note(path, "sellers have to state a return policy, which may be that there are none")


_FIELDS: dict[str, FieldReader] = {
    "categoryId": ignore_field,
    "categoryTreeId": ignore_field,
    "required": _required,
    **dict.fromkeys(_DESTINATIONS, ignore_field),
}
FIELDS = frozenset(_FIELDS)
_CHOICE_READERS: dict[str, ChoiceReader] = {
    "returnsAcceptanceEnabled": _acceptance,
    "returnPeriods": _periods,
    "returnMethods": _methods,
    "refundMethods": _word_list("refund", REFUNDS),
    "returnShippingCostPayers": _word_list("remorse_shipping", PAYERS),
    "policyDescriptionEnabled": _description,
}
