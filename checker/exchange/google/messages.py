"""What JSON of Protocol Buffers allows (https://protobuf.dev/programming-guides/json/).

Fields go by their JSON names or those of the `.proto` file, enums by name or number, whole numbers
as numbers or text; null, and what is empty in a list or text, is a field that is not set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from checker.exchange.fields import Fields, Meaning, Member

_LETTER_AFTER = re.compile(r"_([a-z])")


def json_name(name: str) -> str:
    """Return the JSON name of a field: of `return_policy_id`, `returnPolicyId`; of `type_`, `type`.

    Google's client for Python adds the last `_`.
    """
    return _LETTER_AFTER.sub(lambda match: match[1].upper(), name.removesuffix("_"))


def members(
    fields: Fields, message: Member, names: Iterable[str], needs: Iterable[str] = ()
) -> dict[str, Member] | None:
    """Return those of its members that a message has, or None with a problem (`Fields.members`)."""
    return fields.members(*message, names, needs, json_name)


def enum(fields: Fields, member: Member, words: Mapping[str, Meaning]) -> Meaning | None:
    """Return what a member of an enum means; `words` are in its order, without its number 0."""
    value, path = member
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= len(words):
        return list(words.values())[value - 1]
    return fields.choice(value, path, words)


def whole(fields: Fields, member: Member, least: int, most: int) -> int | None:
    """Return a whole number from `least` to `most`, which may be written as text."""
    return fields.whole(*member, least, most, text=True)
