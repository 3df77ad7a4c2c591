"""Reads messages in the JSON format of Protocol Buffers.

A field has its JSON name or its name in the `.proto` file. An enum is a name or a number, a whole
number is a number or a text. Null, an empty list and an empty text are the same as no field.
Source: https://protobuf.dev/programming-guides/json/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from checker.exchange.fields import Fields, Meaning, Member

_LETTER_AFTER = re.compile(r"_([a-z])")


def json_name(name: str) -> str:
    """Return the JSON name of a field: `returnPolicyId` for `return_policy_id`, `type` for `type_`.

    Google's client for Python adds a final `_` to names that Python reserves.
    """
    return _LETTER_AFTER.sub(lambda match: match[1].upper(), name.removesuffix("_"))


def members(
    fields: Fields, message: Member, optional: Iterable[str], required: Iterable[str] = ()
) -> dict[str, Member] | None:
    """Return the members of a message by JSON name, or None with a problem (`Fields.members`)."""
    return fields.members(*message, optional, required, json_name)


def enum(fields: Fields, member: Member, words: Mapping[str, Meaning]) -> Meaning | None:
    """Return the meaning of an enum's value, or None with a problem.

    `words` are the names of the enum in its order, from number 1.
    """
    value, path = member
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= len(words):
        return list(words.values())[value - 1]
    return fields.choice(value, path, words)


def integer(fields: Fields, member: Member, least: int, most: int) -> int | None:
    """Return a whole number from `least` to `most`, which may be written as text."""
    return fields.integer(*member, least, most, text=True)
