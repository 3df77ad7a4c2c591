"""The parts of an override, gathered statement by statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from checker.exchange.statements import Note, Stated, Statement, not_understood
from checker.language.model.exchange.document import Entry, Exchange
from checker.language.model.exchange.fragments import Place, one_of, parts, values_of
from checker.language.syntax.localized import english
from checker.language.syntax.problems import Finding


@dataclass(frozen=True, slots=True)
class Mapped:
    """A statement and where in the override it is said, as `settings.window_days`; perhaps not."""

    statement: Statement
    places: tuple[str, ...]


@dataclass(slots=True)
class Gathering:
    """What has been made of the statements so far; `by` is who says what stands at a place.

    `outside` says that there is no override: it would be about no case of the policy.
    """

    stated: Stated
    exchange: Exchange
    parts: dict[Place, Any] = field(default_factory=dict)
    by: dict[Place, Statement | None] = field(default_factory=dict)
    mapped: list[Mapped] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    outside: bool = False

    def take(self, statement: Statement) -> None:
        """Put the statement in its places, or keep it as a note, or say why neither can be."""
        entry, first = self.exchange.says.get(statement.notion), self._first(statement.notion)
        if entry is None:
            self._note(statement, f"nothing in `{self.exchange.policy.id}` is about it")
        elif first.value != statement.value:
            self._problem(statement, f"does not go with `{first.said}`")
        elif _is_foreign(statement, entry):
            self._problem(statement, f"is no amount in {entry.currency}")
        else:
            self._say(statement, entry)

    def put(self, place: Place, value: Any, by: Statement | None) -> None:
        """Put a part in its place; the values of a fact are those that all leave."""
        values = values_of(value) if place[0] == "scope" else None
        value = value if values is None else one_of(values)
        before = self.parts.setdefault(place, value)
        author = self.by.setdefault(place, by)
        if before == value:
            return
        its = values_of(before)
        if values is not None and its is not None:
            both = [each for each in its if each in values]
            self.parts[place] = one_of(both)
            if not both:
                self._no_case(by or author)
            return
        said = f"`{author.said}`" if author else "what is asked for"
        if by:
            self._problem(by, f"does not go with {said}: both say `{'.'.join(place)}`")
        elif author:
            self._problem(author, f"does not go with the `{place[-1]}` that is asked for")

    def _say(self, statement: Statement, entry: Entry) -> None:
        value = self._known(statement, entry)
        if value is None:
            self.outside = True
            return
        fragments = entry.chosen(value)
        for each in fragments:
            if "outside" in each:
                self.outside = True
                self._note(statement, english(each["outside"]))
            if "note" in each:
                self._note(statement, english(each["note"]))
        found = parts(entry.of(value))
        for place, part in found.items():
            self.put(place, part, statement)
        if found or not any({"note", "outside"} & each.keys() for each in fragments):
            places = tuple(".".join(place) for place in found)
            self.mapped.append(Mapped(statement, places))

    def _known(self, statement: Statement, entry: Entry) -> Any:
        """Return what the policy speaks of in the value, None where that is nothing."""
        if entry.known is None:
            return statement.value
        value = statement.value
        names = value if isinstance(value, tuple) else (str(value),)
        for name in names:
            if name not in entry.known:
                why = entry.values.get(name, {}).get("outside", "")
                here = f"`{name}` is not under `{self.exchange.policy.id}`"
                self._note(statement, f"{here}: {english(why)}" if why else here)
        known = tuple(name for name in names if name in entry.known)
        if isinstance(value, tuple):
            return known or None
        return value if known else None

    def _first(self, notion: str) -> Statement:
        """Return the first statement of the notion."""
        return next(each for each in self.stated.statements if each.notion == notion)

    def _no_case(self, statement: Statement | None) -> None:
        self.outside = True
        if statement:
            self._note(statement, "leaves no case")

    def _note(self, statement: Statement, text: str) -> None:
        self.notes.append(Note(f"`{statement.said}`: {text}", statement.position))

    def _problem(self, statement: Statement, why: str) -> None:
        message = f"`{statement.said}` {why}"
        self.problems.append(not_understood(statement.position, message, self.stated.at))


def _is_foreign(statement: Statement, entry: Entry) -> bool:
    """Return whether it is an amount in another currency; nothing is the same in each."""
    if entry.form != "money" or not statement.value:
        return False
    return entry.currency not in ("", statement.currency)
