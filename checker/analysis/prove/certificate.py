"""Certificates: proofs that hold, written down for `verify` to check against the documents.

Each claim is stated whole, as docs/language.md, section 6 has it, without what the provers know how
to leave out: the one who checks it knows none of that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from checker.analysis.prove.box_engine import answer
from checker.analysis.prove.obligations import Obligation
from checker.analysis.prove.policy_formulas import PolicyFormulas, as_set
from checker.analysis.prove.prover import fact_domains, possible
from checker.analysis.prove.requirements import RequirementFormulas
from checker.analysis.prove.split_tree import shown, split_tree
from checker.language.model.override import Override
from checker.language.resolve.facts import show_facts
from checker.language.resolve.library import period
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document
from checker.solver.formulas import FALSE, TRUE, Formula, every, opposite, some

Claim = tuple[str, str, Formula]  # a check, a place, and where it would fail


class NoCertificate(Exception):
    """An error stands, though it may be accepted, so that there is nothing to certify."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A proof that holds, as data, and a name for its file."""

    name: str
    data: dict[str, Any]


def certify(
    document: Document,
    resolved: ResolvedPolicy,
    required: RequirementFormulas,
    resolver: Resolver,
    on: int,
) -> Certificate:
    """Return the certificate that no error stands, on the day that picked `world`.

    NoCertificate where one does, TooLong where the proof is too long to keep.
    """
    day, (start, end) = date.fromordinal(on).isoformat(), period(document)
    if not start <= on < end:
        raise NoCertificate(f"it is not in force on {day}")
    if document.kind == "override":
        override = resolver.override_of(document, resolved)
        claims = _of_override(required, override)
    else:
        claims = _of_policy(required)
    domains, types = fact_domains(resolved), resolved.vocabulary.types()
    certain = possible(resolved)
    trees = []
    for check, at, fails in claims:
        tree = split_tree(every([certain, fails]), domains)
        if tree is None:
            raise NoCertificate(f"{document.name} fails {check} at {at}")
        trees.append({"check": check, "at": at, "tree": shown(tree, types)})
    data = {
        "certificate": 1,
        "document": document.name,
        "kind": document.kind,
        "on": day,
        "documents": _documents(document, resolved, resolver),
        "claims": trees,
    }
    if document.kind == "policy":
        data["case"] = _some_case(resolved)
    return Certificate(f"{document.name.replace('/', '-')}-on-{day}.json", data)


def _some_case(resolved: ResolvedPolicy) -> dict[str, Any]:
    """Return a case that the vocabulary's invariants allow."""
    anything = Obligation("possible", "vocabulary", TRUE)
    for found in answer(resolved, [anything]):
        if found.facts is not None:
            return show_facts(found.facts, resolved.vocabulary)
    raise NoCertificate(f"{resolved.vocabulary.name} has no possible case")


def _documents(
    document: Document, resolved: ResolvedPolicy, resolver: Resolver
) -> list[dict[str, str]]:
    """Return what a proof rests on, with the digest of each document's text."""
    whole = {(each.kind, each.name): each for each in (document, *resolver.documents_of(resolved))}
    return [
        {"kind": kind, "name": name, "file": each.file, "sha256": each.sha256}
        for (kind, name), each in whole.items()
    ]


def _of_override(required: RequirementFormulas, override: Override) -> Iterator[Claim]:
    """Yield the claims about an override: each error (docs/language.md, section 6), by place."""
    own, inside = required.own, as_set(required.own, override.parameters(), override.terms)
    scope = inside.encoder.formula(override.scope) if override.scope else TRUE
    earlier = [scope]
    for rule in override.rules:
        here = inside.encoder.formula(rule.when)
        at = f"rules.{rule.id}"
        yield from _answer(
            required, at, [(every([*earlier, here]), rule.respond, rule.cites, inside)]
        )
        earlier.append(opposite(here))
    places: list[Answer] = [(every(earlier), override.otherwise, (), inside)]
    if override.scope:
        places.append((opposite(scope), "follow", (), own))
    yield from _answer(required, "otherwise", places)
    for name in override.policy.terms:
        worse = [every([scope, required.worse(inside, name)])]
        if override.scope:
            worse.append(every([opposite(scope), required.worse(own, name)]))
        yield "worse-term", f"terms.{name}", some(worse)


Answer = tuple[Formula, str, tuple[str, ...], PolicyFormulas]


def _answer(required: RequirementFormulas, at: str, places: list[Answer]) -> Iterator[Claim]:
    """Yield the claims about an answer: that it refuses nothing it must not."""
    refused = [every([where, _rejects(respond, under)]) for where, respond, _, under in places]
    baseless = [
        every([each, _baseless(cites, under, required.own)])
        for each, (_, _, cites, under) in zip(refused, places, strict=True)
    ]
    yield "rejects-required-return", at, every([required.must_accept, some(refused)])
    yield "rejects-without-ground", at, every([required.need_not, some(baseless)])


def _rejects(respond: str, under: PolicyFormulas) -> Formula:
    if respond == "follow":
        return under.may_reject()
    return TRUE if respond == "reject" else FALSE


def _baseless(cites: tuple[str, ...], under: PolicyFormulas, own: PolicyFormulas) -> Formula:
    """Return where no ground holds that is cited; without citations all that hold are."""
    if cites:
        return every(own.no_ground(id) for id in cites)
    grounds = under.policy.grounds
    return every(some([under.no_ground(id), own.no_ground(id)]) for id in grounds)


def _of_policy(required: RequirementFormulas) -> Iterator[Claim]:
    """Yield the claims about a policy by itself: that it gives no less than what it upholds."""
    must = some(each.must_accept() for each in required.upheld)
    yield "undercuts", "upholds", every([must, required.own.may_reject()])
    for name in required.own.policy.terms:
        yield "undercuts", f"terms.{name}", required.worse(required.own, name)
