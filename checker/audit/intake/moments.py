"""Dates and datetimes in raw columns, by integer arithmetic on the parts of a text.

No engine's own parser is used, so all engines agree: days from 1970 to 2199, RFC 3339 with an
offset, fractions cut after microseconds, a leap second as the next second.
"""

from __future__ import annotations

from checker.columns.base import Columns, E
from checker.language.model.types import FIRST_DAY, LAST_DAY

DAY = 86_400_000_000  # microseconds
_LEAP_YEARS = (
    "(19(7[26]|8[048]|9[26])|20([02468][048]|[13579][26])|21(0[48]|[2468][048]|[13579][26]))"
)
_DAYS = (
    "((19[789][0-9]|2[01][0-9][0-9])-(02-(0[1-9]|1[0-9]|2[0-8])"
    "|(0[469]|11)-(0[1-9]|[12][0-9]|30)|(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01]))"
    f"|{_LEAP_YEARS}-02-29)"
)
_TIMES = "[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)([.][0-9]+)?"
_OFFSETS = "([Zz]|[+-](([01][0-9]|2[0-2]):[0-9][0-9]|23:[0-5][0-9]))"
_DATE_SHAPE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME_SHAPE = "[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?"
_OFFSET_SHAPE = "([Zz]|[+-][0-9]{2}:[0-9]{2})"
_YEARS = "(19[789][0-9]|2[01][0-9][0-9])-.*"
_LAST_LEAP_SECOND = "2199-12-31.23:59:60.*"  # counts as the first second of 2200
IN_RANGE = "expected a day from 1970-01-01 to 2199-12-31"


def date_of(engine: Columns[E], raw: E, kind: str) -> tuple[E, E]:
    """Return the day numbers of a column of dates or texts, and what a message expects.

    A day number is NULL where the value is no date.
    """
    if kind == "date":
        day = engine.day_number(raw)
        fits = engine.inside(day, FIRST_DAY, LAST_DAY)
        return engine.first_match([(fits, day)], engine.absent(int)), engine.value(IN_RANGE)
    day = engine.first_match([(engine.matches(raw, _DAYS), _day(engine, raw))], engine.absent(int))
    expected = "expected a date like `2024-08-19`"
    return day, _expected(engine, raw, _DATE_SHAPE, "which is no day of the calendar", expected)


def datetime_of(engine: Columns[E], raw: E, kind: str) -> tuple[E, E]:
    """Return the microseconds of a column of moments or texts, and what a message expects.

    The microseconds are NULL where the value is no datetime.
    """
    if kind == "moment":
        moment = engine.microseconds(raw, zoned=True)
        fits = engine.inside(moment, 0, (LAST_DAY + 1 - FIRST_DAY) * DAY - 1)
        return engine.first_match([(fits, moment)], engine.absent(int)), engine.value(IN_RANGE)
    fits = _is_moment(engine, raw, _OFFSETS)
    moment = engine.sum(local_microseconds(engine, raw), engine.times(_offset(engine, raw), -1))
    expected = "expected a date and time with its offset, like `2024-08-19T09:26:01+08:00`"
    shape = _DATE_SHAPE + _TIME_SHAPE + _OFFSET_SHAPE
    no_moment = "which is no moment of the calendar"
    return (
        engine.first_match([(fits, moment)], engine.absent(int)),
        _expected(engine, raw, shape, no_moment, expected),
    )


def wall_clock_of(engine: Columns[E], raw: E) -> E:
    """Return the microseconds of local times in texts, as if in UTC; NULL where there is none."""
    fits = _is_moment(engine, raw, "")
    return engine.first_match([(fits, local_microseconds(engine, raw))], engine.absent(int))


def _is_moment(engine: Columns[E], raw: E, offsets: str) -> E:
    """Return whether a text is a datetime from 1970 to 2199, with an offset of this pattern."""
    last = engine.negation(engine.matches(raw, _LAST_LEAP_SECOND))
    return engine.every([engine.matches(raw, _DAYS + _TIMES + offsets), last])


def _expected(engine: Columns[E], raw: E, shape: str, impossible: str, expected: str) -> E:
    """Return what a message expects instead of a text, by how near the text comes."""
    years = engine.every([engine.matches(raw, shape), engine.matches(raw, _YEARS)])
    rows = [
        (years, engine.value(impossible)),
        (engine.matches(raw, shape), engine.value(IN_RANGE)),
    ]
    return engine.first_match(rows, engine.value(expected))


def _day(engine: Columns[E], text: E) -> E:
    """Return the day number of a text that begins with a day from 1970 to 2199.

    Years are counted from March, so that the leap day is the last; see Hinnant, "chrono-Compatible
    Low-Level Date Algorithms", days_from_civil.
    """
    year, month, day = (
        engine.parsed_digits(engine.substring(text, *bounds)) for bounds in ((1, 4), (6, 2), (9, 2))
    )
    early = engine.less(month, engine.value(3))
    year = engine.sum(year, engine.first_match([(early, engine.value(-1))], engine.value(0)))
    months = engine.sum(month, engine.first_match([(early, engine.value(9))], engine.value(-3)))
    before = engine.divided(engine.sum(engine.times(months, 153), engine.value(2)), 5)
    late = engine.less(engine.value(2099), year)  # the leap day of 2100 is missing
    shift = engine.first_match(
        [(late, engine.value(-_SINCE_MARCH - 1))], engine.value(-_SINCE_MARCH)
    )
    days = engine.sum(engine.times(year, 365), engine.divided(year, 4))
    return engine.sum(engine.sum(days, before), engine.sum(day, shift))


# `365 * year + year // 4 + …` of 0001-01-01, plus the 15 leap days that 1900 and before lack
_SINCE_MARCH = 321


def local_microseconds(engine: Columns[E], text: E) -> E:
    """Return the local time of a text in microseconds since 1970, without its offset."""
    hour, minute, second = (
        engine.parsed_digits(engine.substring(text, start, 2)) for start in (12, 15, 18)
    )
    days = engine.sum(_day(engine, text), engine.value(-FIRST_DAY))
    minutes = engine.sum(engine.times(hour, 60), minute)
    seconds = engine.sum(engine.times(days, 86_400), engine.sum(engine.times(minutes, 60), second))
    fraction = engine.extracted(text, "[.]([0-9]{1,6})")
    padded = engine.substring(engine.joined([fraction, engine.value("000000")]), 1, 6)
    return engine.sum(engine.times(seconds, 10**6), engine.parsed_digits(padded))


def _offset(engine: Columns[E], text: E) -> E:
    """Return the offset of a text from UTC, in microseconds."""
    offset = engine.extracted(text, "([+-][0-9]{2}:[0-9]{2})$")
    digits = engine.without(engine.substring(offset, 2), ":")
    clock = engine.parsed_digits(digits)  # 830 is 8 h 30 min
    minutes = engine.sum(clock, engine.times(engine.divided(clock, 100), -40))
    size = engine.times(minutes, 60 * 10**6)
    behind = engine.equal(engine.substring(offset, 1, 1), engine.value("-"))
    utc = engine.equal(offset, engine.value(""))
    return engine.first_match([(utc, engine.value(0)), (behind, engine.times(size, -1))], size)
