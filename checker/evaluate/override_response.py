"""How a seller responds to a case: rule, response and terms (docs/language.md, section 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from checker.evaluate.requirement import Backend, Decide, First, Governed, Requirement, governed
from checker.language.model.conditions import ALWAYS, NO_NAMES, facts_in
from checker.language.model.override import Override
from checker.language.model.types import Value
from checker.language.model.verdicts import FOLLOW, RESPONSES, Response
from checker.language.resolve.facts import Facts


class OverrideResponse(NamedTuple):
    """A seller's response, the rule that gave it, what it cites, its terms, and what was read.

    `perhaps_cites` are unknown grounds that it would cite too if they held.
    """

    response: Response
    rule: str | None
    cites: Sequence[str]
    terms: dict[str, Value | None]
    response_reads: frozenset[str]
    terms_reads: dict[str, frozenset[str]]
    perhaps_cites: Sequence[str] = ()


@dataclass(slots=True)
class Responder:
    """One override, read by a backend against the policy that it answers under."""

    override: Override
    backend: Backend
    _scope: First = field(init=False)
    _rules: First = field(init=False)
    _inside: Decide = field(init=False)
    _outside: Decide = field(init=False)
    _scope_reads: frozenset[str] = field(init=False)
    _rule_reads: list[frozenset[str]] = field(init=False)  # of the rules up to each, all last

    def __post_init__(self) -> None:
        policy = self.override.policy
        own = governed(policy)
        settled = Governed(policy, self.override.parameters(), {**own.rows, **self.override.terms})
        self._outside = self.backend.policies([own])
        self._inside = self.backend.policies([settled])
        scope = [self.override.scope or ALWAYS]
        self._scope = self.backend.first(scope, NO_NAMES, {})
        rules = [rule.when for rule in self.override.rules]
        self._rules = self.backend.first(rules, policy.names, settled.parameters)
        self._scope_reads = facts_in(scope[0], NO_NAMES)
        each_reads = (facts_in(rule, policy.names) for rule in rules)
        self._rule_reads = [*accumulate(each_reads, lambda all_, one: all_ | one)] or [frozenset()]

    def respond(self, facts: Facts) -> OverrideResponse:
        """Return how the seller answers the case that states `facts`."""
        scope_reads = self._scope_reads
        place, certain = self._scope(facts)
        if place == 0 and not certain:
            terms = dict.fromkeys(sorted(self.override.policy.terms))
            return OverrideResponse(
                Response.UNKNOWN,
                None,
                (),
                {**terms},
                scope_reads,
                dict.fromkeys(terms, scope_reads),
            )
        own = (self._inside if place == 0 else self._outside)(facts)
        terms_reads = {
            term: read | scope_reads
            for term, read in (own.reads.terms if own.reads else {}).items()
        }
        if place != 0:
            response, rule = RESPONSES[own.verdict], None
            cites: Sequence[str] = own.grounds if response is Response.REJECT else ()
            reads = own.reads.verdict if own.reads else frozenset()
        else:
            response, rule, cites, reads = self._by_rules(facts, own)
        by_rule = next((each.cites for each in self.override.rules if each.id == rule), ())
        perhaps = own.reads.doubtful_grounds if own.reads and not by_rule else ()
        reads |= scope_reads
        return OverrideResponse(response, rule, cites, own.terms, reads, terms_reads, perhaps)

    def _by_rules(
        self, facts: Facts, own: Requirement
    ) -> tuple[Response, str | None, Sequence[str], frozenset[str]]:
        """Return response, rule, citations and the facts read, for a case in scope."""
        place, certain = self._rules(facts)
        reads = self._rule_reads[place]  # place -1, where no rule holds, has read them all
        rule = None if place < 0 else self.override.rules[place]
        if rule and not certain:
            return Response.UNKNOWN, rule.id, (), reads
        stated = rule.respond if rule else self.override.otherwise
        cites: Sequence[str] = ()
        if stated == FOLLOW:
            response = RESPONSES[own.verdict]
            reads |= own.reads.verdict if own.reads else frozenset()
            cites = own.grounds if response is Response.REJECT else ()
        else:
            response = Response(stated)
            if response is Response.REJECT:
                cites = sorted(rule.cites) if rule else own.grounds
        return response, rule.id if rule else None, cites, reads
