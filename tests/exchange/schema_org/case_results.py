"""What was read, without positions, in the form of the case files."""

from __future__ import annotations

from typing import Any

from checker.exchange.statements import ReadDocument, StatedPolicy
from checker.language.syntax.problems import Finding

_SILENCE = "does not say"  # a note of most cases


def case_result(document: ReadDocument) -> dict[str, Any]:
    """Return what was read, without empty values."""
    versions = [_version(stated) for stated in document.stated]
    data = versions[0] if len(versions) == 1 else {"versions": versions}
    return data | _full({"unread": [_problem(problem) for problem in document.problems]})


def _version(stated: StatedPolicy) -> dict[str, Any]:
    has_dates = stated.first or stated.last
    dates = f"{stated.first or ''} .. {stated.last or ''}".strip() if has_dates else ""
    return _full(
        {
            "name": stated.name,
            "dates": dates,
            "says": {
                statement.notion: _value(statement.value, statement.currency)
                for statement in stated.statements
            },
            "notes": [note.text for note in stated.notes if not note.text.startswith(_SILENCE)],
            "problems": [_problem(problem) for problem in stated.problems],
        }
    )


def _value(value: Any, currency: str) -> Any:
    if currency:
        return f"{value} {currency}"
    return [*value] if isinstance(value, tuple) else value


def _problem(problem: Finding) -> str:
    return f"{problem.message} ({problem.help})" if problem.help else problem.message


def _full(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}
