"""Facts as prose: their types, how derived ones are counted, their usual values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.explain.conditions.rich_text import RichText
from checker.explain.conditions.sentences import SentenceWriter
from checker.explain.conditions.values import ValueFormat, fact_format
from checker.explain.render.blocks import ListItem, Paragraph, code
from checker.explain.writer import PageWriter
from checker.language.model.conditions import FactValue
from checker.language.model.types import Value
from checker.language.model.vocabulary import Derivation, Fact


def fact_item(
    fact: Fact,
    entry: Mapping[str, Any],
    sentences: SentenceWriter,
    writer: PageWriter,
    *,
    usual: bool = False,
) -> ListItem:
    """Return a fact's title, type and notes, and its usual value where `usual`.

    `entry` is the fact in the document.
    """
    type_ = type_text(fact_format(fact), writer)
    title = sentences.title(fact.title, "")
    name = (
        writer.phrase("value_of", title=title, id=code(fact.name)) if title else (code(fact.name),)
    )
    line = writer.phrase("described", what=name, type=type_)
    typical = fact.typical
    if usual and typical is not None and fact.type.name != "date":
        value = fact_format(fact).text(typical, writer.language)
        line += (*writer.phrase("blank"), *writer.phrase("typical", value=value))
    if isinstance(fact.default, FactValue):
        other = sentences.fact(fact.default.name)
        line += (*writer.phrase("blank"), *writer.phrase("unstated.fact", fact=other))
    elif fact.default is not None:
        value = fact_format(fact).text(fact.default, writer.language)
        line += (*writer.phrase("blank"), *writer.phrase("unstated", value=value))
    if fact.day_of:
        moment = sentences.fact(fact.day_of)
        line += (*writer.phrase("blank"), *writer.phrase("day_of", moment=moment))
    below = [*_derived(fact.derive, sentences, writer), *writer.remarks(entry)]
    return ListItem(line, tuple(below), f"fact-{fact.name}")


def missing_fact(name: str, sentences: SentenceWriter, writer: PageWriter) -> RichText:
    """Return the question about a fact that is not stated, like `whether the seal is broken`."""
    fact = sentences.facts[name]
    kind = "boolean" if fact.type.name == "boolean" and writer.text(fact.title) else "value"
    return writer.phrase(f"asked.{kind}", fact=sentences.fact(name))


def type_text(value_format: ValueFormat, writer: PageWriter) -> RichText:
    """Return which values a type has."""
    type_, language = value_format.type, writer.language
    values: RichText = ()
    if type_.name in ("enum", "choice", "set"):
        conjunction = "and" if type_.name == "set" else "or"
        values = writer.enumeration(
            (_value(value, value_format, writer) for value in type_.values), conjunction
        )
    range_: RichText = ()
    if type_.range:
        low, high = (value_format.text(end, language) for end in type_.range)
        range_ = writer.phrase("to", low=low, high=high)
    key = f"type.{type_.name}" + (".range" if type_.range and type_.name != "date" else "")
    return writer.phrase(key, values=values, range=range_)


def _value(value: Value, value_format: ValueFormat, writer: PageWriter) -> RichText:
    title = writer.text(value_format.titles.get(str(value)))
    if not title:
        return (code(str(value)),)
    return writer.phrase("value_of", title=title, id=code(str(value)))


def _derived(
    derive: Derivation | None, sentences: SentenceWriter, writer: PageWriter
) -> Iterator[Paragraph]:
    if derive is None:
        return
    start, end = sentences.fact(derive.days_from), sentences.fact(derive.to)
    line = writer.phrase("derived", start=start, end=end) + writer.phrase("blank")
    line += (
        writer.phrase("blocks")
        if derive.counting.elapsed
        else writer.counting_rule(derive.counting, sentences)
    )
    if derive.before_is_zero:
        line += writer.phrase("blank") + writer.phrase("before.zero")
    yield Paragraph(line)
