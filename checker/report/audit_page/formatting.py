"""Phrases of the auditor's page as pairs: English and Chinese.

The script says the same in `dom.js`, function for function.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from checker.report.audit_page.catalog import COUNTED, UNITS, WORDS

# Controls, ends of lines and of paragraphs, and marks that change the direction of writing.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

Pair = tuple[Any, Any]  # English, Chinese: each a text, or markup that is safe


def number(value: int) -> str:
    """Return a whole number with its thousands set apart, the same in both languages."""
    return f"{value:,}"


def percent(rate: str | None) -> str:
    """Return a rate of four decimals as a percentage of two: nothing is lost; a dash for None."""
    if rate is None:
        return "–"
    whole, _, places = rate.partition(".")
    digits = str(int(whole + places.ljust(4, "0")[:4])).zfill(3)
    return f"{digits[:-2]}.{digits[-2:]}%"


def visible(text: str) -> str:
    """Return a text with what would hide, or turn the rest round, shown by its number."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def counted(value: int, noun: str) -> Pair:
    """Return a number with its noun, one of COUNTED."""
    one, many, chinese = COUNTED[noun]
    return f"{number(value)} {one if value == 1 else many}", f"{number(value)} {chinese}"


def duration(minutes: int) -> Pair:
    """Return a length of time in days, hours and minutes, as many of them as it takes."""
    english, chinese, rest = [], [], minutes
    for length, unit, unit_chinese in UNITS:
        count, rest = divmod(rest, length)
        if count:
            english.append(f"{count} {unit}")
            chinese.append(f"{count} {unit_chinese}")
    return " ".join(english) or "0", " ".join(chinese) or "0"


def bucket(entry: Mapping[str, Any]) -> Pair:
    """Return the times from `from` up to `to` minutes, which None leaves open."""
    low = duration(entry["from"])
    if entry["to"] is None:
        return phrase("or_more", {"from": low})
    return phrase("range", {"from": low, "to": duration(entry["to"])})


def phrase(key: str, values: Mapping[str, Any]) -> Pair:
    """Return the words of `key` with the values put in; a value may be a pair itself."""
    return tuple(
        _filled(words, {name: _side(value, side) for name, value in values.items()})
        for side, words in enumerate(WORDS[key])
    )


def _filled(words: str, values: Mapping[str, Any]) -> Any:
    """Return the words filled in; where a value is markup, so is the result, the rest escaped."""
    kinds = (type(value) for value in values.values() if hasattr(value, "__html__"))
    return next(kinds, str)(words).format(**values)


def _side(value: Any, side: int) -> Any:
    return value[side] if isinstance(value, tuple) else value
