"""Patterns for the numbers of an interval, as JSON Schema knows no bounds of text.

They are of ECMA-262 and of Python alike, for whole numbers from 0 without sign.
"""

from __future__ import annotations

from collections.abc import Iterator


def whole_numbers(low: int, high: int | None) -> str:
    """Return a pattern, without anchors, for the numbers from `low` to `high`; None is no end."""
    low = max(low, 0)
    if high is not None and high < low:
        return _NEVER
    return f"0*(?:{'|'.join(_alternatives(low, high))})"


_NEVER = r"[^\s\S]"


def _alternatives(low: int, high: int | None) -> Iterator[str]:
    """Yield patterns for numbers of one length each, without leading zeros."""
    if high is None:
        yield from _same_length(str(low), "9" * len(str(low)))
        yield f"[1-9][0-9]{{{len(str(low))},}}"
        return
    start = low
    while start <= high:
        end = min(high, 10 ** len(str(start)) - 1)
        yield from _same_length(str(start), str(end))
        start = end + 1


def _same_length(low: str, high: str) -> Iterator[str]:
    """Yield patterns for the numbers between two of as many digits."""
    if low == high:
        yield low
        return
    if len(low) == 1:
        yield _digits(int(low), int(high))
        return
    first, last, rest = int(low[0]), int(high[0]), len(low) - 1
    if first == last:
        yield from (f"{first}{each}" for each in _same_length(low[1:], high[1:]))
        return
    if low[1:] != "0" * rest:
        yield from (f"{first}{each}" for each in _same_length(low[1:], "9" * rest))
        first += 1
    full = last if high[1:] == "9" * rest else last - 1
    if first <= full:
        yield _digits(first, full) + (f"[0-9]{{{rest}}}" if rest > 1 else "[0-9]")
    if full < last:
        yield from (f"{last}{each}" for each in _same_length("0" * rest, high[1:]))


def _digits(low: int, high: int) -> str:
    return str(low) if low == high else f"[{low}-{high}]"


def amounts(low: int, high: int | None) -> str:
    """Return a pattern, without anchors, for amounts of money from `low` to `high` cents."""
    low = max(low, 0)
    if high is not None and high < low:
        return _NEVER
    whole, cents = divmod(low, 100)
    if high is not None and high // 100 == whole:
        return f"0*{whole}{_cents(cents, high % 100)}"
    parts = [f"0*{whole}{_cents(cents, 99)}"]
    if high is None or whole + 1 <= high // 100 - 1:
        between = whole_numbers(whole + 1, None if high is None else high // 100 - 1)
        parts.append(between + _cents(0, 99))
    if high is not None:
        parts.append(f"0*{high // 100}{_cents(0, high % 100)}")
    return f"(?:{'|'.join(parts)})"


def _cents(low: int, high: int) -> str:
    """Return a pattern for what may follow the whole part: nothing is no cents, `.5` is fifty."""
    if (low, high) == (0, 99):
        return r"(?:\.[0-9]{1,2})?"
    tenths = [str(each) for each in range(10) if low <= each * 10 <= high]
    pairs = [*_same_length(f"{low:02d}", f"{high:02d}")]
    pattern = rf"\.(?:{'|'.join([*tenths, *pairs])})"
    return f"(?:{pattern})?" if low == 0 else pattern
