"""The smallest change with which an override passes its proof, and what is left of its rules.

Repaired are errors, and rules that never answer under any version are dropped, unless that is
accepted. A `defers-required-return` alone is no reason for a repair, but a repair may bring about
no new one, and no other new warning.

Smallest is the fewest edits, where a rule that is left nothing to answer counts as one more: it
might as well be dropped. Of as many, edits of the failing place and of settings go before those of
other rules, and last of all a rule is dropped or another answer given. Then the fewest values
without an order change, an added condition counting as one; then values with an order move the
least, in units, cents, days or minutes. A citation that is added changes no answer and counts
nothing. Ties go to the failing place itself, then to what comes first in the document.

    settings: {window_days: 5}     # the platform says 7
    settings: {window_days: 7}     # repaired
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checker.analysis.prove.engine import Engines
from checker.analysis.prove.proof import Proof
from checker.analysis.prove.prove_document import prove_document
from checker.analysis.repair.edit_search import Search
from checker.analysis.repair.proposals import without_rule
from checker.language.formatter.edit_in_place import apply_edit, edit_obstacle
from checker.language.formatter.edits import Edit
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import counted
from checker.language.syntax.source_map import source_tree
from checker.solver.box_search import Undecided

DEAD = "dead-rule"


class NoRepair(Exception):
    """No edits were found after which the override passes; the message says how far it looked."""


@dataclass(frozen=True, slots=True, eq=False)
class Repair:
    """A document that passes, and the edits that made it so, none where it did before.

    `emptied` are the rules that never answer any more.
    """

    document: Document
    edits: tuple[Edit, ...] = ()
    emptied: tuple[str, ...] = ()


def repair(
    document: Document,
    resolver: Resolver,
    *,
    on: int | None,
    today: int,
    engines: Engines | None = None,
) -> Repair:
    """Return the smallest repair of an override, against every version that it meets.

    NoRepair where none is found; NotFound and InvalidDocument as `prove_document` has them.
    """
    engines = engines or Engines()

    def proofs(of: Document) -> list[Proof]:
        return [*prove_document(of, resolver, on=on, today=today, engines=engines)]

    before = proofs(document)
    if all(proof.holds for proof in before):
        return _without_dead_rules(Repair(document), before)
    worlds = [proof.resolved for proof in before]
    failures = [{(finding.check, finding.at) for finding in proof.findings} for proof in before]
    required = [engines.required(resolved) for resolved in worlds]
    search = Search(required, failures, [*_owed(worlds, resolver)])
    try:
        for attempt in search.attempts(document):
            repaired = Repair(attempt.document, attempt.edits, tuple(sorted(attempt.emptied)))
            cleaned = _without_dead_rules(repaired, proofs(repaired.document))
            if _passes(cleaned, before, proofs(cleaned.document)):
                return cleaned
    except Undecided:
        raise NoRepair("it can't be decided whether it passes") from None
    raise NoRepair(_why_none(search))


def _passes(repaired: Repair, before: list[Proof], after: list[Proof]) -> bool:
    """Return whether no error stands, and no warning that did not before."""
    for old, new in zip(before, after, strict=True):
        earlier = {(finding.check, finding.at) for finding in old.findings}
        earlier |= {(DEAD, at) for at in repaired.emptied}
        if not new.holds or any(
            (finding.check, finding.at) not in earlier for finding in new.findings
        ):
            return False
    return True


def _without_dead_rules(repaired: Repair, proofs: list[Proof]) -> Repair:
    """Return the repair without the rules that never answer, in any world, and are not meant to.

    NoRepair where nothing else was to be repaired and one can't be dropped.
    """
    each_dead = [
        {finding.at for finding in proof.findings if finding.check == DEAD and not finding.accepted}
        for proof in proofs
    ]
    document, edits = repaired.document, repaired.edits
    for at in sorted(set.intersection(*each_dead) - {*repaired.emptied}):
        rules = [f"rules.{rule['id']}" for rule in document.data["rules"]]
        edit = without_rule(rules.index(at), document.data)
        reason = edit_obstacle(source_tree(document.text), edit)
        if not reason:
            document, edits = apply_edit(document, edit), (*edits, edit)
        elif not edits:
            raise NoRepair(f"`{at}` never answers, and {_can_not(reason)}")
    return Repair(document, edits, repaired.emptied)


def _owed(worlds: list[ResolvedPolicy], resolver: Resolver) -> Iterator[dict[str, Any]]:
    """Yield what the worlds' policies require to be accepted, as their documents state it."""
    policies = {policy.name: policy for resolved in worlds for policy in resolved.policies}
    for name in policies:
        document = resolver.library.find("policy", name, 0)
        yield from (
            entitlement["when"] for entitlement in document.data.get("entitlements", {}).values()
        )


def _why_none(search: Search) -> str:
    if search.hopeless:
        return "it is the policy that fails, outside of the override's scope"
    tried = counted(search.tried, "edit")
    hindered = [f"`{at}` {_can_not(reason)}" for reason, at in search.hindrances.items()]
    return "; ".join([f"none of {tried} that were tried mends it", *hindered])


def _can_not(reason: str) -> str:
    return f"can't be changed in place: it is {reason}"
