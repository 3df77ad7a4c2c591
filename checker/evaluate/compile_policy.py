"""Policies compiled: from facts to verdict, entitlements, grounds and terms (section 4).

One Python function decides where every fact that is asked for is known; where one is absent
it hands over to a second one that follows Kleene and also says which facts were read.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from checker.evaluate.python_ast import (
    Code,
    assign,
    constant,
    every,
    function,
    name,
    negated,
    some,
)
from checker.language.model.conditions import (
    ALWAYS,
    Condition,
    GroundHolds,
    Literal,
    ParameterValue,
    facts_in,
)
from checker.language.model.policy import Policy
from checker.language.model.terms import Row, Term
from checker.language.model.types import Value
from checker.language.resolve.facts import Facts

MUST_ACCEPT, MAY_REJECT, UNKNOWN = "must_accept", "may_reject", "unknown"


class Reads(NamedTuple):
    """The facts that the conditions read for each result look at (section 4, `needs`).

    With them, the grounds of which it is unknown whether they hold.
    """

    verdict: frozenset[str]
    terms: Mapping[str, frozenset[str]]
    doubtful_grounds: list[str]


class Requirement(NamedTuple):
    """What policies say of a case; `reads` is None where every fact is known."""

    verdict: str
    entitlements: list[str]
    grounds: list[str]
    terms: dict[str, Value | None]
    reads: Reads | None = None


@dataclass(frozen=True, slots=True)
class Governed:
    """A policy under given parameters, with the rows that stand for its terms."""

    policy: Policy
    parameters: Mapping[str, Value]
    rows: Mapping[str, Sequence[Row]]

    def value(self, row: Row) -> Any:
        """Return the value that the row gives under the parameters."""
        if isinstance(row.then, Literal):
            return row.then.value
        assert isinstance(row.then, ParameterValue)
        value: Any = self.parameters[row.then.name]
        return value + row.then.plus if row.then.plus else value


def governed(policy: Policy) -> Governed:
    """Return the policy as it stands: defaults, and its own rows."""
    return Governed(
        policy, policy.defaults(), {name: term.rows for name, term in policy.terms.items()}
    )


Decide = Callable[[Facts], tuple[Any, ...]]


def compile_required(policies: Sequence[Governed]) -> Decide:
    """Return the function from facts to the fields of a `Requirement`, for policies together.

    The first policy is the one that grounds and the verdict without entitlement come from;
    the others can only require more of the seller.
    """
    partly = function("facts", _Writer(policies, known=False).write())
    return function("facts", _Writer(policies, known=True).write(), {"partly": partly})


class _Writer:
    """Writes the statements of one function, for facts that are all known or for any."""

    def __init__(self, policies: Sequence[Governed], *, known: bool) -> None:
        self.policies, self.known = policies, known
        self.body: list[ast.stmt] = []
        facts = sorted({fact for each in policies for fact in _facts_read(each)})
        self.locals = {fact: f"fact{number}" for number, fact in enumerate(facts)}
        self.codes = [
            Code(
                self.body,
                each.policy.names,
                each.parameters,
                self.locals,
                known=known,
                prefix=f"policy{number}_",
            )
            for number, each in enumerate(policies)
        ]

    def write(self) -> list[ast.stmt]:
        for fact, local in self.locals.items():
            self.body.append(
                assign(local, ast.Subscript(name("facts"), constant(fact), ast.Load()))
            )
        if self.known and self.locals:
            absent = some([_is_none(local) for local in self.locals.values()])
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
        self.body.append(ast.Return(ast.Tuple(result, ast.Load())))
        return self.body

    def _entitlements(self) -> None:
        """Write `entitlements`, sorted; an id that several policies have counts once."""
        owed: dict[str, list[ast.expr]] = {}
        for number, (governed, code) in enumerate(zip(self.policies, self.codes, strict=True)):
            for place, (id, each) in enumerate(governed.policy.entitlements.items()):
                unless = [GroundHolds(ground) for ground in each.unless]
                holds = every([code.holds(each.when), *(code.fails(g) for g in unless)])
                if not self.known:
                    fails = some([code.fails(each.when), *(code.holds(g) for g in unless)])
                    local = f"owed{number}_{place}"
                    self.body += [assign(local, holds), assign(local + "_fails", fails)]
                    holds = name(local)
                owed.setdefault(id, []).append(holds)
        self._list("entitlements", {id: some(owed[id]) for id in sorted(owed)})

    def _grounds(self) -> None:
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
        must: list[ast.expr] = [name("entitlements")]
        for governed, code in zip(self.policies[1:], self.codes[1:], strict=True):
            if governed.policy.otherwise == MUST_ACCEPT:
                grounds = [code.fails(GroundHolds(id)) for id in governed.policy.grounds]
                must.append(every(grounds))
        otherwise = constant(self.policies[0].policy.otherwise)
        own = ast.IfExp(name("grounds"), constant(MAY_REJECT), otherwise)
        self.body.append(assign("verdict", ast.IfExp(some(must), constant(MUST_ACCEPT), own)))

    def _verdict_partly(self) -> None:
        """Write each policy's own verdict and what it read, and then `verdict`."""
        verdicts = [f"verdict{number}" for number in range(len(self.policies))]
        for number in range(len(self.policies)):
            self._own_verdict(number)
        must = some([_equals(verdict, MUST_ACCEPT) for verdict in verdicts])
        unknown = some([_equals(verdict, UNKNOWN) for verdict in verdicts])
        rest = ast.IfExp(unknown, constant(UNKNOWN), name("verdict0"))
        self.body.append(assign("verdict", ast.IfExp(must, constant(MUST_ACCEPT), rest)))
        self.body.append(assign("read", _union([f"read{n}" for n in range(len(self.policies))])))

    def _own_verdict(self, number: int) -> None:
        policy, code = self.policies[number].policy, self.codes[number]
        owed = [f"owed{number}_{place}" for place in range(len(policy.entitlements))]
        grounds = [GroundHolds(id) for id in policy.grounds]
        entitlements = [
            condition
            for each in policy.entitlements.values()
            for condition in (each.when, *map(GroundHolds, each.unless))
        ]
        early = constant(_facts(entitlements, policy))
        late = constant(_facts([*entitlements, *grounds], policy))
        steps: list[tuple[ast.expr, str, ast.Constant]] = [
            (some([name(local) for local in owed]), MUST_ACCEPT, early),
            (negated(every([name(local + "_fails") for local in owed])), UNKNOWN, early),
            (some([code.holds(ground) for ground in grounds]), MAY_REJECT, late),
            (negated(every([code.fails(ground) for ground in grounds])), UNKNOWN, late),
        ]
        verdict, read = f"verdict{number}", f"read{number}"
        rest: list[ast.stmt] = [assign(verdict, constant(policy.otherwise)), assign(read, late)]
        for test, outcome, facts in reversed(steps):
            rest = [ast.If(test, [assign(verdict, constant(outcome)), assign(read, facts)], rest)]
        self.body += rest

    def _terms(self) -> ast.Dict:
        """Write the value of every term; return the display that puts them together."""
        values: dict[str, ast.expr] = {}
        for term_name in self._term_names():
            values[term_name] = self._term(term_name)
        return ast.Dict([constant(each) for each in values], [*values.values()])

    def _term_names(self) -> list[str]:
        return sorted({term for each in self.policies for term in each.policy.terms})

    def _term(self, term_name: str) -> ast.expr:
        """Write a term's best value among the policies that define it, by rank."""
        definers = [
            (number, each.policy.terms[term_name])
            for number, each in enumerate(self.policies)
            if term_name in each.policy.terms
        ]
        term, place = definers[0][1], self._term_names().index(term_name)
        ranks = [f"rank{place}_{number}" for number, _ in definers]
        for local, (number, each) in zip(ranks, definers, strict=True):
            self.body += self._rank(local, number, each)
        best = f"best{place}"
        self.body.append(assign(best, name(ranks[0])))
        for local in ranks[1:]:
            lower = ast.Compare(name(local), [ast.Lt()], [name(best)])
            if not self.known:
                self.body.append(
                    ast.If(
                        self._all_known([best, local]),
                        [_keep(lower, best, local)],
                        [assign(best, constant(None))],
                    )
                )
            else:
                self.body.append(_keep(lower, best, local))
        if not self.known:
            self.body.append(assign(f"read_{best}", _union([f"read_{each}" for each in ranks])))
            return ast.IfExp(_is_none(best), constant(None), _unranked(name(best), term))
        return _unranked(name(best), term)

    def _all_known(self, variables: list[str]) -> ast.expr:
        return negated(some([_is_none(each) for each in variables]))

    def _rank(self, local: str, number: int, term: Term) -> list[ast.stmt]:
        """Return the statements that set `local` to the rank of the first row that holds."""
        governed, code = self.policies[number], self.codes[number]
        rows = governed.rows[term.name]
        seen: list[Condition] = []
        steps: list[ast.stmt] = []
        for row in rows:
            seen.append(row.when)
            read = constant(_facts(seen, governed.policy))
            rank = constant(term.rank(governed.value(row)))
            last = row.when == ALWAYS
            found = self._found(local, rank, read)
            steps += found if last else [ast.If(code.holds(row.when), found, [])]
            if last:
                break
            if not self.known:
                unknown = negated(code.fails(row.when))
                steps.append(ast.If(unknown, self._found(local, constant(None), read), []))
        # A loop that is left at the first row that holds: rows side by side, however many.
        return [ast.While(constant(True), steps, [])]

    def _found(self, local: str, rank: ast.expr, read: ast.expr) -> list[ast.stmt]:
        """Return the statements that set a rank, and what was read for it, and leave the rows."""
        read_too = [] if self.known else [assign(f"read_{local}", read)]
        return [assign(local, rank), *read_too, ast.Break()]

    def _reads(self) -> ast.expr:
        terms = [
            (constant(term), name(f"read_best{place}"))
            for place, term in enumerate(self._term_names())
        ]
        by_term = ast.Dict([key for key, _ in terms], [value for _, value in terms])
        return ast.Tuple([name("read"), by_term, name("doubtful")], ast.Load())


def _facts_read(governed: Governed) -> frozenset[str]:
    """Return every fact that the policy's results may look at."""
    policy = governed.policy
    conditions: list[Condition] = [each.when for each in policy.entitlements.values()]
    conditions += map(GroundHolds, policy.grounds)
    conditions += [row.when for rows in governed.rows.values() for row in rows]
    return _facts(conditions, policy)


def _facts(conditions: Sequence[Condition], policy: Policy) -> frozenset[str]:
    return frozenset().union(*(facts_in(each, policy.names) for each in conditions))


def _is_none(variable: str) -> ast.expr:
    return ast.Compare(name(variable), [ast.Is()], [constant(None)])


def _equals(variable: str, text: str) -> ast.expr:
    return ast.Compare(name(variable), [ast.Eq()], [constant(text)])


def _keep(lower: ast.expr, best: str, other: str) -> ast.stmt:
    return ast.If(lower, [assign(best, name(other))], [])


def _union(variables: list[str]) -> ast.expr:
    whole: ast.expr = name(variables[0])
    for each in variables[1:]:
        whole = ast.BinOp(whole, ast.BitOr(), name(each))
    return whole


def _unranked(rank: ast.expr, term: Term) -> ast.expr:
    """Return the value that has the rank (`Term.rank`, turned back)."""
    if term.type.name == "choice":
        return ast.Subscript(constant(term.type.values), rank, ast.Load())
    return rank if term.better == "lower" else ast.UnaryOp(ast.USub(), rank)
