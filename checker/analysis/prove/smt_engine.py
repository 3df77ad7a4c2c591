"""Proofs by an SMT solver: a second procedure, and a second opinion on the first.

The checks are read off what is said, required and answered, as the reference reading does it with
its `findings`. What they find is what `analysis/prove.py` finds, by other means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from checker.analysis.prove.prover import Counterexample
from checker.language.model.override import Override
from checker.language.model.policy import Policy
from checker.language.model.verdicts import Response, Verdict
from checker.language.resolve.resolver import ResolvedPolicy
from checker.solver.smt.conditions import SmtConditionEncoder, TypedTerm, possible_case
from checker.solver.smt.minimal_case import SmtMinimalCase
from checker.solver.smt.policies import (
    SmtPolicy,
    SmtRequirement,
    encode_override,
    encode_policy,
    free_parameters,
    parameters,
    requirement,
)
from checker.solver.smt.solver import Api, Formula, Solver


def prove_override(
    resolved: ResolvedPolicy, override: Override, *, timeout: float | None, api: Api
) -> list[Counterexample]:
    """Return the checks that the override fails (docs/language.md, section 6).

    Undecided where the solver does not know after `timeout` seconds.
    """
    return Prepared(resolved, api).prove_override(override, timeout=timeout)


def prove_policy(
    resolved: ResolvedPolicy, *, silent_otherwise: bool, timeout: float | None, api: Api
) -> list[Counterexample]:
    """Return the checks that the policy by itself fails (docs/language.md, section 6).

    `silent_otherwise` says that its document has no `otherwise`. Undecided where the solver does
    not know after `timeout` seconds.
    """
    return Prepared(resolved, api).prove_policy(silent_otherwise=silent_otherwise, timeout=timeout)


@dataclass(frozen=True, slots=True)
class SmtObligation:
    """A check at a place, and where it fails; with `never`, where it fails if that is nowhere."""

    check: str
    at: str
    where: Formula
    never: bool = False
    mild: bool = False


@dataclass(slots=True)
class Prepared:
    """A world that a solver is told of once, to be asked about any number of overrides."""

    resolved: ResolvedPolicy
    api: Api
    solver: Solver = field(init=False)
    case: dict[str, TypedTerm] = field(init=False)
    minimal_case: SmtMinimalCase = field(init=False)
    policies: list[SmtPolicy] = field(init=False)
    required: SmtRequirement = field(init=False)

    def __post_init__(self) -> None:
        self.solver = Solver(self.api)
        self.case = possible_case(self.solver, self.resolved.vocabulary)
        self.minimal_case = SmtMinimalCase(self.solver, self.resolved.vocabulary, self.case)
        self.policies = [
            encode_policy(self._encoder(policy, parameters(self.solver, policy, {})), policy, {})
            for policy in self.resolved.policies
        ]
        self.required = requirement(self.solver, self.policies)

    def prove_override(self, override: Override, *, timeout: float | None) -> list[Counterexample]:
        """Return what `prove_override` returns."""
        with self.solver.time_limit(timeout), self.solver.pushed():
            return self._failures(self._of_override(override))

    def prove_policy(
        self, *, silent_otherwise: bool, timeout: float | None
    ) -> list[Counterexample]:
        """Return what `prove_policy` returns."""
        anything = self.solver.truth(True)
        possible = SmtObligation("impossible-vocabulary", "vocabulary", anything, never=True)
        with self.solver.time_limit(timeout), self.solver.pushed():
            impossible = self._failures([possible])
            if impossible:
                return impossible  # all else would follow from it
            failures = self._failures(self._of_policy(silent_otherwise))
            return [*failures, *self._failures(self._of_what_is_idle())]

    def _encoder(self, policy: Policy, settled: dict[str, TypedTerm]) -> SmtConditionEncoder:
        return SmtConditionEncoder(self.solver, self.case, policy.names, settled)

    def _failures(self, questions: Iterable[SmtObligation]) -> list[Counterexample]:
        """Return the questions that fail, one for each check and place: errors come first."""
        failures: dict[tuple[str, str], Counterexample] = {}
        for each in _merged(self.solver, [*questions]):
            key = (each.check, each.at)
            if key in failures:
                continue
            with self.solver.pushed():
                self.solver.assume(each.where)
                facts = None if each.never else self.minimal_case.find()
                if facts is not None or (each.never and not self.solver.has_case()):
                    failures[key] = Counterexample(each.check, each.at, facts, each.mild)
        return [*failures.values()]

    def _of_override(self, override: Override) -> Iterator[SmtObligation]:
        every, opposite = self.solver.every, self.solver.opposite
        response = encode_override(override, self.policies[0])
        must = self.required.must_accept
        for branch in response.branches:
            at, refused = branch.at, every([branch.reached, branch.response[Response.REJECT]])
            yield SmtObligation("rejects-required-return", at, every([refused, must]))
            baseless = every([refused, opposite(must), opposite(branch.grounded)])
            yield SmtObligation("rejects-without-ground", at, baseless)
            deferred = every([branch.reached, must, branch.response[Response.MANUAL]])
            yield SmtObligation("defers-required-return", at, deferred)
            if at != "otherwise":
                yield SmtObligation("dead-rule", at, branch.reached, never=True)
        for name, rank in response.terms.items():
            worse = rank > self.required.terms[name]
            yield SmtObligation("worse-term", f"terms.{name}", worse)

    def _of_policy(self, silent_otherwise: bool) -> Iterator[SmtObligation]:
        some, every, opposite = self.solver.some, self.solver.every, self.solver.opposite
        own, *upheld = self.policies
        must = some(each.verdict[Verdict.MUST_ACCEPT] for each in upheld)
        refused = every([must, own.verdict[Verdict.MAY_REJECT]])
        yield SmtObligation("undercuts", "upholds", refused)
        left_open = every([must, own.verdict[Verdict.NEGOTIATE]])
        yield SmtObligation("undercuts", "upholds", left_open, mild=True)
        for name, rank in own.terms.items():
            worse = rank > self.required.terms[name]
            yield SmtObligation("undercuts", f"terms.{name}", worse)
        if silent_otherwise:
            covered = some([*own.entitlements.values(), *own.grounds.values()])
            yield SmtObligation("gap", "otherwise", opposite(covered))

    def _of_what_is_idle(self) -> Iterator[SmtObligation]:
        """Yield what never does anything, whatever sellers set within the ranges."""
        policy, solver = self.resolved.policy, self.solver
        meaning = encode_policy(self._encoder(policy, free_parameters(solver, policy)), policy, {})
        for id, entitlement in policy.entitlements.items():
            at = f"entitlements.{id}"
            yield _idle("dead-entitlement", at, meaning.entitlements[id])
            when = meaning.encoder.holds(entitlement.when)
            for number, ground in enumerate(entitlement.unless):
                others = [meaning.grounds[each] for each in entitlement.unless if each != ground]
                alone = [when, meaning.grounds[ground], solver.opposite(solver.some(others))]
                yield _idle("redundant-unless", f"{at}.unless.{number + 1}", solver.every(alone))
        for id, where in meaning.grounds.items():
            yield _idle("dead-ground", f"grounds.{id}", where)
        for name, rows in meaning.rows.items():
            for number, where in enumerate(rows):
                yield _idle("dead-row", f"terms.{name}.decide.{number + 1}", where)


def _idle(check: str, at: str, where: Formula) -> SmtObligation:
    return SmtObligation(check, at, where, never=True)


def _merged(solver: Solver, questions: Sequence[SmtObligation]) -> list[SmtObligation]:
    """Return one question for each check, severity and place, for all that are asked about it."""
    found: dict[tuple[str, str, bool], SmtObligation] = {}
    for each in questions:
        key = (each.check, each.at, each.mild)
        known = found.get(key)
        where = solver.some([known.where, each.where]) if known else each.where
        found[key] = replace(each, where=where)
    return [*found.values()]
