"""Policies compiled to Python functions of the facts (docs/language.md, section 4).

One function decides the cases in which every fact that conditions look at is known. Where a fact is
absent, it calls a second function, which follows Kleene's logic and also returns which facts the
conditions read.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence
from typing import Any

from checker.evaluate.python_ast import (
    Code,
    assign,
    constant,
    every,
    function,
    is_none,
    name,
    named_tuple,
    negated,
    some,
    union,
)
from checker.evaluate.requirement import (
    Backend,
    ConfiguredPolicy,
    Decide,
    First,
    Reads,
    Requirement,
    facts_of_conditions,
    facts_read,
)
from checker.language.model.conditions import (
    ALWAYS,
    Condition,
    GroundHolds,
    Names,
    facts_in,
)
from checker.language.model.terms import Term
from checker.language.model.types import Value
from checker.language.model.verdicts import Verdict

# compiled functions refer to these by name: the constants of code can only be plain values
_GLOBALS: Mapping[str, Any] = {
    **{verdict.name: verdict for verdict in Verdict},
    "Requirement": Requirement,
    "Reads": Reads,
    "new": tuple.__new__,
}
NOT_APPLICABLE = math.inf  # the rank of a term that does not apply: worse than every value


def compile_policies(policies: Sequence[ConfiguredPolicy]) -> Decide:
    """Return the function from facts to what the policies together require.

    Grounds, and the verdict where nothing is owed, come from the first policy. The others can only
    require more of the seller.
    """
    partly = function("facts", _Writer(policies, known=False).write(), _GLOBALS)
    known = _Writer(policies, known=True).write()
    return function("facts", known, {**_GLOBALS, "partly": partly})


class _Writer:
    """Writes the statements of one function, for known facts alone or for any facts."""

    def __init__(self, policies: Sequence[ConfiguredPolicy], *, known: bool) -> None:
        self.policies, self.known = policies, known
        self.body: list[ast.stmt] = []
        facts = sorted({fact for configured in policies for fact in facts_read(configured)})
        self.locals = {fact: f"fact{number}" for number, fact in enumerate(facts)}
        self.codes = [
            Code(
                self.body,
                configured.policy.names,
                configured.parameters,
                self.locals,
                known=known,
                prefix=f"policy{number}_",
            )
            for number, configured in enumerate(policies)
        ]

    def write(self) -> list[ast.stmt]:
        """Return the statements of the function."""
        for fact, local in self.locals.items():
            self.body.append(
                assign(local, ast.Subscript(name("facts"), constant(fact), ast.Load()))
            )
        if self.known and self.locals:
            absent = some([is_none(local) for local in self.locals.values()])
            hand_over = ast.Return(ast.Call(name("partly"), [name("facts")], []))
            self.body.append(ast.If(absent, [hand_over], []))
        self._entitlements()
        self._grounds()
        if self.known:
            self._verdict_known()
        else:
            self._verdict_partly()
        terms = self._terms()
        result: list[ast.expr] = [name("verdict"), name("entitlements"), name("grounds"), terms]
        result.append(constant(None) if self.known else self._reads())
        fields = ast.Tuple(result, ast.Load())
        self.body.append(ast.Return(named_tuple("Requirement", fields)))
        return self.body

    def _entitlements(self) -> None:
        """Write `entitlements`, sorted; an id that several policies have counts once."""
        owed: dict[str, list[ast.expr]] = {}
        for number, (configured, code) in enumerate(zip(self.policies, self.codes, strict=True)):
            for position, (id, entitlement) in enumerate(configured.policy.entitlements.items()):
                unless = [GroundHolds(ground) for ground in entitlement.unless]
                holds = every([code.holds(entitlement.when), *(code.fails(g) for g in unless)])
                if not self.known:
                    fails = some([code.fails(entitlement.when), *(code.holds(g) for g in unless)])
                    local = f"owed{number}_{position}"
                    self.body += [assign(local, holds), assign(local + "_fails", fails)]
                    holds = name(local)
                owed.setdefault(id, []).append(holds)
        self._list("entitlements", {id: some(owed[id]) for id in sorted(owed)})

    def _grounds(self) -> None:
        """Write `grounds`, sorted, and `doubtful`: those that are unknown."""
        first, code = self.policies[0].policy, self.codes[0]
        holds = {id: code.holds(GroundHolds(id)) for id in sorted(first.grounds)}
        self._list("grounds", holds)
        if not self.known:
            unknown = {id: negated(some([holds[id], code.fails(GroundHolds(id))])) for id in holds}
            self._list("doubtful", unknown)

    def _list(self, target: str, entries: Mapping[str, ast.expr]) -> None:
        """Write `target` as the list of the entries whose expression is true."""
        self.body.append(assign(target, ast.List([], ast.Load())))
        for id, holds in entries.items():
            append = ast.Attribute(name(target), "append", ast.Load())
            call = ast.Expr(ast.Call(append, [constant(id)], []))
            self.body.append(ast.If(holds, [call], []))

    def _verdict_known(self) -> None:
        """Write `verdict` where every fact is known."""
        must: list[ast.expr] = [name("entitlements")]
        for configured, code in zip(self.policies[1:], self.codes[1:], strict=True):
            if configured.policy.otherwise is Verdict.MUST_ACCEPT:
                grounds = [code.fails(GroundHolds(id)) for id in configured.policy.grounds]
                must.append(every(grounds))
        otherwise = _verdict(self.policies[0].policy.otherwise)
        own = ast.IfExp(name("grounds"), name("MAY_REJECT"), otherwise)
        self.body.append(assign("verdict", ast.IfExp(some(must), name("MUST_ACCEPT"), own)))

    def _verdict_partly(self) -> None:
        """Write each policy's own verdict and the facts that it read, and then `verdict`."""
        verdicts = [f"verdict{number}" for number in range(len(self.policies))]
        for number in range(len(self.policies)):
            self._own_verdict(number)
        must = some([_is_verdict(verdict, Verdict.MUST_ACCEPT) for verdict in verdicts])
        unknown = some([_is_verdict(verdict, Verdict.UNKNOWN) for verdict in verdicts])
        rest = ast.IfExp(unknown, name("UNKNOWN"), name("verdict0"))
        self.body.append(assign("verdict", ast.IfExp(must, name("MUST_ACCEPT"), rest)))
        self.body.append(assign("read", union([f"read{n}" for n in range(len(self.policies))])))

    def _own_verdict(self, number: int) -> None:
        """Write the verdict of one policy, and the facts read for it."""
        policy, code = self.policies[number].policy, self.codes[number]
        owed = [f"owed{number}_{position}" for position in range(len(policy.entitlements))]
        grounds = [GroundHolds(id) for id in policy.grounds]
        entitlements = [
            condition
            for entitlement in policy.entitlements.values()
            for condition in (entitlement.when, *map(GroundHolds, entitlement.unless))
        ]
        early = constant(facts_of_conditions(entitlements, policy))
        late = constant(facts_of_conditions([*entitlements, *grounds], policy))
        steps: list[tuple[ast.expr, Verdict, ast.Constant]] = [
            (some([name(local) for local in owed]), Verdict.MUST_ACCEPT, early),
            (negated(every([name(local + "_fails") for local in owed])), Verdict.UNKNOWN, early),
            (some([code.holds(ground) for ground in grounds]), Verdict.MAY_REJECT, late),
            (negated(every([code.fails(ground) for ground in grounds])), Verdict.UNKNOWN, late),
        ]
        verdict, read = f"verdict{number}", f"read{number}"
        rest: list[ast.stmt] = [assign(verdict, _verdict(policy.otherwise)), assign(read, late)]
        for test, outcome, facts in reversed(steps):
            rest = [ast.If(test, [assign(verdict, _verdict(outcome)), assign(read, facts)], rest)]
        self.body += rest

    def _terms(self) -> ast.Dict:
        """Write the value of every term; return the dict of all that apply as an expression."""
        keys: list[ast.expr | None] = []
        values: list[ast.expr] = []
        for position, term_name in enumerate(self._term_names()):
            value = self._term(term_name)
            if self._always_applies(term_name):
                keys.append(constant(term_name))
                values.append(value)
                continue
            nothing = ast.Compare(name(f"best{position}"), [ast.Eq()], [constant(NOT_APPLICABLE)])
            one = ast.Dict([constant(term_name)], [value])
            keys.append(None)  # the entries of a dict, as in `{**other}`
            values.append(ast.IfExp(nothing, ast.Dict([], []), one))
        return ast.Dict(keys, values)

    def _always_applies(self, term_name: str) -> bool:
        """Return whether a policy has the term without a condition on where it applies."""
        policies = [configured.policy for configured in self.policies]
        terms = [policy.terms[term_name] for policy in policies if term_name in policy.terms]
        return any(term.when is None for term in terms)

    def _term_names(self) -> list[str]:
        return sorted({term for configured in self.policies for term in configured.policy.terms})

    def _term(self, term_name: str) -> ast.expr:
        """Write a term's best value, by rank, of all policies that define the term."""
        definers = [
            (number, configured.policy.terms[term_name])
            for number, configured in enumerate(self.policies)
            if term_name in configured.policy.terms
        ]
        term, position = definers[0][1], self._term_names().index(term_name)
        ranks = [f"rank{position}_{number}" for number, _ in definers]
        for local, (number, own_term) in zip(ranks, definers, strict=True):
            self.body += self._rank(local, number, own_term)
        best = f"best{position}"
        self.body.append(assign(best, name(ranks[0])))
        for local in ranks[1:]:
            lower = ast.Compare(name(local), [ast.Lt()], [name(best)])
            if not self.known:
                self.body.append(
                    ast.If(
                        self._all_present([best, local]),
                        [_assign_if(lower, best, local)],
                        [assign(best, constant(None))],
                    )
                )
            else:
                self.body.append(_assign_if(lower, best, local))
        if not self.known:
            self.body.append(assign(f"read_{best}", union([f"read_{local}" for local in ranks])))
            return ast.IfExp(is_none(best), constant(None), _unranked(name(best), term))
        return _unranked(name(best), term)

    def _all_present(self, variables: list[str]) -> ast.expr:
        return negated(some([is_none(variable) for variable in variables]))

    def _rank(self, local: str, number: int, term: Term) -> list[ast.stmt]:
        """Return the statements that set `local` to the rank of the first row that holds.

        Where the term does not apply, it is `NOT_APPLICABLE`.
        """
        configured, code = self.policies[number], self.codes[number]
        rows = configured.rows[term.name]
        seen: list[Condition] = []
        steps: list[ast.stmt] = []
        if term.when:
            seen.append(term.when)
            read = constant(facts_of_conditions(seen, configured.policy))
            nothing = self._set_rank(local, constant(NOT_APPLICABLE), read)
            steps.append(ast.If(code.fails(term.when), nothing, []))
            if not self.known:
                unknown = negated(code.holds(term.when))
                steps.append(ast.If(unknown, self._set_rank(local, constant(None), read), []))
        for row in rows:
            seen.append(row.when)
            read = constant(facts_of_conditions(seen, configured.policy))
            rank = constant(term.rank(configured.value(row)))
            last = row.when == ALWAYS
            set_rank = self._set_rank(local, rank, read)
            steps += set_rank if last else [ast.If(code.holds(row.when), set_rank, [])]
            if last:
                break
            if not self.known:
                unknown = negated(code.fails(row.when))
                steps.append(ast.If(unknown, self._set_rank(local, constant(None), read), []))
        # A loop with a `break` at the first row that holds: nested `if`s would be as deep as there
        # are rows, and Python limits that depth.
        return [ast.While(constant(True), steps, [])]

    def _set_rank(self, local: str, rank: ast.expr, read: ast.expr) -> list[ast.stmt]:
        """Return the statements that set a rank and the facts read for it, and leave the loop."""
        read_too = [] if self.known else [assign(f"read_{local}", read)]
        return [assign(local, rank), *read_too, ast.Break()]

    def _reads(self) -> ast.expr:
        """Return the expression for `Reads`."""
        terms = [
            (constant(term), name(f"read_best{position}"))
            for position, term in enumerate(self._term_names())
        ]
        by_term = ast.Dict([key for key, _ in terms], [value for _, value in terms])
        fields = ast.Tuple([name("read"), by_term, name("doubtful")], ast.Load())
        return named_tuple("Reads", fields)


def _verdict(verdict: Verdict) -> ast.expr:
    return name(verdict.name)


def _is_verdict(variable: str, verdict: Verdict) -> ast.expr:
    return ast.Compare(name(variable), [ast.Is()], [_verdict(verdict)])


def _assign_if(lower: ast.expr, best: str, other: str) -> ast.stmt:
    return ast.If(lower, [assign(best, name(other))], [])


def _unranked(rank: ast.expr, term: Term) -> ast.expr:
    """Return the value that has the rank: the inverse of `Term.rank`."""
    if term.type.name == "choice":
        return ast.Subscript(constant(term.type.values), rank, ast.Load())
    return rank if term.better == "lower" else ast.UnaryOp(ast.USub(), rank)


def compile_first(
    conditions: Sequence[Condition], names: Names, parameters: Mapping[str, Value]
) -> First:
    """Return the function from facts to the first condition that is not false (`Backend`)."""
    facts = sorted({fact for condition in conditions for fact in facts_in(condition, names)})
    body: list[ast.stmt] = []
    locals_ = {fact: f"fact{number}" for number, fact in enumerate(facts)}
    for fact, local in locals_.items():
        value = ast.Subscript(ast.Name("facts", ast.Load()), constant(fact), ast.Load())
        body.append(ast.Assign([ast.Name(local, ast.Store())], value))
    code = Code(body, names, parameters, locals_, known=False, prefix="named")
    for position, condition in enumerate(conditions):
        holds, unknown = code.holds(condition), negated(code.fails(condition))
        body.append(ast.If(holds, [ast.Return(constant((position, True)))], []))
        body.append(ast.If(unknown, [ast.Return(constant((position, False)))], []))
    body.append(ast.Return(constant((-1, True))))
    return function("facts", body)


COMPILED = Backend(compile_policies, compile_first)
