"""Return policies as Google's JSON, and what that can't say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from checker.exchange.google.policy import DEFAULT_LABEL
from checker.exchange.google.windows import WINDOW
from checker.exchange.google.written import NO_RETURNS, WRITTEN, window
from checker.exchange.statements import NOT_EXPRESSED, Stated, Statement, Value
from checker.language.syntax.problems import Finding, quoted

_LONGEST_LABEL = 50
_REQUIRED = ("countries", "policy", "itemConditions", "returnMethods", "returnPolicyUri")
_WHY = {
    "window_days": "is written as days of 24 hours from delivery; calendar days can last longer",
}
_OF_SEASONS = WINDOW | {"window_days"}


def write(versions: Sequence[Stated]) -> tuple[dict[str, Any], list[Finding]]:
    """Return what the versions of one seller's override state as a policy, and what is not said.

    The last version is what holds; those before it that differ in their window are its seasons.
    Warnings say what has another reach at Google, and what is required there.
    """
    ordered = sorted(versions, key=lambda each: each.first or date.min)
    base = ordered[-1]
    problems = [*_label(base), *_times(ordered)]
    is_label = 0 < len(base.name) <= _LONGEST_LABEL and base.name != DEFAULT_LABEL
    data: dict[str, Any] = {"label": base.name} if is_label else {}
    data |= _fields(base, problems)
    found = [_season(each, base, problems) for each in ordered if _said(each) != _said(base)]
    if any(found):
        data["seasonalOverrides"] = [each for each in found if each]
    return data, [*problems, *_missing(base, data)]


def _fields(stated: Stated, problems: list[Finding]) -> dict[str, Any]:
    """Return the fields that say what is stated, and report the rest."""
    says = {each.notion: each for each in stated.statements}
    found = {name: field(says) for name, field in WRITTEN.items()}
    problems += map(_unsaid, says.values())
    return {name: value for name, value in found.items() if value is not None}


def _unsaid(each: Statement) -> Finding:
    why = _WHY.get(each.notion, "can't be said in Google's format")
    return Finding(each.position, f"`{each.said}` {why}", check=NOT_EXPRESSED, at=each.said)


def _about(stated: Stated, message: str, at: str) -> Finding:
    return Finding(stated.position, message, check=NOT_EXPRESSED, at=at)


def _label(stated: Stated) -> Iterator[Finding]:
    if len(stated.name) > _LONGEST_LABEL:
        message = f"the title can't be the label, which has at most {_LONGEST_LABEL} characters"
        yield _about(stated, message, "title")
    elif stated.name == DEFAULT_LABEL:
        message = f"the title can't be the label `{DEFAULT_LABEL}`, which stands for none"
        yield _about(stated, message, "title")
    elif stated.name:
        message = f"holds for products with the return policy label `{stated.name}` alone"
        yield Finding(stated.position, message, check=NOT_EXPRESSED, at="title", mild=True)


def _times(ordered: Sequence[Stated]) -> Iterator[Finding]:
    """Yield what can't be said of when the versions hold: a first or last day, a time between."""
    if ordered[0].first:
        yield _about(ordered[0], "the day from which it holds can't be said", "effective.from")
    if ordered[-1].last:
        yield _about(ordered[-1], "the day until which it holds can't be said", "effective.until")
    for each, after in pairwise(ordered):
        if each.last is None or after.first != each.last + timedelta(days=1):
            message = "does not begin on the day after the version before it ends"
            yield _about(after, message, "effective")


def _season(each: Stated, base: Stated, problems: list[Finding]) -> dict[str, Any] | None:
    """Return a version as a season, None with a problem where it is none."""
    says = {one.notion: one for one in each.statements if one.notion in _OF_SEASONS}
    days = (window(says) or {}).get("days")
    same = _said(each, but=_OF_SEASONS) == _said(base, but=_OF_SEASONS)
    if days and same and each.first and each.last:
        problems += map(_unsaid, says.values())
        dates = {"startDate": _day(each.first), "endDate": _day(each.last)}
        return {"label": f"{each.first} to {each.last}", **dates, "returnDays": int(days)}
    message = "a season can only have another number of days, from one day to another"
    problems.append(_about(each, message, "effective"))
    return None


def _said(stated: Stated, but: Collection[str] = ()) -> set[tuple[str, Value, str]]:
    said = ((each.notion, each.value, each.currency) for each in stated.statements)
    return {each for each in said if each[0] not in but}


def _missing(stated: Stated, data: Mapping[str, Any]) -> Iterator[Finding]:
    optional = ("itemConditions", "returnMethods") if data.get("policy") == NO_RETURNS else ()
    names = [name for name in _REQUIRED if name not in data and name not in optional]
    if names:
        message = f"Google requires {quoted(names)}, which nothing states"
        yield Finding(stated.position, message, check=NOT_EXPRESSED, at=stated.at, mild=True)


def _day(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}
