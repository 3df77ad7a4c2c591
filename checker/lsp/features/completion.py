"""Completion: the keys, names, operators, values and references that fit at the cursor."""

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
from checker.lsp.index.cursor import InsertionPoint, insertion_points
from checker.lsp.index.schema_at import (
    NameAnnotation,
    Schema,
    key_name,
    keys_at,
    schema_at,
    text_name,
    values_at,
)
from checker.lsp.index.symbols import Declaration, declarations, find_declaration, value_type
from checker.lsp.index.workspace import Snapshot

_MOMENTS = frozenset(["date", "datetime"])
# the types of facts that fit at a key which takes the name of a fact
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
    """A text that may be inserted in place of that from `start` to `end`."""

    label: str
    what: str
    detail: str
    insert: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word that fits, its kind, and its description."""

    word: str
    what: str
    detail: str = ""


def completion(
    text: str, offset: int, file: str, readable: Document | None, snapshot: Snapshot
) -> list[Candidate]:
    """Return what may be scalar_text at an offset.

    `readable` is the document as it could be read last; its data completes that of a broken text.
    """
    candidates: dict[str, Candidate] = {}
    for insertion in insertion_points(text, offset, file):
        data = {**insertion.document.data, **readable.data} if readable else insertion.document.data
        document = replace(insertion.document, data=data, cache={})
        schema, about = schema_at(document.kind, insertion.path)
        owner = find_declaration(*about, document, snapshot) if about[0] else None
        context = _CompletionContext(insertion, document, snapshot, schema, owner)
        for suggestion in _keys(context) if insertion.is_key else _values(context):
            if suggestion.word not in insertion.present:
                candidates.setdefault(suggestion.word, _candidate(suggestion, insertion))
    return [*candidates.values()]


def _candidate(suggestion: Suggestion, insertion: InsertionPoint) -> Candidate:
    insert = (
        suggestion.word
        if insertion.quoted or suggestion.what == "value"
        else flow_yaml(suggestion.word)
    )
    if insertion.is_key and not insertion.colon:
        insert = f"{insert}: "
    return Candidate(
        suggestion.word, suggestion.what, suggestion.detail, insert, insertion.start, insertion.end
    )


@dataclass(frozen=True, slots=True)
class _CompletionContext:
    """An insertion point with its schema, and the owner of the value there, like a fact."""

    insertion: InsertionPoint
    document: Document
    snapshot: Snapshot
    schema: Schema | None
    owner: Declaration | None

    @property
    def type(self) -> ValueType | None:
        return value_type(self.owner, self.snapshot) if self.owner else None

    def declarations(self, what: str) -> Iterator[tuple[Declaration, ValueType | None]]:
        """Yield the declarations of a kind with their types."""
        for declaration in declarations(what, self.document, self.snapshot).values():
            yield declaration, value_type(declaration, self.snapshot)


def _keys(context: _CompletionContext) -> Iterator[Suggestion]:
    kind = _referred(key_name(context.schema) if context.schema else None)
    if kind == "tested":
        yield from _tested(context)
    elif kind:
        yield from (
            _suggestion(declaration)
            for declaration, _ in context.declarations(kind)
            if not _is_fixed(declaration)
        )
    for key, meaning in keys_at(context.document.kind, context.insertion.path).items():
        if key not in OPERATORS:
            yield Suggestion(key, "key", meaning)
        elif context.type is None or not operator_error("", context.type, OPERATORS[key]):
            yield Suggestion(key, "operator", meaning)


def _referred(name: NameAnnotation | None) -> str:
    """Return the kind of name that is referred to, empty where the name is declared instead."""
    return name["kind"] if name and name.get("role") != "definition" else ""


def _tested(context: _CompletionContext) -> Iterator[Suggestion]:
    """Yield what a condition may test: parameters, and facts that are no part of a derived one."""
    facts_alone = context.insertion.path[:1] in (("scope",), ("invariants",))
    parts = {part for fact, _ in context.declarations("fact") for part in _parts(fact)}
    for declaration, type_ in context.declarations("fact" if facts_alone else "tested"):
        if not (type_ and type_.name == "datetime") and declaration.name not in parts:
            yield _suggestion(declaration)


def _parts(fact: Declaration) -> list[Any]:
    derive = fact.entry.get("derive") if isinstance(fact.entry, dict) else None
    return [derive.get(key) for key in ("days_from", "to")] if isinstance(derive, dict) else []


def _is_fixed(declaration: Declaration) -> bool:
    return isinstance(declaration.entry, dict) and declaration.entry.get("fixed") is True


def _values(context: _CompletionContext) -> Iterator[Suggestion]:
    kind = _referred(text_name(context.schema) if context.schema else None)
    for value in values_at(context.document.kind, context.insertion.path):
        yield Suggestion(value, "value")
    if kind in KINDS:
        yield from _references(kind, context.snapshot)
    elif kind in _SUGGESTIONS:
        yield from _SUGGESTIONS[kind](context)
    elif kind:
        yield from (_suggestion(declaration) for declaration, _ in context.declarations(kind))


def _values_of_type(context: _CompletionContext) -> Iterator[Suggestion]:
    """Yield the values of a type that lists them, or the usual one of another type."""
    type_, owner = context.type, context.owner
    if type_ is None or owner is None:
        return
    titles = owner.entry.get("titles")
    values = ("true", "false") if type_.name == "boolean" else type_.values
    for value in values:
        title = titles.get(value) if isinstance(titles, dict) else None
        yield Suggestion(
            value if type_.name == "boolean" else flow_yaml(value), "value", _text(title)
        )
    for key in ("typical", "default"):
        usual = owner.entry.get(key)
        if not values and isinstance(usual, str | int) and usual != "":
            yield Suggestion(
                flow_yaml(usual) if isinstance(usual, str) else scalar_text(usual), "value", key
            )


# the operators that take a set parameter in place of a list
_LISTS = [(row.name,) for row in OPERATORS.values() if row.shape is OperandShape.LIST]


def _parameters(context: _CompletionContext) -> Iterator[Suggestion]:
    """Yield the parameters that fit the tested subject; in a list, set parameters of that fact."""
    above = context.insertion.path[-2:-1]
    for declaration, type_ in context.declarations("parameter"):
        if context.owner is None or type_ is None or context.type is None:
            yield _suggestion(declaration)
        elif above in _LISTS:
            if type_.of == context.owner.name:
                yield _suggestion(declaration)
        elif fits(type_, context.type):
            yield _suggestion(declaration)


def _facts(context: _CompletionContext) -> Iterator[Suggestion]:
    """Yield the facts that fit the tested subject, or the key whose value they are."""
    expected_types = None if context.owner else _FACTS_AT.get(str(context.insertion.path[-1]))
    for declaration, type_ in context.declarations("fact"):
        is_fitting = type_ is None or context.type is None or fits(type_, context.type)
        if is_fitting and (expected_types is None or (type_ and type_.name in expected_types)):
            yield _suggestion(declaration)


def _references(kind: str, snapshot: Snapshot) -> Iterator[Suggestion]:
    """Yield references to documents of a kind: any version, one major version, or exactly one."""
    for document in snapshot.library.of_kind(kind):
        if document.id:
            title = _text(document.data.get("title"))
            major = document.version.partition(".")[0]
            for version in (f"@{major}", f"@{document.version}", "") if document.version else ("",):
                yield Suggestion(f"{document.id}{version}", kind, title)


def _clauses(context: _CompletionContext) -> Iterator[Suggestion]:
    for document in context.snapshot.library.of_kind("source"):
        clauses = document.data.get("clauses")
        for id, clause in clauses.items() if isinstance(clauses, dict) else ():
            gist = clause.get("gist") if isinstance(clause, dict) else None
            yield Suggestion(f"{document.id}#{id}", "clause", _text(gist))


def _finding_positions(context: _CompletionContext) -> Iterator[Suggestion]:
    """Yield the parts of a document that a finding may be at."""
    data = context.document.data
    for key in ("rules", "grounds", "entitlements", "terms"):
        entries = data.get(key)
        ids: Iterable[Any] = entries if isinstance(entries, dict) else ()
        if isinstance(entries, list):
            ids = [entry.get("id") for entry in entries if isinstance(entry, dict)]
        yield from (Suggestion(f"{key}.{id}", "place") for id in ids if isinstance(id, str))


def _checks(_: _CompletionContext) -> Iterator[Suggestion]:
    yield from (Suggestion(name, "check", check.meaning) for name, check in CHECKS.items())


_SUGGESTIONS: dict[str, Callable[[_CompletionContext], Iterator[Suggestion]]] = {
    "value": _values_of_type,
    "parameter": _parameters,
    "fact": _facts,
    "clause": _clauses,
    "place": _finding_positions,
    "check": _checks,
}


def _suggestion(declaration: Declaration) -> Suggestion:
    entry = declaration.entry if isinstance(declaration.entry, dict) else {}
    title = entry.get("title")
    if declaration.what == "definition":
        titles = declaration.document.data.get("titles")
        title = titles.get(declaration.name) if isinstance(titles, dict) else None
    return Suggestion(declaration.name, declaration.what, _text(title))


def _text(text: Any) -> str:
    """Return a title or note in one line, in each of its languages."""
    parts = text.values() if isinstance(text, dict) else [text]
    return " · ".join(part for part in parts if isinstance(part, str))
