"""What a document states, as an override of a policy, by the policy's exchange document.

Every statement is mapped, kept as a note, or a problem. An override is only made where there is no
problem in making it, and where it is about some case of the policy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from checker.exchange.mapping import Gathering, Mapped
from checker.exchange.names import Taken, as_title, id_of
from checker.exchange.statements import Note, Stated, not_understood
from checker.language.model.exchange.checks import problems_of_override
from checker.language.model.exchange.document import Exchange
from checker.language.model.exchange.fragments import put_together
from checker.language.model.types import FIRST_DAY, LAST_DAY
from checker.language.resolve.periods import period_problems
from checker.language.syntax.documents import Document
from checker.language.syntax.parser import Mark
from checker.language.syntax.problems import Finding

Scope = Mapping[str, Any]  # a test by fact


@dataclass(frozen=True, slots=True)
class Made:
    """What became of what is stated: an override's data, or None where there is none.

    `id` is the override's, also where there is none. `problems` are those of making it, not of
    reading the document; `unstated` are the notions that say something under the policy, on which
    the document is silent, also in other words.
    """

    stated: Stated
    id: str
    data: dict[str, Any] | None
    mapped: tuple[Mapped, ...]
    notes: tuple[Note, ...]
    problems: tuple[Finding, ...]
    unstated: tuple[str, ...]


def overrides_of(
    stated: Iterable[Stated],
    exchange: Exchange,
    id: str,
    scope: Scope | None = None,
    taken: Taken | None = None,
) -> list[Made]:
    """Return what the policies of a document become: an id each, and a version a season.

    Ids are made of their names, or are `id` where a name gives none; none is in `taken`, to which
    they are added.
    """
    taken = {} if taken is None else taken
    ids: dict[str, str] = {}
    seasons: Counter[str] = Counter()
    made = []
    for number, each in enumerate(stated):
        policy = each.season_of or str(number)
        if policy not in ids:
            ids[policy] = id_of(each.name, id, taken)
        made.append(override_of(each, exchange, ids[policy], f"1.{seasons[policy]}.0", scope))
        seasons[policy] += made[-1].data is not None
    return made


def override_of(
    stated: Stated,
    exchange: Exchange,
    id: str,
    version: str = "1.0.0",
    scope: Scope | None = None,
) -> Made:
    """Return what is stated as an override's data, its keys in their usual order.

    `scope` narrows it further, by fact.
    """
    found = Gathering(stated, exchange)
    order = {notion: number for number, notion in enumerate(exchange.says)}
    for each in sorted(stated.statements, key=lambda each: order.get(each.notion, len(order))):
        found.take(each)
    for fact, test in (scope or {}).items():
        found.put(("scope", fact), test, None)
    found.problems += _unclear(stated, exchange, scope or {})
    data: dict[str, Any] = {"kind": "override", "id": id, "version": version}
    data |= {"title": title} if (title := as_title(stated.name)) else {}
    data |= {"policy": exchange.reference, **_effective(stated), **put_together(found.parts)}
    if not found.problems and not found.outside:
        found.problems += _problems(data, found)
    return Made(
        stated,
        id,
        None if found.problems or found.outside else data,
        tuple(found.mapped),
        tuple(sorted([*stated.notes, *found.notes], key=lambda note: note.position)),
        tuple(sorted(found.problems, key=lambda problem: problem.position)),
        tuple(_unstated(found)),
    )


def _unclear(stated: Stated, exchange: Exchange, scope: Scope) -> Iterator[Finding]:
    """Yield why there is no override where one would be about more than the document is."""
    for notion in stated.unclear:
        entry = exchange.says.get(notion)
        for place in sorted(entry.places) if entry else ():
            if place[0] == "scope" and place[1] not in scope:
                message = f"no override is made, as its `{place[1]}` is not understood"
                help = f"`--scope {place[1]}=…` says what it is"
                yield not_understood(stated.position, message, stated.at, help)


def _unstated(found: Gathering) -> Iterator[str]:
    heard = {each.notion for each in found.stated.statements}
    for notion, entry in found.exchange.says.items():
        if notion not in heard and entry.places and entry.places.isdisjoint(found.parts):
            yield notion


def _effective(stated: Stated) -> dict[str, Any]:
    """Return when it is in force; `until` is the day after the last, open beyond the calendar."""
    days, first, last = {}, stated.first, stated.last
    if first and first.toordinal() >= FIRST_DAY:
        days["from"] = first.isoformat()
    if last and last.toordinal() < LAST_DAY:
        days["until"] = (last + timedelta(days=1)).isoformat()
    return {"effective": days} if days else {}


def _problems(data: dict[str, Any], found: Gathering) -> list[Finding]:
    """Return what is wrong with the override, each where the document states the reason."""
    stated = found.stated
    document = Document(stated.position.file, "", data, Mark(0, 0, {}, {}))
    problems = [*problems_of_override(document, found.exchange.policy), *period_problems(document)]
    return [_of_statement(each, found) for each in problems if each.severity == "error"]


def _of_statement(problem: Finding, found: Gathering) -> Finding:
    """Return the problem of an override as one of the statement that it comes from."""
    for place, statement in found.by.items():
        if statement and f"{problem.at}.".startswith(f"{'.'.join(place)}."):
            message = f"`{statement.said}` does not fit the policy: {problem.message}"
            return not_understood(statement.position, message, found.stated.at, problem.help)
    message = f"`{problem.at}`: {problem.message}"
    return not_understood(found.stated.position, message, found.stated.at, problem.help)
