"""Certificates: proofs that hold, as files that `verify` checks against the documents.

Each claim is stated in full, as in docs/language.md, section 6. The provers' simplifications are
left out, because the verifier does not know them.
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
from checker.analysis.prove.split_tree import document_tree, split_tree
from checker.language.model.override import Override
from checker.language.resolve.facts import show_facts
from checker.language.resolve.periods import period
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document
from checker.solver.formulas import FALSE, TRUE, Formula, every, opposite, some

Claim = tuple[str, str, Formula]  # a check, a position, and the cases in which it would fail


class NoCertificate(Exception):
    """The document fails a check, accepted or not, so no certificate can be made."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """The data of a proof that holds, and the name of its file."""

    name: str
    data: dict[str, Any]


def certify(
    document: Document,
    resolved: ResolvedPolicy,
    required: RequirementFormulas,
    resolver: Resolver,
    on: int,
) -> Certificate:
    """Return the certificate that the document fails no check of severity error.

    `on` is the day (an ordinal) that picked the versions of `resolved`.

    Raises:
        NoCertificate: The document fails such a check, or is not in force on the day.
        TooLong: The proof has more than `MOST_STEPS` steps.
    """
    day, (start, end) = date.fromordinal(on).isoformat(), period(document)
    if not start <= on < end:
        raise NoCertificate(f"it is not in force on {day}")
    if document.kind == "override":
        override = resolver.override_of(document, resolved)
        claims = _override_claims(required, override)
    else:
        claims = _policy_claims(required)
    domains, types = fact_domains(resolved), resolved.vocabulary.types()
    invariants = possible(resolved)
    trees = []
    for check, at, fails in claims:
        tree = split_tree(every([invariants, fails]), domains)
        if tree is None:
            raise NoCertificate(f"{document.name} fails {check} at {at}")
        trees.append({"check": check, "at": at, "tree": document_tree(tree, types)})
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
    any_case = Obligation("possible", "vocabulary", TRUE)
    for failure in answer(resolved, [any_case]):
        if failure.facts is not None:
            return show_facts(failure.facts, resolved.vocabulary)
    raise NoCertificate(f"{resolved.vocabulary.name} has no possible case")


def _documents(
    document: Document, resolved: ResolvedPolicy, resolver: Resolver
) -> list[dict[str, str]]:
    """Return the documents that the proof depends on, with the digest of each text."""
    sources = (document, *resolver.documents_of(resolved))
    by_name = {(source.kind, source.name): source for source in sources}
    return [
        {"kind": kind, "name": name, "file": source.file, "sha256": source.sha256}
        for (kind, name), source in by_name.items()
    ]


def _override_claims(required: RequirementFormulas, override: Override) -> Iterator[Claim]:
    """Yield the claims about an override: each check of severity error at each position."""
    own, inside = required.own, as_set(required.own, override.parameters(), override.terms)
    scope = inside.encoder.formula(override.scope) if override.scope else TRUE
    earlier = [scope]
    for rule in override.rules:
        here = inside.encoder.formula(rule.when)
        at = f"rules.{rule.id}"
        yield from _response_claims(
            required, at, [(every([*earlier, here]), rule.respond, rule.cites, inside)]
        )
        earlier.append(opposite(here))
    responses: list[StatedResponse] = [(every(earlier), override.otherwise, (), inside)]
    if override.scope:
        responses.append((opposite(scope), "follow", (), own))
    yield from _response_claims(required, "otherwise", responses)
    for name in override.policy.terms:
        worse_terms = [every([scope, required.worse(inside, name)])]
        if override.scope:
            worse_terms.append(every([opposite(scope), required.worse(own, name)]))
        yield "worse-term", f"terms.{name}", some(worse_terms)


StatedResponse = tuple[Formula, str, tuple[str, ...], PolicyFormulas]


def _response_claims(
    required: RequirementFormulas, at: str, responses: list[StatedResponse]
) -> Iterator[Claim]:
    """Yield the claims that the responses at a position reject no return that they must accept."""
    refused = [every([where, _rejects(respond, under)]) for where, respond, _, under in responses]
    baseless = [
        every([rejection, _baseless(cites, under, required.own)])
        for rejection, (_, _, cites, under) in zip(refused, responses, strict=True)
    ]
    yield "rejects-required-return", at, every([required.must_accept, some(refused)])
    yield "rejects-without-ground", at, every([required.need_not, some(baseless)])


def _rejects(respond: str, under: PolicyFormulas) -> Formula:
    if respond == "follow":
        return under.may_reject()
    return TRUE if respond == "reject" else FALSE


def _baseless(cites: tuple[str, ...], under: PolicyFormulas, own: PolicyFormulas) -> Formula:
    """Return where no cited ground holds; a response without citations cites all grounds."""
    if cites:
        return every(own.no_ground(id) for id in cites)
    grounds = under.policy.grounds
    return every(some([under.no_ground(id), own.no_ground(id)]) for id in grounds)


def _policy_claims(required: RequirementFormulas) -> Iterator[Claim]:
    """Yield the claims about a policy alone: that it gives no less than what it upholds."""
    must = some(policy.must_accept() for policy in required.upheld)
    yield "undercuts", "upholds", every([must, required.own.may_reject()])
    for name in required.own.policy.terms:
        yield "undercuts", f"terms.{name}", required.worse(required.own, name)
