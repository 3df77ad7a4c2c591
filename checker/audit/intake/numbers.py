"""Integers and amounts of money in raw columns, exact, of 18 digits at most.

Text spells integers as in the core schema of YAML 1.2: `12`, `+12`, `12.0`, `1.2e1`. An audit
refuses the hexadecimal and octal forms, like `0xC` and `0o14`.
"""

from __future__ import annotations

from checker.columns.base import Columns, E
from checker.language.syntax.scalars import MAX_DIGITS

_PLAIN = r"([-+]0{0,21}|0{0,22})[0-9]{1,18}"  # 40 characters at most, the limit of the language
_POINT = r"[-+]?(0*[0-9]{1,18}[.]0*|[.]0+)"  # `3.0`, as some programs write whole numbers
_POWER = r"[-+]?([.][0-9]+|[0-9]+([.][0-9]*)?)[eE][-+]?0*[0-9]{1,3}"
_ZERO = r"[-+]?[0.]+[eE].*"
_CENTS = ((r"[-+]?0*[0-9]{1,16}", 100), (r"[-+]?0*[0-9]{1,16}[.][0-9]", 10))


def integer_of(engine: Columns[E], raw: E, kind: str) -> E:
    """Return the integers of a column of numbers or texts, NULL where a value is no integer."""
    if kind == "integer":
        return engine.int64(raw)
    if kind == "float":
        return engine.scaled_float(raw, 0)
    if kind == "decimal":
        return engine.scaled_decimal(raw, 0)
    plain = engine.matches(raw, _PLAIN)
    short = engine.less(engine.length(raw), engine.value(MAX_DIGITS + 1))
    pointed = engine.every([engine.matches(raw, _POINT), short])
    powered = engine.every([engine.matches(raw, _POWER), short])
    rows = [
        (plain, engine.parsed_digits(engine.only_where(plain, raw))),
        (pointed, _before_the_point(engine, engine.only_where(pointed, raw))),
        (powered, _to_a_power(engine, engine.only_where(powered, raw))),
    ]
    return engine.first_match(rows, engine.absent(int))


def _before_the_point(engine: Columns[E], text: E) -> E:
    """Return the number before a decimal point that only zeros follow; 0 for an empty one."""
    sign_and_zero = engine.matches(text, "[-+]?[.].*")
    return engine.first_match(
        [(sign_and_zero, engine.value(0))], engine.parsed_digits(engine.extracted(text, "^([^.]*)"))
    )


def _to_a_power(engine: Columns[E], text: E) -> E:
    """Return the integer that digits with an exponent state, NULL where they state no integer.

    The exponent moves the decimal point; the result is the digits before it, and only zeros may
    follow.
    """
    before = engine.extracted(text, "^[-+]?([0-9]*)")
    behind = engine.extracted(text, "[.]([0-9]*)")
    power = engine.parsed_digits(engine.extracted(text, "[eE]([-+]?[0-9]+)$"))
    scale = engine.sum(power, engine.times(engine.length(behind), -1))
    significant = engine.extracted(engine.joined([before, behind]), "^([0-9]*[1-9])0*$")
    point = engine.sum(power, engine.length(before))
    padded = engine.joined([significant, engine.value("0" * (MAX_DIGITS + 18))])
    sign = engine.extracted(text, "^(-)")
    whole = engine.joined([sign, engine.value("0"), engine.prefix(padded, point)])
    zero = engine.matches(text, _ZERO)
    in_proportion = engine.inside(scale, -MAX_DIGITS, MAX_DIGITS)
    rows = [
        (engine.every([zero, in_proportion]), engine.value(0)),
        (zero, engine.absent(int)),
        (engine.less(point, engine.length(significant)), engine.absent(int)),
    ]
    return engine.first_match(rows, engine.parsed_number(whole, "-?0*[0-9]{1,18}"))


def money_of(engine: Columns[E], raw: E, kind: str) -> E:
    """Return the cents of a column of numbers or texts, NULL where a value is no amount."""
    if kind == "integer":
        whole = engine.int64(raw)
        fits = engine.inside(whole, 1 - 10**16, 10**16 - 1)
        return engine.first_match([(fits, engine.times(whole, 100))], engine.absent(int))
    if kind == "float":
        return engine.scaled_float(raw, 2)
    if kind == "decimal":
        return engine.scaled_decimal(raw, 2)
    cents = engine.without(raw, ".")
    two_places = engine.matches(raw, r"[-+]?0*[0-9]{1,16}[.][0-9]{2}")
    rows = [(two_places, engine.parsed_digits(cents))]
    rows += [
        (engine.matches(raw, pattern), engine.times(engine.parsed_digits(cents), factor))
        for pattern, factor in _CENTS
    ]
    cents_read = engine.first_match(rows, engine.absent(int))
    short = engine.less(engine.length(raw), engine.value(99))
    return engine.first_match([(short, cents_read)], engine.absent(int))


def money_text(engine: Columns[E], cents: E) -> E:
    """Return cents with two places: `99.00`."""
    return _pointed(engine, cents, 2)


def float_text(engine: Columns[E], number: E) -> E:
    """Return a float as the shortest decimal, NULL where that has too many digits."""
    whole = engine.scaled_float(number, 0)
    rows = [(engine.negation(engine.is_absent(whole)), engine.text(whole))]
    for places in (6, 2):  # more places leave fewer digits before the point (`scaled_float`)
        scaled = engine.scaled_float(number, places)
        needed = engine.extracted(_pointed(engine, scaled, places), "^(.*[1-9])0*$")
        rows.append((engine.negation(engine.is_absent(scaled)), needed))
    return engine.first_match(rows, engine.absent(str))


def _pointed(engine: Columns[E], number: E, places: int) -> E:
    """Return a number as text, with a decimal point before its last digits (`places`)."""
    negative = engine.less(number, engine.value(0))
    size = engine.first_match([(negative, engine.times(number, -1))], number)
    whole = engine.divided(size, 10**places)
    rest = engine.sum(
        engine.sum(size, engine.times(whole, -(10**places))), engine.value(10**places)
    )
    sign = engine.first_match([(negative, engine.value("-"))], engine.value(""))
    behind = engine.substring(engine.text(rest), 2, places)
    return engine.joined([sign, engine.text(whole), engine.value("."), behind])
