"""A changed text as a patch: a unified diff that `git apply` and `patch -p1` take."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

_NO_BREAK = "\\ No newline at end of file\n"


def patch(old: str, new: str, name: str) -> str:
    """Return the diff from one text of the file `name` to another, empty where they are equal."""
    # a name with a space ends in a tab, or `patch` takes what follows the space for a date
    name = name.lstrip("/") + ("\t" if " " in name else "")
    lines = unified_diff(_lines(old), _lines(new), f"a/{name}", f"b/{name}")
    return "".join(_ended(lines))


def _lines(text: str) -> list[str]:
    """Return the lines as diffs count them: `splitlines` would also split at form feeds."""
    *lines, last = text.split("\n")
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def _ended(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n{_NO_BREAK}"
