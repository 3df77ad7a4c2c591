"""Values and phrases of the auditor's page as pairs: English and Chinese.

`dom.js` has the same functions for the script.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from checker.report.audit_page.catalog import COUNTED, UNITS, WORDS

# Control characters, separators of lines and paragraphs, and marks of the direction of writing.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

Pair = tuple[Any, Any]  # English, Chinese: each a text or safe markup


def number(value: int) -> str:
    """Return an integer with separators of thousands, the same in both languages."""
    return f"{value:,}"


def percent(rate: str | None) -> str:
    """Return a rate of four decimals as a percentage of two decimals; a dash for None."""
    if rate is None:
        return "–"
    integer, _, fraction = rate.partition(".")
    digits = str(int(integer + fraction.ljust(4, "0")[:4])).zfill(3)
    return f"{digits[:-2]}.{digits[-2:]}%"


def visible(text: str) -> str:
    """Return a text whose control characters and marks of direction are shown by their numbers."""
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def counted(value: int, noun: str) -> Pair:
    """Return a number with its noun, one of COUNTED."""
    singular, plural, chinese = COUNTED[noun]
    return f"{number(value)} {singular if value == 1 else plural}", f"{number(value)} {chinese}"


def duration(minutes: int) -> Pair:
    """Return a length of time in days, hours and minutes, without the units that are 0."""
    english, chinese, rest = [], [], minutes
    for length, unit, unit_chinese in UNITS:
        count, rest = divmod(rest, length)
        if count:
            english.append(f"{count} {unit}")
            chinese.append(f"{count} {unit_chinese}")
    return " ".join(english) or "0", " ".join(chinese) or "0"


def bucket(entry: Mapping[str, Any]) -> Pair:
    """Return the phrase of a bucket: from `from` up to `to` minutes, or without an end."""
    low = duration(entry["from"])
    if entry["to"] is None:
        return phrase("or_more", {"from": low})
    return phrase("range", {"from": low, "to": duration(entry["to"])})


def phrase(key: str, values: Mapping[str, Any]) -> Pair:
    """Return the phrase of `key` with its values filled in; a value may be a pair."""
    return tuple(
        _filled(words, {name: _side(value, side) for name, value in values.items()})
        for side, words in enumerate(WORDS[key])
    )


def _filled(words: str, values: Mapping[str, Any]) -> Any:
    """Return the phrase in one language: markup, with the rest escaped, where a value is."""
    kinds = (type(value) for value in values.values() if hasattr(value, "__html__"))
    return next(kinds, str)(words).format(**values)


def _side(value: Any, side: int) -> Any:
    """Return the value in one language."""
    return value[side] if isinstance(value, tuple) else value
