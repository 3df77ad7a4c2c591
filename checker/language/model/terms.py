"""Terms of a policy: rows of which the first that holds gives the value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.language.model.calendars import Counting, check_roll, read_counting
from checker.language.model.conditions import ALWAYS, Condition, Literal, Operand
from checker.language.model.typecheck import ConditionReader
from checker.language.model.types import MINUTES, ValueType
from checker.language.syntax.documents import Path
from checker.language.syntax.localized import read_titles
from checker.language.syntax.problems import did_you_mean


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A value, a literal or a parameter, where the condition holds."""

    when: Condition
    then: Operand
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """How fast, how much or who: with the direction that is better for the buyer.

    `start` and `until` are the events between which a deadline runs; both empty without one.
    `titles` are what people call the values of a choice.
    """

    name: str
    type: ValueType
    better: str
    start: str
    until: str
    counting: Counting
    rows: tuple[Row, ...]
    sources: tuple[str, ...] = ()
    title: Any = None
    unit: Any = None
    titles: Mapping[str, Any] = field(default_factory=dict)

    @property
    def has_deadline(self) -> bool:
        """Whether it is a time that runs from one event until another."""
        return bool(self.start) and self.type.name == "duration"

    def agrees_with(self, other: Term) -> bool:
        """Return whether values of both can be compared (docs/language.md, section 4)."""
        return all(
            getattr(self, key) == getattr(other, key)
            for key in ("type", "better", "start", "until", "counting")
        )

    def rank(self, value: Any) -> int:
        """Return a number that is lower the better `value` is for the buyer."""
        if self.type.name == "choice":
            return self.type.values.index(value)
        return int(value) if self.better == "lower" else -int(value)


def read_term(name: str, entry: Any, path: Path, reader: ConditionReader) -> Term | None:
    """Return the term at `path`, None where its rows are in error."""
    type_ = ValueType(entry["type"], tuple(entry.get("values", ())))
    counting = read_counting(entry, default_elapsed=True)
    scope = reader.scope
    check_roll(counting.roll, scope.facts, scope.invalid, (*path, "roll"), reader.report)
    start, until = (_event(key, entry, path, reader) for key in ("from", "until"))
    rows = read_rows(entry["decide"], type_, counting, (*path, "decide"), reader)
    if rows is None:
        return None
    sources = tuple(entry.get("source", ()))
    better, unit = entry.get("better", "lower"), entry.get("unit")
    titles = read_titles(entry, type_.values, f"value of `{name}`", path, reader.report)
    about = (sources, entry.get("title"), unit, titles)
    return Term(name, type_, better, start, until, counting, rows, *about)


def read_rows(
    entries: list[Any], type_: ValueType, counting: Counting, path: Path, reader: ConditionReader
) -> tuple[Row, ...] | None:
    """Return the rows at `path`, None where one of them is in error."""
    rows = [_row(entry, type_, counting, (*path, i), reader) for i, entry in enumerate(entries)]
    if "when" in entries[-1]:
        message = "the last row has a `when`, so that a case may be left without a value"
        help = "add a row with `then` alone"
        reader.report.error((*path, len(entries) - 1, "when"), message, help, key=True)
        return None
    whole = tuple(row for row in rows if row is not None)
    return whole if len(whole) == len(rows) else None


def _row(
    entry: Any, type_: ValueType, counting: Counting, path: Path, reader: ConditionReader
) -> Row | None:
    when: Condition | None = ALWAYS
    if "when" in entry:
        when = reader.condition(entry["when"], (*path, "when"))
    then = reader.operand(type_, entry["then"], (*path, "then"))
    if when is None or then is None:
        return None
    if isinstance(then, Literal):
        problem = not_whole_days(then.value, type_, counting)
        if problem:
            reader.report.error((*path, "then"), problem)
    return Row(when, then, tuple(entry.get("source", ())))


def not_whole_days(value: Any, type_: ValueType, counting: Counting) -> str | None:
    """Return what is wrong with a duration that is counted in whole days and is not one."""
    calendar = type_.name == "duration" and not counting.elapsed
    if calendar and isinstance(value, int) and value % MINUTES["d"]:
        return f"`{type_.show(value)}` is no whole number of days, and the term counts by calendar"
    return None


def _event(key: str, entry: Any, path: Path, reader: ConditionReader) -> str:
    name = str(entry.get(key, ""))
    facts = reader.scope.facts
    if not name or name in reader.scope.invalid:
        return name
    if name not in facts:
        reader.report.error((*path, key), f"unknown fact `{name}`", did_you_mean(name, facts))
    elif facts[name].name != "datetime":
        found = f"`{name}` is of type {facts[name].name}"
        reader.report.error((*path, key), f"{found}, expected a datetime")
    return name
