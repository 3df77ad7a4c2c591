"""Reasons for refusing a row, put together in columns as the language words them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker.audit.intake.messages import words_of
from checker.columns.base import Columns, E
from checker.columns.days import day_text
from checker.language.model.conditions import NO_NAMES, facts_in
from checker.language.model.types import ValueType
from checker.language.model.vocabulary import Invariant, Vocabulary


def joined_parts(engine: Columns[E], parts: Sequence[tuple[E, E]], separator: str) -> E:
    """Return the texts of those parts that are true, joined; empty where there is none."""
    nothing = engine.value("")
    texts = [
        engine.first_match([(there, engine.joined([text, engine.value(separator)]))], nothing)
        for there, text in parts
    ]
    every = engine.joined(texts)
    kept = engine.sum(engine.length(every), engine.value(-len(separator)))
    return engine.prefix(every, kept)


def said_of(
    engine: Columns[E], invariant: Invariant, facts: Mapping[str, E], vocabulary: Vocabulary
) -> E:
    """Return which facts break the invariant: each that is stated, with its value."""
    about = sorted(facts_in(invariant.always, NO_NAMES), key=[*vocabulary.facts].index)
    parts = []
    for name in about:
        shown = fact_words(engine, facts[name], vocabulary.facts[name].type)
        text = engine.joined([engine.value(f"`{name}: "), shown, engine.value("`")])
        parts.append((engine.negation(engine.is_absent(facts[name])), text))
    end = engine.value(f" can't be, by the invariant `{invariant.id}`")
    return engine.joined([joined_parts(engine, parts, ", "), end])


def fact_words(engine: Columns[E], column: E, type: ValueType) -> E:
    """Return a fact's value as documents write it."""
    if type.name == "boolean":
        return engine.first_match([(column, engine.value("true"))], engine.value("false"))
    return day_text(engine, column) if type.name == "date" else words_of(engine, column, type)
