"""What messages say of values, raw and kept: the same in every engine.

Engines write floats, days and moments in ways of their own, so these are written here.
"""

from __future__ import annotations

from datetime import datetime

from checker.audit.intake.moments import DAY
from checker.audit.intake.numbers import float_words, money_words
from checker.columns.base import Columns, E
from checker.language.model.types import FIRST_DAY, ValueType

LARGEST = 10**18 - 1
_LONGEST_SHOWN = 80
_FIRST, _LAST = datetime.min.toordinal(), datetime.max.toordinal()
_SHOWN_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9:.]+([+]00(:00)?)?)?"


def found_text(engine: Columns[E], raw: E, kind: str) -> E:
    """Return a raw value as messages show it: found `abc`, cut where it is long."""
    if kind == "list":
        return engine.value("found a list")
    if kind == "float":
        return _found(engine, float_words(engine, raw), "found no exact number")
    if kind in ("date", "timestamp", "moment"):
        far = f"found a day outside of the years 1 to {datetime.max.year}"
        return _found(engine, _day_words(engine, raw, kind), far)
    text = engine.text(raw)
    long = engine.less(engine.value(_LONGEST_SHOWN), engine.length(text))
    cut = engine.joined([engine.substring(text, 1, _LONGEST_SHOWN - 3), engine.value("…")])
    return _found(engine, engine.first_match([(long, cut)], text), "found nothing")


def _found(engine: Columns[E], shown: E, otherwise: str) -> E:
    found = engine.joined([engine.value("found `"), shown, engine.value("`")])
    return engine.first_match([(engine.is_absent(shown), engine.value(otherwise))], found)


def _day_words(engine: Columns[E], raw: E, kind: str) -> E:
    """Return the day of a date, or of a moment in UTC, absent where its year has not four digits.

    Polars fails where it is to write a day that is far off.
    """
    if kind == "date":
        near = engine.inside(engine.day_number(raw), _FIRST, _LAST)
    else:
        since, end = (_FIRST - FIRST_DAY) * DAY, (_LAST + 1 - FIRST_DAY) * DAY
        near = engine.inside(engine.microseconds(raw, zoned=kind == "moment"), since, end - 1)
    text = engine.text(engine.only_where(near, raw))
    shown = [(engine.matches(text, _SHOWN_DAY), engine.substring(text, 1, len("2024-08-19")))]
    return engine.first_match(shown, engine.absent(str))


def words_of(engine: Columns[E], column: E, type: ValueType) -> E:
    """Return a number of the kept form as messages show it."""
    return money_words(engine, column) if type.name == "money" else engine.text(column)


def outside_words(engine: Columns[E], column: E, type: ValueType) -> E:
    """Return that the value is outside of its type's range."""
    low, high = (type.show(end) for end in ends(type))
    said = engine.value(f"` is outside of the range {low} to {high}")
    return engine.joined([engine.value("`"), words_of(engine, column, type), said])


def ends(type: ValueType) -> tuple[int, int]:
    """Return the least and the greatest number of a type that are read."""
    low, high = type.range or (-LARGEST, LARGEST)
    return max(low, -LARGEST), min(high, LARGEST)
