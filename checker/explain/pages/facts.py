"""Facts as prose: what each can be, how it is counted, what it usually is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.explain.conditions.lines import Line
from checker.explain.conditions.sentences import Words
from checker.explain.conditions.values import Measure, of_fact
from checker.explain.render.blocks import Item, Paragraph, code
from checker.explain.writer import Prose
from checker.language.model.types import Value
from checker.language.model.vocabulary import Derivation, Fact


def fact_item(
    fact: Fact, entry: Mapping[str, Any], words: Words, prose: Prose, *, usual: bool = False
) -> Item:
    """Return what a fact is, with what is `usual`; `entry` is what the document says of it."""
    type_ = type_words(of_fact(fact), prose)
    title = words.title(fact.title, "")
    shown = prose.say("value_of", title=title, id=code(fact.name)) if title else (code(fact.name),)
    line = prose.say("described", what=shown, type=type_)
    typical = fact.typical
    if usual and typical is not None and fact.type.name != "date":
        value = of_fact(fact).said(typical, prose.language)
        line += (*prose.say("blank"), *prose.say("typical", value=value))
    below = [*_derived(fact.derive, words, prose), *prose.remarks(entry)]
    return Item(line, tuple(below), f"fact-{fact.name}")


def asked(name: str, words: Words, prose: Prose) -> Line:
    """Return what is asked of a fact that is not stated."""
    fact = words.facts[name]
    kind = "boolean" if fact.type.name == "boolean" and prose.text(fact.title) else "value"
    return prose.say(f"asked.{kind}", fact=words.fact(name))


def type_words(measure: Measure, prose: Prose) -> Line:
    """Return what values there are."""
    type_, language = measure.type, prose.language
    values: Line = ()
    if type_.name in ("enum", "choice", "set"):
        last = "and" if type_.name == "set" else "or"
        values = prose.listed((_value(each, measure, prose) for each in type_.values), last)
    range_: Line = ()
    if type_.range:
        low, high = (measure.said(end, language) for end in type_.range)
        range_ = prose.say("to", low=low, high=high)
    bounded = f"type.{type_.name}" + (".range" if type_.range and type_.name != "date" else "")
    return prose.say(bounded, values=values, range=range_)


def _value(value: Value, measure: Measure, prose: Prose) -> Line:
    title = prose.text(measure.titles.get(str(value)))
    if not title:
        return (code(str(value)),)
    return prose.say("value_of", title=title, id=code(str(value)))


def _derived(derive: Derivation | None, words: Words, prose: Prose) -> Iterator[Paragraph]:
    if derive is None:
        return
    start, end = words.fact(derive.days_from), words.fact(derive.to)
    line = prose.say("derived", start=start, end=end) + prose.say("blank")
    line += (
        prose.say("blocks") if derive.counting.elapsed else prose.counting(derive.counting, words)
    )
    if derive.before_is_zero:
        line += prose.say("blank") + prose.say("before.zero")
    yield Paragraph(line)
