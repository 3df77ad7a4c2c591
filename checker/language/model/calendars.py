"""Calendars, and how periods are counted by them."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from checker.language.model.types import ValueType
from checker.language.syntax.documents import Document, Path, Reporter
from checker.language.syntax.problems import did_you_mean, quoted

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Roll:
    """The calendar by which a period's last day moves off holidays: one, or as a fact picks it.

    `calendars` are references by the values of the enum `fact`. Where there is no fact, there is
    one of them, under the empty text.
    """

    calendars: Mapping[str, str] = field(hash=False)
    fact: str = ""

    def calendar(self, facts: Mapping[str, Any]) -> str | None:
        """Return the reference that counts in a case, None where the case picks none."""
        return self.calendars.get(facts[self.fact] if self.fact else "")


@dataclass(frozen=True, slots=True)
class Counting:
    """How the days from one event to another are counted, and where a period may end."""

    elapsed: bool = False
    roll: Roll | None = None
    weekends: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Holidays and worked weekends of the years that are published, as day numbers."""

    name: str
    years: tuple[int, int]
    holidays: frozenset[int]
    workdays: frozenset[int]

    def is_off(self, day: int, weekends: bool) -> bool:
        """Return whether a period does not end on `day`; ValueError outside of the years."""
        when = date.fromordinal(day)
        if not self.years[0] <= when.year <= self.years[1]:
            covered = f"{self.years[0]} to {self.years[1]}"
            raise ValueError(f"the calendar `{self.name}` covers {covered}, not {when}")
        if day in self.holidays:
            return True
        return weekends and when.weekday() >= _SATURDAY and day not in self.workdays


def read_calendar(document: Document, report: Reporter) -> Calendar:
    """Return the calendar in a document that follows its schema."""
    data = document.data
    first, last = data["years"]
    if first > last:
        report.error(("years",), f"the range is turned round: {first} is after {last}")
    days: dict[str, dict[int, int]] = {}
    for key in ("holidays", "workdays"):
        days[key] = {}
        for number, text in enumerate(data.get(key, [])):
            day = _day(text, (key, number), report)
            if day is None:
                continue
            if not first <= date.fromordinal(day).year <= last:
                report.error((key, number), f"`{text}` is not in the years {first} to {last}")
            days[key][day] = number
    for day, number in days["workdays"].items():
        if day in days["holidays"]:
            shown = date.fromordinal(day).isoformat()
            report.error(("workdays", number), f"`{shown}` is a holiday and a workday")
        elif date.fromordinal(day).weekday() < _SATURDAY:
            shown = date.fromordinal(day).isoformat()
            report.warning(("workdays", number), f"`{shown}` is no weekend day")
    holidays, workdays = (frozenset(days[key]) for key in ("holidays", "workdays"))
    return Calendar(document.name, (first, last), holidays, workdays)


def _day(text: str, path: Path, report: Reporter) -> int | None:
    try:
        return int(ValueType("date").read(text))  # type: ignore[arg-type]
    except ValueError as error:
        report.error(path, str(error))
        return None


def read_counting(entry: Any, *, default_elapsed: bool) -> Counting:
    """Return how the days of a derived fact or the time of a term are counted."""
    counting = entry.get("counting")
    elapsed = counting == "elapsed" if counting else default_elapsed
    return Counting(elapsed, _roll(entry.get("roll")), entry.get("weekends", False))


def _roll(entry: Any) -> Roll | None:
    if entry is None:
        return None
    if isinstance(entry, str):
        return Roll({"": entry})
    return Roll(entry["calendars"], entry["fact"])


def check_roll(
    roll: Roll | None,
    facts: Mapping[str, ValueType],
    invalid: Container[str],
    path: Path,
    report: Reporter,
) -> None:
    """Report a roll by a fact that is no enum, or by values that are none of its own.

    `path` is that of the roll; of a fact that is `broken` nothing is known.
    """
    if roll is None or not roll.fact or roll.fact in invalid:
        return
    type_ = facts.get(roll.fact)
    if type_ is None:
        hint = did_you_mean(roll.fact, facts)
        report.error((*path, "fact"), f"unknown fact `{roll.fact}`", hint)
    elif type_.name != "enum":
        message = f"`{roll.fact}` is of type {type_.name}, expected an enum"
        report.error((*path, "fact"), message)
    else:
        for value in roll.calendars:
            if value not in type_.values:
                help = (
                    did_you_mean(value, type_.values) or f"expected one of {quoted(type_.values)}"
                )
                message = f"`{value}` is no value of `{roll.fact}`"
                report.error((*path, "calendars", value), message, help, key=True)
