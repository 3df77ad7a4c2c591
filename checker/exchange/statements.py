"""What a document of another format states: statements, notes and problems.

Every field of a document becomes one of the three. Nothing is guessed: a value that the format does
not define is a problem. A field that is no part of the return policy, such as an id, is ignored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from checker.language.syntax.problems import Finding, Position

NOT_UNDERSTOOD = "not-understood"  # the check of a problem that is about a statement
NOT_EXPRESSED = "not-expressed"  # the check of a part that a format or notion can't state

# a boolean, a whole number (of money: hundredths of a currency unit), a choice, or names in order
Value = bool | int | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A notion (see `notions`) with its value.

    `source_text` is how the document writes it. An amount of money has a `currency`, unless it is
    zero.
    """

    notion: str
    value: Value
    source_text: str
    position: Position
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What a document says for people, and no notion states."""

    text: str
    position: Position


@dataclass(frozen=True, slots=True)
class StatedPolicy:
    """One return policy of a document, in force from `first` to `last`, both included.

    `name` is its name in the document, or empty. `at` is its place in the document, such as a JSON
    pointer. `season_of` is the same text for all seasons of one policy, empty for a policy without
    seasons. `unclear` are notions that narrow the policy's cases and that the document states in a
    way that is not understood.
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
        """Return the stated value of the notion, None where it is not stated."""
        values = (statement.value for statement in self.statements if statement.notion == notion)
        return next(values, None)

    def values(self, excluded: Collection[str] = ()) -> set[tuple[str, Value, str]]:
        """Return notion, value and currency of each statement, but of the excluded notions."""
        return {
            (statement.notion, statement.value, statement.currency)
            for statement in self.statements
            if statement.notion not in excluded
        }


@dataclass(frozen=True, slots=True)
class SellerChoices:
    """What a platform allows its sellers to choose: the values of each notion.

    `categories` are the platform's names of the categories of goods that this applies to; none
    means all.
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
    """A return that a seller handled: facts and the seller's response by name, in JSON types.

    A record without one of its `required_columns` would be misleading, and is left out. A record
    that is left out has no columns, and its `problems` say why. `return_id` identifies the return
    where there may be several states of it; the state with the highest `stamp` counts.
    """

    columns: dict[str, Any]
    at: str
    position: Position
    notes: tuple[Note, ...] = ()
    problems: tuple[Finding, ...] = ()
    required_columns: tuple[str, ...] = ()
    return_id: str = ""
    stamp: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What a file states; `problems` are those that belong to no policy, choice or record."""

    stated: tuple[StatedPolicy, ...] = ()
    choices: tuple[SellerChoices, ...] = ()
    records: tuple[Record, ...] = ()
    problems: tuple[Finding, ...] = ()


def not_understood(position: Position, message: str, at: str, help: str | None = None) -> Finding:
    """Return the problem of something that the format does not define; `at` is its JSON pointer."""
    return Finding(position, message, help, check=NOT_UNDERSTOOD, at=at)


def not_expressed(stated: StatedPolicy, message: str, at: str, help: str | None = None) -> Finding:
    """Return the problem of a part of an override that a format can't state."""
    return Finding(stated.position, message, help, check=NOT_EXPRESSED, at=at)


def periods_not_expressed(versions: Sequence[StatedPolicy]) -> Iterator[Finding]:
    """Yield what a format without dates of policies can't state of the periods of versions.

    That is a first day, a last day, and time between two versions, which are in order of time.
    """
    first, last = versions[0], versions[-1]
    if first.first:
        yield not_expressed(first, "the day from which it holds can't be said", "effective.from")
    if last.last:
        yield not_expressed(last, "the day until which it holds can't be said", "effective.until")
    for version, successor in pairwise(versions):
        if version.last is None or successor.first != version.last + timedelta(days=1):
            message = "does not begin on the day after the version before it ends"
            yield not_expressed(successor, message, "effective")


def seasons(base: StatedPolicy, seasonal: Iterable[StatedPolicy]) -> list[StatedPolicy]:
    """Return the versions of a policy in the order of time: its seasons, and the base between them.

    `seasonal` have both dates, and do not overlap. Problems of the base are in its first version.
    """
    versions: list[StatedPolicy] = []
    base = replace(base, season_of=f"{base.position} {base.at}")
    start = base.first
    for season in sorted(seasonal, key=lambda season: season.first or date.min):
        assert season.first and season.last
        day_before = season.first - timedelta(days=1)
        if start is None or start <= day_before:
            versions.append(replace(base, first=start, last=day_before))
            base = replace(base, problems=())
        versions.append(replace(season, season_of=base.season_of))
        start = season.last + timedelta(days=1)
    if base.last is None or start is None or start <= base.last:
        versions.append(replace(base, first=start))
    return versions
