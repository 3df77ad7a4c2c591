"""Policies and overrides as terms of an SMT solver (docs/language.md, sections 4 and 5).

Mirrors the reference reading (`tests/reference.py`) function for function, as `smt_conditions.py`
does for the sections before. Where no earlier rule holds is said with the name of where none before
that one holds, so that a list of two hundred rules is two hundred short formulas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from checker.language.model.conditions import ALWAYS, Condition
from checker.language.model.override import Override
from checker.language.model.policy import Policy
from checker.language.model.terms import Row
from checker.language.model.terms import Term as PolicyTerm
from checker.language.model.types import Value
from checker.language.model.verdicts import FOLLOW, RESPONSES, Response, Verdict
from checker.solver.smt.conditions import SmtConditionEncoder, Typed, any_value, value
from checker.solver.smt.solver import Formula, Solver, Term

# the response of a seller that follows a policy's verdict

Rows = Mapping[str, tuple[Row, ...]]


# --- docs/language.md, section 4: what a policy says ---


def parameters(solver: Solver, policy: Policy, settings: Mapping[str, Value]) -> dict[str, Typed]:
    """Return the policy's parameters, at their defaults but for what is set."""
    kept = {**policy.defaults(), **settings}
    return {
        name: Typed(value(solver, each.type, kept[name]), each.type)
        for name, each in policy.parameters.items()
    }


def any_parameters(solver: Solver, policy: Policy) -> dict[str, Typed]:
    """Return the policy's parameters, free within their ranges but for those that are fixed."""
    found = parameters(solver, policy, {})
    for name, each in policy.parameters.items():
        if not each.fixed:
            found[name] = Typed(any_value(solver, name, each.type), each.type)
    return found


@dataclass(frozen=True, slots=True)
class PolicyMeaning:
    """What one policy says: where it gives each verdict, and where all the rest is so.

    `rows` is where each row of a term is the first that holds, `terms` the rank of its value.
    """

    encoder: SmtConditionEncoder
    verdict: Mapping[Verdict, Formula]
    entitlements: Mapping[str, Formula]
    grounds: Mapping[str, Formula]
    rows: Mapping[str, list[Formula]]
    terms: Mapping[str, Term]


def policy_meaning(encoder: SmtConditionEncoder, policy: Policy, replaced: Rows) -> PolicyMeaning:
    """Return what the policy says, with the rows of `replaced` for the terms that it has."""
    solver = encoder.solver
    grounds = {id: encoder.holds(each.when) for id, each in policy.grounds.items()}
    owed = {}
    for id, entitlement in policy.entitlements.items():
        parts = [encoder.holds(entitlement.when)]
        parts += [solver.opposite(grounds[ground]) for ground in entitlement.unless]
        owed[id] = solver.named(f"owed {id}", solver.every(parts))
    rows, terms = {}, {}
    for name, term in policy.terms.items():
        decide = replaced.get(name, term.rows)
        rows[name], _ = first_match(encoder, [row.when for row in decide], solver.truth(True))
        terms[name] = solver.named(name, _term(encoder, term, decide, rows[name]))
    return PolicyMeaning(
        encoder, _verdict(solver, policy, owed, grounds), owed, grounds, rows, terms
    )


def _verdict(
    solver: Solver, policy: Policy, owed: Mapping[str, Formula], grounds: Mapping[str, Formula]
) -> dict[Verdict, Formula]:
    some_owed = solver.named("some owed", solver.some(owed.values()))
    some_ground = solver.named("some ground", solver.some(grounds.values()))
    none_owed = solver.opposite(some_owed)
    verdict = {
        Verdict.MUST_ACCEPT: some_owed,
        Verdict.MAY_REJECT: solver.every([none_owed, some_ground]),
        Verdict.NEGOTIATE: solver.truth(False),
    }
    rest = solver.every([none_owed, solver.opposite(some_ground)])
    verdict[policy.otherwise] = solver.some([verdict[policy.otherwise], rest])
    return verdict


def first_match(
    encoder: SmtConditionEncoder, conditions: Iterable[Condition], within: Formula
) -> tuple[list[Formula], Formula]:
    """Return where each condition is the first that holds, and where none does."""
    solver, left, found = encoder.solver, within, []
    for condition in conditions:
        here = solver.named("here", encoder.holds(condition))
        found.append(solver.every([left, here]))
        left = solver.named("left", solver.every([left, solver.opposite(here)]))
    return found, left


def _term(
    encoder: SmtConditionEncoder, term: PolicyTerm, rows: Sequence[Row], first: Sequence[Formula]
) -> Term:
    """Return the rank of the value of the first row that holds; the last one always does."""
    found = None
    for here, row in zip(reversed(first), reversed(rows), strict=True):
        kept = rank(term, encoder.one(row.then, term.type))
        found = kept if found is None else encoder.solver.either(here, kept, found)
    return found


def rank(term: PolicyTerm, kept: Term) -> Term:
    """Return a number that is lower the better the value is for the buyer."""
    return kept if term.type.name == "choice" or term.better == "lower" else -kept


@dataclass(frozen=True, slots=True)
class SmtRequirement:
    """Where a return must be accepted, and the rank of each term's best value for the buyer."""

    must_accept: Formula
    terms: Mapping[str, Term]


def decide(solver: Solver, said: Sequence[PolicyMeaning]) -> SmtRequirement:
    """Return what a policy and all that it upholds require together."""
    must_accept = solver.some(each.verdict[Verdict.MUST_ACCEPT] for each in said)
    terms: dict[str, Term] = {}
    for each in said:
        for name, kept in each.terms.items():
            best = terms.get(name)
            better = kept if best is None else solver.either(best <= kept, best, kept)
            terms[name] = solver.named(name, better)
    return SmtRequirement(solver.named("must accept", must_accept), terms)


# --- docs/language.md, section 5: how a seller answers ---


@dataclass(frozen=True, slots=True)
class AnswerBranch:
    """A place of an override: where it is what answers, and where with which response.

    `grounded` is where a ground that it cites holds under the policy's defaults.
    """

    at: str
    reached: Formula
    response: Mapping[Response, Formula]
    grounded: Formula


@dataclass(frozen=True, slots=True)
class Answer:
    """What an override answers, place by place, and the ranks of the seller's terms."""

    places: list[AnswerBranch]
    terms: Mapping[str, Term]


def answer(override: Override, own: PolicyMeaning) -> Answer:
    """Return what the override answers; `own` is what its policy says at its defaults."""
    encoder, policy, solver = own.encoder, override.policy, own.encoder.solver
    in_scope = solver.named("in scope", encoder.holds(override.scope or ALWAYS))
    if override.settings:
        settled = parameters(solver, policy, override.settings)
        encoder = SmtConditionEncoder(solver, encoder.case, policy.names, settled)
    followed = own
    if override.settings or override.terms:
        followed = policy_meaning(encoder, policy, override.terms)
    reached, left = first_match(encoder, [rule.when for rule in override.rules], in_scope)
    places = [
        _place(f"rules.{rule.id}", here, rule.respond, rule.cites, followed, own)
        for rule, here in zip(override.rules, reached, strict=True)
    ]
    places.append(_place("otherwise", left, override.otherwise, (), followed, own))
    places.append(_place("otherwise", solver.opposite(in_scope), FOLLOW, (), own, own))
    terms = {
        name: solver.either(in_scope, followed.terms[name], kept)
        for name, kept in own.terms.items()
    }
    return Answer(places, terms)


def _place(
    at: str,
    reached: Formula,
    respond: str,
    cites: Sequence[str],
    followed: PolicyMeaning,
    own: PolicyMeaning,
) -> AnswerBranch:
    solver = own.encoder.solver
    response = {each: solver.truth(each == respond) for each in RESPONSES.values()}
    if respond == FOLLOW:
        response = {RESPONSES[each]: where for each, where in followed.verdict.items()}
    grounds = [own.grounds[id] for id in cites]
    if not cites:  # all that hold under the settings are
        both = zip(followed.grounds.values(), own.grounds.values(), strict=True)
        grounds = [solver.every(pair) for pair in both]
    return AnswerBranch(at, reached, response, solver.some(grounds))
