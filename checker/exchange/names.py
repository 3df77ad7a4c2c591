"""Ids and titles made of the names that documents give their policies."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 80
_WORD = re.compile("[a-z0-9]+")


Taken = dict[str, int]  # ids, each with the last number that was put behind it


def id_of(name: str, default: str, taken: Taken) -> str:
    """Return an id made of the name, or `default` where it has no letters; none of those taken.

    It is added to those.
    """
    id = found = slug(name) or default
    while found in taken:
        taken[id] += 1
        found = f"{id}-{taken[id]}"
    taken[found] = 1
    return found


def slug(name: str) -> str:
    """Return the name as lower-case words joined by `-`: `Returns (DE)` is `returns-de`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(_WORD.findall(plain))[:_LONGEST].strip("-")


def as_title(name: str) -> str:
    """Return the name on one line, without what can't be printed."""
    plain = "".join(each if each.isprintable() else " " for each in name)
    return " ".join(plain.split())[: 2 * _LONGEST].strip()
