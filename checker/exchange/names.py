"""Ids and titles of overrides, made from the names of policies in documents."""

from __future__ import annotations

import re
import unicodedata

_MAX_CHARACTERS = 80
_WORD = re.compile("[a-z0-9]+")

UsedIds = dict[str, int]  # ids, each with the last number that was appended to it


def id_of(name: str, default: str, used: UsedIds) -> str:
    """Return an unused id made from the name, and add it to the used ones.

    It is made from `default` where the name has no letter or digit.
    """
    base_id = unused_id = slug(name) or default
    while unused_id in used:
        used[base_id] += 1
        unused_id = f"{base_id}-{used[base_id]}"
    used[unused_id] = 1
    return unused_id


def slug(name: str) -> str:
    """Return the name as lower-case words joined by `-`: `Returns (DE)` is `returns-de`."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(_WORD.findall(ascii_name))[:_MAX_CHARACTERS].strip("-")


def as_title(name: str) -> str:
    """Return the name on one line, without unprintable characters."""
    printable = "".join(character if character.isprintable() else " " for character in name)
    return " ".join(printable.split())[: 2 * _MAX_CHARACTERS].strip()
