"""Values in messages, the same for every engine.

Engines format floats, days and moments differently, so this module formats them.
"""

from __future__ import annotations

from datetime import datetime

from checker.audit.intake.moments import DAY
from checker.audit.intake.numbers import float_text, money_text
from checker.columns.base import Columns, E
from checker.language.model.types import FIRST_DAY, ValueType

LARGEST = 10**18 - 1
_LONGEST_TEXT = 80
_FIRST, _LAST = datetime.min.toordinal(), datetime.max.toordinal()
_DAY_IN_TEXT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9:.]+([+]00(:00)?)?)?"


def found_message(engine: Columns[E], raw: E, kind: str) -> E:
    """Return a message like found `abc` about a raw value; a long value is cut."""
    if kind == "list":
        return engine.value("found a list")
    if kind == "float":
        return _found_or(engine, float_text(engine, raw), "found no exact number")
    if kind in ("date", "timestamp", "moment"):
        far = f"found a day outside of the years 1 to {datetime.max.year}"
        return _found_or(engine, _day_text(engine, raw, kind), far)
    text = engine.text(raw)
    long = engine.less(engine.value(_LONGEST_TEXT), engine.length(text))
    cut = engine.joined([engine.substring(text, 1, _LONGEST_TEXT - 3), engine.value("…")])
    return _found_or(engine, engine.first_match([(long, cut)], text), "found nothing")


def _found_or(engine: Columns[E], text: E, otherwise: str) -> E:
    message = engine.joined([engine.value("found `"), text, engine.value("`")])
    return engine.first_match([(engine.is_absent(text), engine.value(otherwise))], message)


def _day_text(engine: Columns[E], raw: E, kind: str) -> E:
    """Return the day of a date, or of a moment in UTC; NULL unless its year has four digits.

    Polars fails to format days outside these years.
    """
    if kind == "date":
        near = engine.inside(engine.day_number(raw), _FIRST, _LAST)
    else:
        since, end = (_FIRST - FIRST_DAY) * DAY, (_LAST + 1 - FIRST_DAY) * DAY
        near = engine.inside(engine.microseconds(raw, zoned=kind == "moment"), since, end - 1)
    text = engine.text(engine.only_where(near, raw))
    rows = [(engine.matches(text, _DAY_IN_TEXT), engine.substring(text, 1, len("2024-08-19")))]
    return engine.first_match(rows, engine.absent(str))


def number_text(engine: Columns[E], column: E, type: ValueType) -> E:
    """Return a typed number as messages show it."""
    return money_text(engine, column) if type.name == "money" else engine.text(column)


def range_message(engine: Columns[E], column: E, type: ValueType) -> E:
    """Return the message that a typed number is outside of its type's range."""
    low, high = (type.show(end) for end in range_limits(type))
    message = engine.value(f"` is outside of the range {low} to {high}")
    return engine.joined([engine.value("`"), number_text(engine, column, type), message])


def range_limits(type: ValueType) -> tuple[int, int]:
    """Return the least and the greatest number of a type that an audit accepts."""
    low, high = type.range or (-LARGEST, LARGEST)
    return max(low, -LARGEST), min(high, LARGEST)
