"""The checks of overrides and policies as proof obligations (docs/language.md, section 6).

An obligation is a formula: the check fails if some case satisfies it. The checks for idle parts of
a policy leave free the parameters that sellers may set.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field

from checker.analysis.prove.free_parameters import FreeParameters
from checker.analysis.prove.policy_formulas import PolicyFormulas, as_set
from checker.analysis.prove.requirements import RequirementFormulas
from checker.language.model.override import Override
from checker.language.model.policy import Policy
from checker.solver.encode import ConditionEncoder
from checker.solver.formulas import FALSE, TRUE, Formula, Some, every, opposite


@dataclass(slots=True, eq=False)
class AnswerBranch:
    """A branch of a seller's response: it answers where it is the first whose condition holds.

    `negation` is the opposite of `condition`.
    """

    at: str
    condition: Formula
    negation: Formula
    previous: AnswerBranch | None = None


def branches_after(
    branch: AnswerBranch | None, known: Container[AnswerBranch | None]
) -> tuple[AnswerBranch | None, list[AnswerBranch]]:
    """Return the last known one of a branch and those before it, and those that come after that.

    Without recursion: an override may have thousands of rules.
    """
    after: list[AnswerBranch] = []
    while branch is not None and branch not in known:
        after.append(branch)
        branch = branch.previous
    return branch, after[::-1]


@dataclass(slots=True, eq=False)
class Obligation:
    """A check at a position, and the formula of the cases in which it fails.

    With `needs_case`, the check fails if there is *no* such case. With a `branch`, only the cases
    that the branch answers count. The parts of `Some` are decided one by one. `mild` selects the
    check's lower severity.
    """

    check: str
    at: str
    formula: Formula
    needs_case: bool = False
    branch: AnswerBranch | None = None
    mild: bool = False


_Failure = tuple[str, Formula]  # a check, and the cases in which it fails


@dataclass(slots=True)
class OverrideObligations:
    """The obligations of an override: its rules decide within its scope, the policy outside.

    `may_satisfy` tells whether a possible case satisfies a formula; True where that is not known.
    """

    override: Override
    required: RequirementFormulas
    may_satisfy: Callable[[Formula], bool]
    inside: PolicyFormulas = field(init=False)
    outside: AnswerBranch | None = field(init=False)  # later branches are inside of the scope
    _failures: dict[tuple[str, tuple[str, ...], bool], list[_Failure]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        override = self.override
        self.inside = as_set(self.required.own, override.parameters(), override.terms)
        self.outside = None
        if override.scope:
            within = self.inside.encoder.formula(override.scope)
            self.outside = AnswerBranch("otherwise", opposite(within), within)

    def obligations(self) -> Iterator[Obligation]:
        """Yield the obligations of all checks of an override."""
        branch = self.outside
        for rule in self.override.rules:
            condition = self.inside.encoder.formula(rule.when)
            branch = AnswerBranch(f"rules.{rule.id}", condition, opposite(condition), branch)
            yield from self._of_response(branch, rule.respond, rule.cites)
            yield Obligation("dead-rule", branch.at, TRUE, True, branch)
        branch = AnswerBranch("otherwise", TRUE, FALSE, branch)
        yield from self._of_response(branch, self.override.otherwise)
        if self.outside:
            yield from self._of_response(self.outside, "follow", inside=False)
        for name in self.override.policy.terms:
            yield from self._of_term(name)

    def _of_response(
        self,
        branch: AnswerBranch,
        respond: str,
        cites: tuple[str, ...] = (),
        *,
        inside: bool = True,
    ) -> Iterator[Obligation]:
        """Yield the obligations of one response."""
        key = (respond, cites, inside)
        if key not in self._failures:
            self._failures[key] = [*self._failures_of(*key)]
        for check, formula in self._failures[key]:
            yield Obligation(check, branch.at, formula, False, branch)

    def _failures_of(
        self, respond: str, cites: tuple[str, ...], inside: bool
    ) -> Iterator[_Failure]:
        """Yield each check of a response with its failing cases, whichever branch responds so."""
        under = self.inside if inside else self.required.own
        if respond == "follow" and not cites:
            yield from self._failures_of_following(under)
            return
        rejects, defers, baseless = responses(respond, cites, under, self.required.own)
        if rejects != FALSE:
            yield "rejects-required-return", self._owed_and(rejects, under)
            without_ground = every([rejects, baseless, self.required.need_not])
            yield "rejects-without-ground", without_ground
        if defers != FALSE:
            yield "defers-required-return", self._owed_and(defers, under)

    def _failures_of_following(self, under: PolicyFormulas) -> Iterator[_Failure]:
        """Yield the checks of a response that follows the policy under the seller's settings.

        Most settings neither remove a reason nor add a ground. Then no check can fail, and the
        cached formulas show that at once.
        """
        gives_less = any(map(self.may_satisfy, (self.required.undercut, *under.lost_reasons())))
        if gives_less:
            yield "rejects-required-return", self._owed_and(under.may_reject(), under)
        added = [*filter(self.may_satisfy, under.added_grounds())]
        if added:  # on all other grounds it rejects rightly, because they hold by default too
            baseless = every([under.may_reject(), under.baseless(), self.required.need_not])
            without_ground = Some(tuple(every([ground, baseless]) for ground in added))
            yield "rejects-without-ground", without_ground
        if gives_less and under.negotiate() != FALSE:
            defers = self._owed_and(under.negotiate(), under)
            yield "defers-required-return", defers

    def _owed_and(self, answer: Formula, under: PolicyFormulas) -> Formula:
        """Return where a reason to accept holds and `answer` does too, one part per reason."""
        if answer == TRUE:
            return self.required.reasons
        reasons = self.required.reasons_beyond(under)
        return Some(tuple(self.required.both(reason, answer) for reason in reasons))

    def _of_term(self, name: str) -> Iterator[Obligation]:
        """Yield the obligations that the term is not worse than required, in scope and outside."""
        required, at = self.required, f"terms.{name}"
        by_default = required.worse_by_default[name]
        unchanged = self.inside.term_unchanged(name)
        worse = by_default
        if not unchanged:
            worse = required.worse(self.inside, name, self._rows_to_check(name))
        if unchanged or self.outside is None:  # an unchanged term is the same outside of the scope
            yield Obligation("worse-term", at, worse)
            return
        inside = AnswerBranch(at, self.outside.negation, self.outside.condition)
        yield Obligation("worse-term", at, worse, False, inside)
        yield Obligation("worse-term", at, by_default, False, self.outside)

    def _rows_to_check(self, name: str) -> int:
        """Return how many of the term's first rows may be worse than required.

        The policy's own rows at the end are not, if they give its values or better ones.
        """
        own, inside = self.required.own, self.inside
        unchanged, count = inside.unchanged_rows(name), len(inside.rows[name])
        if not unchanged or self.may_satisfy(self.required.worse_by_default[name]):
            return count
        rank = own.policy.terms[name].rank
        worse = (rank(inside.value_of(row)) > rank(own.value_of(row)) for row in own.rows[name])
        return count if any(worse) else count - unchanged


def responses(
    respond: str, cites: tuple[str, ...], under: PolicyFormulas, defaults: PolicyFormulas
) -> tuple[Formula, Formula, Formula]:
    """Return where a response rejects, where it defers, and where no ground that it cites holds."""
    if respond == "follow":
        rejects, defers = under.may_reject(), under.negotiate()
    else:
        rejects = TRUE if respond == "reject" else FALSE
        defers = TRUE if respond == "manual" else FALSE
    if cites:
        return rejects, defers, every(defaults.no_ground(id) for id in cites)
    if respond == "follow" and not under.changes():
        return rejects, defers, FALSE  # it rejects only on grounds that hold by default
    # what holds under the settings is cited, and must hold under the defaults
    return rejects, defers, under.baseless()


def undercut_obligations(required: RequirementFormulas) -> Iterator[Obligation]:
    """Yield the obligations that the policy, at its defaults, gives all that it upholds."""
    own = required.own
    reasons = [reason for policy in required.upheld for reason in policy.reasons()]
    refused = Some(tuple(required.both(reason, own.may_reject()) for reason in reasons))
    yield Obligation("undercuts", "upholds", refused)
    deferred = Some(tuple(required.both(reason, own.negotiate()) for reason in reasons))
    yield Obligation("undercuts", "upholds", deferred, mild=True)
    for name, worse in required.worse_by_default.items():
        yield Obligation("undercuts", f"terms.{name}", worse)


def gap_obligation(own: PolicyFormulas) -> Obligation:
    """Return the obligation that an entitlement or a ground covers each case."""
    uncovered = every([own.nothing_owed(), own.no_ground_at_all()])
    return Obligation("gap", "otherwise", uncovered)


def idle_obligations(policy: Policy, free: FreeParameters) -> Iterator[Obligation]:
    """Yield the obligations that each part of the policy has an effect under some settings."""
    types = {**policy.vocabulary.types(), **free.types}
    encoder = ConditionEncoder(policy.names, free.parameters, types)
    rows = {name: term.rows for name, term in policy.terms.items()}
    under = PolicyFormulas(policy, encoder, rows)
    for id, entitlement in policy.entitlements.items():
        at = f"entitlements.{id}"
        yield Obligation("dead-entitlement", at, under.owed(entitlement), needs_case=True)
        for number, ground in enumerate(entitlement.unless):
            other_grounds = (other for other in entitlement.unless if other != ground)
            defeats = every(
                [
                    encoder.formula(entitlement.when),
                    under.ground(ground),
                    *(opposite(under.ground(other)) for other in other_grounds),
                ]
            )
            position = f"{at}.unless.{number + 1}"
            yield Obligation("redundant-unless", position, defeats, needs_case=True)
    for id in policy.grounds:
        yield Obligation("dead-ground", f"grounds.{id}", under.ground(id), needs_case=True)
    for name in policy.terms:
        for number, (reached, _) in enumerate(under.reached(name)):
            position = f"terms.{name}.decide.{number + 1}"
            yield Obligation("dead-row", position, reached, needs_case=True)
