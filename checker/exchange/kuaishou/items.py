"""Reads items, and what categories allow: the rule of returns without a reason, by its code."""

from __future__ import annotations

from typing import Any

from checker.exchange.fields import Fields
from checker.exchange.kuaishou.codes import CHOICES, PROMISES, RULES
from checker.exchange.kuaishou.platform_objects import PlatformObject
from checker.exchange.positioned_data import Data, Path, pointer
from checker.exchange.statements import SellerChoices, StatedPolicy, Value, not_understood
from checker.language.syntax.problems import Finding, did_you_mean, quoted

_IDS = ("itemId", "kwaiItemId")  # in answers with one item, and in lists
_MAX_INT64 = 2**63 - 1
_TEXTS = {text: value for value, text in RULES.values()}
_FLASH_PURCHASE = 2


def item(data: Data, item_object: PlatformObject) -> StatedPolicy:
    """Return what a seller set for an item of `open.item.get` or `open.item.list.get`."""
    value, path, category = item_object.value, item_object.path, item_object.category
    fields = Fields(data, path)
    _note_item_type(fields, value, path)
    if category and (number := _id_text(fields, *category)):
        fields.state("category", (number,), category[1])
    _service_rule(fields, value.get("serviceRule"), (*path, "serviceRule"))
    return StatedPolicy(
        _name(fields, value, path),
        pointer(path),
        data.position(path),
        tuple(fields.statements),
        tuple(fields.notes),
        tuple(fields.problems),
    )


def category(data: Data, category_object: PlatformObject) -> SellerChoices | Finding:
    """Return what a category of `open.item.category.config` lets its items choose.

    The answer does not say which category it is. Without the request or another object that does,
    the result is a problem.
    """
    value, path = category_object.value, category_object.path
    fields = Fields(data, path)
    position, at = data.position(path), pointer(path)
    if category_object.category is None:
        help = "keep the request's `categoryId` beside the answer's `data`"
        return not_understood(position, "of which category this is, is not said", at, help)
    number = _id_text(fields, *category_object.category)
    if number is None:
        return fields.problems[0]
    config, config_path = value, path
    if "categoryConfig" in value:
        config, config_path = value["categoryConfig"], (*path, "categoryConfig")
    allowed: list[Value] = []
    if isinstance(config, dict):
        rules, rules_path = config.get("refundRuleList"), (*config_path, "refundRuleList")
        allowed = _allowed_rules(fields, rules, rules_path)
        _note_promise_choices(fields, config, config_path)
    else:
        fields.report_problem(config_path, "is no object")
    return SellerChoices(
        f"category {number}",
        at,
        position,
        (("no_reason_return", tuple(allowed)),) if allowed else (),
        (number,),
        tuple(fields.notes),
        tuple(fields.problems),
    )


def _id_text(fields: Fields, value: Any, path: Path) -> str | None:
    """Return an id as text, or None with a problem."""
    number = fields.integer(value, path, 1, _MAX_INT64, text=True)
    return None if number is None else str(number)


def _name(fields: Fields, value: dict[str, Any], path: Path) -> str:
    for name in _IDS:
        if value.get(name) is not None:
            number = _id_text(fields, value[name], (*path, name))
            return f"item {number}" if number else ""
    return ""


def _note_item_type(fields: Fields, value: dict[str, Any], path: Path) -> None:
    if value.get("itemType") is None:
        return
    type_path = (*path, "itemType")
    item_type = fields.integer(value["itemType"], type_path, 1, 2, text=True)
    if item_type == _FLASH_PURCHASE:
        fields.note(type_path, "an item of a flash purchase")


def _service_rule(fields: Fields, rule: Any, path: Path) -> None:
    if not isinstance(rule, dict) or rule.get("refundRule") is None:
        fields.report_problem(path, "says no `refundRule`")
        return
    rule_path = (*path, "refundRule")
    value = _return_rule(fields, rule["refundRule"], rule_path)
    if value:
        fields.state("no_reason_return", value, rule_path)
    promises = rule.get("servicePromise")
    if isinstance(promises, dict):
        for name, is_promised in promises.items():
            _note_promise(fields, name, is_promised, (*path, "servicePromise", name))
    elif promises is not None:
        fields.report_problem((*path, "servicePromise"), "is no object")
    days = rule.get("priceProtectDays")
    if days is not None and fields.integer(days, (*path, "priceProtectDays"), 0, 3650, text=True):
        fields.note((*path, "priceProtectDays"), f"the price is protected for {days} days")


def _return_rule(fields: Fields, rule: Any, path: Path) -> str | None:
    """Return the notion's value for a code, or for the documented text that answers may have."""
    text = _normalized(rule) if isinstance(rule, str) else ""
    if text in _TEXTS:
        return _TEXTS[text]
    if text and not text.isdecimal():
        fields.report_problem(path, "is no return rule of the platform's")
        return None
    code = fields.integer(rule, path, 0, _MAX_INT64, text=True)
    if code is not None and code not in RULES:
        fields.report_problem(
            path, "is no return rule of the platform's", f"they are {quoted(map(str, RULES))}"
        )
    return RULES[code][0] if code in RULES else None


def _normalized(text: str) -> str:
    """Return a text with ASCII brackets, as in `RULES`, and without spaces."""
    return "".join(text.translate({0xFF08: "(", 0xFF09: ")"}).split())


def _note_promise(fields: Fields, name: str, is_promised: Any, path: Path) -> None:
    if name not in PROMISES:
        fields.report_problem(path, "is no promise of the platform's", did_you_mean(name, PROMISES))
    elif is_promised is not None and fields.boolean(is_promised, path):
        fields.note(path, f"promised: {PROMISES[name]}")


def _allowed_rules(fields: Fields, rules: Any, path: Path) -> list[Value]:
    if rules is None or rules == []:
        fields.report_problem(path, "lists no return rule")
        return []
    values = [_return_rule(fields, *item) for item in fields.items(rules, path)]
    return [*dict.fromkeys(value for value in values if value)]


def _note_promise_choices(fields: Fields, config: dict[str, Any], path: Path) -> None:
    for name in (name for name in PROMISES if config.get(name) is not None):
        choice = fields.integer(config[name], (*path, name), 0, 2, text=True)
        if choice is not None:
            fields.note((*path, name), f"{PROMISES[name]}: {CHOICES[choice]}")
