"""The two policies of a comparison: what each requires and says, as formulas and compiled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from checker.analysis.diff.differences import CaseStatement, Say
from checker.analysis.diff.joint_space import JointPolicies, Side
from checker.analysis.diff.term_diff import Values, describe_value
from checker.analysis.prove.free_parameters import FreeParameters, free_parameters
from checker.analysis.prove.policy_formulas import PolicyFormulas
from checker.analysis.prove.requirements import RequirementFormulas
from checker.evaluate.decider import Decider
from checker.evaluate.decision import required_terms
from checker.evaluate.interpreter import interpret_first
from checker.language.model.conditions import Defined
from checker.language.model.policy import Policy
from checker.language.model.verdicts import Verdict
from checker.language.resolve.facts import Facts
from checker.solver.encode import ConditionEncoder
from checker.solver.formulas import FALSE, Formula, every, some

VERDICTS = (Verdict.MUST_ACCEPT, Verdict.NEGOTIATE, Verdict.MAY_REJECT)  # best for the buyer first
IMPOSSIBLE = "impossible"


def shared_settings(old: Policy, new: Policy) -> FreeParameters:
    """Return the parameters that sellers may set in both policies alike, as free ones."""
    shared = {}
    for name, parameter in new.parameters.items():
        before = old.parameters.get(name)
        if before and not before.fixed and not parameter.fixed and before.type == parameter.type:
            shared[name] = parameter
    return free_parameters(replace(new, parameters=shared))


@dataclass(slots=True)
class PolicySide:
    """One of the two policies.

    `own` is the policy at its defaults, `unsettled` under parameters that are `free`.
    """

    side: Side
    free: FreeParameters
    required: RequirementFormulas = field(init=False)
    own: PolicyFormulas = field(init=False)
    unsettled: PolicyFormulas = field(init=False)
    _alone: Decider = field(init=False)  # without what the policy upholds

    def __post_init__(self) -> None:
        self.required = RequirementFormulas(self.side.translated)
        self.own = self.required.policies[0]
        policy, types = self.own.policy, self.own.policy.vocabulary.types()
        parameters = {**policy.defaults(), **self.free.parameters}
        encoder = ConditionEncoder(policy.names, parameters, {**types, **self.free.types})
        self.unsettled = PolicyFormulas(policy, encoder, self.own.rows)
        self._alone = Decider(replace(self.side.resolved, upheld=()))

    @property
    def policy(self) -> Policy:
        """The policy as its document has it."""
        return self.side.resolved.policy

    def ladder(self) -> tuple[Formula, Formula]:
        """Return where a possible case must be accepted, and where it is to be negotiated."""
        left_open = every([self.required.need_not, self.own.negotiate()])
        both = (self.required.must_accept, left_open)
        accepted, negotiated = (every([self.side.possible, self.side.translate(f)]) for f in both)
        return accepted, negotiated

    def describe_verdict(self, case: Facts) -> CaseStatement:
        """Return the required verdict of a joint case."""
        if not self.side.is_possible(case):
            return CaseStatement(len(VERDICTS) - 1, IMPOSSIBLE)  # nothing is owed
        verdict = self.side.decider.decide(self.side.facts(case)).required.verdict
        return CaseStatement(VERDICTS.index(verdict), verdict)

    def ground(self, id: str, under: PolicyFormulas) -> Formula:
        """Return where a ground holds: nowhere where there is none of the name."""
        return self.side.translate(under.ground(id)) if id in self.policy.grounds else FALSE

    def describe_ground(self, id: str) -> Say:
        """Return what says of a joint case whether the ground holds."""
        return self._say(
            lambda facts: id in self._alone.decide(facts).required.grounds,
            CaseStatement(1, "holds"),
            CaseStatement(0, "does not hold"),
        )

    def owed(self, id: str, under: PolicyFormulas) -> Formula:
        """Return where an entitlement is owed: nowhere where there is none of the name."""
        entitlement = self.policy.entitlements.get(id)
        return self.side.translate(under.owed(entitlement)) if entitlement else FALSE

    def describe_owed(self, id: str) -> Say:
        """Return what says of a joint case whether the entitlement is owed."""
        return self._say(
            lambda facts: id in self._alone.decide(facts).required.entitlements,
            CaseStatement(0, "owed"),
            CaseStatement(1, "not owed"),
        )

    def defined(self, name: str, under: PolicyFormulas) -> Formula:
        """Return where a definition is true."""
        return self.side.translate(under.encoder.formula(Defined(name)))

    def describe_defined(self, name: str) -> Say:
        """Return what says of a joint case whether the definition is true."""
        policy = self.policy
        first = interpret_first([Defined(name)], policy.names, policy.defaults())
        return self._say(
            lambda facts: first(facts)[0] == 0, CaseStatement(0, "true"), CaseStatement(0, "false")
        )

    def describe_possible(self, case: Facts) -> CaseStatement:
        """Return whether a joint case is possible."""
        return CaseStatement(0, "possible" if self.side.is_possible(case) else IMPOSSIBLE)

    def describe_own_verdict(self, case: Facts) -> CaseStatement:
        """Return the verdict without what is upheld."""
        verdict = self._alone.decide(self.side.facts(case)).required.verdict
        return CaseStatement(VERDICTS.index(verdict), verdict)

    def upheld(self) -> Formula:
        """Return where the case is possible and a policy that is upheld requires acceptance."""
        accepted = some(policy.must_accept() for policy in self.required.policies[1:])
        return every([self.side.possible, self.side.translate(accepted)])

    def describe_upheld(self) -> Say:
        """Return what says of a joint case whether what is upheld requires acceptance."""
        resolved, upheld = self.side.resolved, self.side.resolved.upheld
        deciders = [Decider(replace(resolved, policy=decider, upheld=())) for decider in upheld]
        return self._say(
            lambda facts: any(
                decider.decide(facts).required.verdict is VERDICTS[0] for decider in deciders
            ),
            CaseStatement(0, "required"),
            CaseStatement(1, "not required"),
        )

    def term(self, name: str) -> Values | None:
        """Return the required values of a term, None where there is none of the name."""
        term = required_terms(self.side.resolved).get(name)
        rows_of_policies = (
            policy.values(name) for policy in self.required.policies if name in policy.policy.terms
        )
        translated = [
            (self.side.translate(where), value)
            for values in rows_of_policies
            for where, value in values
        ]
        return Values(term, translated) if term else None

    def describe_term(self, name: str) -> Say:
        """Return what says the required value of a term in a joint case."""
        term = required_terms(self.side.resolved).get(name)
        decide = self.side.decider.decide
        return describe_value(self.side, term, lambda facts: decide(facts).required.terms)

    def _say(self, is_so: Callable[[Facts], bool], so: CaseStatement, not_so: CaseStatement) -> Say:
        def describe(case: Facts) -> CaseStatement:
            if not self.side.is_possible(case):
                return CaseStatement(not_so.rank, IMPOSSIBLE)
            return so if is_so(self.side.facts(case)) else not_so

        return describe


def sides(pair: JointPolicies) -> tuple[PolicySide, PolicySide, FreeParameters]:
    """Return the two policies of the joint worlds, and what sellers may set in both alike."""
    free = shared_settings(pair.old.resolved.policy, pair.new.resolved.policy)
    return PolicySide(pair.old, free), PolicySide(pair.new, free), free
