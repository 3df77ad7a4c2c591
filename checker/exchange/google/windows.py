"""Reads how long goods can be returned: by the policy itself, and in its seasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from checker.exchange.fields import Fields, Member
from checker.exchange.google.messages import enum, integer, members
from checker.exchange.positioned_data import Path
from checker.exchange.statements import StatedPolicy, seasons

WINDOW = frozenset(("returns", "window_elapsed_days"))  # what a season replaces
TYPES = {
    "NUMBER_OF_DAYS_AFTER_DELIVERY": "limited",
    "NO_RETURNS": "none",
    "LIFETIME_RETURNS": "unlimited",
}
MAX_DAYS = 2**31 - 1


def window(fields: Fields, value: Any, path: Path) -> None:
    """State whether goods can be returned, and for how many days.

    Source: "One day is defined as 24 hours after the delivery timestamp" (`OnlineReturnPolicy`).
    """
    policy_fields = members(fields, (value, path), ("days",), required=("type",))
    returns = enum(fields, policy_fields["type"], TYPES) if policy_fields else None
    if policy_fields is None or returns is None:
        return
    if returns == "limited":
        _limited(fields, path, policy_fields.get("days"))
        return
    days = integer(fields, policy_fields["days"], 0, MAX_DAYS) if "days" in policy_fields else 0
    if days:
        fields.report_problem(
            policy_fields["days"][1], f"contradicts `{fields.quote(policy_fields['type'][1])}`"
        )
    elif days == 0:
        fields.state("returns", returns, policy_fields["type"][1])


def _limited(fields: Fields, path: Path, member: Member | None) -> None:
    if member is None:
        fields.report_problem(path, "states no number of `days`")
        return
    days = integer(fields, member, 1, MAX_DAYS)
    if days is not None:
        fields.state("returns", "limited", path)
        fields.state("window_elapsed_days", days, member[1])


@dataclass(frozen=True, slots=True)
class Season:
    """A season from `first` to `last`, both included, and what it states of its window."""

    first: date
    last: date
    path: Path
    fields: Fields


def read_season(policy_fields: Fields, value: Any, path: Path) -> Season | None:
    """Return a season, or None with a problem of the policy if it has no dates.

    Its days count "from the delivery date". They are read as the policy's days that they replace,
    of 24 hours each.
    """
    names = ("label", "returnDays", "returnUntilDate")
    required = ("startDate", "endDate")
    season_fields = members(policy_fields, (value, path), names, required)
    if season_fields is None:
        return None
    first, last = (_day(policy_fields, season_fields[name]) for name in required)
    if first is None or last is None:
        return None
    if last < first:
        policy_fields.report_problem(season_fields["endDate"][1], "is a day before `startDate`")
        return None
    fields = Fields(policy_fields.data, policy_fields.base)
    label = fields.text(*season_fields["label"]) if "label" in season_fields else None
    if label:
        fields.note(season_fields["label"][1], f"season: {label}")
    fields.note(
        path, f"is about orders placed from {first} to {last}; a case's own day is compared"
    )
    _season_window(fields, season_fields, path)
    return Season(first, last, path, fields)


def _season_window(fields: Fields, season_fields: dict[str, Member], path: Path) -> None:
    if "returnDays" in season_fields and "returnUntilDate" in season_fields:
        fields.report_problem(path, "states both `returnDays` and `returnUntilDate`")
    elif "returnDays" in season_fields:
        _limited(fields, path, season_fields["returnDays"])
    elif "returnUntilDate" in season_fields:
        why = "is a day until which goods can be returned, and no number of days after delivery"
        last_day = _day(fields, season_fields["returnUntilDate"])
        if last_day:
            fields.report_problem(
                season_fields["returnUntilDate"][1], f"({last_day}) {why}", "state `returnDays`"
            )
    else:
        fields.report_problem(path, "states neither `returnDays` nor `returnUntilDate`")


def _day(fields: Fields, member: Member) -> date | None:
    day_fields = members(fields, member, (), required=("year", "month", "day"))
    if day_fields is None:
        return None
    numbers = [integer(fields, day_fields[part], 0, 9999) for part in ("year", "month", "day")]
    if None in numbers:
        return None
    try:
        day = date(*numbers)  # type: ignore[arg-type]
    except ValueError:
        day = date.min
    if 1970 <= day.year <= 2199:
        return day
    fields.report_problem(member[1], "is no day of the years from 1970 to 2199")
    return None


def in_seasons(
    base: StatedPolicy, read_seasons: Iterable[Season], policy_fields: Fields
) -> list[StatedPolicy]:
    """Return the versions of the policy, in each of its seasons and between them.

    A season that overlaps an earlier one is left out, with a problem of the policy.
    """
    separate: list[Season] = []
    for season in sorted(read_seasons, key=lambda season: season.first):
        if separate and season.first <= separate[-1].last:
            policy_fields.report_problem(season.path, "overlaps with another season")
        else:
            separate.append(season)
    seasonal = [_in_season(base, season) for season in separate]
    versions = seasons(base, seasonal) if seasonal else [base]
    first = versions[0]
    return [replace(first, problems=(*policy_fields.problems, *first.problems)), *versions[1:]]


def _in_season(base: StatedPolicy, season: Season) -> StatedPolicy:
    """Return what holds in a season: its own window, and the other statements of the policy."""
    others = (statement for statement in base.statements if statement.notion not in WINDOW)
    return replace(
        base,
        position=season.fields.data.position(season.path),
        statements=(*season.fields.statements, *others),
        notes=tuple(season.fields.notes),
        problems=tuple(season.fields.problems),
        first=season.first,
        last=season.last,
    )
