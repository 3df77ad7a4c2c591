"""Reads one return policy: each property becomes a statement, a note or a problem."""

from __future__ import annotations

from datetime import date

from checker.exchange.schema_org.collector import PolicyCollector
from checker.exchange.schema_org.fees import read_fees
from checker.exchange.schema_org.things import Graph, PropertyValue, Thing
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


def read_policy(graph: Graph, thing: Thing) -> PolicyCollector:
    """Return what a policy states outside its seasons."""
    collector = PolicyCollector(graph)
    _countries(collector, thing)
    _window(collector, thing)
    _conditions(collector, thing)
    read_fees(collector, thing)
    _refund(collector, thing)
    _methods(collector, thing)
    _labels(collector, thing)
    read_other_properties(collector, thing, OF_POLICIES)
    return collector


def read_other_properties(collector: PolicyCollector, thing: Thing, known: frozenset[str]) -> None:
    """Note properties for people or of other vocabularies; report unknown ones of schema.org."""
    for name, values in thing.properties.items():
        if (name in NOTED and name in known) or ":" in name:
            for value in values:
                collector.note(value)
        elif name not in known:
            suggestion = None if name in OF_POLICIES else did_you_mean(name, known)
            why = "is no property that schema.org defines here"
            collector.report_problem(values[0], why, suggestion)


def _countries(collector: PolicyCollector, thing: Thing) -> None:
    countries = collector.values(thing, "applicableCountry", country)
    if countries:
        codes, values = zip(*countries, strict=True)
        collector.state("country", codes, *values)
    elif "applicableCountry" in thing.properties:
        collector.unclear.append("country")
    else:
        collector.note_missing(thing, "in which countries it applies")
    for code, value in collector.values(thing, "returnPolicyCountry", country):
        collector.note(value, f"goods are sent back to {code}")


def _window(collector: PolicyCollector, thing: Thing) -> None:
    """State whether returns are accepted, and for how long."""
    category_value = collector.single_value(thing, "returnPolicyCategory", member(CATEGORIES))
    window = collector.single_value(thing, "merchantReturnDays", days)
    if not category_value:
        if "returnPolicyCategory" in thing.properties and window:
            text = f"{window[1].source_text}, of a category that is not understood"
            collector.note(window[1], text)
        elif window:
            _window_days(collector, *window)
        elif not thing.properties.keys() & {"returnPolicyCategory", "merchantReturnDays"}:
            collector.note_missing(thing, "whether returns are accepted")
        return
    category, value = category_value
    if category == FINITE:
        if window:
            if _window_days(collector, *window):
                collector.state("returns", CATEGORIES[category], value)
        elif "merchantReturnDays" not in thing.properties:
            collector.report_problem(value, "needs `merchantReturnDays`")
    elif window and (window[0] != 0 or category == UNLIMITED):
        collector.report_problem(window[1], f"contradicts `{value.source_text}`")
    elif CATEGORIES[category]:
        collector.state("returns", CATEGORIES[category], value)
        if window:
            collector.note(window[1])
    else:
        collector.note(value)


def _window_days(collector: PolicyCollector, window: int | date, value: PropertyValue) -> bool:
    """State a window of days, or report a window up to a date; return False if it is empty."""
    if window == 0:
        collector.report_problem(value, "is no window in which anything can be returned")
        return False
    if isinstance(window, int):
        collector.state("window_days", window, value)
    else:
        collector.report_problem(
            value, "is a day until which goods can be returned, and no number of days"
        )
    return True


def _conditions(collector: PolicyCollector, thing: Thing) -> None:
    """State which goods are accepted: those in the listed conditions, and no others.

    If one of the list is not understood, it does not state what is not accepted.
    """
    problem_count = len(collector.problems)
    listed = dict(collector.values(thing, "itemCondition", member(CONDITIONS)))
    if not listed:
        return
    first, is_clear = next(iter(listed.values())), len(collector.problems) == problem_count
    for condition, notion in CONDITIONS.items():
        if notion and (condition in listed or is_clear):
            collector.state(notion, condition in listed, listed.get(condition, first))
    if NEW not in listed:
        collector.note(first, f"{first.source_text}; goods as new are not listed")
    if REFURBISHED in listed:
        collector.note(listed[REFURBISHED])


def _refund(collector: PolicyCollector, thing: Thing) -> None:
    """State how a return is settled: by the first listed type in the order of `REFUNDS`.

    An exchange is stated in addition, other types are notes.
    """
    refund_types = dict(collector.values(thing, "refundType", member(REFUNDS)))
    first = next((name for name in REFUNDS if name in refund_types), None)
    for refund_type, value in refund_types.items():
        if refund_type == first:
            collector.state("refund", REFUNDS[refund_type], value)
        if REFUNDS[refund_type] == "exchange":
            collector.state("exchange_accepted", True, value)
        elif refund_type != first:
            collector.note(value)


def _methods(collector: PolicyCollector, thing: Thing) -> None:
    methods = collector.values(thing, "returnMethod", member(METHODS))
    in_store = collector.single_value(thing, "inStoreReturnsOffered", boolean)
    if in_store and not in_store[0] and "ReturnInStore" in dict(methods):
        collector.report_problem(
            in_store[1], f"contradicts `{dict(methods)['ReturnInStore'].source_text}`"
        )
        return
    if in_store:
        collector.note(in_store[1])
    if methods:
        names = tuple(METHODS[name] for name, _ in methods)
        collector.state("method", names, *(value for _, value in methods))


def _labels(collector: PolicyCollector, thing: Thing) -> None:
    labels = collector.values(thing, "returnLabelSource", member(LABELS))
    if len(labels) == 1:
        label, value = labels.pop()
        collector.state("label", LABELS[label], value)
    for name in ("customerRemorseReturnLabelSource", "itemDefectReturnLabelSource"):
        labels += collector.values(thing, name, member(LABELS))
    for _, value in labels:
        collector.note(value)
