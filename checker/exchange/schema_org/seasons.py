"""Reads seasonal overrides: between its dates, one replaces properties of the policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time

from checker.exchange.schema_org.collector import PolicyCollector
from checker.exchange.schema_org.policy import read_other_properties, read_policy
from checker.exchange.schema_org.things import PropertyValue, Scalar, Thing
from checker.exchange.schema_org.values import UnclearValue, moment
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
from checker.exchange.statements import StatedPolicy

_LAST_MINUTE = time(23, 59)


def read_seasons(collector: PolicyCollector, policy: Thing, name: str) -> list[StatedPolicy]:
    """Return the policy in each of its seasons; seasons that overlap are problems."""
    base = StatedPolicy(name, policy.location.at, policy.location.position)
    seasons: dict[object, tuple[StatedPolicy, PropertyValue]] = {}
    for season, value in collector.values(policy, OVERRIDES, _override):
        read_other_properties(collector, season, OF_SEASONS)
        first = _day(collector, season, value, "startDate")
        last = _day(collector, season, value, "endDate")
        if first and last and first > last:
            collector.report_problem(value, f"ends on {last}, before it starts on {first}")
        elif first and last:
            stated = _in_season(collector, policy, season, replace(base, first=first, last=last))
            values = [(each.notion, each.value, each.currency) for each in stated.statements]
            seasons.setdefault((first, last, *values), (stated, value))
    return [*_separate_seasons(collector, seasons.values())]


def _in_season(
    collector: PolicyCollector, policy: Thing, season: Thing, base: StatedPolicy
) -> StatedPolicy:
    """Return what holds in a season, without the notes and problems that the policy has."""
    known_problems = {*collector.problems}
    seasonal = read_policy(collector.graph, _with_season(collector, policy, season))
    return replace(
        base,
        position=season.location.position,
        statements=tuple(seasonal.statements),
        notes=tuple(note for note in seasonal.notes if note not in collector.notes),
        problems=tuple(each for each in seasonal.problems if each not in known_problems),
        unclear=tuple(seasonal.unclear),
    )


def _override(value: Scalar | Thing) -> Thing:
    if not isinstance(value, Thing) or not {*value.types} <= {SEASON}:
        raise UnclearValue(f"is no {SEASON}", "an object with dates, and what holds between them")
    if not value.properties:
        raise UnclearValue("refers to nothing in this file" if value.id else "says nothing")
    return value


def _day(
    collector: PolicyCollector, season: Thing, override: PropertyValue, name: str
) -> date | None:
    """Return the first or last day of a season, or None with a problem."""
    day_value = collector.single_value(season, name, moment)
    if not day_value:
        if name not in season.properties:
            collector.report_problem(override, f"has no `{name}`")
        return None
    day, value = day_value
    if isinstance(day, datetime):
        time_of_day = day.time()
        if time_of_day != time() if name == "startDate" else time_of_day < _LAST_MINUTE:
            collector.note(value, f"{value.source_text}; the whole day is taken")
        day = day.date()
    if not date.min < day < date.max:
        collector.report_problem(value, "is beyond all calendars")
        return None
    return day


def _with_season(collector: PolicyCollector, policy: Thing, season: Thing) -> Thing:
    """Return the policy with the properties that it has in a season."""
    replaced = {name: season.properties[name] for name in SEASONAL if name in season.properties}
    rest = {name: values for name, values in policy.properties.items() if name != OVERRIDES}
    # what depends on a property that the season replaces holds no more
    if not _may_be(replaced.get("returnPolicyCategory"), FINITE):
        rest.pop("merchantReturnDays", None)
    fees, amount = ANY_REASON
    if not _may_be(replaced.get(fees), FLAT_FEE):
        rest.pop(amount, None)
    by_reason = {name for names in REASONS.values() for name in names}
    if fees in replaced and by_reason & rest.keys():
        why = "is for any reason, and which of the policy's own fees it replaces is not defined"
        collector.report_problem(replaced[fees][0], why)
        for name in {fees, amount, *by_reason}:
            replaced.pop(name, None)
            rest.pop(name, None)
    properties = rest | replaced
    return Thing(
        policy.types,
        policy.id,
        season.location,
        lambda: (value for values in properties.values() for value in values),
    )


def _may_be(values: Iterable[PropertyValue] | None, name: str) -> bool:
    """Return whether a property has this value or is not stated."""
    if values is None:
        return True
    raw_values = (value.value for value in values)
    texts = (value.id if isinstance(value, Thing) else value for value in raw_values)
    return any(isinstance(text, str) and local(text) == name for text in texts)


def _separate_seasons(
    collector: PolicyCollector, seasons: Iterable[tuple[StatedPolicy, PropertyValue]]
) -> Iterator[StatedPolicy]:
    """Yield the seasons that overlap no other, and report the others."""
    ordered = sorted(seasons, key=lambda season: (season[0].first or date.min, season[0].last))
    overlapping: set[int] = set()
    latest = 0  # the index of the season that ends last, of those before
    for index, (stated, value) in enumerate(ordered):
        before = ordered[latest][0]
        if index and before.last and stated.first and stated.first <= before.last:
            why = f"overlaps the season from {before.first} to {before.last}; neither counts"
            collector.report_problem(value, why)
            overlapping |= {index, latest}
        if before.last and stated.last and stated.last >= before.last:
            latest = index
    return (stated for index, (stated, _) in enumerate(ordered) if index not in overlapping)
