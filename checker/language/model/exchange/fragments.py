"""Fragments: parts of an override in an `exchange` document, with `<stated>` for the value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.language.model.exchange.notions import NOTIONS, Form
from checker.language.model.operators import IS, ONE_OF
from checker.language.model.policy import Policy
from checker.language.model.types import ValueType, money_text
from checker.language.syntax.documents import Path
from checker.language.syntax.scalars import scalar_text

STATED = "<stated>"
Fragment = Mapping[str, Any]
PartPath = tuple[str, ...]  # `("settings", "window_days")`, `("rules", "late")`, `("otherwise",)`

KEYS = ("scope", "settings", "rules", "terms", "otherwise")


def as_data(form: Form, value: Any) -> Any:
    """Return a notion's value as documents write it: money as an amount, names as a list."""
    if form == "money":
        return money_text(value)
    return [*value] if form == "names" else value


def fill(data: Any, value: Any) -> Any:
    """Return `data` with `value` in place of each `<stated>`; within a longer text, as text."""
    if isinstance(data, dict):
        return {key: fill(inner, value) for key, inner in data.items()}
    if isinstance(data, list):
        return [fill(inner, value) for inner in data]
    if data == STATED:
        return value
    return data.replace(STATED, scalar_text(value)) if isinstance(data, str) else data


def stated_texts(data: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield the path and the text of each text in `data` that contains `<stated>`."""
    if isinstance(data, str) and STATED in data:
        yield path, data
    entries = data.items() if isinstance(data, dict) else ()
    for step, inner in enumerate(data) if isinstance(data, list) else entries:
        yield from stated_texts(inner, (*path, step))


def parts(data: Fragment) -> dict[PartPath, Any]:
    """Return the parts of an override or a fragment by path; those of a scope by fact."""
    parts_by_path: dict[PartPath, Any] = {}
    for key in ("scope", "settings", "terms"):
        parts_by_path.update({(key, name): value for name, value in data.get(key, {}).items()})
    parts_by_path.update({("rules", rule["id"]): rule for rule in data.get("rules", ())})
    if "otherwise" in data:
        parts_by_path["otherwise",] = data["otherwise"]
    return parts_by_path


def join_parts(parts_by_path: Mapping[PartPath, Any]) -> dict[str, Any]:
    """Return the keys of an override that has these parts, in their usual order."""
    data: dict[str, Any] = {}
    for key in KEYS:
        entries = {path[-1]: value for path, value in parts_by_path.items() if path[0] == key}
        if entries:
            data[key] = entries
    if "rules" in data:
        data["rules"] = [*data["rules"].values()]
    if "otherwise" in data:
        data["otherwise"] = data["otherwise"]["otherwise"]
    return data


def values_of(test: Any) -> list[Any] | None:
    """Return the values that a test of a fact admits; None where it does not list values."""
    if isinstance(test, dict) and len(test) == 1:
        test = test.get(IS.name, test.get(ONE_OF.name))
    values = test if isinstance(test, list) else [test]
    is_none = any(value is None or isinstance(value, dict | list) for value in values)
    return None if is_none else values


def one_of(values: list[Any]) -> Any:
    """Return the shortest test that admits the values: a single value without a list."""
    return values[0] if len(values) == 1 else values


def known_names(notion: str, data: Fragment, policy: Policy) -> tuple[str, ...] | None:
    """Return the names that the policy knows, None where the policy does not limit them.

    They are the names that an entry lists, without those that are `outside`; or the values of the
    fact that the entry's scope tests for `<stated>`.
    """
    form, values = NOTIONS[notion]
    if form not in ("names", "choice") or values:
        return None
    if "values" in data:
        fragments = data["values"].items()
        return tuple(name for name, fragment in fragments if "outside" not in fragment)
    return _values_at_stated(data.get("scope", {}), policy.vocabulary.types())


def names_to_try(data: Fragment, policy: Policy) -> tuple[str, ...]:
    """Return names to try a fragment with; `any` where no type tells which names fit."""
    types = {name: parameter.type for name, parameter in policy.parameters.items()}
    values = _values_at_stated(data.get("scope", {}), policy.vocabulary.types())
    return values or _values_at_stated(data.get("settings", {}), types) or ("any",)


def _values_at_stated(
    data: Mapping[str, Any], types: Mapping[str, ValueType]
) -> tuple[str, ...] | None:
    """Return the values of the first type that lists values and is tested for `<stated>`."""
    for name, part in data.items():
        if name in types and types[name].values and values_of(part) == [STATED]:
            return types[name].values
    return None
