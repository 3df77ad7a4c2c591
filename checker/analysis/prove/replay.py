"""Counterexamples decided again before they are shown, by what decides cases."""

from __future__ import annotations

from checker.analysis.prove.prover import Failure
from checker.evaluate.compile_policy import Requirement, compile_required, governed
from checker.evaluate.decider import Decider
from checker.language.model.override import Override
from checker.language.model.policy import Policy
from checker.language.resolve.facts import Facts, show_facts
from checker.language.resolve.resolver import ResolvedPolicy


class Mismatch(AssertionError):
    """Where proofs, decisions or engines disagree: an error of this program."""


def replay(failures: list[Failure], resolved: ResolvedPolicy, override: Override | None) -> None:
    """Decide each counterexample; Mismatch where one is impossible or does not show its failure.

    Without an override, the failures are those of the policy itself.
    """
    decider = Decider(resolved, override)
    for failure in failures:
        facts = failure.facts
        if facts is None:
            continue
        if override:
            found = decider.decide(facts).findings
            shown = any((each.check, each.at) == (failure.check, failure.at) for each in found)
        else:
            shown = _policy_shows(failure, facts, resolved)
        if not shown or decider.broken_invariants(facts):
            case = show_facts(facts, resolved.vocabulary)
            what = f"{failure.check} at {failure.at} is not shown by {case}"
            raise Mismatch(f"internal error: {what}")


def _policy_shows(failure: Failure, facts: Facts, resolved: ResolvedPolicy) -> bool:
    """Return whether the case shows what is said of the policy by itself."""
    own = _said(resolved.policy, facts)
    if failure.check == "gap":
        return not own.entitlements and not own.grounds
    upheld = [_said(policy, facts) for policy in resolved.upheld]
    if failure.at != "upholds":
        name = failure.at.removeprefix("terms.")
        rank = resolved.policy.terms[name].rank
        values = (each.terms.get(name) for each in upheld)
        return any(each is not None and rank(each) < rank(_known(own, name)) for each in values)
    verdict = "may_reject" if failure.severity == "error" else "negotiate"
    return own.verdict == verdict and any(each.verdict == "must_accept" for each in upheld)


def _known(own: Requirement, name: str) -> int | str:
    value = own.terms[name]
    assert isinstance(value, int | str), "every fact is known"
    return value


def _said(policy: Policy, facts: Facts) -> Requirement:
    """Return what one policy says of a case, without what it upholds."""
    return Requirement(*compile_required([governed(policy)])(facts))
