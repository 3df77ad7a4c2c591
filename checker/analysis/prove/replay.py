"""Counterexamples decided again before they are shown, by the interpreter of single cases."""

from __future__ import annotations

from checker.analysis.prove.prover import Counterexample
from checker.evaluate.decider import Decider
from checker.evaluate.interpreter import INTERPRETED, PolicyInterpreter
from checker.evaluate.requirement import with_defaults
from checker.language.model.override import Override
from checker.language.model.policy import Policy
from checker.language.model.verdicts import Verdict
from checker.language.resolve.facts import Facts, show_facts
from checker.language.resolve.resolver import ResolvedPolicy


class Mismatch(AssertionError):
    """Where proofs, decisions or engines disagree: an error of this program."""


def replay(
    failures: list[Counterexample], resolved: ResolvedPolicy, override: Override | None
) -> None:
    """Decide each counterexample; Mismatch where one is impossible or does not show its failure.

    Without an override, the failures are those of the policy itself.
    """
    decider = Decider(resolved, override, INTERPRETED)
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


def _policy_shows(failure: Counterexample, facts: Facts, resolved: ResolvedPolicy) -> bool:
    """Return whether the case shows what is said of the policy by itself."""
    own = _interpreted(resolved.policy, facts)
    if failure.check == "gap":
        return not own.entitlements() and not own.grounds
    upheld = [_interpreted(policy, facts) for policy in resolved.upheld]
    if failure.at != "upholds":
        name = failure.at.removeprefix("terms.")
        rank = resolved.policy.terms[name].rank
        least = (rank(each.term(name)) for each in upheld if name in each.policy.terms)
        return any(each < rank(own.term(name)) for each in least)
    verdict = Verdict.NEGOTIATE if failure.mild else Verdict.MAY_REJECT
    return own.verdict is verdict and any(each.verdict is Verdict.MUST_ACCEPT for each in upheld)


def _interpreted(policy: Policy, facts: Facts) -> PolicyInterpreter:
    """Return one policy read for a case, without what it upholds."""
    return PolicyInterpreter(with_defaults(policy), facts)
