"""How a seller responds to a case: the rule, the response and the terms.

Implements docs/language.md, section 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from checker.evaluate.requirement import (
    Backend,
    ConfiguredPolicy,
    Decide,
    First,
    Requirement,
    with_defaults,
)
from checker.language.model.conditions import ALWAYS, NO_NAMES, facts_in
from checker.language.model.override import Override
from checker.language.model.types import Value
from checker.language.model.verdicts import FOLLOW, RESPONSES, Response
from checker.language.resolve.facts import Facts


class OverrideResponse(NamedTuple):
    """A seller's response to one case.

    Attributes:
        response: the response.
        rule: the id of the rule that gave it, None where no rule did.
        cites: the grounds that it cites.
        terms: the seller's terms that may apply; None where a value is unknown.
        response_reads: the facts of the conditions that were read for the response.
        terms_reads: the facts of the conditions that were read for each term.
        perhaps_cites: the unknown grounds that it would cite as well if they held.
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
    """Responds to cases as one override of its policy does; a backend reads the conditions."""

    override: Override
    backend: Backend
    _scope: First = field(init=False)
    _rules: First = field(init=False)
    _applies: dict[str, First] = field(init=False)  # for each term with a `when`
    _inside: Decide = field(init=False)
    _outside: Decide = field(init=False)
    _scope_reads: frozenset[str] = field(init=False)
    _rule_reads: list[frozenset[str]] = field(init=False)  # facts read up to each rule, all last

    def __post_init__(self) -> None:
        policy = self.override.policy
        own = with_defaults(policy)
        settled = ConfiguredPolicy(
            policy, self.override.parameters(), {**own.rows, **self.override.terms}
        )
        self._outside = self.backend.policies([own])
        self._inside = self.backend.policies([settled])
        scope = [self.override.scope or ALWAYS]
        self._scope = self.backend.first(scope, NO_NAMES, {})
        self._applies = {
            name: self.backend.first([term.when], NO_NAMES, {})
            for name, term in policy.terms.items()
            if term.when
        }
        rules = [rule.when for rule in self.override.rules]
        self._rules = self.backend.first(rules, policy.names, settled.parameters)
        self._scope_reads = facts_in(scope[0], NO_NAMES)
        reads_by_rule = (facts_in(rule, policy.names) for rule in rules)
        union = frozenset[str].union
        self._rule_reads = [*accumulate(reads_by_rule, union)] or [frozenset()]

    def respond(self, facts: Facts) -> OverrideResponse:
        """Return how the seller answers the case that states `facts`."""
        scope_reads = self._scope_reads
        position, certain = self._scope(facts)
        if position == 0 and not certain:
            terms = self._unknown_terms(facts)
            return OverrideResponse(
                Response.UNKNOWN,
                None,
                (),
                {**terms},
                scope_reads,
                dict.fromkeys(self.override.policy.terms, scope_reads),
            )
        required = (self._inside if position == 0 else self._outside)(facts)
        terms_reads = {
            term: read | scope_reads
            for term, read in (required.reads.terms if required.reads else {}).items()
        }
        if position != 0:
            response, rule = RESPONSES[required.verdict], None
            cites: Sequence[str] = required.grounds if response is Response.REJECT else ()
            reads = required.reads.verdict if required.reads else frozenset()
        else:
            response, rule, cites, reads = self._by_rules(facts, required)
        stated = next(
            (candidate.cites for candidate in self.override.rules if candidate.id == rule), ()
        )
        perhaps = required.reads.doubtful_grounds if required.reads and not stated else ()
        reads |= scope_reads
        return OverrideResponse(response, rule, cites, required.terms, reads, terms_reads, perhaps)

    def _unknown_terms(self, facts: Facts) -> dict[str, Value | None]:
        """Return the terms that may apply, each unknown."""
        terms = self.override.policy.terms
        return {
            name: None
            for name in sorted(terms)
            if terms[name].when is None or self._applies[name](facts) != (-1, True)
        }

    def _by_rules(
        self, facts: Facts, required: Requirement
    ) -> tuple[Response, str | None, Sequence[str], frozenset[str]]:
        """Return response, rule, citations and the facts read, for a case in scope."""
        position, certain = self._rules(facts)
        reads = self._rule_reads[position]  # position -1, where no rule holds, has read all rules
        rule = None if position < 0 else self.override.rules[position]
        if rule and not certain:
            return Response.UNKNOWN, rule.id, (), reads
        stated = rule.respond if rule else self.override.otherwise
        cites: Sequence[str] = ()
        if stated == FOLLOW:
            response = RESPONSES[required.verdict]
            reads |= required.reads.verdict if required.reads else frozenset()
            cites = required.grounds if response is Response.REJECT else ()
        else:
            response = Response(stated)
            if response is Response.REJECT:
                cites = sorted(rule.cites) if rule else required.grounds
        return response, rule.id if rule else None, cites, reads
