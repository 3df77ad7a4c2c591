"""What names mean: the document that declares them, the path there, and the entry."""

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

Symbol = tuple[
    str, str, str
]  # the kind of a name, the id of the document that declares it, the name


@dataclass(frozen=True, slots=True)
class Declaration:
    """The declaration of a name: the document, the path there, and the entry."""

    what: str
    name: str
    document: Document
    path: Path
    entry: Any = field(compare=False)

    @property
    def symbol(self) -> Symbol:
        """What identifies the name in all versions of the document that declares it."""
        return self.what, self.document.id, self.name


def declaration_of(name: Name, document: Document, snapshot: Snapshot) -> Declaration | None:
    """Return the declaration of a name in a document, None where nothing declares it."""
    if name.what in KINDS:
        target = document if name.declares else snapshot.pick(name.what, name.text)
        return Declaration(name.what, target.id, target, ("id",), target.data) if target else None
    if name.what == "clause" and not name.declares:
        source = snapshot.pick("source", name.about[1])
        return _declaration_in("clause", name.text, source) if source else None
    if name.what == "value":
        return value_owner(name, document, snapshot)
    return find_declaration(name.what, name.text, document, snapshot)


def find_declaration(
    what: str, text: str, document: Document, snapshot: Snapshot
) -> Declaration | None:
    """Return the declaration of a name of a kind in a document, None where there is none."""
    kinds = ("parameter", "fact") if what == "tested" else (what,)
    for kind in kinds:
        for owner in owners(kind, document, snapshot):
            declaration = _declaration_in(kind, text, owner)
            if declaration:
                return declaration
    return None


def value_owner(name: Name, document: Document, snapshot: Snapshot) -> Declaration | None:
    """Return the fact, parameter or term whose type lists a value, None where none does."""
    owner = find_declaration(*name.about, document, snapshot) if name.about[0] else None
    type_ = value_type(owner, snapshot) if owner else None
    return owner if owner and type_ and name.text in type_.values else None


def _declaration_in(what: str, name: str, owner: Document) -> Declaration | None:
    _, key = definitions().get(what, ("", ""))
    entries = owner.data.get(key)
    if not isinstance(entries, dict) or name not in entries:
        return None
    return Declaration(what, name, owner, (key, name), entries[name])


def declarations(what: str, document: Document, snapshot: Snapshot) -> Mapping[str, Declaration]:
    """Return the declarations of all names of a kind that may be used in a document."""
    kinds = ("fact", "parameter") if what == "tested" else (what,)
    by_name: dict[str, Declaration] = {}
    for kind in kinds:
        for owner in owners(kind, document, snapshot):
            entries = owner.data.get(definitions()[kind][1]) if kind in definitions() else None
            for name in entries if isinstance(entries, dict) else ():
                declaration = _declaration_in(kind, str(name), owner)
                if declaration and name not in by_name:
                    by_name[str(name)] = declaration
    return by_name


def owners(what: str, document: Document, snapshot: Snapshot) -> Iterator[Document]:
    """Yield the documents that may declare names of a kind for a document, itself first.

    Cases may also name what upheld policies declare, in their expectations.
    """
    declaring, _ = definitions().get(what, ("", ""))
    if declaring == document.kind:
        yield document
        return
    policy = policy_of(document, snapshot)
    if declaring == "policy" and policy:
        yield policy
        if document.kind == "cases":
            yield from upheld_policies(policy, snapshot)
    elif declaring == "vocabulary":
        vocabulary = snapshot.pick("vocabulary", policy.data.get("vocabulary")) if policy else None
        if vocabulary:
            yield vocabulary


def policy_of(document: Document, snapshot: Snapshot) -> Document | None:
    """Return the policy that a document is about: itself, or the one that it refers to."""
    if document.kind == "policy":
        return document
    if document.kind == "cases" and "policy" not in document.data:
        override = snapshot.pick("override", document.data.get("override"))
        return policy_of(override, snapshot) if override else None
    return snapshot.pick("policy", document.data.get("policy"))


def upheld_policies(policy: Document, snapshot: Snapshot) -> list[Document]:
    """Return the policies that a policy upholds, transitively, each once, without itself."""
    policies = [policy]
    for upholding in policies:  # grows while it is read
        upholds = upholding.data.get("upholds")
        for reference in upholds if isinstance(upholds, list) else ():
            upheld = snapshot.pick("policy", reference)
            if upheld and upheld not in policies:
                policies.append(upheld)
    return policies[1:]


def value_type(declaration: Declaration, snapshot: Snapshot) -> ValueType | None:
    """Return the type of a fact, parameter or term, None where its entry states none."""
    entry = declaration.entry
    kind = entry.get("type") if isinstance(entry, dict) else None
    if kind not in _TYPES:
        return None
    values = entry.get("values")
    values = tuple(value for value in values if isinstance(value, str)) if _is_list(values) else ()
    if kind == "set":
        fact = find_declaration("fact", str(entry.get("of")), declaration.document, snapshot)
        type_ = value_type(fact, snapshot) if fact else None
        return ValueType("set", type_.values if type_ else (), of=str(entry.get("of")))
    type_ = ValueType(kind, values)
    ends = entry.get("range")
    if not _is_list(ends) or len(ends) != 2:
        return type_
    return ValueType(kind, values, read_range(type_, ends, (), Reporter(declaration.document)))


_TYPES = frozenset(
    ["boolean", "integer", "money", "enum", "date", "datetime", "duration", "choice", "set"]
)


def _is_list(data: Any) -> bool:
    return isinstance(data, list)
