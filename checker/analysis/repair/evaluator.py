"""One case tried on one override: which checks of section 6 it shows, every fact known.

Compiling an override pays where many cases are decided. A repair has few cases and many
overrides, so conditions are evaluated as they stand.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from checker.language.model.conditions import (
    All,
    AnyOf,
    Condition,
    Defined,
    GroundHolds,
    Literal,
    Not,
    Operand,
    ParameterValue,
    Test,
)
from checker.language.model.override import Override, Rule
from checker.language.model.policy import Policy
from checker.language.model.terms import Row, Term
from checker.language.model.types import Value
from checker.language.resolve.facts import Facts
from checker.language.resolve.resolver import ResolvedPolicy

Parameters = Mapping[str, Value]
Settings = frozenset[tuple[str, Value]]
NO_SETTINGS: Settings = frozenset()
Shortcoming = tuple[str, str]  # a check, and the place that fails it

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "is": operator.eq,
    "is_not": operator.ne,
    "one_of": lambda value, values: value in values,
    "none_of": lambda value, values: value not in values,
    "at_least": operator.ge,
    "at_most": operator.le,
    "more_than": operator.gt,
    "less_than": operator.lt,
    "includes": lambda members, asked: members.issuperset(asked),
    "excludes": lambda members, asked: members.isdisjoint(asked),
}


_FOLLOWED = {"must_accept": "accept", "may_reject": "reject", "negotiate": "manual"}
_REFUSALS = {"reject": "rejects-required-return", "manual": "defers-required-return"}


class _Said:
    """What one policy says of one case under given parameters; each thing is worked out once."""

    def __init__(self, policy: Policy, parameters: Parameters, facts: Facts) -> None:
        self.policy, self.parameters, self.facts = policy, parameters, facts
        self.worse: list[str] | None = None
        self._named: dict[GroundHolds | Defined, bool] = {}
        self._rules: dict[Rule, bool] = {}

    def holds(self, condition: Condition) -> bool:
        """Return whether the condition is true."""
        if isinstance(condition, Test):
            return self._passes(condition)
        if isinstance(condition, All):
            return all(map(self.holds, condition.parts))
        if isinstance(condition, AnyOf):
            return any(map(self.holds, condition.parts))
        if isinstance(condition, Not):
            return not self.holds(condition.part)
        if condition not in self._named:
            self._named[condition] = self.holds(self.policy.names.of(condition))
        return self._named[condition]

    def settled(self, rule: Rule) -> bool:
        """Return whether the rule holds, and keep it."""
        if rule not in self._rules:
            self._rules[rule] = self.holds(rule.when)
        return self._rules[rule]

    def _passes(self, test: Test) -> bool:
        subject = self._value(test.subject)
        operands = [self._value(each) for each in test.operands]
        if test.operator == "between":
            return bool(operands[0] <= subject <= operands[1])
        return COMPARISONS[test.operator](subject, operands[0])

    def _value(self, operand: Operand) -> Any:
        if isinstance(operand, Literal):
            return operand.value
        known = self.parameters if isinstance(operand, ParameterValue) else self.facts
        value: Any = known[operand.name]
        return value + operand.plus if operand.plus else value

    @cached_property
    def grounds(self) -> frozenset[str]:
        return frozenset(id for id in self.policy.grounds if self.holds(GroundHolds(id)))

    @cached_property
    def verdict(self) -> str:
        for each in self.policy.entitlements.values():
            if self.grounds.isdisjoint(each.unless) and self.holds(each.when):
                return "must_accept"
        return "may_reject" if self.grounds else self.policy.otherwise

    def value(self, term: Term) -> Value:
        """Return the value of the policy's own term."""
        return self.first(term.rows)

    def first(self, rows: Iterable[Row]) -> Value:
        """Return the value of the first row that holds."""
        row = next(row for row in rows if self.holds(row.when))
        found: Value = self._value(row.then)
        return found


def is_possible(facts: Facts, resolved: ResolvedPolicy) -> bool:
    """Return whether a case that states every fact breaks no invariant."""
    said = _Said(resolved.policy, {}, facts)
    return all(said.holds(each.always) for each in resolved.vocabulary.invariants)


class KnownCase:
    """A possible case with what is required of it; `grounds` are those of the policy itself."""

    def __init__(self, resolved: ResolvedPolicy, facts: Facts) -> None:
        self.policy, self.facts = resolved.policy, facts
        said = [_Said(policy, policy.defaults(), facts) for policy in resolved.policies]
        self.must_accept = any(each.verdict == "must_accept" for each in said)
        self.grounds = said[0].grounds
        self.terms: dict[str, Value] = {}
        for each in said:
            for name, term in each.policy.terms.items():
                value = each.value(term)
                self.terms[name] = min(self.terms.get(name, value), value, key=term.rank)
        self.by_default = said[0]
        self._said = {NO_SETTINGS: said[0]}

    def is_worse(self, name: str, value: Value) -> bool:
        """Return whether a value of the term is worse for the buyer than the required one."""
        rank = self.policy.terms[name].rank
        return rank(value) > rank(self.terms[name])

    def worse(self, said: _Said) -> list[str]:
        """Return the policy's own terms that are worse than required, kept with what it says."""
        if said.worse is None:
            terms = self.policy.terms.values()
            said.worse = [term.name for term in terms if self.is_worse(term.name, said.value(term))]
        return said.worse

    def said(self, settings: Settings, parameters: Parameters) -> _Said:
        """Return what the policy says of the case under the settings, kept for others like them."""
        if settings not in self._said:
            self._said[settings] = _Said(self.policy, parameters, self.facts)
        return self._said[settings]


class Trial:
    """Tries one override; of the rules that are `settled`, each case keeps whether they hold."""

    def __init__(self, override: Override, settled: frozenset[Rule] = frozenset()) -> None:
        self.override, self.policy, self.settled = override, override.policy, settled
        self.parameters = override.parameters()
        self.settings: Settings = frozenset(override.settings.items())

    def answers(self, case: KnownCase) -> bool:
        """Return whether the case is in scope; others are answered as the policy says."""
        scope = self.override.scope
        return scope is None or case.by_default.holds(scope)

    def shortcomings(self, case: KnownCase) -> Iterator[Shortcoming]:
        """Yield the checks that the case shows the override to fail, and where."""
        inside = self.answers(case)
        said = case.said(self.settings if inside else NO_SETTINGS, self.parameters)
        at, respond, cites = self._answer(said) if inside else ("otherwise", "follow", ())
        if respond == "follow":
            respond = _FOLLOWED[said.verdict]
        if case.must_accept:
            if respond in _REFUSALS:
                yield _REFUSALS[respond], at
        elif respond == "reject" and case.grounds.isdisjoint(cites or said.grounds):
            yield "rejects-without-ground", at
        own = self.override.terms if inside else {}
        worse = (name for name in case.worse(said) if name not in own)
        for name in (*worse, *(name for name in own if case.is_worse(name, said.first(own[name])))):
            yield "worse-term", f"terms.{name}"

    def _answer(self, said: _Said) -> tuple[str, str, Iterable[str]]:
        """Return the place that answers a case in scope, its response and what it cites."""
        for rule in self.override.rules:
            if said.settled(rule) if rule in self.settled else said.holds(rule.when):
                return f"rules.{rule.id}", rule.respond, rule.cites
        return "otherwise", self.override.otherwise, ()
