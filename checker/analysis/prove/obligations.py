"""What is proved: checks (docs/language.md, section 6) as questions, is there a case such that …

A question is a formula; the checks that speak of what sellers may set leave parameters free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
    """Where a seller answers: `here`, and nowhere that an earlier place answers."""

    at: str
    here: Formula
    not_here: Formula
    after: AnswerBranch | None = None


@dataclass(slots=True, eq=False)
class Obligation:
    """A check at a place, and where it fails; `absent` where it fails if there is *no* case.

    Of a `branch`, the formula is asked where that answers. `Some` is asked part by part. A `mild`
    one is of the severity that the check has in milder circumstances.
    """

    check: str
    at: str
    formula: Formula
    absent: bool = False
    branch: AnswerBranch | None = None
    mild: bool = False


_Wrong = tuple[str, Formula]  # a check, and where it fails


@dataclass(slots=True)
class OverrideObligations:
    """A seller's answers as formulas: in scope by its rules, outside of it as the policy says.

    `ever` tells whether a possible case is one of a formula; True where that is not known.
    """

    override: Override
    required: RequirementFormulas
    ever: Callable[[Formula], bool]
    inside: PolicyFormulas = field(init=False)
    outside: AnswerBranch | None = field(init=False)  # what comes after it is inside of the scope
    _wrong: dict[tuple[str, tuple[str, ...], bool], list[_Wrong]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        override = self.override
        self.inside = as_set(self.required.own, override.parameters(), override.terms)
        self.outside = None
        if override.scope:
            within = self.inside.encoder.formula(override.scope)
            self.outside = AnswerBranch("otherwise", opposite(within), within)

    def obligations(self) -> Iterator[Obligation]:
        """Yield the questions of the checks of an override."""
        branch = self.outside
        for rule in self.override.rules:
            here = self.inside.encoder.formula(rule.when)
            branch = AnswerBranch(f"rules.{rule.id}", here, opposite(here), branch)
            yield from self._asked(branch, rule.respond, rule.cites)
            yield Obligation("dead-rule", branch.at, TRUE, True, branch)
        branch = AnswerBranch("otherwise", TRUE, FALSE, branch)
        yield from self._asked(branch, self.override.otherwise)
        if self.outside:
            yield from self._asked(self.outside, "follow", inside=False)
        for name in self.override.policy.terms:
            yield from self._terms(name)

    def _asked(
        self,
        branch: AnswerBranch,
        respond: str,
        cites: tuple[str, ...] = (),
        *,
        inside: bool = True,
    ) -> Iterator[Obligation]:
        """Yield what is asked of an answer."""
        key = (respond, cites, inside)
        if key not in self._wrong:
            self._wrong[key] = [*self._wrong_with(*key)]
        for check, formula in self._wrong[key]:
            yield Obligation(check, branch.at, formula, False, branch)

    def _wrong_with(self, respond: str, cites: tuple[str, ...], inside: bool) -> Iterator[_Wrong]:
        """Yield each check of an answer with where it fails, wherever the answer is given."""
        under = self.inside if inside else self.required.own
        if respond == "follow" and not cites:
            yield from self._wrong_with_following(under)
            return
        rejects, defers, baseless = responses(respond, cites, under, self.required.own)
        if rejects != FALSE:
            yield "rejects-required-return", self._owed_and(rejects, under)
            wrong = every([rejects, baseless, self.required.need_not])
            yield "rejects-without-ground", wrong
        if defers != FALSE:
            yield "defers-required-return", self._owed_and(defers, under)

    def _wrong_with_following(self, under: PolicyFormulas) -> Iterator[_Wrong]:
        """Yield the same of an answer as the policy's, under settings.

        Most settings take nothing away and make no ground hold, which is the same for all sellers
        who have them.
        """
        gives_less = any(map(self.ever, (self.required.not_given, *under.taken_away())))
        if gives_less:
            yield "rejects-required-return", self._owed_and(under.may_reject(), under)
        made = [*filter(self.ever, under.made_to_hold())]
        if made:  # it rejects on grounds that hold, but for these
            baseless = every([under.may_reject(), under.baseless(), self.required.need_not])
            wrong = Some(tuple(every([each, baseless]) for each in made))
            yield "rejects-without-ground", wrong
        if gives_less and under.negotiate() != FALSE:
            defers = self._owed_and(under.negotiate(), under)
            yield "defers-required-return", defers

    def _owed_and(self, answer: Formula, under: PolicyFormulas) -> Formula:
        """Return where one of the reasons is given and the answer is so: to be asked one by one."""
        if answer == TRUE:
            return self.required.reasons
        reasons = self.required.reasons_beyond(under)
        return Some(tuple(self.required.both(reason, answer) for reason in reasons))

    def _terms(self, name: str) -> Iterator[Obligation]:
        """Yield whether the seller's term is worse than the required one, in scope and outside."""
        required, at = self.required, f"terms.{name}"
        by_default = required.worse_by_default[name]
        kept = self.inside.keeps_term(name)
        worse = by_default if kept else required.worse(self.inside, name, self._rows_to_ask(name))
        if kept or self.outside is None:  # where it is kept, the same holds outside of the scope
            yield Obligation("worse-term", at, worse)
            return
        inside = AnswerBranch(at, self.outside.not_here, self.outside.here)
        yield Obligation("worse-term", at, worse, False, inside)
        yield Obligation("worse-term", at, by_default, False, self.outside)

    def _rows_to_ask(self, name: str) -> int:
        """Return how many rows of the term may be worse than required: the first so many.

        Those are not that are the policy's own, at its values or better ones.
        """
        own, inside = self.required.own, self.inside
        kept, count = inside.rows_kept(name), len(inside.rows[name])
        if not kept or self.ever(self.required.worse_by_default[name]):
            return count
        rank = own.policy.terms[name].rank
        worse = (rank(inside.value_of(row)) > rank(own.value_of(row)) for row in own.rows[name])
        return count if any(worse) else count - kept


def responses(
    respond: str, cites: tuple[str, ...], under: PolicyFormulas, defaults: PolicyFormulas
) -> tuple[Formula, Formula, Formula]:
    """Return where an answer rejects, where it defers, and where no ground that it cites holds."""
    if respond == "follow":
        rejects, defers = under.may_reject(), under.negotiate()
    else:
        rejects = TRUE if respond == "reject" else FALSE
        defers = TRUE if respond == "manual" else FALSE
    if cites:
        return rejects, defers, every(defaults.no_ground(id) for id in cites)
    if respond == "follow" and not under.changes():
        return rejects, defers, FALSE  # it rejects on grounds that hold
    # what holds under the settings is cited, and must hold under the defaults
    return rejects, defers, under.baseless()


def undercut_obligations(required: RequirementFormulas) -> Iterator[Obligation]:
    """Yield whether the policy, at its defaults, gives less than what it upholds."""
    own = required.own
    reasons = [reason for each in required.upheld for reason in each.reasons()]
    refused = Some(tuple(required.both(each, own.may_reject()) for each in reasons))
    yield Obligation("undercuts", "upholds", refused)
    deferred = Some(tuple(required.both(each, own.negotiate()) for each in reasons))
    yield Obligation("undercuts", "upholds", deferred, mild=True)
    for name, worse in required.worse_by_default.items():
        yield Obligation("undercuts", f"terms.{name}", worse)


def gap_obligation(own: PolicyFormulas) -> Obligation:
    """Return whether a case is covered by no entitlement and no ground."""
    uncovered = every([own.nothing_owed(), own.no_ground_at_all()])
    return Obligation("gap", "otherwise", uncovered)


def idle_obligations(policy: Policy, free: FreeParameters) -> Iterator[Obligation]:
    """Yield what of the policy never does anything, whatever sellers set within the ranges."""
    types = {**policy.vocabulary.types(), **free.types}
    encoder = ConditionEncoder(policy.names, free.parameters, types)
    rows = {name: term.rows for name, term in policy.terms.items()}
    under = PolicyFormulas(policy, encoder, rows)
    for id, entitlement in policy.entitlements.items():
        at = f"entitlements.{id}"
        yield Obligation("dead-entitlement", at, under.owed(entitlement), absent=True)
        for number, ground in enumerate(entitlement.unless):
            others = (each for each in entitlement.unless if each != ground)
            defeats = every(
                [
                    encoder.formula(entitlement.when),
                    under.ground(ground),
                    *(opposite(under.ground(each)) for each in others),
                ]
            )
            branch = f"{at}.unless.{number + 1}"
            yield Obligation("redundant-unless", branch, defeats, absent=True)
    for id in policy.grounds:
        yield Obligation("dead-ground", f"grounds.{id}", under.ground(id), absent=True)
    for name in policy.terms:
        for number, (reached, _) in enumerate(under.reached(name)):
            branch = f"terms.{name}.decide.{number + 1}"
            yield Obligation("dead-row", branch, reached, absent=True)
