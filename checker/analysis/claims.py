"""What is proved: the checks of section 6 as questions, is there a case such that …

A question is a formula; the checks that speak of what sellers may set leave parameters free.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from checker.analysis.policy_formulas import PolicyFormulas, as_it_stands, as_set
from checker.language.override import Override
from checker.language.policy import Policy
from checker.language.problems import Severity
from checker.language.terms import Term
from checker.language.values import Value, ValueType
from checker.language.worlds import World
from checker.readings.formulas import (
    FALSE,
    TRUE,
    Formula,
    Free,
    Reading,
    Some,
    every,
    opposite,
    some,
)


class Required:
    """What a world requires: the policy and all that it upholds, at their defaults.

    Made once for a world and kept for every override that answers under it.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.policies = [as_it_stands(policy) for policy in world.policies]
        self.own, self.upheld = self.policies[0], self.policies[1:]
        self.must_accept = some(each.must_accept() for each in self.policies)
        self.need_not = opposite(self.must_accept)
        self._values: dict[tuple[int, str], list[tuple[Formula, Value]]] = {}
        self._both: dict[tuple[int, int], Formula] = {}
        self._better: dict[tuple[str, int], Formula] = {}

    @cached_property
    def reasons(self) -> Some:
        """Where each reason is given that the required verdict is `must_accept`, one by one."""
        return Some(tuple(each for policy in self.policies for each in policy.reasons()))

    def reasons_beyond(self, seller: PolicyFormulas) -> list[Formula]:
        """Return the reasons but for those that the seller, under its settings, answers alike."""
        theirs = {id(each) for each in seller.reasons()}
        return [each for each in self.reasons.parts if id(each) not in theirs]

    def better_than(self, term: Term, value: Value) -> Formula:
        """Return where the required value of the term is better for the buyer than `value`."""
        rank = term.rank(value)
        better = [
            where
            for each in self.policies
            if term.name in each.policy.terms
            for where, required in self.values(each, term.name)
            if term.rank(required) < rank
        ]
        key = (term.name, len(better))  # the best of so many say which ones they are
        if key not in self._better:
            self._better[key] = some(better)
        return self._better[key]

    def values(self, policy: PolicyFormulas, term: str) -> list[tuple[Formula, Value]]:
        """Return where each row of a policy's term gives its value, made once."""
        key = (id(policy), term)
        if key not in self._values:
            self._values[key] = policy.values(term)
        return self._values[key]

    def both(self, reason: Formula, answer: Formula) -> Formula:
        """Return where a reason is given and the answer is so, one formula for each pair."""
        own = self.own
        if answer is not own.may_reject() and answer is not own.negotiate():
            return every([reason, answer])
        key = (id(reason), id(answer))
        if key not in self._both:
            self._both[key] = every([reason, answer])
        return self._both[key]

    @cached_property
    def not_given(self) -> Some:
        """Where the policy, at its defaults, does not give what it upholds, one by one."""
        answers = (self.own.may_reject(), self.own.negotiate())
        reasons = self.reasons_beyond(self.own)
        return Some(tuple(self.both(reason, each) for each in answers for reason in reasons))

    def of_the_policy(self) -> Iterator[Formula]:
        """Yield what the questions about overrides that follow it ask of the policy alone."""
        yield from self.not_given.parts
        for worse in self.worse_by_default.values():
            yield from worse.parts if isinstance(worse, Some) else (worse,)

    def formulas(self) -> Iterator[Formula]:
        """Yield what the questions about every override are made of."""
        own = self.own
        yield self.need_not
        yield from self.reasons.parts
        for id in own.policy.grounds:
            yield own.ground(id)
            yield own.no_ground(id)
        for entitlement in own.policy.entitlements.values():
            yield own.not_owed(entitlement)

    @cached_property
    def worse_by_default(self) -> dict[str, Formula]:
        """For each term, where the policy at its defaults is worse than what it upholds."""
        return {name: self.worse(self.own, name) for name in self.own.policy.terms}

    def worse(self, seller: PolicyFormulas, name: str, rows: int | None = None) -> Formula:
        """Return where the seller's value of the term is worse than the required one.

        Of its `rows` only the first so many, where that is given.
        """
        term, worse = self.own.policy.terms[name], []
        for where, row in islice(seller.reached(name), rows):
            worse.append(every([where, self.better_than(term, seller.value_of(row))]))
        return some(worse)


@dataclass(slots=True, eq=False)
class Place:
    """Where a seller answers: `here`, and nowhere that an earlier place answers."""

    at: str
    here: Formula
    not_here: Formula
    after: Place | None = None


@dataclass(slots=True, eq=False)
class Question:
    """A check at a place, and where it fails; `absent` where it fails if there is *no* case.

    Of a `place`, the formula is asked where that answers. `Some` is asked part by part.
    """

    check: str
    severity: Severity
    at: str
    formula: Formula
    absent: bool = False
    place: Place | None = None


_Wrong = tuple[str, Severity, Formula]  # a check, and where it fails


@dataclass(slots=True)
class Answering:
    """A seller's answers as formulas: in scope by its rules, outside of it as the policy says.

    `ever` tells whether a possible case is one of a formula; True where that is not known.
    """

    override: Override
    required: Required
    ever: Callable[[Formula], bool]
    inside: PolicyFormulas = field(init=False)
    outside: Place | None = field(init=False)  # what comes after it is inside of the scope
    _wrong: dict[tuple[str, tuple[str, ...], bool], list[_Wrong]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        override = self.override
        self.inside = as_set(self.required.own, override.parameters(), override.terms)
        self.outside = None
        if override.scope:
            within = self.inside.reading.formula(override.scope)
            self.outside = Place("otherwise", opposite(within), within)

    def questions(self) -> Iterator[Question]:
        """Yield the questions of the checks of an override."""
        place = self.outside
        for rule in self.override.rules:
            here = self.inside.reading.formula(rule.when)
            place = Place(f"rules.{rule.id}", here, opposite(here), place)
            yield from self._asked(place, rule.respond, rule.cites)
            yield Question("dead-rule", "warning", place.at, TRUE, True, place)
        place = Place("otherwise", TRUE, FALSE, place)
        yield from self._asked(place, self.override.otherwise)
        if self.outside:
            yield from self._asked(self.outside, "follow", inside=False)
        for name in self.override.policy.terms:
            yield from self._terms(name)

    def _asked(
        self, place: Place, respond: str, cites: tuple[str, ...] = (), *, inside: bool = True
    ) -> Iterator[Question]:
        """Yield what is asked of an answer."""
        key = (respond, cites, inside)
        if key not in self._wrong:
            self._wrong[key] = [*self._wrong_with(*key)]
        for check, severity, formula in self._wrong[key]:
            yield Question(check, severity, place.at, formula, False, place)

    def _wrong_with(self, respond: str, cites: tuple[str, ...], inside: bool) -> Iterator[_Wrong]:
        """Yield each check of an answer with where it fails, wherever the answer is given."""
        under = self.inside if inside else self.required.own
        if respond == "follow" and not cites:
            yield from self._wrong_with_following(under)
            return
        rejects, defers, baseless = responses(respond, cites, under, self.required.own)
        if rejects != FALSE:
            yield "rejects-required-return", "error", self._owed_and(rejects, under)
            wrong = every([rejects, baseless, self.required.need_not])
            yield "rejects-without-ground", "error", wrong
        if defers != FALSE:
            yield "defers-required-return", "warning", self._owed_and(defers, under)

    def _wrong_with_following(self, under: PolicyFormulas) -> Iterator[_Wrong]:
        """Yield the same of an answer as the policy's, under settings.

        Most settings take nothing away and make no ground hold, which is the same for all sellers
        who have them.
        """
        if any(map(self.ever, (self.required.not_given, *under.taken_away()))):
            yield "rejects-required-return", "error", self._owed_and(under.may_reject(), under)
            if under.negotiate() != FALSE:
                defers = self._owed_and(under.negotiate(), under)
                yield "defers-required-return", "warning", defers
        made = [*filter(self.ever, under.made_to_hold())]
        if made:  # it rejects on grounds that hold, but for these
            baseless = every([under.may_reject(), under.baseless(), self.required.need_not])
            wrong = Some(tuple(every([each, baseless]) for each in made))
            yield "rejects-without-ground", "error", wrong

    def _owed_and(self, answer: Formula, under: PolicyFormulas) -> Formula:
        """Return where one of the reasons is given and the answer is so: to be asked one by one."""
        if answer == TRUE:
            return self.required.reasons
        reasons = self.required.reasons_beyond(under)
        return Some(tuple(self.required.both(reason, answer) for reason in reasons))

    def _terms(self, name: str) -> Iterator[Question]:
        """Yield whether the seller's term is worse than the required one, in scope and outside."""
        required, at = self.required, f"terms.{name}"
        by_default = required.worse_by_default[name]
        kept = self.inside.keeps_term(name)
        worse = by_default if kept else required.worse(self.inside, name, self._rows(name))
        if kept or self.outside is None:  # where it is kept, the same holds outside of the scope
            yield Question("worse-term", "error", at, worse)
            return
        inside = Place(at, self.outside.not_here, self.outside.here)
        yield Question("worse-term", "error", at, worse, False, inside)
        yield Question("worse-term", "error", at, by_default, False, self.outside)

    def _rows(self, name: str) -> int:
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


def undercut_questions(required: Required) -> Iterator[Question]:
    """Yield whether the policy, at its defaults, gives less than what it upholds."""
    own = required.own
    reasons = [reason for each in required.upheld for reason in each.reasons()]
    refused = Some(tuple(required.both(each, own.may_reject()) for each in reasons))
    yield Question("undercuts", "error", "upholds", refused)
    deferred = Some(tuple(required.both(each, own.negotiate()) for each in reasons))
    yield Question("undercuts", "warning", "upholds", deferred)
    for name, worse in required.worse_by_default.items():
        yield Question("undercuts", "error", f"terms.{name}", worse)


def gap_question(own: PolicyFormulas) -> Question:
    """Return whether a case is covered by no entitlement and no ground."""
    uncovered = every([own.nothing_owed(), own.no_ground_at_all()])
    return Question("gap", "warning", "otherwise", uncovered)


def idle_questions(policy: Policy, free: FreeParameters) -> Iterator[Question]:
    """Yield what of the policy never does anything, whatever sellers set within the ranges."""
    types = {**policy.vocabulary.types(), **free.types}
    reading = Reading(policy.names, free.parameters, types)
    rows = {name: term.rows for name, term in policy.terms.items()}
    under = PolicyFormulas(policy, reading, rows)
    for id, entitlement in policy.entitlements.items():
        at = f"entitlements.{id}"
        yield Question("dead-entitlement", "warning", at, under.owed(entitlement), absent=True)
        for number, ground in enumerate(entitlement.unless):
            others = (each for each in entitlement.unless if each != ground)
            defeats = every(
                [
                    reading.formula(entitlement.when),
                    under.ground(ground),
                    *(opposite(under.ground(each)) for each in others),
                ]
            )
            place = f"{at}.unless.{number + 1}"
            yield Question("redundant-unless", "warning", place, defeats, absent=True)
    for id in policy.grounds:
        yield Question("dead-ground", "warning", f"grounds.{id}", under.ground(id), absent=True)
    for name in policy.terms:
        for number, (reached, _) in enumerate(under.reached(name)):
            place = f"terms.{name}.decide.{number + 1}"
            yield Question("dead-row", "warning", place, reached, absent=True)


@dataclass(frozen=True, slots=True)
class FreeParameters:
    """Parameters that may have any value of their ranges, and the fields that stand for them."""

    parameters: Mapping[str, Value | Free]
    types: Mapping[str, ValueType]
    typical: Mapping[str, Value]


def free_parameters(policy: Policy, names: Container[str] | None = None) -> FreeParameters:
    """Return the policy's parameters, free where sellers may set them.

    Where `names` are given only those are free.
    """
    parameters: dict[str, Value | Free] = {}
    types: dict[str, ValueType] = {}
    typical: dict[str, Value] = {}
    for name, parameter in policy.parameters.items():
        field_name = parameter_field(name)
        if parameter.fixed or (names is not None and name not in names):
            parameters[name] = parameter.default
        elif parameter.type.name == "set":
            members = {value: f"{field_name} {value}" for value in parameter.type.values}
            types |= dict.fromkeys(members.values(), ValueType("boolean"))
            typical |= dict.fromkeys(members.values(), False)
            parameters[name] = Free(field_name, members)
        else:
            types[field_name], typical[field_name] = parameter.type, parameter.default
            parameters[name] = Free(field_name)
    return FreeParameters(parameters, types, typical)


def parameter_field(name: str) -> str:
    """Return the name of the field that stands for a free parameter; no fact has such a name."""
    return f"parameter {name}"
