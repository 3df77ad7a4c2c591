"""Maps records of another format to the facts and values of a policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from checker.exchange.statements import Note, Record, not_understood
from checker.language.model.exchange.document import Exchange
from checker.language.resolve.case_files import NOT_FACTS
from checker.language.syntax.problems import quoted
from checker.language.syntax.scalars import scalar_text


def record_of(record: Record, exchange: Exchange) -> Record:
    """Return the record with the facts of the policy; a column that is no fact becomes a note.

    A code that the exchange document does not list is a problem, and its fact is absent. If the
    record requires the column, the record is left out.
    """
    columns: dict[str, Any] = {}
    notes, problems = [*record.notes], [*record.problems]
    for name, value in record.columns.items():
        source_text = f"`{name}: {scalar_text(value)}`"
        fact, codes = _fact_and_codes(name, exchange)
        if not fact:
            text = f"{source_text}: nothing in `{exchange.policy.id}` is about it"
            notes.append(Note(text, record.position))
        elif codes is None or value is None:
            columns[fact] = value
        elif scalar_text(value) in codes:
            columns[fact] = codes[scalar_text(value)]
        else:
            message = f"{source_text} is no code that `{exchange.name}` knows"
            help = f"it knows {quoted(codes)}"
            problems.append(not_understood(record.position, message, record.at, help))
    required = record.required_columns
    missing = [name for name in required if _fact_and_codes(name, exchange)[0] not in columns]
    if missing:
        columns = {}
        missing_texts = quoted(
            f"{name}: {scalar_text(record.columns.get(name))}" for name in missing
        )
        message = f"left out, as it would say something else without {missing_texts}"
        help = f"`records` of `{exchange.name}` can say what it is"
        problems.append(not_understood(record.position, message, record.at, help))
    return replace(record, columns=columns, notes=tuple(notes), problems=tuple(problems))


def _fact_and_codes(name: str, exchange: Exchange) -> tuple[str, Mapping[str, Any] | None]:
    """Return the fact that a column gives, empty if none, and its values by code, None if none."""
    if field := exchange.records.get(name):
        return field.fact, field.values
    is_fact = name in exchange.policy.vocabulary.facts or name in NOT_FACTS
    return name if is_fact else "", None
