"""One return policy read: each property states a notion, is a note, or is not understood."""

from __future__ import annotations

from datetime import date

from checker.exchange.schema_org.fees import take_fees
from checker.exchange.schema_org.found import Found
from checker.exchange.schema_org.nodes import Graph, Node, Value
from checker.exchange.schema_org.values import boolean, country, days, member
from checker.exchange.schema_org.vocabulary import (
    CATEGORIES,
    CONDITIONS,
    FINITE,
    LABELS,
    METHODS,
    NEW,
    NOTED,
    OF_POLICIES,
    REFUNDS,
    REFURBISHED,
    UNLIMITED,
)
from checker.language.syntax.problems import did_you_mean


def take_policy(graph: Graph, node: Node) -> Found:
    """Return what a policy says in force always, its seasons aside."""
    found = Found(graph)
    _countries(found, node)
    _window(found, node)
    _conditions(found, node)
    take_fees(found, node)
    _refund(found, node)
    _methods(found, node)
    _labels(found, node)
    take_rest(found, node, OF_POLICIES)
    return found


def take_rest(found: Found, node: Node, known: frozenset[str]) -> None:
    """Keep what is for people or of another vocabulary, and tell what schema.org does not know."""
    for name, values in node.says.items():
        if (name in NOTED and name in known) or ":" in name:
            for value in values:
                found.note(value)
        elif name not in known:
            near = None if name in OF_POLICIES else did_you_mean(name, known)
            found.odd(values[0], "is no property that schema.org defines here", near)


def _countries(found: Found, node: Node) -> None:
    applies = found.each(node, "applicableCountry", country)
    if applies:
        found.state("country", tuple(code for code, _ in applies), *(said for _, said in applies))
    elif "applicableCountry" in node.says:
        found.unclear.append("country")
    else:
        found.silent(node, "in which countries it applies")
    for code, value in found.each(node, "returnPolicyCountry", country):
        found.note(value, f"goods are sent back to {code}")


def _window(found: Found, node: Node) -> None:
    """State whether returns are accepted, and for how long."""
    category = found.one(node, "returnPolicyCategory", member(CATEGORIES))
    window = found.one(node, "merchantReturnDays", days)
    if not category:
        if "returnPolicyCategory" in node.says and window:
            found.note(window[1], f"{window[1].said}, of a category that is not understood")
        elif window:
            _days(found, *window)
        elif not node.says.keys() & {"returnPolicyCategory", "merchantReturnDays"}:
            found.silent(node, "whether returns are accepted")
        return
    kind, value = category
    if kind == FINITE:
        if window:
            if _days(found, *window):
                found.state("returns", CATEGORIES[kind], value)
        elif "merchantReturnDays" not in node.says:
            found.odd(value, "needs `merchantReturnDays`")
    elif window and (window[0] != 0 or kind == UNLIMITED):
        found.odd(window[1], f"contradicts `{value.said}`")
    elif CATEGORIES[kind]:
        found.state("returns", CATEGORIES[kind], value)
        if window:
            found.note(window[1])
    else:
        found.note(value)


def _days(found: Found, window: int | date, value: Value) -> bool:
    """Take a window of days or up to a day, and say whether it is one."""
    if window == 0:
        found.odd(value, "is no window in which anything can be returned")
        return False
    if isinstance(window, int):
        found.state("window_days", window, value)
    else:
        found.odd(value, "is a day until which goods can be returned, and no number of days")
    return True


def _conditions(found: Found, node: Node) -> None:
    """State which goods are accepted: those of the conditions that it lists, and no others."""
    before = len(found.problems)
    listed = dict(found.each(node, "itemCondition", member(CONDITIONS)))
    if not listed:
        return
    first, unclear = next(iter(listed.values())), len(found.problems) > before
    for condition, notion in CONDITIONS.items():
        if notion and (condition in listed or not unclear):
            found.state(notion, condition in listed, listed.get(condition, first))
    if NEW not in listed:
        found.note(first, f"{first.said}; goods as new are not listed")
    if REFURBISHED in listed:
        found.note(listed[REFURBISHED])


def _refund(found: Found, node: Node) -> None:
    """State how a return is settled: money where it is among the ways, an exchange besides."""
    ways = dict(found.each(node, "refundType", member(REFUNDS)))
    best = next((way for way in REFUNDS if way in ways), None)
    for way, value in ways.items():
        if way == best:
            found.state("refund", REFUNDS[way], value)
        if REFUNDS[way] == "exchange":
            found.state("exchange_accepted", True, value)
        elif way != best:
            found.note(value)


def _methods(found: Found, node: Node) -> None:
    methods = found.each(node, "returnMethod", member(METHODS))
    in_store = found.one(node, "inStoreReturnsOffered", boolean)
    if in_store and not in_store[0] and "ReturnInStore" in dict(methods):
        found.odd(in_store[1], f"contradicts `{dict(methods)['ReturnInStore'].said}`")
        return
    if in_store:
        found.note(in_store[1])
    if methods:
        names = tuple(METHODS[name] for name, _ in methods)
        found.state("method", names, *(said for _, said in methods))


def _labels(found: Found, node: Node) -> None:
    labels = found.each(node, "returnLabelSource", member(LABELS))
    if len(labels) == 1:
        label, value = labels.pop()
        found.state("label", LABELS[label], value)
    for name in ("customerRemorseReturnLabelSource", "itemDefectReturnLabelSource"):
        labels += found.each(node, name, member(LABELS))
    for _, value in labels:
        found.note(value)
