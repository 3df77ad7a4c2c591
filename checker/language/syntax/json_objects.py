"""Objects of JSON texts, whose names should be unique by RFC 8259."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any


class RepeatedKey(ValueError):
    """A key that one object has twice: readers disagree on which value counts."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the key `{key}` stands twice in one object")
        self.key = key


def unique_keys(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of its members, as `object_pairs_hook`.

    Raises:
        RepeatedKey: a key stands twice.
    """
    members = dict(pairs)
    if len(members) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        raise RepeatedKey(next(key for key, count in counts.items() if count > 1))
    return members
