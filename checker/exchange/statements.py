"""What a document of another format states: statements, notes, and what was not understood.

Every field of a document ends as one of the three. Nothing is guessed: a value that the format does
not define is a problem, a field that has no bearing on returns is a note or passed over as it is no
part of the return policy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from checker.language.syntax.problems import Finding, Position

NOT_UNDERSTOOD = "not-understood"  # the check of a problem that is about a statement
NOT_EXPRESSED = "not-expressed"  # the check of a part that no notion says

# a boolean, whole number, choice, hundredths of a currency unit, or names in the format's order
Value = bool | int | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A notion (see `notions`) with its value; `said` is how the document puts it.

    `currency` goes with money.
    """

    notion: str
    value: Value
    said: str
    position: Position
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What a document says besides, for people: no policy can be held to it."""

    text: str
    position: Position


@dataclass(frozen=True, slots=True)
class Stated:
    """One return policy of a document, in force from `first` up to and including `last`.

    `name` is what the document calls it, or is empty; `at` is where it stands in the document, in
    its own words (a JSON pointer). `season_of` is the same of all seasons of one policy, and empty
    where it has none. `unclear` are notions that tell what it is about, where it says something of
    them and nothing that is understood.
    """

    name: str
    at: str
    position: Position
    statements: tuple[Statement, ...] = ()
    notes: tuple[Note, ...] = ()
    problems: tuple[Finding, ...] = ()
    first: date | None = None
    last: date | None = None
    season_of: str = ""
    unclear: tuple[str, ...] = ()

    def value(self, notion: str) -> Value | None:
        """Return what it states of the notion, None where it says nothing."""
        return next((each.value for each in self.statements if each.notion == notion), None)


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a platform's document allows its sellers: by notion the values that they may choose.

    `categories` are those that it says so for, as the platform names them; none means all.
    """

    name: str
    at: str
    position: Position
    allowed: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    categories: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    problems: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A return that was handled: facts and the seller's response by name, as JSON has them.

    Without the columns that it `needs` it would say something else. One without any columns is
    left out, for what its `problems` say. `of` names the return where there may be several states
    of it, of which the one with the highest `stamp` counts.
    """

    columns: dict[str, Any]
    at: str
    position: Position
    notes: tuple[Note, ...] = ()
    problems: tuple[Finding, ...] = ()
    needs: tuple[str, ...] = ()
    of: str = ""
    stamp: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says; `problems` are those that are about no policy or record of it."""

    stated: tuple[Stated, ...] = ()
    parameters: tuple[Parameters, ...] = ()
    records: tuple[Record, ...] = ()
    problems: tuple[Finding, ...] = ()


def not_understood(position: Position, message: str, at: str, help: str | None = None) -> Finding:
    """Return the problem of a statement that the format does not define."""
    return Finding(position, message, help, check=NOT_UNDERSTOOD, at=at)


def seasons(base: Stated, seasonal: Iterable[Stated]) -> list[Stated]:
    """Return what is in force one after the other: each season, and the base before and after.

    `seasonal` have both dates, and do not overlap. What is wrong with the base is said once.
    """
    found: list[Stated] = []
    base = replace(base, season_of=f"{base.position} {base.at}")
    start = base.first
    for each in sorted(seasonal, key=lambda each: each.first or date.min):
        assert each.first and each.last
        before = each.first - timedelta(days=1)
        if start is None or start <= before:
            found.append(replace(base, first=start, last=before))
            base = replace(base, problems=())
        found.append(replace(each, season_of=base.season_of))
        start = each.last + timedelta(days=1)
    if base.last is None or start is None or start <= base.last:
        found.append(replace(base, first=start))
    return found
