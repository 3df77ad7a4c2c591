"""What may be written at a place: keys, names, operators and values that fit, and references."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from checker.language.checks import CHECKS
from checker.language.formatter.edit_in_place import flow_yaml
from checker.language.model.operators import OPERATORS, OperandShape
from checker.language.model.typecheck import fits, operator_error
from checker.language.model.types import ValueType
from checker.language.syntax.documents import KINDS, Document
from checker.language.syntax.scalars import scalar_text
from checker.lsp.index.cursor import Opening, openings
from checker.lsp.index.schema_at import (
    NameAnnotation,
    Schema,
    key_name,
    keys_at,
    schema_at,
    text_name,
    values_at,
)
from checker.lsp.index.symbols import Meaning, known, named, value_type
from checker.lsp.index.workspace import Snapshot

_MOMENTS = frozenset(["date", "datetime"])
# which facts go where a document names one by itself, by the key
_FACTS_AT = {
    "of": frozenset(["enum"]),
    "fact": frozenset(["enum"]),
    "from": frozenset(["datetime"]),
    "until": frozenset(["datetime"]),
    "as_of": _MOMENTS,
    "days_from": _MOMENTS,
    "to": _MOMENTS,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be written in place of what stands from `start` to `end`."""

    label: str
    what: str
    detail: str
    insert: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A word that fits, what it is, and what is said of it."""

    word: str
    what: str
    detail: str = ""


def completion(
    text: str, offset: int, file: str, good: Document | None, snapshot: Snapshot
) -> list[Candidate]:
    """Return what may be written at an offset; `good` is the document as it was last read."""
    found: dict[str, Candidate] = {}
    for opening in openings(text, offset, file):
        whole = {**opening.document.data, **good.data} if good else opening.document.data
        document = replace(opening.document, data=whole, cache={})
        schema, about = schema_at(document.kind, opening.path)
        of = named(*about, document, snapshot) if about[0] else None
        place = _Place(opening, document, snapshot, schema, of)
        for each in _keys(place) if opening.is_key else _values(place):
            if each.word not in opening.present:
                found.setdefault(each.word, _candidate(each, opening))
    return [*found.values()]


def _candidate(offer: Offer, opening: Opening) -> Candidate:
    insert = offer.word if opening.quoted or offer.what == "value" else flow_yaml(offer.word)
    if opening.is_key and not opening.colon:
        insert = f"{insert}: "
    return Candidate(offer.word, offer.what, offer.detail, insert, opening.start, opening.end)


@dataclass(frozen=True, slots=True)
class _Place:
    """An opening with its schema; `of` is what a value there would be a value of."""

    opening: Opening
    document: Document
    snapshot: Snapshot
    schema: Schema | None
    of: Meaning | None

    @property
    def type(self) -> ValueType | None:
        return value_type(self.of, self.snapshot) if self.of else None

    def known(self, what: str) -> Iterator[tuple[Meaning, ValueType | None]]:
        for each in known(what, self.document, self.snapshot).values():
            yield each, value_type(each, self.snapshot)


def _keys(place: _Place) -> Iterator[Offer]:
    kind = _referred(key_name(place.schema) if place.schema else None)
    if kind == "tested":
        yield from _tested(place)
    elif kind:
        yield from (_offer(each) for each, _ in place.known(kind) if not _is_fixed(each))
    for key, meaning in keys_at(place.document.kind, place.opening.path).items():
        if key not in OPERATORS:
            yield Offer(key, "key", meaning)
        elif place.type is None or not operator_error("", place.type, OPERATORS[key]):
            yield Offer(key, "operator", meaning)


def _referred(name: NameAnnotation | None) -> str:
    """Return the kind of names that are referred to; no name is offered where it is defined."""
    return name["kind"] if name and name.get("role") != "definition" else ""


def _tested(place: _Place) -> Iterator[Offer]:
    """Yield what a condition may test: facts, but none by its parts, and parameters."""
    facts_alone = place.opening.path[:1] in (("scope",), ("invariants",))
    parts = {part for each, _ in place.known("fact") for part in _parts(each)}
    for each, type_ in place.known("fact" if facts_alone else "tested"):
        if not (type_ and type_.name == "datetime") and each.name not in parts:
            yield _offer(each)


def _parts(fact: Meaning) -> list[Any]:
    derive = fact.entry.get("derive") if isinstance(fact.entry, dict) else None
    return [derive.get(key) for key in ("days_from", "to")] if isinstance(derive, dict) else []


def _is_fixed(found: Meaning) -> bool:
    return isinstance(found.entry, dict) and found.entry.get("fixed") is True


def _values(place: _Place) -> Iterator[Offer]:
    kind = _referred(text_name(place.schema) if place.schema else None)
    for value in values_at(place.document.kind, place.opening.path):
        yield Offer(value, "value")
    if kind in KINDS:
        yield from _references(kind, place.snapshot)
    elif kind in _OFFERS:
        yield from _OFFERS[kind](place)
    elif kind:
        yield from (_offer(each) for each, _ in place.known(kind))


def _values_of(place: _Place) -> Iterator[Offer]:
    """Yield the values of a type that lists them, and the usual one of others."""
    type_, of = place.type, place.of
    if type_ is None or of is None:
        return
    titles = of.entry.get("titles")
    values = ("true", "false") if type_.name == "boolean" else type_.values
    for value in values:
        title = titles.get(value) if isinstance(titles, dict) else None
        yield Offer(value if type_.name == "boolean" else flow_yaml(value), "value", _text(title))
    for key in ("typical", "default"):
        usual = of.entry.get(key)
        if not values and isinstance(usual, str | int) and usual != "":
            yield Offer(
                flow_yaml(usual) if isinstance(usual, str) else scalar_text(usual), "value", key
            )


# the operators that take a set parameter in place of a list
_LISTS = [(row.name,) for row in OPERATORS.values() if row.shape is OperandShape.LIST]


def _parameters(place: _Place) -> Iterator[Offer]:
    """Yield the parameters that fit what is tested; in a list of values, sets of that fact."""
    above = place.opening.path[-2:-1]
    for each, type_ in place.known("parameter"):
        if place.of is None or type_ is None or place.type is None:
            yield _offer(each)
        elif above in _LISTS:
            if type_.of == place.of.name:
                yield _offer(each)
        elif fits(type_, place.type):
            yield _offer(each)


def _facts(place: _Place) -> Iterator[Offer]:
    """Yield the facts that fit what is tested, or the key that they stand at."""
    wanted = None if place.of else _FACTS_AT.get(str(place.opening.path[-1]))
    for each, type_ in place.known("fact"):
        fitting = type_ is None or place.type is None or fits(type_, place.type)
        if fitting and (wanted is None or (type_ and type_.name in wanted)):
            yield _offer(each)


def _references(kind: str, snapshot: Snapshot) -> Iterator[Offer]:
    """Yield references to documents of a kind: any version, one major version, or exactly one."""
    for each in snapshot.library.of_kind(kind):
        if each.id:
            title = _text(each.data.get("title"))
            major = each.version.partition(".")[0]
            for version in (f"@{major}", f"@{each.version}", "") if each.version else ("",):
                yield Offer(f"{each.id}{version}", kind, title)


def _clauses(place: _Place) -> Iterator[Offer]:
    for each in place.snapshot.library.of_kind("source"):
        clauses = each.data.get("clauses")
        for id, clause in clauses.items() if isinstance(clauses, dict) else ():
            gist = clause.get("gist") if isinstance(clause, dict) else None
            yield Offer(f"{each.id}#{id}", "clause", _text(gist))


def _places(place: _Place) -> Iterator[Offer]:
    """Yield the places of a document that a finding may be at."""
    data = place.document.data
    for key in ("rules", "grounds", "entitlements", "terms"):
        entries = data.get(key)
        ids: Iterable[Any] = entries if isinstance(entries, dict) else ()
        if isinstance(entries, list):
            ids = [each.get("id") for each in entries if isinstance(each, dict)]
        yield from (Offer(f"{key}.{id}", "place") for id in ids if isinstance(id, str))


def _checks(_: _Place) -> Iterator[Offer]:
    yield from (Offer(name, "check", check.meaning) for name, check in CHECKS.items())


_OFFERS: dict[str, Callable[[_Place], Iterator[Offer]]] = {
    "value": _values_of,
    "parameter": _parameters,
    "fact": _facts,
    "clause": _clauses,
    "place": _places,
    "check": _checks,
}


def _offer(found: Meaning) -> Offer:
    entry = found.entry if isinstance(found.entry, dict) else {}
    title = entry.get("title")
    if found.what == "definition":
        titles = found.document.data.get("titles")
        title = titles.get(found.name) if isinstance(titles, dict) else None
    return Offer(found.name, found.what, _text(title))


def _text(text: Any) -> str:
    """Return a text for people on one line, in each of its languages."""
    parts = text.values() if isinstance(text, dict) else [text]
    return " · ".join(each for each in parts if isinstance(each, str))
