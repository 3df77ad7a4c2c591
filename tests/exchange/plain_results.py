"""What was read, as plain data in the form of the expected results."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from checker.exchange.statements import (
    Note,
    ReadDocument,
    Record,
    SellerChoices,
    StatedPolicy,
    Statement,
)
from checker.language.syntax.problems import Finding, Position


def plain_result(document: ReadDocument) -> dict[str, Any]:
    """Return what was read, without empty values."""
    result = {
        "stated": [_stated(each) for each in document.stated],
        "parameters": [_parameters(each) for each in document.choices],
        "records": [_record(each) for each in document.records],
        "problems": _problems(document.problems),
    }
    return _full(result)


def _stated(stated: StatedPolicy) -> dict[str, Any]:
    says = {statement.notion: _statement(statement) for statement in stated.statements}
    dates = f"{stated.first or ''} .. {stated.last or ''}".strip() if stated.season_of else ""
    return _full({**_common(stated), "dates": dates, "says": says, **_remarks(stated)})


def _statement(statement: Statement) -> str:
    return f"{_at(statement.position)} {_value(statement.value)} {statement.currency}".strip()


def _parameters(choices: SellerChoices) -> dict[str, Any]:
    allowed = {notion: [*values] for notion, values in choices.allowed}
    return _full(
        {**_common(choices), "for": [*choices.categories], "allowed": allowed, **_remarks(choices)}
    )


def _record(record: Record) -> dict[str, Any]:
    location = {"at": f"{_at(record.position)} {record.at}"}
    return _full({**location, "columns": record.columns, **_remarks(record)})


def _common(result: StatedPolicy | SellerChoices) -> dict[str, Any]:
    return {"name": result.name, "at": f"{_at(result.position)} {result.at}".strip()}


def _remarks(result: StatedPolicy | SellerChoices | Record) -> dict[str, Any]:
    return {"notes": _notes(result.notes), "problems": _problems(result.problems)}


def _notes(notes: Iterable[Note]) -> list[str]:
    return [f"{_at(note.position)} {note.text}" for note in notes]


def _problems(problems: Iterable[Finding]) -> list[str]:
    texts = []
    for problem in problems:
        help = f" ({problem.help})" if problem.help else ""
        text = f"{problem.message}{help} [{problem.check}] {problem.at}"
        texts.append(f"{_at(problem.position)} {text}".strip())
    return texts


def _value(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _at(position: Position) -> str:
    return f"{position.line}:{position.column}"


def _full(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}
