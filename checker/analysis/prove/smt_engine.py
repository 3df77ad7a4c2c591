"""The engine of an SMT solver: it finds the same failures as `box_engine`, independently.

The obligations follow the definitions in docs/language.md, section 6, literally, as the reference
implementation of the tests does. The simplifications of the boxes are not used.
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

    Raises:
        Undecided: The solver does not know after `timeout` seconds.
    """
    return Prepared(resolved, api).prove_override(override, timeout=timeout)


def prove_policy(
    resolved: ResolvedPolicy, *, silent_otherwise: bool, timeout: float | None, api: Api
) -> list[Counterexample]:
    """Return the checks that the policy by itself fails (docs/language.md, section 6).

    `silent_otherwise` says that its document has no `otherwise`.

    Raises:
        Undecided: The solver does not know after `timeout` seconds.
    """
    return Prepared(resolved, api).prove_policy(silent_otherwise=silent_otherwise, timeout=timeout)


@dataclass(frozen=True, slots=True)
class SmtObligation:
    """A check at a position, and the formula of the cases in which it fails.

    With `needs_case`, the check fails if there is no such case.
    """

    check: str
    at: str
    formula: Formula
    needs_case: bool = False
    mild: bool = False


@dataclass(slots=True)
class Prepared:
    """A resolved policy encoded once in a solver, for proofs of any number of overrides."""

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
        """Return what the function `prove_override` returns."""
        with self.solver.time_limit(timeout), self.solver.pushed():
            return self._failures(self._override_obligations(override))

    def prove_policy(
        self, *, silent_otherwise: bool, timeout: float | None
    ) -> list[Counterexample]:
        """Return what the function `prove_policy` returns."""
        every_case = self.solver.truth(True)
        possible = SmtObligation("impossible-vocabulary", "vocabulary", every_case, needs_case=True)
        with self.solver.time_limit(timeout), self.solver.pushed():
            impossible = self._failures([possible])
            if impossible:
                return impossible  # without a possible case the other checks mean nothing
            failures = self._failures(self._policy_obligations(silent_otherwise))
            return [*failures, *self._failures(self._idle_obligations())]

    def _encoder(self, policy: Policy, settled: dict[str, TypedTerm]) -> SmtConditionEncoder:
        return SmtConditionEncoder(self.solver, self.case, policy.names, settled)

    def _failures(self, obligations: Iterable[SmtObligation]) -> list[Counterexample]:
        """Return the obligations that fail, one for each check and position: errors come first."""
        failures: dict[tuple[str, str], Counterexample] = {}
        for obligation in _merged(self.solver, [*obligations]):
            key = (obligation.check, obligation.at)
            if key in failures:
                continue
            with self.solver.pushed():
                self.solver.assume(obligation.formula)
                facts = None if obligation.needs_case else self.minimal_case.find()
                if facts is not None or (obligation.needs_case and not self.solver.has_case()):
                    failures[key] = Counterexample(
                        obligation.check, obligation.at, facts, obligation.mild
                    )
        return [*failures.values()]

    def _override_obligations(self, override: Override) -> Iterator[SmtObligation]:
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
                yield SmtObligation("dead-rule", at, branch.reached, needs_case=True)
        own = self.policies[0]
        for name, rank in response.terms.items():
            worse = every([own.applies[name], rank > self.required.terms[name]])
            yield SmtObligation("worse-term", f"terms.{name}", worse)

    def _policy_obligations(self, silent_otherwise: bool) -> Iterator[SmtObligation]:
        some, every, opposite = self.solver.some, self.solver.every, self.solver.opposite
        own, *upheld = self.policies
        must = some(policy.verdict[Verdict.MUST_ACCEPT] for policy in upheld)
        refused = every([must, own.verdict[Verdict.MAY_REJECT]])
        yield SmtObligation("undercuts", "upholds", refused)
        left_open = every([must, own.verdict[Verdict.NEGOTIATE]])
        yield SmtObligation("undercuts", "upholds", left_open, mild=True)
        for name, rank in own.terms.items():
            worse = every([own.applies[name], rank > self.required.terms[name]])
            yield SmtObligation("undercuts", f"terms.{name}", worse)
        if silent_otherwise:
            covered = some([*own.entitlements.values(), *own.grounds.values()])
            yield SmtObligation("gap", "otherwise", opposite(covered))

    def _idle_obligations(self) -> Iterator[SmtObligation]:
        """Yield the obligations that each part of the policy has an effect under some settings."""
        policy, solver = self.resolved.policy, self.solver
        meaning = encode_policy(self._encoder(policy, free_parameters(solver, policy)), policy, {})
        for id, entitlement in policy.entitlements.items():
            at = f"entitlements.{id}"
            yield _idle("dead-entitlement", at, meaning.entitlements[id])
            when = meaning.encoder.holds(entitlement.when)
            for number, ground in enumerate(entitlement.unless):
                other_grounds = [
                    meaning.grounds[other] for other in entitlement.unless if other != ground
                ]
                no_other = solver.opposite(solver.some(other_grounds))
                deciding = [when, meaning.grounds[ground], no_other]
                yield _idle("redundant-unless", f"{at}.unless.{number + 1}", solver.every(deciding))
        for id, formula in meaning.grounds.items():
            yield _idle("dead-ground", f"grounds.{id}", formula)
        for name, rows in meaning.rows.items():
            for number, formula in enumerate(rows):
                yield _idle("dead-row", f"terms.{name}.decide.{number + 1}", formula)


def _idle(check: str, at: str, formula: Formula) -> SmtObligation:
    return SmtObligation(check, at, formula, needs_case=True)


def _merged(solver: Solver, obligations: Sequence[SmtObligation]) -> list[SmtObligation]:
    """Return one obligation for each check, severity and position: the disjunction of all."""
    merged: dict[tuple[str, str, bool], SmtObligation] = {}
    for obligation in obligations:
        key = (obligation.check, obligation.at, obligation.mild)
        earlier = merged.get(key)
        formula = obligation.formula
        if earlier:
            formula = solver.some([earlier.formula, formula])
        merged[key] = replace(obligation, formula=formula)
    return [*merged.values()]
