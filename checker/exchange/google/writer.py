"""Writes return policies as Google's JSON, and reports what the format can't state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from checker.exchange.google.field_writers import FIELD_WRITERS, NO_RETURNS, write_window
from checker.exchange.google.policy import DEFAULT_LABEL
from checker.exchange.google.windows import WINDOW
from checker.exchange.statements import (
    NOT_EXPRESSED,
    StatedPolicy,
    Statement,
    not_expressed,
    periods_not_expressed,
)
from checker.language.syntax.problems import Finding, quoted

_MAX_LABEL = 50  # characters
_REQUIRED = ("countries", "policy", "itemConditions", "returnMethods", "returnPolicyUri")
_REASONS = {
    "window_days": "is written as days of 24 hours from delivery; calendar days can last longer",
}
_SEASON_NOTIONS = WINDOW | {"window_days"}


def write(versions: Sequence[StatedPolicy]) -> tuple[dict[str, Any], list[Finding]]:
    """Return the versions of one seller's override as a policy, and what it does not state.

    The last version is the policy. Earlier versions with another window are its seasons. Warnings
    say where Google applies a field to other goods, and which fields it requires.
    """
    ordered = sorted(versions, key=lambda version: version.first or date.min)
    base = ordered[-1]
    problems = [*_label_problems(base), *periods_not_expressed(ordered)]
    is_label = 0 < len(base.name) <= _MAX_LABEL and base.name != DEFAULT_LABEL
    data: dict[str, Any] = {"label": base.name} if is_label else {}
    data |= _fields(base, problems)
    changed = [version for version in ordered if version.values() != base.values()]
    seasons = [season for version in changed if (season := _season(version, base, problems))]
    if seasons:
        data["seasonalOverrides"] = seasons
    return data, [*problems, *_missing_fields(base, data)]


def _fields(stated: StatedPolicy, problems: list[Finding]) -> dict[str, Any]:
    """Return the fields for the statements, and report those that no field states."""
    unwritten = {statement.notion: statement for statement in stated.statements}
    values = {name: write_field(unwritten) for name, write_field in FIELD_WRITERS.items()}
    problems += map(_not_written, unwritten.values())
    return {name: value for name, value in values.items() if value is not None}


def _not_written(statement: Statement) -> Finding:
    why = _REASONS.get(statement.notion, "can't be said in Google's format")
    text = statement.source_text
    return Finding(statement.position, f"`{text}` {why}", check=NOT_EXPRESSED, at=text)


def _label_problems(stated: StatedPolicy) -> Iterator[Finding]:
    if len(stated.name) > _MAX_LABEL:
        message = f"the title can't be the label, which has at most {_MAX_LABEL} characters"
        yield not_expressed(stated, message, "title")
    elif stated.name == DEFAULT_LABEL:
        message = f"the title can't be the label `{DEFAULT_LABEL}`, which stands for none"
        yield not_expressed(stated, message, "title")
    elif stated.name:
        message = f"holds for products with the return policy label `{stated.name}` alone"
        yield Finding(stated.position, message, check=NOT_EXPRESSED, at="title", mild=True)


def _season(
    version: StatedPolicy, base: StatedPolicy, problems: list[Finding]
) -> dict[str, Any] | None:
    """Return a version as a season, or None with a problem if it can't be one."""
    unwritten = {
        statement.notion: statement
        for statement in version.statements
        if statement.notion in _SEASON_NOTIONS
    }
    days = (write_window(unwritten) or {}).get("days")
    is_same = version.values(_SEASON_NOTIONS) == base.values(_SEASON_NOTIONS)
    if days and is_same and version.first and version.last:
        problems += map(_not_written, unwritten.values())
        dates = {"startDate": _date(version.first), "endDate": _date(version.last)}
        return {"label": f"{version.first} to {version.last}", **dates, "returnDays": int(days)}
    message = "a season can only have another number of days, from one day to another"
    problems.append(not_expressed(version, message, "effective"))
    return None


def _missing_fields(stated: StatedPolicy, data: Mapping[str, Any]) -> Iterator[Finding]:
    optional = ("itemConditions", "returnMethods") if data.get("policy") == NO_RETURNS else ()
    names = [name for name in _REQUIRED if name not in data and name not in optional]
    if names:
        message = f"Google requires {quoted(names)}, which nothing states"
        yield Finding(stated.position, message, check=NOT_EXPRESSED, at=stated.at, mild=True)


def _date(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}
