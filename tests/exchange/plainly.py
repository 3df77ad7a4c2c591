"""What was read, as the plain data that the expected results are written in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from checker.exchange.statements import Note, Parameters, Read, Record, Stated, Statement
from checker.language.syntax.problems import Finding, Position


def plainly(read: Read) -> dict[str, Any]:
    """Return what was read, without what is empty."""
    found = {
        "stated": [_stated(each) for each in read.stated],
        "parameters": [_parameters(each) for each in read.parameters],
        "records": [_record(each) for each in read.records],
        "problems": _problems(read.problems),
    }
    return _full(found)


def _stated(each: Stated) -> dict[str, Any]:
    says = {said.notion: _statement(said) for said in each.statements}
    dates = f"{each.first or ''} .. {each.last or ''}".strip() if each.season_of else ""
    return _full({**_common(each), "dates": dates, "says": says, **_remarks(each)})


def _statement(said: Statement) -> str:
    return f"{_at(said.position)} {_value(said.value)} {said.currency}".strip()


def _parameters(each: Parameters) -> dict[str, Any]:
    allowed = {notion: [*values] for notion, values in each.allowed}
    return _full({**_common(each), "for": [*each.categories], "allowed": allowed, **_remarks(each)})


def _record(each: Record) -> dict[str, Any]:
    place = {"at": f"{_at(each.position)} {each.at}"}
    return _full({**place, "columns": each.columns, **_remarks(each)})


def _common(each: Stated | Parameters) -> dict[str, Any]:
    return {"name": each.name, "at": f"{_at(each.position)} {each.at}".strip()}


def _remarks(each: Stated | Parameters | Record) -> dict[str, Any]:
    return {"notes": _notes(each.notes), "problems": _problems(each.problems)}


def _notes(notes: Iterable[Note]) -> list[str]:
    return [f"{_at(note.position)} {note.text}" for note in notes]


def _problems(problems: Iterable[Finding]) -> list[str]:
    found = []
    for each in problems:
        help = f" ({each.help})" if each.help else ""
        found.append(f"{_at(each.position)} {each.message}{help} [{each.check}] {each.at}".strip())
    return found


def _value(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _at(position: Position) -> str:
    return f"{position.line}:{position.column}"


def _full(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}
