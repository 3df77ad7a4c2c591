"""Policies and overrides as terms of an SMT solver (docs/language.md, sections 4 and 5).

Follows the reference implementation of the tests (`tests/reference.py`) step by step, as
`conditions.py` does for the sections before. "No earlier rule holds" is a named formula that refers
to the one of the rule before: a list of two hundred rules gives two hundred short formulas.
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
from checker.solver.smt.conditions import SmtConditionEncoder, TypedTerm, free_term, value_term
from checker.solver.smt.solver import Formula, Solver, Term

Rows = Mapping[str, tuple[Row, ...]]


# --- docs/language.md, section 4: what a policy says ---


def parameters(
    solver: Solver, policy: Policy, settings: Mapping[str, Value]
) -> dict[str, TypedTerm]:
    """Return the policy's parameters at their defaults, but for those in `settings`."""
    values = {**policy.defaults(), **settings}
    return {
        name: TypedTerm(value_term(solver, parameter.type, values[name]), parameter.type)
        for name, parameter in policy.parameters.items()
    }


def free_parameters(solver: Solver, policy: Policy) -> dict[str, TypedTerm]:
    """Return the policy's parameters, free within their ranges but for those that are fixed."""
    terms = parameters(solver, policy, {})
    for name, parameter in policy.parameters.items():
        if not parameter.fixed:
            terms[name] = TypedTerm(free_term(solver, name, parameter.type), parameter.type)
    return terms


@dataclass(frozen=True, slots=True)
class SmtPolicy:
    """One policy under given parameters: the formulas of its results.

    Attributes:
        encoder: the encoder of its conditions.
        verdict: where the policy's own verdict is each verdict.
        entitlements: where each entitlement is owed.
        grounds: where each ground holds.
        rows: of each term, where it applies and each row is the first match.
        applies: where each term applies.
        terms: the rank of each term's value (`rank`), of any value where it does not apply.
    """

    encoder: SmtConditionEncoder
    verdict: Mapping[Verdict, Formula]
    entitlements: Mapping[str, Formula]
    grounds: Mapping[str, Formula]
    rows: Mapping[str, list[Formula]]
    applies: Mapping[str, Formula]
    terms: Mapping[str, Term]


def encode_policy(encoder: SmtConditionEncoder, policy: Policy, replaced: Rows) -> SmtPolicy:
    """Return the formulas of a policy; `replaced` has other rows for some of its terms."""
    solver = encoder.solver
    grounds = {id: encoder.holds(ground.when) for id, ground in policy.grounds.items()}
    owed = {}
    for id, entitlement in policy.entitlements.items():
        parts = [encoder.holds(entitlement.when)]
        parts += [solver.opposite(grounds[ground]) for ground in entitlement.unless]
        owed[id] = solver.named(f"owed {id}", solver.every(parts))
    first_rows, ranks, applies = {}, {}, {}
    for name, term in policy.terms.items():
        rows = replaced.get(name, term.rows)
        conditions = [row.when for row in rows]
        applies[name] = solver.named("applies", encoder.holds(term.when or ALWAYS))
        first_rows[name], _ = first_match(encoder, conditions, applies[name])
        ranks[name] = solver.named(name, _term_rank(encoder, term, rows, first_rows[name]))
    verdict = _verdict(solver, policy, owed, grounds)
    return SmtPolicy(encoder, verdict, owed, grounds, first_rows, applies, ranks)


def _verdict(
    solver: Solver, policy: Policy, owed: Mapping[str, Formula], grounds: Mapping[str, Formula]
) -> dict[Verdict, Formula]:
    """Return where the policy's own verdict is each verdict."""
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
    solver, left, first = encoder.solver, within, []
    for condition in conditions:
        here = solver.named("here", encoder.holds(condition))
        first.append(solver.every([left, here]))
        left = solver.named("left", solver.every([left, solver.opposite(here)]))
    return first, left


def _term_rank(
    encoder: SmtConditionEncoder, term: PolicyTerm, rows: Sequence[Row], first: Sequence[Formula]
) -> Term:
    """Return the rank of the value of the first row that holds; the last one always does."""
    result = None
    for here, row in zip(reversed(first), reversed(rows), strict=True):
        row_rank = rank(term, encoder.operand(row.then, term.type))
        result = row_rank if result is None else encoder.solver.either(here, row_rank, result)
    return result


def rank(term: PolicyTerm, value: Term) -> Term:
    """Return a number that is lower the better the value is for the buyer."""
    return value if term.type.name == "choice" or term.better == "lower" else -value


@dataclass(frozen=True, slots=True)
class SmtRequirement:
    """Where a return must be accepted and each term applies, and the rank of its best value."""

    must_accept: Formula
    applies: Mapping[str, Formula]
    terms: Mapping[str, Term]


def requirement(solver: Solver, policies: Sequence[SmtPolicy]) -> SmtRequirement:
    """Return what a policy and all policies that it upholds require together."""
    must_accept = solver.some(policy.verdict[Verdict.MUST_ACCEPT] for policy in policies)
    ranks: dict[str, Term] = {}
    applies: dict[str, Formula] = {}
    for policy in policies:
        for name, own in policy.terms.items():
            best, here = ranks.get(name), policy.applies[name]
            if best is None:
                ranks[name], applies[name] = own, here
                continue
            other_counts = solver.some([solver.opposite(here), best <= own])
            keeps = solver.every([applies[name], other_counts])
            ranks[name] = solver.named(name, solver.either(keeps, best, own))
            applies[name] = solver.named("applies", solver.some([applies[name], here]))
    return SmtRequirement(solver.named("must accept", must_accept), applies, ranks)


# --- docs/language.md, section 5: how a seller answers ---


@dataclass(frozen=True, slots=True)
class SmtBranch:
    """One branch of an override: a rule, or what comes after all rules.

    Attributes:
        at: the rule as `rules.ID`, or `otherwise`.
        reached: where the branch answers.
        response: where it gives each response.
        grounded: where a ground that it cites holds under the policy's defaults.
    """

    at: str
    reached: Formula
    response: Mapping[Response, Formula]
    grounded: Formula


@dataclass(frozen=True, slots=True)
class SmtOverride:
    """The branches of an override, and the rank of each of the seller's terms."""

    branches: list[SmtBranch]
    terms: Mapping[str, Term]


def encode_override(override: Override, own: SmtPolicy) -> SmtOverride:
    """Return the formulas of an override; `own` is its policy at the defaults."""
    encoder, policy, solver = own.encoder, override.policy, own.encoder.solver
    in_scope = solver.named("in scope", encoder.holds(override.scope or ALWAYS))
    if override.settings:
        settled = parameters(solver, policy, override.settings)
        encoder = SmtConditionEncoder(solver, encoder.case, policy.names, settled)
    followed = own
    if override.settings or override.terms:
        followed = encode_policy(encoder, policy, override.terms)
    reached, left = first_match(encoder, [rule.when for rule in override.rules], in_scope)
    branches = [
        _branch(f"rules.{rule.id}", here, rule.respond, rule.cites, followed, own)
        for rule, here in zip(override.rules, reached, strict=True)
    ]
    branches.append(_branch("otherwise", left, override.otherwise, (), followed, own))
    branches.append(_branch("otherwise", solver.opposite(in_scope), FOLLOW, (), own, own))
    ranks = {
        name: solver.either(in_scope, followed.terms[name], default)
        for name, default in own.terms.items()
    }
    return SmtOverride(branches, ranks)


def _branch(
    at: str,
    reached: Formula,
    respond: str,
    cites: Sequence[str],
    followed: SmtPolicy,
    own: SmtPolicy,
) -> SmtBranch:
    """Return a branch; `followed` is the policy under the seller's settings."""
    solver = own.encoder.solver
    where = {response: solver.truth(response == respond) for response in RESPONSES.values()}
    if respond == FOLLOW:
        where = {RESPONSES[verdict]: formula for verdict, formula in followed.verdict.items()}
    grounds = [own.grounds[id] for id in cites]
    if not cites:  # the branch cites every ground that holds under the settings
        both = zip(followed.grounds.values(), own.grounds.values(), strict=True)
        grounds = [solver.every(pair) for pair in both]
    return SmtBranch(at, reached, where, solver.some(grounds))
