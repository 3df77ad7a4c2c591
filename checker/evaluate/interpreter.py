"""Evaluates policies and conditions for one case without compiling: Kleene's logic over the tree.

Compiling pays where many cases are decided. The interpreter is for single cases: the replay of a
counterexample, the reasons of a decision, the trials of a repair. Its results are those of the
compiled functions (`compile_policy.py`); the tests compare both on every case that they decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from checker.evaluate.requirement import (
    Backend,
    ConfiguredPolicy,
    Decide,
    First,
    Reads,
    Requirement,
    facts_of_conditions,
)
from checker.language.model.conditions import (
    All,
    AnyOf,
    AtMost,
    Condition,
    CoreTest,
    Defined,
    Equal,
    GroundHolds,
    Includes,
    Literal,
    Names,
    Not,
    Operand,
    ParameterValue,
    Test,
)
from checker.language.model.policy import Entitlement
from checker.language.model.terms import Row, Term
from checker.language.model.types import Value
from checker.language.model.verdicts import Verdict
from checker.language.resolve.facts import Facts


class Interpreter:
    """Evaluates conditions of one policy for one case; each ground and definition only once.

    Args:
        names: the policy's grounds and definitions.
        parameters: the value of each parameter.
        facts: the case as typed values; None where a fact is absent.

    Attributes:
        met_absent: whether a condition looked at an absent fact.
    """

    def __init__(self, names: Names, parameters: Mapping[str, Value], facts: Facts) -> None:
        self.names, self.parameters, self.facts = names, parameters, facts
        self.met_absent = False
        self._named: dict[GroundHolds | Defined, bool | None] = {}

    def value(self, condition: Condition) -> bool | None:
        """Return whether the condition is true, None where that is unknown."""
        if isinstance(condition, Test):
            return self.value(condition.core)
        if isinstance(condition, All):
            return _every(map(self.value, condition.parts))
        if isinstance(condition, AnyOf):
            return _opposite(_every(_opposite(self.value(part)) for part in condition.parts))
        if isinstance(condition, Not):
            return _opposite(self.value(condition.part))
        if isinstance(condition, GroundHolds | Defined):
            if condition not in self._named:
                self._named[condition] = self.value(self.names.of(condition))
            return self._named[condition]
        return self._core(condition)

    def _core(self, test: CoreTest) -> bool | None:
        if isinstance(test, Includes):
            members: Any = self.parameters[test.subject.name]
            return test.member in members
        if isinstance(test, Equal | AtMost):
            left, right = self.operand(test.left), self.operand(test.right)
            if left is None or right is None:
                return None
            return bool(left == right if isinstance(test, Equal) else left <= right)
        subject = self.operand(test.subject)
        return None if subject is None else subject in self.operand(test.members)

    def operand(self, operand: Operand) -> Any:
        """Return the typed value of an operand, None where its fact is absent."""
        if isinstance(operand, Literal):
            return operand.value
        known = self.parameters if isinstance(operand, ParameterValue) else self.facts
        value: Any = known[operand.name]
        if value is None:
            self.met_absent = True
            return None
        return value + operand.plus if operand.plus else value

    def first(self, conditions: Iterable[Condition]) -> tuple[int, bool]:
        """Return the position of the first condition that is not false, and whether it is true.

        (-1, True) where all are false.
        """
        for position, condition in enumerate(conditions):
            value = self.value(condition)
            if value is not False:
                return position, value is True
        return -1, True


def _every(values: Iterable[bool | None]) -> bool | None:
    """Return Kleene's conjunction: false where one is false, else unknown where one is unknown."""
    unknown = False
    for value in values:
        if value is False:
            return False
        unknown = unknown or value is None
    return None if unknown else True


def _opposite(value: bool | None) -> bool | None:
    return None if value is None else not value


def interpret_first(
    conditions: Sequence[Condition], names: Names, parameters: Mapping[str, Value]
) -> First:
    """Return the function from facts to the first condition that is not false (`Backend`)."""
    return lambda facts: Interpreter(names, parameters, facts).first(conditions)


def interpret_policies(policies: Sequence[ConfiguredPolicy]) -> Decide:
    """Return the function from facts to what policies together require (`compile_policies`)."""
    return lambda facts: requirement([PolicyInterpreter(policy, facts) for policy in policies])


def requirement(policies: Sequence[PolicyInterpreter]) -> Requirement:
    """Return what policies require together of one case.

    Grounds, and the verdict where nothing is owed, come from the first policy. The others can only
    require more of the seller.
    """
    first, verdicts = policies[0], [policy.verdict for policy in policies]
    verdict = next(
        (v for v in (Verdict.MUST_ACCEPT, Verdict.UNKNOWN) if v in verdicts), verdicts[0]
    )
    owed = sorted({id for policy in policies for id in policy.entitlements()})
    grounds = {id: first.value(GroundHolds(id)) for id in sorted(first.policy.grounds)}
    holding = [id for id, value in grounds.items() if value]
    terms: dict[str, Value | None] = {}
    for name in sorted({name for policy in policies for name in policy.policy.terms}):
        definers = [
            policy
            for policy in policies
            if name in policy.policy.terms and policy.applies(name) is not False
        ]
        if definers:
            term, values = definers[0].policy.terms[name], [p.term(name) for p in definers]
            terms[name] = _best(term, values)
    if not any(policy.met_absent for policy in policies):
        return Requirement(verdict, owed, holding, terms)
    doubtful = [id for id, value in grounds.items() if value is None]
    read = _union(policy.verdict_reads() for policy in policies)
    term_reads = {
        name: _union(p.term_reads(name) for p in policies if name in p.policy.terms)
        for name in terms
    }
    return Requirement(verdict, owed, holding, terms, Reads(read, term_reads, doubtful))


def _best(term: Term, values: Sequence[Value | None]) -> Value | None:
    """Return the value that is best for the buyer, None where one of them is unknown."""
    known = [value for value in values if value is not None]
    return min(known, key=term.rank) if len(known) == len(values) else None


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*sets)


class PolicyInterpreter(Interpreter):
    """Evaluates one policy under given parameters for one case."""

    def __init__(self, configured: ConfiguredPolicy, facts: Facts) -> None:
        super().__init__(configured.policy.names, configured.parameters, facts)
        self.configured, self.policy = configured, configured.policy

    def owed(self, entitlement: Entitlement) -> bool | None:
        """Return whether an entitlement is owed, None where that is unknown."""
        grounds = (_opposite(self.value(GroundHolds(id))) for id in entitlement.unless)
        return _every([self.value(entitlement.when), *grounds])

    def entitlements(self) -> list[str]:
        """Return the entitlements that are owed for certain."""
        return [
            entitlement.id
            for entitlement in self.policy.entitlements.values()
            if self.owed(entitlement)
        ]

    @cached_property
    def grounds(self) -> frozenset[str]:
        """The grounds that hold for certain."""
        return frozenset(id for id in self.policy.grounds if self.value(GroundHolds(id)))

    @cached_property
    def verdict(self) -> Verdict:
        """The policy's own verdict."""
        owed = [self.owed(entitlement) for entitlement in self.policy.entitlements.values()]
        if True in owed:
            return Verdict.MUST_ACCEPT
        if None in owed:
            return Verdict.UNKNOWN
        if self.grounds:
            return Verdict.MAY_REJECT
        doubtful = any(self.value(GroundHolds(id)) is None for id in self.policy.grounds)
        return Verdict.UNKNOWN if doubtful else self.policy.otherwise

    def verdict_reads(self) -> frozenset[str]:
        """Return the facts of the conditions that are read for the verdict."""
        policy, owed = self.policy, self.policy.entitlements.values()
        conditions: list[Condition] = [entitlement.when for entitlement in owed]
        conditions += [GroundHolds(id) for entitlement in owed for id in entitlement.unless]
        if all(self.owed(entitlement) is False for entitlement in owed):
            conditions += map(GroundHolds, policy.grounds)
        return facts_of_conditions(conditions, policy)

    def applies(self, name: str) -> bool | None:
        """Return whether a term applies, None where that is unknown."""
        when = self.policy.terms[name].when
        return when is None or self.value(when)

    def term(self, name: str) -> Value | None:
        """Return the value of a term, None where it is unknown or the term does not apply."""
        return self.value_of(self.configured.rows[name]) if self.applies(name) else None

    def value_of(self, rows: Sequence[Row]) -> Value | None:
        """Return the value of the first row that holds, None where that is unknown."""
        position, certain = self.first(row.when for row in rows)
        value: Value = self.operand(rows[position].then)
        return value if certain else None

    def term_reads(self, name: str) -> frozenset[str]:
        """Return the facts of the conditions that are read for a term."""
        conditions = [row.when for row in self.configured.rows[name]]
        when = self.policy.terms[name].when
        if when and not self.value(when):
            return facts_of_conditions([when], self.policy)
        position, _ = self.first(conditions)
        read = [when] if when else []
        return facts_of_conditions([*read, *conditions[: position + 1]], self.policy)


INTERPRETED = Backend(interpret_policies, interpret_first)
