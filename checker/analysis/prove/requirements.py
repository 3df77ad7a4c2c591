"""What a world requires of sellers, as formulas: what must be accepted, and which terms are due."""

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
    """What a world requires: the policy and all that it upholds, at their defaults.

    Made once for a world and kept for every override that answers under it.
    """

    def __init__(self, resolved: ResolvedPolicy) -> None:
        self.resolved = resolved
        self.policies = [as_it_stands(policy) for policy in resolved.policies]
        self.own, self.upheld = self.policies[0], self.policies[1:]
        self.must_accept = some(each.must_accept() for each in self.policies)
        self.need_not = opposite(self.must_accept)
        self._values: dict[tuple[int, str], list[tuple[Formula, Value]]] = {}
        self._both: dict[tuple[int, int], Formula] = {}
        self._better: dict[tuple[str, int], Formula] = {}

    @cached_property
    def reasons(self) -> Some:
        """Where each reason is given that the required verdict is `must_accept`, one by one."""
        return Some(tuple(each for policy in self.policies for each in policy.reasons()))

    def reasons_beyond(self, seller: PolicyFormulas) -> list[Formula]:
        """Return the reasons but for those that the seller, under its settings, answers alike."""
        theirs = {id(each) for each in seller.reasons()}
        return [each for each in self.reasons.parts if id(each) not in theirs]

    def better_than(self, term: Term, value: Value) -> Formula:
        """Return where the required value of the term is better for the buyer than `value`."""
        rank = term.rank(value)
        better = [
            where
            for each in self.policies
            if term.name in each.policy.terms
            for where, required in self.values(each, term.name)
            if term.rank(required) < rank
        ]
        key = (term.name, len(better))  # the best of so many say which ones they are
        if key not in self._better:
            self._better[key] = some(better)
        return self._better[key]

    def values(self, policy: PolicyFormulas, term: str) -> list[tuple[Formula, Value]]:
        """Return where each row of a policy's term gives its value, made once."""
        key = (id(policy), term)
        if key not in self._values:
            self._values[key] = policy.values(term)
        return self._values[key]

    def both(self, reason: Formula, answer: Formula) -> Formula:
        """Return where a reason is given and the answer is so, one formula for each pair."""
        own = self.own
        if answer is not own.may_reject() and answer is not own.negotiate():
            return every([reason, answer])
        key = (id(reason), id(answer))
        if key not in self._both:
            self._both[key] = every([reason, answer])
        return self._both[key]

    @cached_property
    def undercut(self) -> Some:
        """Where the policy, at its defaults, does not give what it upholds, one by one."""
        answers = (self.own.may_reject(), self.own.negotiate())
        reasons = self.reasons_beyond(self.own)
        return Some(tuple(self.both(reason, each) for each in answers for reason in reasons))

    def policy_formulas_to_check(self) -> Iterator[Formula]:
        """Yield what the questions about overrides that follow it ask of the policy alone."""
        yield from self.undercut.parts
        for worse in self.worse_by_default.values():
            yield from alternatives(worse)

    def formulas(self) -> Iterator[Formula]:
        """Yield what the questions about every override are made of."""
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
        """Return where the seller's value of the term is worse than the required one.

        Of its `rows` only the first so many, where that is given.
        """
        term, worse = self.own.policy.terms[name], []
        for where, row in islice(seller.reached(name), rows):
            worse.append(every([where, self.better_than(term, seller.value_of(row))]))
        return some(worse)
