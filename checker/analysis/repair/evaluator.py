"""One case tried on one override: which checks it shows, every fact known.

The checks are those of docs/language.md, section 6.

A repair has few cases and many overrides, so conditions are interpreted, not compiled. The result
of the policy for a case under the same settings is computed once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from checker.evaluate.interpreter import PolicyInterpreter
from checker.evaluate.requirement import with_defaults
from checker.language.model.conditions import Condition
from checker.language.model.override import Override, Rule
from checker.language.model.policy import Policy
from checker.language.model.terms import Row
from checker.language.model.types import Value
from checker.language.model.verdicts import FOLLOW, REFUSALS, RESPONSES, Response, Verdict
from checker.language.resolve.facts import Facts
from checker.language.resolve.resolver import ResolvedPolicy

Parameters = Mapping[str, Value]
Settings = frozenset[tuple[str, Value]]
NO_SETTINGS: Settings = frozenset()
Shortcoming = tuple[str, str]  # a check, and the place that fails it


class _TriedPolicy(PolicyInterpreter):
    """One policy read for one case under given parameters; rules that are settled are kept."""

    def __init__(self, policy: Policy, parameters: Parameters, facts: Facts) -> None:
        super().__init__(replace(with_defaults(policy), parameters=parameters), facts)
        self.worse: list[str] | None = None
        self._rules: dict[Rule, bool] = {}

    def holds(self, condition: Condition) -> bool:
        """Return whether the condition is true; every fact is known."""
        return self.value(condition) is True

    def settled(self, rule: Rule) -> bool:
        """Return whether the rule holds, and keep it."""
        if rule not in self._rules:
            self._rules[rule] = self.holds(rule.when)
        return self._rules[rule]

    def known_value(self, rows: Sequence[Row]) -> Value:
        """Return the value of the first row that holds; every fact is known."""
        value = self.value_of(rows)
        assert value is not None, "every fact is known"
        return value


def is_possible(facts: Facts, resolved: ResolvedPolicy) -> bool:
    """Return whether a case that states every fact breaks no invariant."""
    policy = _TriedPolicy(resolved.policy, {}, facts)
    return all(policy.holds(invariant.always) for invariant in resolved.vocabulary.invariants)


class KnownCase:
    """A possible case with what is required of it; `grounds` are those of the policy itself."""

    def __init__(self, resolved: ResolvedPolicy, facts: Facts) -> None:
        self.policy, self.facts = resolved.policy, facts
        policies = [_TriedPolicy(policy, policy.defaults(), facts) for policy in resolved.policies]
        self.must_accept = any(tried.verdict is Verdict.MUST_ACCEPT for tried in policies)
        self.grounds = policies[0].grounds
        self.terms: dict[str, Value] = {}
        for tried in policies:
            for name, term in tried.policy.terms.items():
                if not tried.applies(name):
                    continue
                value = tried.known_value(term.rows)
                self.terms[name] = min(self.terms.get(name, value), value, key=term.rank)
        self.by_default = policies[0]
        self._by_settings = {NO_SETTINGS: policies[0]}

    def is_worse(self, name: str, value: Value) -> bool:
        """Return whether a value of the term is worse for the buyer than the required one."""
        rank = self.policy.terms[name].rank
        return rank(value) > rank(self.terms[name])

    def worse(self, tried: _TriedPolicy) -> list[str]:
        """Return the policy's own terms that are worse than required, kept with what it says."""
        if tried.worse is None:
            terms = [term for term in self.policy.terms.values() if tried.applies(term.name)]
            tried.worse = [
                term.name
                for term in terms
                if self.is_worse(term.name, tried.known_value(term.rows))
            ]
        return tried.worse

    def under(self, settings: Settings, parameters: Parameters) -> _TriedPolicy:
        """Return what the policy says of the case under the settings, kept for others like them."""
        if settings not in self._by_settings:
            self._by_settings[settings] = _TriedPolicy(self.policy, parameters, self.facts)
        return self._by_settings[settings]


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
        tried = case.under(self.settings if inside else NO_SETTINGS, self.parameters)
        at, respond, cites = self._answer(tried) if inside else ("otherwise", FOLLOW, ())
        response = RESPONSES[tried.verdict] if respond == FOLLOW else Response(respond)
        if case.must_accept:
            if response in REFUSALS:
                yield REFUSALS[response], at
        elif response is Response.REJECT and case.grounds.isdisjoint(cites or tried.grounds):
            yield "rejects-without-ground", at
        own = self.override.terms if inside else {}
        worse = (name for name in case.worse(tried) if name not in own)
        for name in (
            *worse,
            *(
                name
                for name in own
                if tried.applies(name) and case.is_worse(name, tried.known_value(own[name]))
            ),
        ):
            yield "worse-term", f"terms.{name}"

    def _answer(self, tried: _TriedPolicy) -> tuple[str, str, Iterable[str]]:
        """Return the place that answers a case in scope, its response and what it cites."""
        for rule in self.override.rules:
            if tried.settled(rule) if rule in self.settled else tried.holds(rule.when):
                return f"rules.{rule.id}", rule.respond, rule.cites
        return "otherwise", self.override.otherwise, ()
