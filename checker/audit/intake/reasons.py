"""Reasons for refusing a row, as columns; the wording is that of a refused case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker.audit.intake.messages import number_text
from checker.columns.base import Columns, E
from checker.columns.days import day_text
from checker.language.model.conditions import NO_NAMES, facts_in
from checker.language.model.types import ValueType
from checker.language.model.vocabulary import Invariant, Vocabulary


def joined_parts(engine: Columns[E], parts: Sequence[tuple[E, E]], separator: str) -> E:
    """Return the texts of the parts that are true, joined by the separator; empty for none.

    Args:
        engine: the operations of the engine.
        parts: pairs of a condition and a text.
        separator: what separates two texts.
    """
    nothing = engine.value("")
    texts = [
        engine.first_match([(holds, engine.joined([text, engine.value(separator)]))], nothing)
        for holds, text in parts
    ]
    all_texts = engine.joined(texts)
    length = engine.sum(engine.length(all_texts), engine.value(-len(separator)))
    return engine.prefix(all_texts, length)


def invariant_message(
    engine: Columns[E], invariant: Invariant, facts: Mapping[str, E], vocabulary: Vocabulary
) -> E:
    """Return the message that facts break the invariant: each present fact with its value."""
    names = sorted(facts_in(invariant.always, NO_NAMES), key=[*vocabulary.facts].index)
    parts = []
    for name in names:
        value = fact_text(engine, facts[name], vocabulary.facts[name].type)
        text = engine.joined([engine.value(f"`{name}: "), value, engine.value("`")])
        parts.append((engine.negation(engine.is_absent(facts[name])), text))
    end = engine.value(f" can't be, by the invariant `{invariant.id}`")
    return engine.joined([joined_parts(engine, parts, ", "), end])


def fact_text(engine: Columns[E], column: E, type: ValueType) -> E:
    """Return a fact's value as documents write it."""
    if type.name == "boolean":
        return engine.first_match([(column, engine.value("true"))], engine.value("false"))
    return day_text(engine, column) if type.name == "date" else number_text(engine, column, type)
