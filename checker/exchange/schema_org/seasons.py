"""Seasonal overrides: what one says holds between its dates, and the rest of the policy stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time

from checker.exchange.schema_org.found import Found
from checker.exchange.schema_org.nodes import Node, Scalar, Value
from checker.exchange.schema_org.policy import take_policy, take_rest
from checker.exchange.schema_org.values import Unclear, moment
from checker.exchange.schema_org.vocabulary import (
    ANY_REASON,
    FINITE,
    FLAT_FEE,
    OF_SEASONS,
    OVERRIDES,
    REASONS,
    SEASON,
    SEASONAL,
    local,
)
from checker.exchange.statements import Stated

_LAST_MINUTE = time(23, 59)


def take_seasons(found: Found, policy: Node, name: str) -> list[Stated]:
    """Return what is in force in each season; none of them overlap."""
    base = Stated(name, policy.place.at, policy.place.position)
    seasons: dict[object, tuple[Stated, Value]] = {}
    for node, value in found.each(policy, OVERRIDES, _override):
        take_rest(found, node, OF_SEASONS)
        first, last = (_day(found, node, value, each) for each in ("startDate", "endDate"))
        if first and last and first > last:
            found.odd(value, f"ends on {last}, before it starts on {first}")
        elif first and last:
            stated = _in_season(found, policy, node, replace(base, first=first, last=last))
            says = [(each.notion, each.value, each.currency) for each in stated.statements]
            seasons.setdefault((first, last, *says), (stated, value))
    return [*_apart(found, seasons.values())]


def _in_season(found: Found, policy: Node, season: Node, base: Stated) -> Stated:
    """Return what holds in a season, without the remarks that the policy has anyway."""
    known = {*found.problems}
    read = take_policy(found.graph, _overlaid(found, policy, season))
    return replace(
        base,
        position=season.place.position,
        statements=tuple(read.statements),
        notes=tuple(note for note in read.notes if note not in found.notes),
        problems=tuple(problem for problem in read.problems if problem not in known),
        unclear=tuple(read.unclear),
    )


def _override(value: Scalar | Node) -> Node:
    if not isinstance(value, Node) or not {*value.types} <= {SEASON}:
        raise Unclear(f"is no {SEASON}", "an object with dates, and what holds between them")
    if not value.says:
        raise Unclear("refers to nothing in this file" if value.id else "says nothing")
    return value


def _day(found: Found, node: Node, value: Value, name: str) -> date | None:
    """Return the first or last day of a season; None with a problem where it states none."""
    stated = found.one(node, name, moment)
    if not stated:
        if name not in node.says:
            found.odd(value, f"has no `{name}`")
        return None
    day, said = stated
    if isinstance(day, datetime):
        at = day.time()
        if at != time() if name == "startDate" else at < _LAST_MINUTE:
            found.note(said, f"{said.said}; the whole day is taken")
        day = day.date()
    if not date.min < day < date.max:
        found.odd(said, "is beyond all calendars")
        return None
    return day


def _overlaid(found: Found, policy: Node, season: Node) -> Node:
    """Return the policy as it stands in a season."""
    own = {name: season.says[name] for name in SEASONAL if name in season.says}
    rest = {name: values for name, values in policy.says.items() if name != OVERRIDES}
    if not _is(own.get("returnPolicyCategory"), FINITE):
        rest.pop("merchantReturnDays", None)
    fees, amount = ANY_REASON
    if not _is(own.get(fees), FLAT_FEE):
        rest.pop(amount, None)
    by_reason = {each for names in REASONS.values() for each in names}
    if fees in own and by_reason & rest.keys():
        why = "is for any reason, and which of the policy's own fees it replaces is not defined"
        found.odd(own[fees][0], why)
        for each in {fees, amount, *by_reason}:
            own.pop(each, None)
            rest.pop(each, None)
    says = rest | own
    return Node(
        policy.types,
        policy.id,
        season.place,
        lambda: (value for values in says.values() for value in values),
    )


def _is(values: Iterable[Value] | None, name: str) -> bool:
    """Say whether a property has a value, and True of one that is not there."""
    if values is None:
        return True
    texts = (each.value.id if isinstance(each.value, Node) else each.value for each in values)
    return any(isinstance(text, str) and local(text) == name for text in texts)


def _apart(found: Found, seasons: Iterable[tuple[Stated, Value]]) -> Iterator[Stated]:
    """Yield the seasons that overlap no other."""
    ordered = sorted(seasons, key=lambda each: (each[0].first or date.min, each[0].last))
    clashing, latest = set(), 0
    for number, (stated, value) in enumerate(ordered):
        before = ordered[latest][0]
        if number and before.last and stated.first and stated.first <= before.last:
            found.odd(
                value, f"overlaps the season from {before.first} to {before.last}; neither counts"
            )
            clashing |= {number, latest}
        if before.last and stated.last and stated.last >= before.last:
            latest = number
    return (stated for number, (stated, _) in enumerate(ordered) if number not in clashing)
