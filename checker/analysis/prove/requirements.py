"""The requirements of a resolved policy as formulas: returns to accept, and values of terms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from checker.analysis.prove.policy_formulas import PolicyFormulas, as_it_stands
from checker.language.model.terms import Term
from checker.language.model.types import Value
from checker.language.resolve.resolver import ResolvedPolicy
from checker.solver.formulas import Formula, Some, alternatives, every, opposite, some


class RequirementFormulas:
    """What a resolved policy requires: the policy and all that it upholds, at their defaults.

    It is built once and shared by all overrides of the policy.
    """

    def __init__(self, resolved: ResolvedPolicy) -> None:
        self.resolved = resolved
        self.policies = [as_it_stands(policy) for policy in resolved.policies]
        self.own, self.upheld = self.policies[0], self.policies[1:]
        self.must_accept = some(policy.must_accept() for policy in self.policies)
        self.need_not = opposite(self.must_accept)
        self._values: dict[tuple[int, str], list[tuple[Formula, Value]]] = {}
        self._both: dict[tuple[int, int], Formula] = {}
        self._better: dict[tuple[str, int], Formula] = {}

    @cached_property
    def reasons(self) -> Some:
        """For each reason that the required verdict is `must_accept`, where it holds."""
        return Some(tuple(reason for policy in self.policies for reason in policy.reasons()))

    def reasons_beyond(self, seller: PolicyFormulas) -> list[Formula]:
        """Return the reasons, without those that are also reasons under the seller's settings."""
        shared = {id(reason) for reason in seller.reasons()}
        return [reason for reason in self.reasons.parts if id(reason) not in shared]

    def better_than(self, term: Term, value: Value) -> Formula:
        """Return where the required value of the term is better for the buyer than `value`."""
        rank = term.rank(value)
        better = [
            condition
            for policy in self.policies
            if term.name in policy.policy.terms
            for condition, required in self.values(policy, term.name)
            if term.rank(required) < rank
        ]
        key = (term.name, len(better))  # how many rows are better identifies which ones
        if key not in self._better:
            self._better[key] = some(better)
        return self._better[key]

    def values(self, policy: PolicyFormulas, term: str) -> list[tuple[Formula, Value]]:
        """Return, for each row of a policy's term, where it is the first match, and its value."""
        key = (id(policy), term)
        if key not in self._values:
            self._values[key] = policy.values(term)
        return self._values[key]

    def both(self, reason: Formula, answer: Formula) -> Formula:
        """Return where a reason holds and the answer is given, one shared formula for each pair."""
        own = self.own
        if answer is not own.may_reject() and answer is not own.negotiate():
            return every([reason, answer])
        key = (id(reason), id(answer))
        if key not in self._both:
            self._both[key] = every([reason, answer])
        return self._both[key]

    @cached_property
    def undercut(self) -> Some:
        """For each reason to accept, where the policy, at its defaults, rejects or defers."""
        answers = (self.own.may_reject(), self.own.negotiate())
        reasons = self.reasons_beyond(self.own)
        return Some(tuple(self.both(reason, answer) for answer in answers for reason in reasons))

    def policy_formulas_to_check(self) -> Iterator[Formula]:
        """Yield the formulas about the policy alone that obligations of its overrides use."""
        yield from self.undercut.parts
        for worse in self.worse_by_default.values():
            yield from alternatives(worse)

    def formulas(self) -> Iterator[Formula]:
        """Yield the formulas that the obligations of all overrides are built from."""
        own = self.own
        yield self.need_not
        yield from self.reasons.parts
        for id in own.policy.grounds:
            yield own.ground(id)
            yield own.no_ground(id)
        for entitlement in own.policy.entitlements.values():
            yield own.not_owed(entitlement)

    @cached_property
    def worse_by_default(self) -> dict[str, Formula]:
        """For each term, where the policy at its defaults is worse than what it upholds."""
        return {name: self.worse(self.own, name) for name in self.own.policy.terms}

    def worse(self, seller: PolicyFormulas, name: str, rows: int | None = None) -> Formula:
        """Return where the seller's value of the term is worse for the buyer than required.

        With `rows`, only the first so many rows of the term count.
        """
        term, worse_rows = self.own.policy.terms[name], []
        for condition, row in islice(seller.reached(name), rows):
            worse_rows.append(every([condition, self.better_than(term, seller.value_of(row))]))
        return some(worse_rows)
