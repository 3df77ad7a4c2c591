"""Exchange documents: what the statements of other formats are under one policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checker.language.model.exchange.checks import check_entry
from checker.language.model.exchange.fragments import (
    Fragment,
    Place,
    as_data,
    filled,
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
class Entry:
    """What one notion is under the policy: one fragment, or by value a fragment each.

    `known` are the names that the policy speaks of, None where that is not for it to say;
    `currency` is the one in which money is understood.
    """

    notion: str
    form: Form
    fragment: Fragment
    values: Mapping[str, Fragment]
    known: tuple[str, ...] | None
    currency: str

    @property
    def places(self) -> frozenset[Place]:
        """Where in an override some value of the notion stands; none where it says nothing."""
        fragments = (self.fragment, *self.values.values())
        return frozenset(place for each in fragments for place in parts(each))

    def chosen(self, value: Any) -> list[Fragment]:
        """Return the fragments that a value picks: one, or where names have their own, each."""
        if not self.values:
            return [dict(filled(self.fragment, as_data(self.form, value)))]
        names = value if self.form == "names" else (scalar_text(value),)
        return [self.values[name] for name in names]

    def of(self, value: Any) -> Fragment:
        """Return what the value is, which is one that is known; of several names, joined."""
        found = self.chosen(value)
        return found[0] if len(found) == 1 else _joined(found)


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """The fact that a field of records is, and its value by code; None where they are the same."""

    fact: str
    values: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """An exchange document, typed against its policy; `reference` is how it names it."""

    name: str
    reference: str
    policy: Policy
    says: Mapping[str, Entry]
    records: Mapping[str, Coded]


def read_exchange(
    document: Document, whole: Document, policy: Policy, report: Reporter
) -> Exchange:
    """Return the exchange document in one that follows its schema.

    `whole` is the document as it was written.
    """
    data, id = document.data, f"{policy.id}/exchange"
    if document.id != id:
        help = "it is found by the id of its policy"
        report.error(("id",), f"found `{document.id}`, expected `{id}`", help)
    says = {}
    for notion, entry in data.get("says", {}).items():
        check_entry(notion, entry, whole.data["says"][notion], policy, report)
        says[notion] = _entry(notion, entry, policy)
    records = {
        name: _coded(entry, ("records", name), policy, report)
        for name, entry in data.get("records", {}).items()
    }
    return Exchange(document.name, data["policy"], policy, says, records)


def _entry(notion: str, data: Any, policy: Policy) -> Entry:
    values = {value: filled(each, value) for value, each in data.get("values", {}).items()}
    known, currency = known_names(notion, data, policy), data.get("currency", "")
    return Entry(notion, NOTIONS[notion][0], {} if values else data, values, known, currency)


def _joined(fragments: list[Fragment]) -> Fragment:
    """Return what one of several names is: any value of the fact that one of them has."""
    scopes = [each.get("scope", {}) for each in fragments]
    if not all(scopes):
        return {}  # one of them narrows nothing
    (fact,) = scopes[0]
    values = [value for scope in scopes for value in values_of(scope[fact]) or ()]
    return {"scope": {fact: [*dict.fromkeys(values)]}}


def _coded(data: Any, path: Path, policy: Policy, report: Reporter) -> Coded:
    known, name = _record_types(policy), data["fact"]
    coded = Coded(name, data.get("values"))
    if name not in known:
        report.error((*path, "fact"), f"unknown fact `{name}`", did_you_mean(name, known))
        return coded
    for code, value in data.get("values", {}).items():
        try:
            known[name].check_range(known[name].read(value))
        except ValueError as error:
            report.error((*path, "values", code), str(error))
    return coded


def _record_types(policy: Policy) -> dict[str, ValueType]:
    """Return what a column of a record can state: facts, a ground cited, the end of a deadline."""
    ends = [f"{DUE}{term.name}" for term in policy.terms.values() if term.has_deadline]
    types = policy.vocabulary.types() | dict.fromkeys(ends, ValueType("datetime"))
    return types | {"cites": ValueType("choice", tuple(policy.grounds))}
