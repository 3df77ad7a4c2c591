"""Parts of an override as an `exchange` document writes them, with `<stated>` for a value."""

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
Place = tuple[str, ...]  # `("settings", "window_days")`, `("rules", "late")`, `("otherwise",)`

KEYS = ("scope", "settings", "rules", "terms", "otherwise")


def as_data(form: Form, value: Any) -> Any:
    """Return a notion's value as documents state it: money as an amount, names as a list."""
    if form == "money":
        return money_text(value)
    return [*value] if form == "names" else value


def filled(data: Any, value: Any) -> Any:
    """Return `data` with `value` for each `<stated>`; inside of a longer text, as text."""
    if isinstance(data, dict):
        return {key: filled(inner, value) for key, inner in data.items()}
    if isinstance(data, list):
        return [filled(inner, value) for inner in data]
    if data == STATED:
        return value
    return data.replace(STATED, scalar_text(value)) if isinstance(data, str) else data


def places_of_stated(data: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield path and text of every text in `data` that `<stated>` stands in."""
    if isinstance(data, str) and STATED in data:
        yield path, data
    inner = data.items() if isinstance(data, dict) else ()
    for step, each in enumerate(data) if isinstance(data, list) else inner:
        yield from places_of_stated(each, (*path, step))


def parts(data: Fragment) -> dict[Place, Any]:
    """Return what an override or a fragment says, by place; a scope's entries by fact."""
    found: dict[Place, Any] = {}
    for key in ("scope", "settings", "terms"):
        found.update({(key, name): value for name, value in data.get(key, {}).items()})
    found.update({("rules", rule["id"]): rule for rule in data.get("rules", ())})
    if "otherwise" in data:
        found["otherwise",] = data["otherwise"]
    return found


def put_together(found: Mapping[Place, Any]) -> dict[str, Any]:
    """Return the keys of an override that say what stands at each place, in their usual order."""
    data: dict[str, Any] = {}
    for key in KEYS:
        inner = {place[-1]: value for place, value in found.items() if place[0] == key}
        if inner:
            data[key] = inner
    if "rules" in data:
        data["rules"] = [*data["rules"].values()]
    if "otherwise" in data:
        data["otherwise"] = data["otherwise"]["otherwise"]
    return data


def values_of(test: Any) -> list[Any] | None:
    """Return the values that a test of a fact lets through; None where it says it otherwise."""
    if isinstance(test, dict) and len(test) == 1:
        test = test.get(IS.name, test.get(ONE_OF.name))
    values = test if isinstance(test, list) else [test]
    is_none = any(each is None or isinstance(each, dict | list) for each in values)
    return None if is_none else values


def one_of(values: list[Any]) -> Any:
    """Return the shortest test that lets the values through: one stands by itself."""
    return values[0] if len(values) == 1 else values


def known_names(notion: str, data: Fragment, policy: Policy) -> tuple[str, ...] | None:
    """Return which names the policy speaks of, None where that is not for it to say.

    They are those that an entry lists, but for what is outside, or the values of the fact that it
    narrows to them.
    """
    form, values = NOTIONS[notion]
    if form not in ("names", "choice") or values:
        return None
    if "values" in data:
        return tuple(name for name, each in data["values"].items() if "outside" not in each)
    return _values_at_stated(data.get("scope", {}), policy.vocabulary.types())


def names_to_try(data: Fragment, policy: Policy) -> tuple[str, ...]:
    """Return names that fit a fragment for names or another open choice, as far as can be seen."""
    parameters = {name: each.type for name, each in policy.parameters.items()}
    facts = _values_at_stated(data.get("scope", {}), policy.vocabulary.types())
    return facts or _values_at_stated(data.get("settings", {}), parameters) or ("any",)


def _values_at_stated(
    data: Mapping[str, Any], types: Mapping[str, ValueType]
) -> tuple[str, ...] | None:
    """Return the values of the first type with values of its own that `<stated>` stands at."""
    for name, part in data.items():
        if name in types and types[name].values and values_of(part) == [STATED]:
            return types[name].values
    return None
