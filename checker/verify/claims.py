"""What a certificate must show: no error in any case (docs/language.md, section 6)."""

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
from checker.verify.case_sets import CaseSet, Meaning, Truth, all_of, any_of, not_

Place = tuple[str, str]  # a check, and where


@dataclass(slots=True)
class Said:
    """What one policy says of a set of cases, under given parameters."""

    policy: Policy
    parameters: Mapping[str, Value]
    rows: Mapping[str, tuple[Row, ...]]
    meaning: Meaning = field(init=False)

    def __post_init__(self) -> None:
        self.meaning = Meaning(self.policy.names, self.parameters)

    def ground(self, id: str, cases: CaseSet) -> Truth:
        """Return whether the ground holds."""
        return self.meaning.truth(GroundHolds(id), cases)

    def any_ground(self, cases: CaseSet) -> Truth:
        """Return whether some ground holds."""
        return any_of(self.ground(id, cases) for id in self.policy.grounds)

    def owed(self, cases: CaseSet) -> Truth:
        """Return whether some entitlement is true and no ground of its `unless` holds."""
        owed = []
        for each in self.policy.entitlements.values():
            defeated = any_of(self.ground(id, cases) for id in each.unless)
            owed.append(all_of([self.meaning.truth(each.when, cases), not_(defeated)]))
        return any_of(owed)

    def must_accept(self, cases: CaseSet) -> Truth:
        """Return whether the policy's own verdict is `must_accept`."""
        if self.policy.otherwise is not Verdict.MUST_ACCEPT:
            return self.owed(cases)
        return any_of([self.owed(cases), not_(self.any_ground(cases))])

    def may_reject(self, cases: CaseSet) -> Truth:
        """Return whether the policy's own verdict is `may_reject`."""
        return all_of([not_(self.owed(cases)), self.any_ground(cases)])

    def ranks(self, name: str, cases: CaseSet) -> list[tuple[Truth, int]]:
        """Return where each row of a term gives the value, with the rank of that."""
        found: list[tuple[Truth, int]] = []
        earlier: list[Truth] = []
        for row in self.rows[name]:
            here = self.meaning.truth(row.when, cases)
            found.append((all_of([*earlier, here]), self.policy.terms[name].rank(self._value(row))))
            earlier.append(not_(here))
        return found

    def _value(self, row: Row) -> Any:
        if isinstance(row.then, Literal):
            return row.then.value
        assert isinstance(row.then, ParameterValue)
        value: Any = self.parameters[row.then.name]
        return value + row.then.plus if row.then.plus else value


def as_it_stands(policy: Policy) -> Said:
    """Return the policy under its defaults."""
    return Said(policy, policy.defaults(), {name: t.rows for name, t in policy.terms.items()})


def worse(name: str, seller: Said, required: list[Said], cases: CaseSet) -> Truth:
    """Return whether the seller's value of a term is worse than one that is required."""
    mine = seller.ranks(name, cases)
    theirs = [row for each in required if name in each.rows for row in each.ranks(name, cases)]
    return any_of(
        all_of([here, there]) for here, rank in mine for there, best in theirs if best < rank
    )


class PolicyClaims:
    """What is claimed of a policy by itself: that it gives no less than what it upholds."""

    def __init__(self, resolved: ResolvedPolicy) -> None:
        self.own, *self.upheld = [as_it_stands(policy) for policy in resolved.policies]
        self.places: list[Place] = [("undercuts", "upholds")]
        self.places += [("undercuts", f"terms.{name}") for name in resolved.policy.terms]

    def fails(self, place: Place, cases: CaseSet) -> Truth:
        """Return whether the check fails at the place."""
        _, at = place
        if at != "upholds":
            return worse(at.removeprefix("terms."), self.own, [self.own, *self.upheld], cases)
        must = any_of(each.must_accept(cases) for each in self.upheld)
        return all_of([must, self.own.may_reject(cases)])


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer of a seller: a rule, or what comes after all of them."""

    when: Condition
    respond: str
    cites: tuple[str, ...]
    after: int  # how many rules stand before it


class OverrideClaims:
    """What is claimed of an override: that it refuses nothing it must not, and offers enough."""

    def __init__(self, resolved: ResolvedPolicy, override: Override) -> None:
        self.required = [as_it_stands(policy) for policy in resolved.policies]
        self.own, self.override = self.required[0], override
        rows = {**self.own.rows, **override.terms}
        self.inside = Said(override.policy, override.parameters(), rows)
        self._answers = {
            f"rules.{rule.id}": _Answer(rule.when, rule.respond, rule.cites, number)
            for number, rule in enumerate(override.rules)
        }
        last = len(override.rules)
        self._answers["otherwise"] = _Answer(ALWAYS, override.otherwise, (), last)
        checks = ("rejects-required-return", "rejects-without-ground")
        self.places: list[Place] = [(check, at) for at in self._answers for check in checks]
        self.places += [("worse-term", f"terms.{name}") for name in override.policy.terms]

    def fails(self, place: Place, cases: CaseSet) -> Truth:
        """Return whether the check fails at the place."""
        check, at = place
        if check == "worse-term":
            name = at.removeprefix("terms.")
            within = worse(name, self.inside, self.required, cases)
            beyond = worse(name, self.own, self.required, cases)
            return self._by_scope(cases, within, beyond)
        answer = self._answers[at]
        refuses = self._by_scope(
            cases,
            all_of([self._reached(answer, cases), self._refused(check, answer, cases)]),
            self._followed(check, self.own, cases) if at == "otherwise" else False,
        )
        must = any_of(each.must_accept(cases) for each in self.required)
        return all_of([must if check == "rejects-required-return" else not_(must), refuses])

    def _by_scope(self, cases: CaseSet, within: Truth, beyond: Truth) -> Truth:
        if self.override.scope is None:
            return within
        scope = self.inside.meaning.truth(self.override.scope, cases)
        return any_of([all_of([scope, within]), all_of([not_(scope), beyond])])

    def _reached(self, answer: _Answer, cases: CaseSet) -> Truth:
        earlier = self.override.rules[: answer.after]
        passed = [not_(self.inside.meaning.truth(rule.when, cases)) for rule in earlier]
        return all_of([*passed, self.inside.meaning.truth(answer.when, cases)])

    def _refused(self, check: str, answer: _Answer, cases: CaseSet) -> Truth:
        """Return whether it rejects, and, of the check for grounds, on none that holds."""
        if answer.respond == "follow":
            return self._followed(check, self.inside, cases)
        if answer.respond != "reject":
            return False
        return self._baseless(answer.cites, self.inside, cases) if "ground" in check else True

    def _followed(self, check: str, under: Said, cases: CaseSet) -> Truth:
        rejects = under.may_reject(cases)
        if "ground" not in check:
            return rejects
        return all_of([rejects, self._baseless((), under, cases)])

    def _baseless(self, cites: tuple[str, ...], under: Said, cases: CaseSet) -> Truth:
        """Return whether no ground holds that is cited; without citations all that hold are."""
        if cites:
            return not_(any_of(self.own.ground(id, cases) for id in cites))
        return not_(
            any_of(
                all_of([under.ground(id, cases), self.own.ground(id, cases)])
                for id in self.override.policy.grounds
            )
        )
