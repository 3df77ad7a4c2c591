"""What rule engines are asked, and the answer put together from what they say.

Each engine answers yes or no to a question for each entitlement, for each ground and for each
value of a term but the worst. What remains to be done is the same for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress
from typing import Any, NamedTuple

from benchmarks.one_decision.plain import every, negated, plain, some
from checker.evaluate.decision import required_terms
from checker.evaluate.requirement import with_defaults
from checker.language.model.conditions import Condition, GroundHolds
from checker.language.resolve.resolver import ResolvedPolicy

Answer = tuple[str, list[str], list[str], dict[str, Any]]


class Question(NamedTuple):
    """A condition of facts alone, by a name that is an identifier in every rule language."""

    name: str
    condition: Condition


class Questions:
    """What has to be known of a case, and the answer that follows from it.

    A policy that is upheld is taken to say nothing of its own where it owes the buyer nothing.
    """

    def __init__(self, resolved: ResolvedPolicy) -> None:
        self.policy, self.policies = resolved.policy, resolved.policies
        self.all: list[Question] = []
        self.entitlements = sorted({id for each in self.policies for id in each.entitlements})
        for id in self.entitlements:
            self._ask("owed", id, some(self._ways(id)))
        self.grounds = sorted(self.policy.grounds)
        for id in self.grounds:
            self._ask("ground", id, plain(GroundHolds(id), self.policy))
        self.settled: dict[str, Any] = {}
        self.open: list[tuple[str, list[tuple[int, Any]], Any]] = []
        for name, term in required_terms(resolved).items():
            ways = self._values(name)
            *better, worst = sorted(ways, key=term.rank)
            places = [(self._ask(name, value, some(ways[value])), value) for value in better]
            if places:
                self.open.append((name, places, worst))
            else:
                self.settled[name] = worst

    def _ask(self, kind: str, of: str, condition: Condition) -> int:
        """Add a question; return its place."""
        name = f"{kind}_{of}".replace("-", "_")
        self.all.append(Question(name, condition))
        return len(self.all) - 1

    def _ways(self, id: str) -> Iterator[Condition]:
        """Yield, for each policy that has the entitlement, when it holds."""
        for policy in self.policies:
            if id in policy.entitlements:
                owed = policy.entitlements[id]
                unless = some(plain(GroundHolds(ground), policy) for ground in owed.unless)
                yield every([plain(owed.when, policy), negated(unless)])

    def _values(self, name: str) -> dict[Any, list[Condition]]:
        """Return the values that a term may have, and for each the ways to it."""
        ways: dict[Any, list[Condition]] = {}
        for policy in self.policies:
            before: list[Condition] = []
            for row in policy.terms[name].rows if name in policy.terms else ():
                when = plain(row.when, policy)
                this = every([when, *map(negated, before)])
                ways.setdefault(with_defaults(policy).value(row), []).append(this)
                before.append(when)
        return ways

    def answer(self, said: Sequence[bool]) -> Answer:
        """Return verdict, entitlements, grounds and terms for the answers, in the order asked."""
        entitlements = [*compress(self.entitlements, said)]
        grounds = [*compress(self.grounds, said[len(self.entitlements) :])]
        if entitlements:
            verdict = "must_accept"
        elif grounds:
            verdict = "may_reject"
        else:
            verdict = self.policy.otherwise
        terms = dict(self.settled)
        for name, places, worst in self.open:
            terms[name] = worst
            for place, value in places:
                if said[place]:
                    terms[name] = value
                    break
        return verdict, entitlements, grounds, terms
