"""What was read, without places, as the cases have it."""

from __future__ import annotations

from typing import Any

from checker.exchange.statements import Read, Stated
from checker.language.syntax.problems import Finding

_SILENCE = "does not say"  # which is so of most cases


def told(read: Read) -> dict[str, Any]:
    """Return what was read, without what is empty."""
    versions = [_version(each) for each in read.stated]
    found = versions[0] if len(versions) == 1 else {"versions": versions}
    return found | _full({"unread": [_problem(each) for each in read.problems]})


def _version(each: Stated) -> dict[str, Any]:
    dates = f"{each.first or ''} .. {each.last or ''}".strip() if each.first or each.last else ""
    return _full(
        {
            "name": each.name,
            "dates": dates,
            "says": {said.notion: _value(said.value, said.currency) for said in each.statements},
            "notes": [note.text for note in each.notes if not note.text.startswith(_SILENCE)],
            "problems": [_problem(problem) for problem in each.problems],
        }
    )


def _value(value: Any, currency: str) -> Any:
    if currency:
        return f"{value} {currency}"
    return [*value] if isinstance(value, tuple) else value


def _problem(each: Finding) -> str:
    return f"{each.message} ({each.help})" if each.help else each.message


def _full(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}
