"""Exchange documents: what the statements of other formats mean under one policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checker.language.model.exchange.checks import check_entry
from checker.language.model.exchange.fragments import (
    Fragment,
    PartPath,
    as_data,
    fill,
    known_names,
    parts,
    values_of,
)
from checker.language.model.exchange.notions import NOTIONS, Form
from checker.language.model.policy import Policy
from checker.language.model.types import DUE, ValueType
from checker.language.syntax.documents import Document, Path, Reporter
from checker.language.syntax.problems import did_you_mean
from checker.language.syntax.scalars import scalar_text


@dataclass(frozen=True, slots=True, eq=False)
class NotionMapping:
    """What one notion means under the policy: one fragment, or a fragment for each value.

    `known` are the names that the policy knows, None where it does not limit them. `currency` is
    the only currency in which an amount is understood.
    """

    notion: str
    form: Form
    fragment: Fragment
    values: Mapping[str, Fragment]
    known: tuple[str, ...] | None
    currency: str

    @property
    def part_paths(self) -> frozenset[PartPath]:
        """The parts of an override that some value of the notion sets; none if it sets nothing."""
        fragments = (self.fragment, *self.values.values())
        return frozenset(path for fragment in fragments for path in parts(fragment))

    def fragments_of(self, value: Any) -> list[Fragment]:
        """Return the fragments for a value: one, or one for each name that has its own."""
        if not self.values:
            return [dict(fill(self.fragment, as_data(self.form, value)))]
        names = value if self.form == "names" else (scalar_text(value),)
        return [self.values[name] for name in names]

    def fragment_of(self, value: Any) -> Fragment:
        """Return the fragment for a known value; the fragments of several names are joined."""
        fragments = self.fragments_of(value)
        return fragments[0] if len(fragments) == 1 else _joined(fragments)


@dataclass(frozen=True, slots=True, eq=False)
class RecordField:
    """The fact that a field of records gives, and its values by code; None where it has no codes.

    Without codes the field has the values of the fact.
    """

    fact: str
    values: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """An exchange document, typed by its policy; `reference` is how it refers to the policy."""

    name: str
    reference: str
    policy: Policy
    says: Mapping[str, NotionMapping]
    records: Mapping[str, RecordField]


def read_exchange(
    document: Document, original: Document, policy: Policy, report: Reporter
) -> Exchange:
    """Return the exchange document, and report its errors.

    Args:
        document: The parts of the document that follow its schema.
        original: The document as it was written.
        policy: The policy that the document refers to.
        report: Collects the errors.
    """
    data, id = document.data, f"{policy.id}/exchange"
    if document.id != id:
        help = "it is found by the id of its policy"
        report.error(("id",), f"found `{document.id}`, expected `{id}`", help)
    says = {}
    for notion, entry in data.get("says", {}).items():
        check_entry(notion, entry, original.data["says"][notion], policy, report)
        says[notion] = _mapping(notion, entry, policy)
    records = {
        name: _record_field(entry, ("records", name), policy, report)
        for name, entry in data.get("records", {}).items()
    }
    return Exchange(document.name, data["policy"], policy, says, records)


def _mapping(notion: str, data: Any, policy: Policy) -> NotionMapping:
    values = {value: fill(fragment, value) for value, fragment in data.get("values", {}).items()}
    return NotionMapping(
        notion,
        NOTIONS[notion].form,
        {} if values else data,
        values,
        known_names(notion, data, policy),
        data.get("currency", ""),
    )


def _joined(fragments: list[Fragment]) -> Fragment:
    """Return the fragment of several names: it admits each value that one of them admits."""
    scopes = [fragment.get("scope", {}) for fragment in fragments]
    if not all(scopes):
        return {}  # one of them narrows nothing
    (fact,) = scopes[0]
    values = [value for scope in scopes for value in values_of(scope[fact]) or ()]
    return {"scope": {fact: [*dict.fromkeys(values)]}}


def _record_field(data: Any, path: Path, policy: Policy, report: Reporter) -> RecordField:
    types, name = _record_types(policy), data["fact"]
    field = RecordField(name, data.get("values"))
    if name not in types:
        report.error((*path, "fact"), f"unknown fact `{name}`", did_you_mean(name, types))
        return field
    for code, value in data.get("values", {}).items():
        try:
            types[name].check_range(types[name].read(value))
        except ValueError as error:
            report.error((*path, "values", code), str(error))
    return field


def _record_types(policy: Policy) -> dict[str, ValueType]:
    """Return the types of what a record can state: facts, the ground cited, ends of deadlines."""
    deadlines = [f"{DUE}{term.name}" for term in policy.terms.values() if term.has_deadline]
    types = policy.vocabulary.types() | dict.fromkeys(deadlines, ValueType("datetime"))
    return types | {"cites": ValueType("choice", tuple(policy.grounds))}
