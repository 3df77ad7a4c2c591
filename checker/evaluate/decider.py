"""Decides a case: verdict, entitlements, grounds, terms, the seller's response, failed checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.evaluate.compile_policy import COMPILED
from checker.evaluate.decision import Decision, FailedCheck, common_decision
from checker.evaluate.interpreter import PolicyInterpreter
from checker.evaluate.override_response import OverrideResponse, Responder
from checker.evaluate.requirement import Backend, Decide, First, Requirement, with_defaults
from checker.language.model.conditions import NO_NAMES, FactValue, Not, facts_in
from checker.language.model.override import Override
from checker.language.model.policy import Entitlement, Policy
from checker.language.model.terms import Term
from checker.language.model.types import Value
from checker.language.model.verdicts import REFUSALS, Response, Verdict
from checker.language.model.vocabulary import Invariant, Vocabulary
from checker.language.resolve.facts import (
    BadCase,
    Facts,
    PossibleFacts,
    out_of_order,
    read_facts,
    show_facts,
)
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.scalars import scalar_text


@dataclass(slots=True, repr=False)
class Decider:
    """Decides the cases of one policy, for one seller or none.

    Attributes:
        resolved: the policy, with all that it upholds.
        override: the seller's override.
        backend: compiles conditions, which pays from about twenty cases on, or interprets them.
        required: the function from facts to what is required.
    """

    resolved: ResolvedPolicy
    override: Override | None = None
    backend: Backend = COMPILED
    required: Decide = field(init=False)
    _broken: tuple[First, ...] = field(init=False)
    _responder: Responder | None = field(init=False)

    def __post_init__(self) -> None:
        self.required = self.backend.policies(
            [with_defaults(policy) for policy in self.resolved.policies]
        )
        self._broken = tuple(
            self.backend.first([Not(invariant.always)], NO_NAMES, {})
            for invariant in self.resolved.vocabulary.invariants
        )
        self._responder = Responder(self.override, self.backend) if self.override else None

    def admit(self, stated: Mapping[str, Any], *, text: bool = False) -> Facts:
        """Return the typed facts of a possible case.

        Args:
            stated: the facts as the case states them.
            text: whether every value is text, as in a CSV file.

        Raises:
            BadCase: a value is wrong or missing, or the case breaks an invariant.
        """
        facts = read_facts(stated, self.resolved, text=text)
        if isinstance(facts, PossibleFacts) and not out_of_order(facts, self.resolved.vocabulary):
            possible = [each for each in facts.alternatives if not self.broken_invariants(each)]
            if len(possible) > 1:
                facts = PossibleFacts(possible, facts.reasons)
                self.decide(facts)  # BadCase where the decision needs the calendar
                return facts
            facts = possible[0] if possible else facts
        vocabulary = self.resolved.vocabulary
        broken = out_of_order(facts, vocabulary)
        broken += [
            _broken_message(invariant, facts, vocabulary)
            for invariant in self.broken_invariants(facts)
        ]
        if broken:
            raise BadCase("impossible: " + "; ".join(broken))
        return facts

    def broken_invariants(self, facts: Facts) -> list[Invariant]:
        """Return the invariants that `facts` certainly break."""
        invariants = zip(self.resolved.vocabulary.invariants, self._broken, strict=True)
        return [invariant for invariant, broken in invariants if broken(facts) == (0, True)]

    def decide(self, facts: Facts) -> Decision:
        """Return the decision of a case; `facts` are as `admit` returns them.

        Raises:
            BadCase: the decision depends on a year that a calendar does not cover.
        """
        if isinstance(facts, PossibleFacts):
            decisions = [self.decide(alternative) for alternative in facts.alternatives]
            return common_decision(decisions, facts)
        required = self.required(facts)
        answer = self._responder.respond(facts) if self._responder else None
        return Decision(
            self.resolved,
            self.override,
            facts,
            required,
            answer,
            _needs(required, answer, facts, self.resolved.vocabulary),
            _findings(required, answer, self.resolved.policy) if answer else (),
        )


def owed_by_policy(decision: Decision) -> list[tuple[Policy, Entitlement]]:
    """Return the entitlements that are owed, each with every policy that owes it by itself."""
    facts, ids = decision.facts, decision.required.entitlements
    return [
        (policy, policy.entitlements[id])
        for policy in decision.resolved.policies
        for interpreter in [PolicyInterpreter(with_defaults(policy), facts)]
        for id in ids
        if id in policy.entitlements and interpreter.owed(policy.entitlements[id])
    ]


def _needs(
    required: Requirement,
    answer: OverrideResponse | None,
    facts: Facts,
    vocabulary: Vocabulary,
) -> tuple[str, ...]:
    """Return the absent facts of the conditions that were read for unknown results.

    A fact that equals another one by default is passed over where the other is among them.
    """
    read: set[str] = set()
    if required.verdict is Verdict.UNKNOWN and required.reads:
        read |= required.reads.verdict
    for name, value in required.terms.items():
        if value is None and required.reads:
            read |= required.reads.terms[name]
    if answer and answer.response is Response.UNKNOWN:
        read |= answer.response_reads
    for name, value in answer.terms.items() if answer else ():
        if value is None and answer:
            read |= answer.terms_reads[name]
    absent = {fact for fact in read if facts[fact] is None}
    equal = {
        name
        for name in absent
        for default in [vocabulary.facts[name].default]
        if isinstance(default, FactValue) and default.name in absent
    }
    return tuple(sorted(absent - equal))


def _findings(
    required: Requirement, answer: OverrideResponse, policy: Policy
) -> tuple[FailedCheck, ...]:
    """Return the checks that the override certainly fails, sorted (docs/language.md, section 6)."""
    findings: list[FailedCheck] = []
    branch = f"rules.{answer.rule}" if answer.rule else "otherwise"
    if required.verdict is Verdict.MUST_ACCEPT:
        if answer.response in REFUSALS:
            findings.append(FailedCheck(REFUSALS[answer.response], branch))
    elif required.verdict is not Verdict.UNKNOWN and answer.response is Response.REJECT:
        doubtful = required.reads.doubtful_grounds if required.reads else ()
        cited = {*answer.cites, *answer.perhaps_cites}
        if not cited & {*required.grounds, *doubtful}:
            findings.append(FailedCheck("rejects-without-ground", branch))
    for name, term in policy.terms.items():
        if _worse(term, required.terms.get(name), answer.terms.get(name)):
            findings.append(FailedCheck("worse-term", f"terms.{name}"))
    return tuple(sorted(findings))


def _worse(term: Term, required: Value | None, offered: Value | None) -> bool:
    if required is None or offered is None:
        return False
    return term.rank(offered) > term.rank(required)


def _broken_message(invariant: Invariant, facts: Facts, vocabulary: Vocabulary) -> str:
    """Return the message for a broken invariant: the stated facts that break it, with values."""
    stated = show_facts(facts, vocabulary)
    about = sorted(facts_in(invariant.always, NO_NAMES), key=[*vocabulary.facts].index)
    values = (f"`{name}: {scalar_text(stated[name])}`" for name in about if name in stated)
    return f"{', '.join(values)} can't be, by the invariant `{invariant.id}`"
