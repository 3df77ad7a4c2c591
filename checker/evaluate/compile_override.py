"""An override compiled: from facts to how the seller responds, by which rule (section 5)."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from checker.evaluate.compile_policy import (
    MAY_REJECT,
    MUST_ACCEPT,
    UNKNOWN,
    Decide,
    Governed,
    Requirement,
    compile_required,
    governed,
)
from checker.evaluate.python_ast import Code, constant, function, negated
from checker.language.model.conditions import ALWAYS, NO_NAMES, Condition, Names, facts_in
from checker.language.model.override import Override
from checker.language.model.types import Value
from checker.language.resolve.facts import Facts

REJECT = "reject"
_FOLLOWED = {
    MUST_ACCEPT: "accept",
    MAY_REJECT: REJECT,
    "negotiate": "manual",
    UNKNOWN: UNKNOWN,
}


class Answer(NamedTuple):
    """A seller's response, the rule that gave it, what it cites, its terms, and what was read.

    `perhaps_cites` are unknown grounds that it would cite too if they held.
    """

    response: str
    rule: str | None
    cites: Sequence[str]
    terms: dict[str, Value | None]
    response_reads: frozenset[str]
    terms_reads: dict[str, frozenset[str]]
    perhaps_cites: Sequence[str] = ()


@dataclass(slots=True)
class Seller:
    """One override, compiled against the policy that it answers under."""

    override: Override
    _scope: Callable[[Facts], tuple[int, bool]] = field(init=False)
    _rules: Callable[[Facts], tuple[int, bool]] = field(init=False)
    _inside: Decide = field(init=False)
    _outside: Decide = field(init=False)
    _scope_reads: frozenset[str] = field(init=False)
    _rule_reads: list[frozenset[str]] = field(init=False)  # of the rules up to each, all last

    def __post_init__(self) -> None:
        policy = self.override.policy
        own = governed(policy)
        settled = Governed(policy, self.override.parameters(), {**own.rows, **self.override.terms})
        self._outside = compile_required([own])
        self._inside = compile_required([settled])
        scope = [self.override.scope or ALWAYS]
        self._scope = compile_first(scope, NO_NAMES, {})
        rules = [rule.when for rule in self.override.rules]
        self._rules = compile_first(rules, policy.names, settled.parameters)
        self._scope_reads = facts_in(scope[0], NO_NAMES)
        each_reads = (facts_in(rule, policy.names) for rule in rules)
        self._rule_reads = [*accumulate(each_reads, lambda all_, one: all_ | one)] or [frozenset()]

    def answer(self, facts: Facts) -> Answer:
        """Return how the seller answers the case that states `facts`."""
        scope_reads = self._scope_reads
        place, certain = self._scope(facts)
        if place == 0 and not certain:
            terms = dict.fromkeys(sorted(self.override.policy.terms))
            return Answer(
                UNKNOWN, None, (), {**terms}, scope_reads, dict.fromkeys(terms, scope_reads)
            )
        own = Requirement(*(self._inside if place == 0 else self._outside)(facts))
        terms_reads = {
            term: read | scope_reads for term, read in (own.reads[1] if own.reads else {}).items()
        }
        if place != 0:
            verdict_reads = own.reads[0] if own.reads else frozenset()
            response = _FOLLOWED[own.verdict]
            cites: Sequence[str] = own.grounds if response == REJECT else ()
            rule: str | None
            reads, rule = verdict_reads, None
        else:
            response, rule, cites, reads = self._by_rules(facts, own)
        by_rule = next((each.cites for each in self.override.rules if each.id == rule), ())
        perhaps = own.reads[2] if own.reads and not by_rule else ()
        reads |= scope_reads
        return Answer(response, rule, cites, own.terms, reads, terms_reads, perhaps)

    def _by_rules(
        self, facts: Facts, own: Requirement
    ) -> tuple[str, str | None, Sequence[str], frozenset[str]]:
        """Return response, rule, citations and the facts read, for a case in scope."""
        place, certain = self._rules(facts)
        reads = self._rule_reads[place]  # place -1, where no rule holds, has read them all
        rule = None if place < 0 else self.override.rules[place]
        if rule and not certain:
            return UNKNOWN, rule.id, (), reads
        respond = rule.respond if rule else self.override.otherwise
        cites: Sequence[str] = ()
        if respond == "follow":
            respond = _FOLLOWED[own.verdict]
            reads |= own.reads[0] if own.reads else frozenset()
            cites = own.grounds if respond == REJECT else ()
        elif respond == REJECT:
            cites = sorted(rule.cites) if rule else own.grounds
        return respond, rule.id if rule else None, cites, reads


def compile_first(
    conditions: Sequence[Condition], names: Names, parameters: Mapping[str, Value]
) -> Callable[[Facts], tuple[int, bool]]:
    """Return the function from facts to the first condition that is not false.

    It gives the condition's place and whether it is true (or else unknown); -1 where all are
    false.
    """
    facts = sorted({fact for each in conditions for fact in facts_in(each, names)})
    body: list[ast.stmt] = []
    looked_up = {fact: f"fact{number}" for number, fact in enumerate(facts)}
    for fact, local in looked_up.items():
        value = ast.Subscript(ast.Name("facts", ast.Load()), constant(fact), ast.Load())
        body.append(ast.Assign([ast.Name(local, ast.Store())], value))
    code = Code(body, names, parameters, looked_up, known=False, prefix="named")
    for place, condition in enumerate(conditions):
        holds, unknown = code.holds(condition), negated(code.fails(condition))
        body.append(ast.If(holds, [ast.Return(constant((place, True)))], []))
        body.append(ast.If(unknown, [ast.Return(constant((place, False)))], []))
    body.append(ast.Return(constant((-1, True))))
    return function("facts", body)
