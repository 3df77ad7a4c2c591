"""The moment that an audit is made for, and its window of time (docs/language.md, section 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from checker.language.model.standards import Standards
from checker.language.model.types import ValueType, duration_text

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class AsOf:
    """A date, which means the end of that day, or a moment."""

    stated: int | datetime

    def day(self, zone: ZoneInfo) -> int:
        """Return the number of the local day."""
        if isinstance(self.stated, int):
            return self.stated
        return self.stated.astimezone(zone).toordinal()

    def moment(self, zone: ZoneInfo) -> datetime:
        """Return the moment; for a date, the last moment of the local day."""
        if isinstance(self.stated, datetime):
            return self.stated.astimezone(zone)
        after = date.fromordinal(self.stated) + timedelta(days=1)
        midnight = datetime(after.year, after.month, after.day, tzinfo=zone)
        return (midnight.astimezone(UTC) - _INSTANT).astimezone(zone)


@dataclass(frozen=True, slots=True)
class Window:
    """The moments whose records count: after `start`, up to and including `as_of`.

    Both are microseconds since 1970 UTC. Where `start` is None, every record counts.
    """

    as_of: int
    start: int | None = None


def read_as_of(text: str) -> AsOf:
    """Return the date, or the datetime with its offset, that a text states.

    Raises:
        ValueError: it is neither.
    """
    kind = "date" if len(text) <= len("2024-08-19") else "datetime"
    try:
        return AsOf(ValueType(kind).read(text))  # type: ignore[arg-type]
    except ValueError as error:
        alternative = "a date and time with its offset" if kind == "date" else "a date alone"
        raise ValueError(f"{error}, or {alternative}") from None


def window(as_of: AsOf, zone: ZoneInfo, standards: Standards | None) -> Window:
    """Return the window that ends with `as_of`; without standards every record counts."""
    end = (as_of.moment(zone) - _EPOCH) // _INSTANT
    if standards is None:
        return Window(end)
    return Window(end, end - timedelta(minutes=standards.window) // _INSTANT)


def window_shown(as_of: AsOf, zone: ZoneInfo, standards: Standards) -> dict[str, Any]:
    """Return the window for a summary: after `from`, up to and including `to`."""
    end = as_of.moment(zone)
    start = (end.astimezone(UTC) - timedelta(minutes=standards.window)).astimezone(zone)
    length = duration_text(standards.window)
    return {"length": length, "from": start.isoformat(), "to": end.isoformat()}
