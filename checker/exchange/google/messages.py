"""What JSON of Protocol Buffers allows (https://protobuf.dev/programming-guides/json/).

Fields go by their JSON names or those of the `.proto` file, enums by name or number, whole numbers
as numbers or text; null, and what is empty in a list or text, is a field that is not set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from checker.exchange.data_text import Path
from checker.exchange.fields import Fields, Meaning, Take

_LETTER_AFTER = re.compile(r"_([a-z])")

Member = tuple[Any, Path]


def json_name(name: str) -> str:
    """Return the JSON name of a field: of `return_policy_id`, `returnPolicyId`; of `type_`, `type`.

    Google's client for Python adds the last `_`.
    """
    return _LETTER_AFTER.sub(lambda match: match[1].upper(), name.removesuffix("_"))


def take_message(fields: Fields, value: Any, path: Path, table: Mapping[str, Take]) -> None:
    """Take the fields of a message by either of their names."""
    names = {json_name(name): name for name in value} if isinstance(value, dict) else {}
    also = {name: table[known] for known, name in names.items() if known in table}
    fields.take(value, path, {**table, **also})


def members(
    fields: Fields, message: Member, names: Iterable[str], needs: Iterable[str] = ()
) -> dict[str, Member] | None:
    """Return those of the members `names` that a message has, each with its path.

    None, with a problem, where it is no message, or lacks one that it `needs`.
    """
    found: dict[str, Member] = {}

    def take(fields: Fields, value: Any, path: Path) -> None:
        found[json_name(str(path[-1]))] = (value, path)

    take_message(fields, *message, dict.fromkeys((*needs, *names), take))
    if not isinstance(message[0], dict):
        return None
    lacks = [name for name in needs if name not in found]
    for name in lacks:
        fields.odd(message[1], f"states no `{name}`")
    return None if lacks else found


def enum(fields: Fields, member: Member, words: Mapping[str, Meaning]) -> Meaning | None:
    """Return what a member of an enum means; `words` are in its order, without its number 0."""
    value, path = member
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= len(words):
        return list(words.values())[value - 1]
    return fields.choice(value, path, words)


def whole(fields: Fields, member: Member, least: int, most: int) -> int | None:
    """Return a whole number from `least` to `most`, which may be written as text."""
    return fields.whole(*member, least, most, text=True)
