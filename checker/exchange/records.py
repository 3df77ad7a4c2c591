"""Records of another format as those of a policy: by its exchange document, names and codes."""

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
    """Return the record with the policy's facts; what they are not is a note.

    A code that the exchange document does not list is a problem, and its fact is absent. Where the
    record needs it, the record is left out.
    """
    columns: dict[str, Any] = {}
    notes, problems = [*record.notes], [*record.problems]
    for name, value in record.columns.items():
        said = f"`{name}: {scalar_text(value)}`"
        fact, codes = _meaning(name, exchange)
        if not fact:
            text = f"{said}: nothing in `{exchange.policy.id}` is about it"
            notes.append(Note(text, record.position))
        elif codes is None or value is None:
            columns[fact] = value
        elif scalar_text(value) in codes:
            columns[fact] = codes[scalar_text(value)]
        else:
            message = f"{said} is no code that `{exchange.name}` knows"
            help = f"it knows {quoted(codes)}"
            problems.append(not_understood(record.position, message, record.at, help))
    missing = [name for name in record.needs if _meaning(name, exchange)[0] not in columns]
    if missing:
        columns = {}
        said = quoted(f"{name}: {scalar_text(record.columns.get(name))}" for name in missing)
        message = f"left out, as it would say something else without {said}"
        help = f"`records` of `{exchange.name}` can say what it is"
        problems.append(not_understood(record.position, message, record.at, help))
    return replace(record, columns=columns, notes=tuple(notes), problems=tuple(problems))


def _meaning(name: str, exchange: Exchange) -> tuple[str, Mapping[str, Any] | None]:
    """Return the fact that a column is, empty where it is none, and its value by code."""
    if coded := exchange.records.get(name):
        return coded.fact, coded.values
    known = name in exchange.policy.vocabulary.facts or name in NOT_FACTS
    return name if known else "", None
