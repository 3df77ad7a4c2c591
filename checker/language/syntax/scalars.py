"""Plain scalars by the YAML 1.2 core schema (https://yaml.org/spec/1.2.2/#103-core-schema).

Unlike YAML 1.1, `no`, `on`, `12:30` and `2024-08-19` are strings. A number with a fraction
is an exact decimal, and one without a remainder (`3.0`) is an integer.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

Scalar = str | int | bool | Decimal | None

MAX_DIGITS = 40  # characters of a number
_NULLS = frozenset(["", "~", "null", "Null", "NULL"])
_BOOLEANS = {
    text: value
    for value, texts in ((True, "true True TRUE"), (False, "false False FALSE"))
    for text in texts.split()
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL_OR_HEX = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def resolve_scalar(text: str) -> Scalar:
    """Return the value of a plain scalar by the YAML 1.2 core schema.

    Raises:
        ValueError: `.nan`, `.inf`, or a number with too many digits or too large an exponent.
    """
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"`{text}`, which is no number that can be compared")
    if _INTEGER.fullmatch(text):
        return int(_short_enough(text))
    if _OCTAL_OR_HEX.fullmatch(text):
        return int(_short_enough(text), 0)
    if _DECIMAL.fullmatch(text):
        return exact_number(_short_enough(text))
    return text


def exact_number(text: str) -> int | Decimal:
    """Return the decimal number `text` exactly, as an integer where it is a whole number.

    Raises:
        ValueError: its exponent is larger than MAX_DIGITS.
    """
    try:
        number = Decimal(text)
    except InvalidOperation:  # an exponent beyond what decimals hold
        number = Decimal("NaN")
    if number.is_nan() or abs(number.adjusted()) > MAX_DIGITS:
        raise ValueError(f"`{text}`, a number out of all proportion")
    return int(number) if number == number.to_integral_value() else number


def scalar_text(data: Any) -> str:
    """Return a scalar as a document writes it: `true`, not `True`."""
    return str(data).lower() if isinstance(data, bool) else str(data)


def is_quoted_scalar(data: Any) -> bool:
    """Return whether `data` is a text that without quotes would be true, false or a number."""
    if not isinstance(data, str) or not data:
        return False
    try:
        return not isinstance(resolve_scalar(data), str | None)
    except ValueError:
        return False


def found_text(data: Any) -> str:
    """Return data as messages name what was found: "`2w`", "a list"."""
    if data is None:
        return "nothing"
    if isinstance(data, dict):
        return "an empty map" if not data else "a map"
    if isinstance(data, list):
        return "an empty list" if not data else "a list"
    text = scalar_text(data)
    return f"`{text}`" if len(text) <= 80 else f"`{text[:77]}…`"


def found_instead_of(data: Any, value_type: type | tuple[type, ...], expected: str) -> str:
    """Return the message about data that are not of a type.

    Quotes around a value of that type are shown, as they are what is wrong.
    """
    if is_quoted_scalar(data) and isinstance(resolve_scalar(data), value_type):
        return f'found the text `"{data}"`, expected {expected} without quotes'
    return f"found {found_text(data)}, expected {expected}"


def _short_enough(text: str) -> str:
    if len(text) > MAX_DIGITS:
        raise ValueError(f"a number of {len(text)} digits; at most {MAX_DIGITS} are read")
    return text
