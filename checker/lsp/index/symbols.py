"""What names mean: which document declares them, where, and what it says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.language.model.types import ValueType
from checker.language.model.vocabulary import read_range
from checker.language.syntax.documents import KINDS, Document, Path, Reporter
from checker.lsp.index.names import Name
from checker.lsp.index.schema_at import definitions
from checker.lsp.index.workspace import Snapshot

Symbol = tuple[str, str, str]  # the kind of a name, the id of the document that declares it, it


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name is: the document that declares it, where, and the entry there."""

    what: str
    name: str
    document: Document
    path: Path
    entry: Any = field(compare=False)

    @property
    def symbol(self) -> Symbol:
        """What is the same in all versions of the document that declares the name."""
        return self.what, self.document.id, self.name


def meaning(name: Name, document: Document, snapshot: Snapshot) -> Meaning | None:
    """Return what a name in a document means, None where nothing declares it."""
    if name.what in KINDS:
        found = document if name.declares else snapshot.picked(name.what, name.text)
        return Meaning(name.what, found.id, found, ("id",), found.data) if found else None
    if name.what == "clause" and not name.declares:
        source = snapshot.picked("source", name.about[1])
        return _declared("clause", name.text, source) if source else None
    if name.what == "value":
        return of_value(name, document, snapshot)
    return named(name.what, name.text, document, snapshot)


def named(what: str, text: str, document: Document, snapshot: Snapshot) -> Meaning | None:
    """Return what a name of a kind means in a document."""
    kinds = ("parameter", "fact") if what == "tested" else (what,)
    for kind in kinds:
        for owner in owners(kind, document, snapshot):
            found = _declared(kind, text, owner)
            if found:
                return found
    return None


def of_value(name: Name, document: Document, snapshot: Snapshot) -> Meaning | None:
    """Return the fact, parameter or term that a value is one of, if its type has values."""
    of = named(*name.about, document, snapshot) if name.about[0] else None
    type_ = value_type(of, snapshot) if of else None
    return of if of and type_ and name.text in type_.values else None


def _declared(what: str, name: str, owner: Document) -> Meaning | None:
    _, key = definitions().get(what, ("", ""))
    entries = owner.data.get(key)
    if not isinstance(entries, dict) or name not in entries:
        return None
    return Meaning(what, name, owner, (key, name), entries[name])


def known(what: str, document: Document, snapshot: Snapshot) -> Mapping[str, Meaning]:
    """Return every name of a kind that may be used in a document, with what it means."""
    kinds = ("fact", "parameter") if what == "tested" else (what,)
    found: dict[str, Meaning] = {}
    for kind in kinds:
        for owner in owners(kind, document, snapshot):
            entries = owner.data.get(definitions()[kind][1]) if kind in definitions() else None
            for name in entries if isinstance(entries, dict) else ():
                each = _declared(kind, str(name), owner)
                if each and name not in found:
                    found[str(name)] = each
    return found


def owners(what: str, document: Document, snapshot: Snapshot) -> Iterator[Document]:
    """Yield the documents that may declare a kind of names for a document, its own first.

    Of cases, what a policy upholds may be named too, in what they expect.
    """
    declaring, _ = definitions().get(what, ("", ""))
    if declaring == document.kind:
        yield document
        return
    policy = policy_of(document, snapshot)
    if declaring == "policy" and policy:
        yield policy
        if document.kind == "cases":
            yield from upheld_by(policy, snapshot)
    elif declaring == "vocabulary":
        vocabulary = (
            snapshot.picked("vocabulary", policy.data.get("vocabulary")) if policy else None
        )
        if vocabulary:
            yield vocabulary


def policy_of(document: Document, snapshot: Snapshot) -> Document | None:
    """Return the policy that a document is about: itself, or what it refers to."""
    if document.kind == "policy":
        return document
    if document.kind == "cases" and "policy" not in document.data:
        override = snapshot.picked("override", document.data.get("override"))
        return policy_of(override, snapshot) if override else None
    return snapshot.picked("policy", document.data.get("policy"))


def upheld_by(policy: Document, snapshot: Snapshot) -> list[Document]:
    """Return what a policy upholds, transitively and once each, without itself."""
    found = [policy]
    for each in found:
        upholds = each.data.get("upholds")
        for reference in upholds if isinstance(upholds, list) else ():
            picked = snapshot.picked("policy", reference)
            if picked and picked not in found:
                found.append(picked)
    return found[1:]


def value_type(of: Meaning, snapshot: Snapshot) -> ValueType | None:
    """Return the type of a fact, parameter or term, None where its entry does not say."""
    entry = of.entry
    kind = entry.get("type") if isinstance(entry, dict) else None
    if kind not in _TYPES:
        return None
    values = entry.get("values")
    values = tuple(each for each in values if isinstance(each, str)) if _is_list(values) else ()
    if kind == "set":
        fact = named("fact", str(entry.get("of")), of.document, snapshot)
        type_ = value_type(fact, snapshot) if fact else None
        return ValueType("set", type_.values if type_ else (), of=str(entry.get("of")))
    type_ = ValueType(kind, values)
    ends = entry.get("range")
    if not _is_list(ends) or len(ends) != 2:
        return type_
    return ValueType(kind, values, read_range(type_, ends, (), Reporter(of.document)))


_TYPES = frozenset(
    ["boolean", "integer", "money", "enum", "date", "datetime", "duration", "choice", "set"]
)


def _is_list(data: Any) -> bool:
    return isinstance(data, list)
