"""Calendars, and how a period of days is counted by them (docs/language.md, section 2.4)."""

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
    """The calendar by which the last day of a period moves off holidays.

    Attributes:
        calendars: references to calendars, by values of the enum fact; without a fact there is
            one, at the empty key.
        fact: the enum fact that picks the calendar, empty where there is one calendar.
    """

    calendars: Mapping[str, str] = field(hash=False)
    fact: str = ""

    def calendar(self, facts: Mapping[str, Any]) -> str | None:
        """Return the reference to the calendar of a case, None where the case picks none."""
        return self.calendars.get(facts[self.fact] if self.fact else "")


@dataclass(frozen=True, slots=True)
class Counting:
    """How the days from one event to another are counted.

    Attributes:
        elapsed: whether days are periods of 24 hours, else days of the calendar.
        roll: the calendar that moves the last day, None where it does not move.
        weekends: whether it also moves off weekends.
        months: whether months are counted and not days.
        and_days: how many days run before the first of the months.
    """

    elapsed: bool = False
    roll: Roll | None = None
    weekends: bool = False
    months: bool = False
    and_days: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The published holidays and worked weekend days.

    Attributes:
        name: `id@version`.
        years: the first and the last year that it covers.
        holidays: ordinals of days on which no period ends.
        workdays: ordinals of weekend days on which people work.
    """

    name: str
    years: tuple[int, int]
    holidays: frozenset[int]
    workdays: frozenset[int]

    def covers(self, day: int) -> bool:
        """Return whether the calendar has the year of the day, which is an ordinal."""
        return self.years[0] <= date.fromordinal(day).year <= self.years[1]

    def not_covered(self, day: int) -> str:
        """Return the message that the calendar does not cover a day."""
        years = f"{self.years[0]} to {self.years[1]}"
        return f"the calendar `{self.name}` covers {years}, not {date.fromordinal(day)}"

    def is_off(self, day: int, weekends: bool) -> bool:
        """Return whether no period may end on `day`.

        Args:
            day: the day, as an ordinal.
            weekends: whether weekend days are off, too.

        Raises:
            ValueError: the calendar does not cover the year.
        """
        date_ = date.fromordinal(day)
        if not self.covers(day):
            raise ValueError(self.not_covered(day))
        if day in self.holidays:
            return True
        return weekends and date_.weekday() >= _SATURDAY and day not in self.workdays


def read_calendar(document: Document, report: Reporter) -> Calendar:
    """Return the calendar in a document that follows its schema; other errors go to `report`."""
    data = document.data
    first, last = data["years"]
    if first > last:
        report.error(("years",), f"the range is turned round: {first} is after {last}")
    days: dict[str, dict[int, int]] = {}  # the index in the document of each day, by key
    for key in ("holidays", "workdays"):
        days[key] = {}
        for index, text in enumerate(data.get(key, [])):
            day = _day(text, (key, index), report)
            if day is None:
                continue
            if not first <= date.fromordinal(day).year <= last:
                report.error((key, index), f"`{text}` is not in the years {first} to {last}")
            days[key][day] = index
    for day, index in days["workdays"].items():
        text = date.fromordinal(day).isoformat()
        if day in days["holidays"]:
            report.error(("workdays", index), f"`{text}` is a holiday and a workday")
        elif date.fromordinal(day).weekday() < _SATURDAY:
            report.warning(("workdays", index), f"`{text}` is no weekend day")
    holidays, workdays = (frozenset(days[key]) for key in ("holidays", "workdays"))
    return Calendar(document.name, (first, last), holidays, workdays)


def _day(text: str, path: Path, report: Reporter) -> int | None:
    try:
        return int(ValueType("date").read(text))  # type: ignore[arg-type]
    except ValueError as error:
        report.error(path, str(error))
        return None


def read_counting(entry: Any, *, default_elapsed: bool) -> Counting:
    """Return how the days of a derived fact or of a term are counted.

    Args:
        entry: the data of `derive`, or of the term.
        default_elapsed: whether 24 hours are a day where the entry has no `counting`.
    """
    counting = entry.get("counting")
    elapsed = counting == "elapsed" if counting else default_elapsed
    return Counting(
        elapsed,
        _roll(entry.get("roll")),
        entry.get("weekends", False),
        counting == "months",
        entry.get("and_days", 0),
    )


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
    """Report a roll whose fact is no enum, or whose calendars are not by values of the fact.

    Args:
        roll: the roll, None where there is none.
        facts: the types of the facts of the vocabulary.
        invalid: facts with errors of their own, about which nothing more is reported.
        path: the path of the roll.
        report: collects the errors.
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
