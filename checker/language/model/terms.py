"""Terms of a policy: the first row that holds gives the value (docs/language.md, section 4.3)."""

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
    """One row of a term: the value of `then`, a constant or a parameter, where `when` holds."""

    when: Condition
    then: Operand
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A term: how fast, how much or who.

    Attributes:
        name: its name.
        type: `duration`, `integer`, `money` or `choice`.
        better: `lower` or `higher`: which values are better for the buyer.
        start, until: the datetime facts between which a deadline runs; empty without one.
        counting: how the time of a deadline is counted.
        rows: its rows; the last one always holds.
        when: where it applies, a condition over facts alone; None where it always does.
        after: the response that its deadline runs after, `accepted` or `rejected`, else `any`.
        sources: the clauses that it rests on.
        title: what people call it, a text for people.
        unit: the unit of its values, a text for people.
        titles: what people call the values of a choice, by value.
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
    when: Condition | None = None
    after: str = "any"

    @property
    def has_deadline(self) -> bool:
        """Whether it is the longest time between two events."""
        return bool(self.start) and self.type.name == "duration"

    def agrees_with(self, other: Term) -> bool:
        """Return whether values of both can be compared (docs/language.md, section 4.4)."""
        return all(
            getattr(self, key) == getattr(other, key)
            for key in ("type", "better", "start", "until", "counting", "after")
        )

    def rank(self, value: Any) -> int:
        """Return the rank of a value: the lower, the better for the buyer."""
        if self.type.name == "choice":
            return self.type.values.index(value)
        return int(value) if self.better == "lower" else -int(value)


def read_term(name: str, entry: Any, path: Path, reader: ConditionReader) -> Term | None:
    """Return the term at `path`, None where its rows have errors."""
    type_ = ValueType(entry["type"], tuple(entry.get("values", ())))
    counting = read_counting(entry, default_elapsed=True)
    scope = reader.scope
    check_roll(counting.roll, scope.facts, scope.invalid, (*path, "roll"), reader.report)
    start, until = (_event(key, entry, path, reader) for key in ("from", "until"))
    when = None
    if "when" in entry:
        # it does not depend on settings, so that it is the same for every seller
        facts_only = ConditionReader(scope.facts_only(), reader.report)
        when = facts_only.condition(entry["when"], (*path, "when"))
    rows = read_rows(entry["decide"], type_, counting, (*path, "decide"), reader)
    if rows is None or ("when" in entry and when is None):
        return None
    sources = tuple(entry.get("source", ()))
    better, unit = entry.get("better", "lower"), entry.get("unit")
    titles = read_titles(entry, type_.values, f"value of `{name}`", path, reader.report)
    return Term(
        name,
        type_,
        better,
        start,
        until,
        counting,
        rows,
        sources,
        entry.get("title"),
        unit,
        titles,
        when,
        entry.get("after", "any"),
    )


def read_rows(
    entries: list[Any], type_: ValueType, counting: Counting, path: Path, reader: ConditionReader
) -> tuple[Row, ...] | None:
    """Return the rows at `path`, None where one of them has errors."""
    rows = [
        _row(entry, type_, counting, (*path, index), reader) for index, entry in enumerate(entries)
    ]
    if "when" in entries[-1]:
        message = "the last row has a `when`, so that a case may be left without a value"
        help = "add a row with `then` alone"
        reader.report.error((*path, len(entries) - 1, "when"), message, help, key=True)
        return None
    valid_rows = tuple(row for row in rows if row is not None)
    return valid_rows if len(valid_rows) == len(rows) else None


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
    """Return the error of a duration that must be whole days and is not, else None."""
    needs_whole_days = type_.name == "duration" and not counting.elapsed
    if needs_whole_days and isinstance(value, int) and value % MINUTES["d"]:
        return f"`{type_.show(value)}` is no whole number of days, and the term counts by calendar"
    return None


def _event(key: str, entry: Any, path: Path, reader: ConditionReader) -> str:
    """Return the fact at `from` or `until`, empty where there is none; report a wrong one."""
    name = str(entry.get(key, ""))
    facts = reader.scope.facts
    if not name or name in reader.scope.invalid:
        return name
    if name not in facts:
        reader.report.error((*path, key), f"unknown fact `{name}`", did_you_mean(name, facts))
    elif facts[name].name != "datetime":
        actual = f"`{name}` is of type {facts[name].name}"
        reader.report.error((*path, key), f"{actual}, expected a datetime")
    return name
