"""How long goods can be returned: the policy itself, and its seasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from checker.exchange.fields import Fields, Member
from checker.exchange.google.messages import enum, members, whole
from checker.exchange.positioned_data import Path
from checker.exchange.statements import Stated, seasons

WINDOW = frozenset(("returns", "window_elapsed_days"))  # what a season replaces
TYPES = {
    "NUMBER_OF_DAYS_AFTER_DELIVERY": "limited",
    "NO_RETURNS": "none",
    "LIFETIME_RETURNS": "unlimited",
}
_MOST = 2**31 - 1


def window(fields: Fields, value: Any, path: Path) -> None:
    """State whether goods can be returned, and for how many days.

    "One day is defined as 24 hours after the delivery timestamp."
    """
    found = members(fields, (value, path), ("days",), needs=("type",))
    returns = enum(fields, found["type"], TYPES) if found else None
    if found is None or returns is None:
        return
    if returns == "limited":
        _limited(fields, path, found.get("days"))
        return
    days = whole(fields, found["days"], 0, _MOST) if "days" in found else 0
    if days:
        fields.odd(found["days"][1], f"contradicts `{fields.said(found['type'][1])}`")
    elif days == 0:
        fields.state("returns", returns, found["type"][1])


def _limited(fields: Fields, path: Path, member: Member | None) -> None:
    if member is None:
        fields.odd(path, "states no number of `days`")
        return
    days = whole(fields, member, 1, _MOST)
    if days is not None:
        fields.state("returns", "limited", path)
        fields.state("window_elapsed_days", days, member[1])


@dataclass(frozen=True, slots=True)
class Season:
    """A time with a window of its own."""

    first: date
    last: date
    path: Path
    fields: Fields


def read_season(parent: Fields, value: Any, path: Path) -> Season | None:
    """Return a season, both of its days included; None with a problem where it has no dates.

    Its days count "from the delivery date"; they are taken to be those of the policy they replace,
    of 24 hours each.
    """
    names = ("label", "returnDays", "returnUntilDate")
    found = members(parent, (value, path), names, needs=("startDate", "endDate"))
    if found is None:
        return None
    first, last = (_day(parent, found[name]) for name in ("startDate", "endDate"))
    if first is None or last is None:
        return None
    if last < first:
        parent.odd(found["endDate"][1], "is a day before `startDate`")
        return None
    own = Fields(parent.data, parent.base)
    label = own.text(*found["label"]) if "label" in found else None
    if label:
        own.note(found["label"][1], f"season: {label}")
    own.note(path, f"is about orders placed from {first} to {last}; a case's own day is compared")
    _season_window(own, found, path)
    return Season(first, last, path, own)


def _season_window(own: Fields, found: dict[str, Member], path: Path) -> None:
    if "returnDays" in found and "returnUntilDate" in found:
        own.odd(path, "states both `returnDays` and `returnUntilDate`")
    elif "returnDays" in found:
        _limited(own, path, found["returnDays"])
    elif "returnUntilDate" in found:
        why = "is a day until which goods can be returned, and no number of days after delivery"
        until = _day(own, found["returnUntilDate"])
        if until:
            own.odd(found["returnUntilDate"][1], f"({until}) {why}", "state `returnDays`")
    else:
        own.odd(path, "states neither `returnDays` nor `returnUntilDate`")


def _day(fields: Fields, member: Member) -> date | None:
    parts = members(fields, member, (), needs=("year", "month", "day"))
    if parts is None:
        return None
    numbers = [whole(fields, parts[part], 0, 9999) for part in ("year", "month", "day")]
    if None in numbers:
        return None
    try:
        day = date(*numbers)  # type: ignore[arg-type]
    except ValueError:
        day = date.min
    if 1970 <= day.year <= 2199:
        return day
    fields.odd(member[1], "is no day of the years from 1970 to 2199")
    return None


def in_seasons(base: Stated, found: Iterable[Season], parent: Fields) -> list[Stated]:
    """Return the policy in each of its seasons and between them.

    A season that overlaps with an earlier one is left out, with a problem of the policy's.
    """
    kept: list[Season] = []
    for each in sorted(found, key=lambda season: season.first):
        if kept and each.first <= kept[-1].last:
            parent.odd(each.path, "overlaps with another season")
        else:
            kept.append(each)
    versions = seasons(base, [_in_season(base, each) for each in kept]) if kept else [base]
    first = versions[0]
    return [replace(first, problems=(*parent.problems, *first.problems)), *versions[1:]]


def _in_season(base: Stated, season: Season) -> Stated:
    kept = tuple(each for each in base.statements if each.notion not in WINDOW)
    return replace(
        base,
        position=season.fields.data.position(season.path),
        statements=(*season.fields.statements, *kept),
        notes=tuple(season.fields.notes),
        problems=tuple(season.fields.problems),
        first=season.first,
        last=season.last,
    )
