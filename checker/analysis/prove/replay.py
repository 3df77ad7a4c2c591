"""Replays counterexamples with the interpreter before they are reported."""

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
    """Proofs, decisions or engines disagree, which is an error of this program."""


def replay(
    failures: list[Counterexample], resolved: ResolvedPolicy, override: Override | None
) -> None:
    """Decide the case of each counterexample with the interpreter.

    Without an override, the failures are those of the policy itself.

    Raises:
        Mismatch: A case is impossible or does not show its failure.
    """
    decider = Decider(resolved, override, INTERPRETED)
    for failure in failures:
        facts = failure.facts
        if facts is None:
            continue
        if override:
            findings = decider.decide(facts).findings
            is_shown = any(
                (finding.check, finding.at) == (failure.check, failure.at) for finding in findings
            )
        else:
            is_shown = _policy_shows(failure, facts, resolved)
        if not is_shown or decider.broken_invariants(facts):
            case = show_facts(facts, resolved.vocabulary)
            problem = f"{failure.check} at {failure.at} is not shown by {case}"
            raise Mismatch(f"internal error: {problem}")


def _policy_shows(failure: Counterexample, facts: Facts, resolved: ResolvedPolicy) -> bool:
    """Return whether the case shows the failure of the policy itself."""
    own = _interpreted(resolved.policy, facts)
    if failure.check == "gap":
        return not own.entitlements() and not own.grounds
    upheld = [_interpreted(policy, facts) for policy in resolved.upheld]
    if failure.at != "upholds":
        name = failure.at.removeprefix("terms.")
        rank = resolved.policy.terms[name].rank
        values = [policy.term(name) for policy in upheld if name in policy.policy.terms]
        offered = own.term(name)
        return offered is not None and any(
            rank(value) < rank(offered) for value in values if value is not None
        )
    verdict = Verdict.NEGOTIATE if failure.mild else Verdict.MAY_REJECT
    required = any(policy.verdict is Verdict.MUST_ACCEPT for policy in upheld)
    return required and own.verdict is verdict


def _interpreted(policy: Policy, facts: Facts) -> PolicyInterpreter:
    """Return the interpreter of one policy for a case, without the policies it upholds."""
    return PolicyInterpreter(with_defaults(policy), facts)
