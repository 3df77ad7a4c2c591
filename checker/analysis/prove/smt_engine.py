"""Section 6 by an SMT solver: a second procedure, and a second opinion on the first.

The checks are read off what is said, required and answered, as the reference reading does it with
its `findings`. What they find is what `analysis/prove.py` finds, by other means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from checker.analysis.prove.box_engine import Failure
from checker.language.model.override import Override
from checker.language.model.policy import Policy
from checker.language.model.verdicts import Response, Verdict
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.problems import Severity
from checker.solver.smt.conditions import SmtConditionEncoder, Typed, any_case
from checker.solver.smt.minimal_case import Plainest
from checker.solver.smt.policies import (
    PolicyMeaning,
    SmtRequirement,
    answer,
    any_parameters,
    decide,
    parameters,
    policy_meaning,
)
from checker.solver.smt.solver import Api, Formula, Solver


def prove_override(
    resolved: ResolvedPolicy, override: Override, *, timeout: float | None, api: Api
) -> list[Failure]:
    """Return the checks of section 6 that the override fails.

    Undecided where the solver does not know after `timeout` seconds.
    """
    return Prepared(resolved, api).prove_override(override, timeout=timeout)


def prove_policy(
    resolved: ResolvedPolicy, *, silent_otherwise: bool, timeout: float | None, api: Api
) -> list[Failure]:
    """Return the checks of section 6 that the policy by itself fails.

    `silent_otherwise` says that its document has no `otherwise`. Undecided where the solver does
    not know after `timeout` seconds.
    """
    return Prepared(resolved, api).prove_policy(silent_otherwise=silent_otherwise, timeout=timeout)


@dataclass(frozen=True, slots=True)
class Obligation:
    """A check at a place, and where it fails; with `never`, where it fails if that is nowhere."""

    check: str
    severity: Severity
    at: str
    where: Formula
    never: bool = False


@dataclass(slots=True)
class Prepared:
    """A world that a solver is told of once, to be asked about any number of overrides."""

    resolved: ResolvedPolicy
    api: Api
    solver: Solver = field(init=False)
    case: dict[str, Typed] = field(init=False)
    plainest: Plainest = field(init=False)
    said: list[PolicyMeaning] = field(init=False)
    required: SmtRequirement = field(init=False)

    def __post_init__(self) -> None:
        self.solver = Solver(self.api)
        self.case = any_case(self.solver, self.resolved.vocabulary)
        self.plainest = Plainest(self.solver, self.resolved.vocabulary, self.case)
        self.said = [
            policy_meaning(self._encoder(policy, parameters(self.solver, policy, {})), policy, {})
            for policy in self.resolved.policies
        ]
        self.required = decide(self.solver, self.said)

    def prove_override(self, override: Override, *, timeout: float | None) -> list[Failure]:
        """Return what `prove_override` returns."""
        with self.solver.within(timeout), self.solver.aside():
            return self._failures(self._of_override(override))

    def prove_policy(self, *, silent_otherwise: bool, timeout: float | None) -> list[Failure]:
        """Return what `prove_policy` returns."""
        anything = self.solver.truth(True)
        possible = Obligation("impossible-vocabulary", "error", "vocabulary", anything, never=True)
        with self.solver.within(timeout), self.solver.aside():
            impossible = self._failures([possible])
            if impossible:
                return impossible  # all else would follow from it
            failures = self._failures(self._of_policy(silent_otherwise))
            return [*failures, *self._failures(self._of_what_is_idle())]

    def _encoder(self, policy: Policy, settled: dict[str, Typed]) -> SmtConditionEncoder:
        return SmtConditionEncoder(self.solver, self.case, policy.names, settled)

    def _failures(self, questions: Iterable[Obligation]) -> list[Failure]:
        """Return the questions that fail, one for each check and place: errors come first."""
        failures: dict[tuple[str, str], Failure] = {}
        for each in _merged(self.solver, [*questions]):
            key = (each.check, each.at)
            if key in failures:
                continue
            with self.solver.aside():
                self.solver.assume(each.where)
                facts = None if each.never else self.plainest.find()
                if facts is not None or (each.never and not self.solver.has_case()):
                    failures[key] = Failure(each.check, each.severity, each.at, facts)
        return [*failures.values()]

    def _of_override(self, override: Override) -> Iterator[Obligation]:
        every, opposite = self.solver.every, self.solver.opposite
        seller = answer(override, self.said[0])
        must = self.required.must_accept
        for place in seller.places:
            at, refused = place.at, every([place.reached, place.response[Response.REJECT]])
            yield Obligation("rejects-required-return", "error", at, every([refused, must]))
            baseless = every([refused, opposite(must), opposite(place.grounded)])
            yield Obligation("rejects-without-ground", "error", at, baseless)
            deferred = every([place.reached, must, place.response[Response.MANUAL]])
            yield Obligation("defers-required-return", "warning", at, deferred)
            if at != "otherwise":
                yield Obligation("dead-rule", "warning", at, place.reached, never=True)
        for name, rank in seller.terms.items():
            worse = rank > self.required.terms[name]
            yield Obligation("worse-term", "error", f"terms.{name}", worse)

    def _of_policy(self, silent_otherwise: bool) -> Iterator[Obligation]:
        some, every, opposite = self.solver.some, self.solver.every, self.solver.opposite
        own, *upheld = self.said
        must = some(each.verdict[Verdict.MUST_ACCEPT] for each in upheld)
        refused = every([must, own.verdict[Verdict.MAY_REJECT]])
        yield Obligation("undercuts", "error", "upholds", refused)
        left_open = every([must, own.verdict[Verdict.NEGOTIATE]])
        yield Obligation("undercuts", "warning", "upholds", left_open)
        for name, rank in own.terms.items():
            worse = rank > self.required.terms[name]
            yield Obligation("undercuts", "error", f"terms.{name}", worse)
        if silent_otherwise:
            covered = some([*own.entitlements.values(), *own.grounds.values()])
            yield Obligation("gap", "warning", "otherwise", opposite(covered))

    def _of_what_is_idle(self) -> Iterator[Obligation]:
        """Yield what never does anything, whatever sellers set within the ranges."""
        policy, solver = self.resolved.policy, self.solver
        said = policy_meaning(self._encoder(policy, any_parameters(solver, policy)), policy, {})
        for id, entitlement in policy.entitlements.items():
            at = f"entitlements.{id}"
            yield _idle("dead-entitlement", at, said.entitlements[id])
            when = said.encoder.holds(entitlement.when)
            for number, ground in enumerate(entitlement.unless):
                others = [said.grounds[each] for each in entitlement.unless if each != ground]
                alone = [when, said.grounds[ground], solver.opposite(solver.some(others))]
                yield _idle("redundant-unless", f"{at}.unless.{number + 1}", solver.every(alone))
        for id, where in said.grounds.items():
            yield _idle("dead-ground", f"grounds.{id}", where)
        for name, rows in said.rows.items():
            for number, where in enumerate(rows):
                yield _idle("dead-row", f"terms.{name}.decide.{number + 1}", where)


def _idle(check: str, at: str, where: Formula) -> Obligation:
    return Obligation(check, "warning", at, where, never=True)


def _merged(solver: Solver, questions: Sequence[Obligation]) -> list[Obligation]:
    """Return one question for each check, severity and place, for all that are asked about it."""
    found: dict[tuple[str, str, str], Obligation] = {}
    for each in questions:
        key = (each.check, each.severity, each.at)
        known = found.get(key)
        where = solver.some([known.where, each.where]) if known else each.where
        found[key] = replace(each, where=where)
    return [*found.values()]
