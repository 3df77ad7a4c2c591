"""What a certificate must prove: no error in any case (docs/language.md, section 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.language.model.conditions import (
    ALWAYS,
    Condition,
    GroundHolds,
    Literal,
    ParameterValue,
)
from checker.language.model.override import Override
from checker.language.model.policy import Policy
from checker.language.model.terms import Row
from checker.language.model.types import Value
from checker.language.model.verdicts import Verdict
from checker.language.resolve.resolver import ResolvedPolicy
from checker.verify.case_sets import CaseSet, ConditionEvaluator, Truth, all_of, any_of, negate

Claim = tuple[str, str]  # a check, and the part of the document that does not fail it


@dataclass(slots=True)
class PolicyEvaluator:
    """Evaluates the results of one policy over sets of cases, under given parameters."""

    policy: Policy
    parameters: Mapping[str, Value]
    rows: Mapping[str, tuple[Row, ...]]
    evaluator: ConditionEvaluator = field(init=False)

    def __post_init__(self) -> None:
        self.evaluator = ConditionEvaluator(self.policy.names, self.parameters)

    def ground(self, id: str, cases: CaseSet) -> Truth:
        """Return whether the ground holds."""
        return self.evaluator.truth(GroundHolds(id), cases)

    def any_ground(self, cases: CaseSet) -> Truth:
        """Return whether some ground holds."""
        return any_of(self.ground(id, cases) for id in self.policy.grounds)

    def owed(self, cases: CaseSet) -> Truth:
        """Return whether some entitlement is true and no ground of its `unless` holds."""
        owed = []
        for entitlement in self.policy.entitlements.values():
            defeated = any_of(self.ground(id, cases) for id in entitlement.unless)
            owed.append(all_of([self.evaluator.truth(entitlement.when, cases), negate(defeated)]))
        return any_of(owed)

    def must_accept(self, cases: CaseSet) -> Truth:
        """Return whether the policy's own verdict is `must_accept`."""
        if self.policy.otherwise is not Verdict.MUST_ACCEPT:
            return self.owed(cases)
        return any_of([self.owed(cases), negate(self.any_ground(cases))])

    def may_reject(self, cases: CaseSet) -> Truth:
        """Return whether the policy's own verdict is `may_reject`."""
        return all_of([negate(self.owed(cases)), self.any_ground(cases)])

    def ranks(self, name: str, cases: CaseSet) -> list[tuple[Truth, int]]:
        """Return, for each row of a term, whether it is the first match, and its value's rank.

        Where the term does not apply, no row is.
        """
        ranked: list[tuple[Truth, int]] = []
        when = self.policy.terms[name].when
        earlier: list[Truth] = [self.evaluator.truth(when, cases)] if when else []
        for row in self.rows[name]:
            here = self.evaluator.truth(row.when, cases)
            ranked.append(
                (all_of([*earlier, here]), self.policy.terms[name].rank(self._value(row)))
            )
            earlier.append(negate(here))
        return ranked

    def _value(self, row: Row) -> Any:
        if isinstance(row.then, Literal):
            return row.then.value
        assert isinstance(row.then, ParameterValue)
        value: Any = self.parameters[row.then.name]
        return value + row.then.plus if row.then.plus else value


def at_defaults(policy: Policy) -> PolicyEvaluator:
    """Return the policy under its defaults."""
    return PolicyEvaluator(
        policy, policy.defaults(), {name: term.rows for name, term in policy.terms.items()}
    )


def worse(
    name: str, seller: PolicyEvaluator, required: list[PolicyEvaluator], cases: CaseSet
) -> Truth:
    """Return whether the seller's value of a term is worse than one that is required."""
    offered = seller.ranks(name, cases)
    required_rows = [
        row for policy in required if name in policy.rows for row in policy.ranks(name, cases)
    ]
    return any_of(
        all_of([here, there])
        for here, rank in offered
        for there, best in required_rows
        if best < rank
    )


class PolicyClaims:
    """The claims about a policy by itself: it gives no less than what it upholds requires.

    Attributes:
        expected: every claim that a certificate of the policy must prove.
    """

    def __init__(self, resolved: ResolvedPolicy) -> None:
        self.own, *self.upheld = [at_defaults(policy) for policy in resolved.policies]
        self.expected: list[Claim] = [("undercuts", "upholds")]
        self.expected += [("undercuts", f"terms.{name}") for name in resolved.policy.terms]

    def fails(self, claim: Claim, cases: CaseSet) -> Truth:
        """Return whether the check fails at the place."""
        _, at = claim
        if at != "upholds":
            return worse(at.removeprefix("terms."), self.own, [self.own, *self.upheld], cases)
        must = any_of(policy.must_accept(cases) for policy in self.upheld)
        return all_of([must, self.own.may_reject(cases)])


@dataclass(frozen=True, slots=True)
class _Branch:
    """One branch of an override: a rule, or what comes after all rules."""

    when: Condition
    respond: str
    cites: tuple[str, ...]
    after: int  # the number of rules before it


class OverrideClaims:
    """The claims about an override: it refuses no more than it may, and its terms are no worse.

    Attributes:
        expected: every claim that a certificate of the override must prove.
    """

    def __init__(self, resolved: ResolvedPolicy, override: Override) -> None:
        self.required = [at_defaults(policy) for policy in resolved.policies]
        self.own, self.override = self.required[0], override
        rows = {**self.own.rows, **override.terms}
        self.inside = PolicyEvaluator(override.policy, override.parameters(), rows)
        self._branches = {
            f"rules.{rule.id}": _Branch(rule.when, rule.respond, rule.cites, number)
            for number, rule in enumerate(override.rules)
        }
        last = len(override.rules)
        self._branches["otherwise"] = _Branch(ALWAYS, override.otherwise, (), last)
        checks = ("rejects-required-return", "rejects-without-ground")
        self.expected: list[Claim] = [(check, at) for at in self._branches for check in checks]
        self.expected += [("worse-term", f"terms.{name}") for name in override.policy.terms]

    def fails(self, claim: Claim, cases: CaseSet) -> Truth:
        """Return whether the check fails at the place."""
        check, at = claim
        if check == "worse-term":
            name = at.removeprefix("terms.")
            inside = worse(name, self.inside, self.required, cases)
            outside = worse(name, self.own, self.required, cases)
            return self._by_scope(cases, inside, outside)
        branch = self._branches[at]
        refuses = self._by_scope(
            cases,
            all_of([self._reached(branch, cases), self._refused(check, branch, cases)]),
            self._followed(check, self.own, cases) if at == "otherwise" else False,
        )
        must = any_of(policy.must_accept(cases) for policy in self.required)
        return all_of([must if check == "rejects-required-return" else negate(must), refuses])

    def _by_scope(self, cases: CaseSet, inside: Truth, outside: Truth) -> Truth:
        """Return the one truth inside the override's scope, and the other one outside."""
        if self.override.scope is None:
            return inside
        scope = self.inside.evaluator.truth(self.override.scope, cases)
        return any_of([all_of([scope, inside]), all_of([negate(scope), outside])])

    def _reached(self, branch: _Branch, cases: CaseSet) -> Truth:
        """Return whether the branch is the first whose condition holds."""
        earlier = self.override.rules[: branch.after]
        passed = [negate(self.inside.evaluator.truth(rule.when, cases)) for rule in earlier]
        return all_of([*passed, self.inside.evaluator.truth(branch.when, cases)])

    def _refused(self, check: str, branch: _Branch, cases: CaseSet) -> Truth:
        """Return whether the branch rejects; for `rejects-without-ground`, without a ground."""
        if branch.respond == "follow":
            return self._followed(check, self.inside, cases)
        if branch.respond != "reject":
            return False
        return self._baseless(branch.cites, self.inside, cases) if "ground" in check else True

    def _followed(self, check: str, under: PolicyEvaluator, cases: CaseSet) -> Truth:
        """Return the same for a branch that follows the policy's own verdict."""
        rejects = under.may_reject(cases)
        if "ground" not in check:
            return rejects
        return all_of([rejects, self._baseless((), under, cases)])

    def _baseless(self, cites: tuple[str, ...], under: PolicyEvaluator, cases: CaseSet) -> Truth:
        """Return whether no cited ground holds; a branch without citations cites all that hold."""
        if cites:
            return negate(any_of(self.own.ground(id, cases) for id in cites))
        return negate(
            any_of(
                all_of([under.ground(id, cases), self.own.ground(id, cases)])
                for id in self.override.policy.grounds
            )
        )
