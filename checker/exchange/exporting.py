"""The inverse of making overrides: what an override states, in notions.

Fragments are patterns. One whose parts the override has states its notion, if it explains a part
that no other has explained yet; what is left can't be stated.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from checker.exchange.names import as_title
from checker.exchange.overrides import override_of
from checker.exchange.patterns import Differs, bound
from checker.exchange.statements import NOT_EXPRESSED, Stated, Statement, Value
from checker.language.model.exchange.document import Entry, Exchange
from checker.language.model.exchange.fragments import Fragment, Place, parts, values_of
from checker.language.model.types import FIRST_DAY, LAST_DAY
from checker.language.resolve.periods import period
from checker.language.syntax.documents import Document, Path
from checker.language.syntax.localized import english
from checker.language.syntax.problems import Finding

Parts = dict[Place, Any]


def statements_of(document: Document, exchange: Exchange) -> tuple[Stated, tuple[Finding, ...]]:
    """Return what an override that has no errors states, and what of it no notion says.

    The problems have `at`, the place in the override: `rules.small-orders`.
    """
    have = parts(document.data)
    left, found = {*have}, {}
    for entry, pattern, constant in _patterns(exchange, have):
        if entry.notion in found or left.isdisjoint(pattern):
            continue
        try:
            value = bound(entry.notion, pattern, have)
        except Differs:
            continue
        value = value if constant is None else constant
        found[entry.notion] = _statement(entry, value, next(iter(pattern)), document)
        left -= pattern.keys()
    stated = _stated(document, [found[notion] for notion in exchange.says if notion in found])
    places = [place for place in have if place in left]
    return stated, tuple(_unsaid(document, stated, exchange, places))


def _patterns(exchange: Exchange, have: Parts) -> list[tuple[Entry, Parts, Value | None]]:
    """Return the fragments with what they state, None for what `<stated>` stands for.

    Those of many parts come first, and those that leave nothing open.
    """
    found: list[tuple[Entry, Parts, Value | None]] = []
    for entry in exchange.says.values():
        if not entry.values:
            found.append((entry, parts(entry.fragment), None))
        elif entry.form == "names":
            names = tuple(n for n, each in entry.values.items() if _is_among(each, have))
            found += [(entry, parts(entry.of(names)), names)] if names else []
        else:
            for text, fragment in entry.values.items():
                value = text == "true" if entry.form == "boolean" else text
                found.append((entry, parts(fragment), value))
    found = [each for each in found if each[1]]
    return sorted(found, key=lambda each: (-len(each[1]), each[2] is None))


def _is_among(fragment: Fragment, have: Parts) -> bool:
    """Return whether a scope has the values of a name's fragment, perhaps among others."""
    found = parts(fragment)
    return bool(found) and all(
        {*(values_of(test) or ())} <= {*(values_of(have.get(place)) or ())}
        for place, test in found.items()
    )


def _statement(entry: Entry, value: Any, place: Place, document: Document) -> Statement:
    path = _path(place, document)
    position = document.position(path, key=True)
    return Statement(entry.notion, value, ".".join(place), position, entry.currency)


def _stated(document: Document, statements: list[Statement]) -> Stated:
    start, end = period(document)
    return Stated(
        english(document.data.get("title", "")),
        document.id,
        document.position(),
        tuple(statements),
        first=date.fromordinal(start) if start > FIRST_DAY else None,
        last=date.fromordinal(end - 1) if end <= LAST_DAY else None,
    )


def _unsaid(
    document: Document, stated: Stated, exchange: Exchange, left: list[Place]
) -> Iterator[Finding]:
    """Yield a problem for each part that the statements do not make again."""
    data = document.data
    lost: list[Place] = [(key,) for key in ("note", "accept") if key in data]
    if data.get("title", "") != as_title(stated.name):
        lost.append(("title",))
    for place in (*lost, *left):
        path = _path(place, document)
        at = ".".join(place)
        position = document.position(path, key=True)
        yield Finding(position, f"`{at}` can't be stated", check=NOT_EXPRESSED, at=at)
    made = override_of(stated, exchange, document.id, document.version).data or {}
    ids = [rule["id"] for rule in data.get("rules", ()) if ("rules", rule["id"]) not in left]
    if [rule["id"] for rule in made.get("rules", ())] != ids:
        message = "the order of `rules` can't be stated"
        position = document.position(("rules",), key=True)
        yield Finding(position, message, check=NOT_EXPRESSED, at="rules")


def _path(place: Place, document: Document) -> Path:
    """Return the path to a place, in which rules stand by their number."""
    if place[0] != "rules":
        return place
    ids = [rule["id"] for rule in document.data["rules"]]
    return ("rules", ids.index(place[1]))
