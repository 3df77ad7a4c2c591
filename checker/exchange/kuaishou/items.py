"""Items and what categories allow: the rule of returns without a reason, by its codes."""

from __future__ import annotations

from typing import Any

from checker.exchange.fields import Fields
from checker.exchange.kuaishou.codes import CHOICES, PROMISES, RULES
from checker.exchange.kuaishou.forms import Found
from checker.exchange.positioned_data import Data, Path, pointer
from checker.exchange.statements import Parameters, Stated, Value, not_understood
from checker.language.syntax.problems import Finding, did_you_mean, quoted

_IDS = ("itemId", "kwaiItemId")  # of the detail, and of the list
_MOST = 2**63 - 1
_TEXTS = {text: value for value, text in RULES.values()}
_FLASH_PURCHASE = 2


def item(data: Data, found: Found) -> Stated:
    """Return what a seller set for an item, as `open.item.get` and `open.item.list.get` have it."""
    fields = Fields(data, found.path)
    value, path = found.value, found.path
    _kind(fields, value, path)
    if found.category and (number := _number(fields, *found.category)):
        fields.state("category", (number,), found.category[1])
    _rule(fields, value.get("serviceRule"), (*path, "serviceRule"))
    return Stated(
        _name(fields, value, path),
        pointer(path),
        data.position(path),
        tuple(fields.statements),
        tuple(fields.notes),
        tuple(fields.problems),
    )


def category(data: Data, found: Found) -> Parameters | Finding:
    """Return what a category lets its items choose, as `open.item.category.config` has it.

    The answer does not say which category it is: the request does, or what stands around both.
    Where neither is there, that is the problem.
    """
    fields = Fields(data, found.path)
    position, at = data.position(found.path), pointer(found.path)
    if found.category is None:
        help = "keep the request's `categoryId` beside the answer's `data`"
        return not_understood(position, "of which category this is, is not said", at, help)
    number = _number(fields, *found.category)
    if number is None:
        return fields.problems[0]
    inner = "categoryConfig" in found.value
    path = (*found.path, "categoryConfig") if inner else found.path
    config = found.value["categoryConfig"] if inner else found.value
    allowed: list[Value] = []
    if isinstance(config, dict):
        allowed = _allowed(fields, config.get("refundRuleList"), (*path, "refundRuleList"))
        _choices(fields, config, path)
    else:
        fields.odd(path, "is no object")
    return Parameters(
        f"category {number}",
        at,
        position,
        (("no_reason_return", tuple(allowed)),) if allowed else (),
        (number,),
        tuple(fields.notes),
        tuple(fields.problems),
    )


def _number(fields: Fields, value: Any, path: Path) -> str | None:
    """Return an id as text, or None with a problem."""
    number = fields.whole(value, path, 1, _MOST, text=True)
    return None if number is None else str(number)


def _name(fields: Fields, value: dict[str, Any], path: Path) -> str:
    for name in _IDS:
        if value.get(name) is not None:
            number = _number(fields, value[name], (*path, name))
            return f"item {number}" if number else ""
    return ""


def _kind(fields: Fields, value: dict[str, Any], path: Path) -> None:
    if value.get("itemType") is None:
        return
    at = (*path, "itemType")
    kind = fields.whole(value["itemType"], at, 1, 2, text=True)
    if kind == _FLASH_PURCHASE:
        fields.note(at, "an item of a flash purchase")


def _rule(fields: Fields, rule: Any, path: Path) -> None:
    if not isinstance(rule, dict) or rule.get("refundRule") is None:
        fields.odd(path, "says no `refundRule`")
        return
    at = (*path, "refundRule")
    value = _return_rule(fields, rule["refundRule"], at)
    if value:
        fields.state("no_reason_return", value, at)
    promises = rule.get("servicePromise")
    if isinstance(promises, dict):
        for name, made in promises.items():
            _promise(fields, name, made, (*path, "servicePromise", name))
    elif promises is not None:
        fields.odd((*path, "servicePromise"), "is no object")
    days = rule.get("priceProtectDays")
    if days is not None and fields.whole(days, (*path, "priceProtectDays"), 0, 3650, text=True):
        fields.note((*path, "priceProtectDays"), f"the price is protected for {days} days")


def _return_rule(fields: Fields, rule: Any, path: Path) -> str | None:
    """Return the rule that a code stands for; answers may have its text instead."""
    text = _plain(rule) if isinstance(rule, str) else ""
    if text in _TEXTS:
        return _TEXTS[text]
    if text and not text.isdecimal():
        fields.odd(path, "is no return rule of the platform's")
        return None
    code = fields.whole(rule, path, 0, _MOST, text=True)
    if code is not None and code not in RULES:
        fields.odd(
            path, "is no return rule of the platform's", f"they are {quoted(map(str, RULES))}"
        )
    return RULES[code][0] if code in RULES else None


def _plain(text: str) -> str:
    """Return a text with the brackets of the documentation, and without spaces."""
    return "".join(text.translate({0xFF08: "(", 0xFF09: ")"}).split())


def _promise(fields: Fields, name: str, made: Any, path: Path) -> None:
    if name not in PROMISES:
        fields.odd(path, "is no promise of the platform's", did_you_mean(name, PROMISES))
    elif made is not None and fields.boolean(made, path):
        fields.note(path, f"promised: {PROMISES[name]}")


def _allowed(fields: Fields, rules: Any, path: Path) -> list[Value]:
    if rules is None or rules == []:
        fields.odd(path, "lists no return rule")
        return []
    found = [_return_rule(fields, rule, at) for rule, at in fields.items(rules, path)]
    return [*dict.fromkeys(value for value in found if value)]


def _choices(fields: Fields, config: dict[str, Any], path: Path) -> None:
    for name in (name for name in PROMISES if config.get(name) is not None):
        choice = fields.whole(config[name], (*path, name), 0, 2, text=True)
        if choice is not None:
            fields.note((*path, name), f"{PROMISES[name]}: {CHOICES[choice]}")
