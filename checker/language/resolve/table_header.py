"""What the header of a table of any form must be: names, each once, and not too many."""

from __future__ import annotations

from collections.abc import Sequence

from checker.language.syntax.problems import UsageError

MOST_COLUMNS = 10_000


def check_header(header: Sequence[str], place: str) -> None:
    """Check the names of a table's columns, in time linear in their number.

    Args:
        header: the names.
        place: the file, perhaps with the line, for the error.

    Raises:
        UsageError: there are too many, or a name is empty or stands twice.
    """
    if len(header) > MOST_COLUMNS:
        raise UsageError(
            f"{place}: found {len(header):,} columns; at most {MOST_COLUMNS:,} are read"
        )
    known: set[str] = set()
    for number, name in enumerate(header, 1):
        if not name:
            raise UsageError(f"{place}: the column {number} has no name")
        if name in known:
            raise UsageError(f"{place}: the column `{name}` stands twice")
        known.add(name)
