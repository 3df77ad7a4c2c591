"""What is proved: the checks of section 6 as questions, is there a case such that …

A question is a formula; the checks that speak of what sellers may set leave parameters free.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from checker.language.conditions import Literal, ParameterValue
from checker.language.override import Override
from checker.language.policy import Entitlement, Policy
from checker.language.problems import Severity
from checker.language.terms import Row, Term
from checker.language.values import Value, ValueType
from checker.language.worlds import World
from checker.readings.formulas import (
    FALSE,
    TRUE,
    Formula,
    Free,
    Reading,
    every,
    opposite,
    some,
)

MUST_ACCEPT, NEGOTIATE = "must_accept", "negotiate"


@dataclass(slots=True)
class PolicyFormulas:
    """One policy under given parameters, as formulas."""

    policy: Policy
    reading: Reading
    rows: Mapping[str, tuple[Row, ...]]

    def ground(self, id: str) -> Formula:
        """Return where the ground holds."""
        return self.reading.formula(self.policy.grounds[id].when)

    def any_ground(self) -> Formula:
        """Return where some ground holds."""
        return some(self.ground(id) for id in self.policy.grounds)

    def owed(self, entitlement: Entitlement) -> Formula:
        """Return where the entitlement holds and no ground defeats it."""
        defeated = some(self.ground(id) for id in entitlement.unless)
        return every([self.reading.formula(entitlement.when), opposite(defeated)])

    def any_owed(self) -> Formula:
        """Return where some entitlement is owed."""
        return some(self.owed(each) for each in self.policy.entitlements.values())

    def must_accept(self) -> Formula:
        """Return where the policy's own verdict is `must_accept`."""
        owed = self.any_owed()
        if self.policy.otherwise != MUST_ACCEPT:
            return owed
        return some([owed, opposite(self.any_ground())])

    def may_reject(self) -> Formula:
        """Return where the policy's own verdict is `may_reject`."""
        return every([opposite(self.any_owed()), self.any_ground()])

    def negotiate(self) -> Formula:
        """Return where the policy's own verdict is `negotiate`."""
        if self.policy.otherwise != NEGOTIATE:
            return FALSE
        return every([opposite(self.any_owed()), opposite(self.any_ground())])

    def value_of(self, row: Row) -> Value:
        """Return the value of a row, whose parameter must not be free."""
        if isinstance(row.then, Literal):
            assert not isinstance(row.then.value, tuple)
            return row.then.value
        assert isinstance(row.then, ParameterValue)
        kept = self.reading.parameters[row.then.name]
        assert not isinstance(kept, Free)
        return int(kept) + row.then.plus if row.then.plus else kept  # type: ignore[arg-type]

    def reached(self, name: str) -> Iterator[tuple[Formula, Row]]:
        """Yield each row of a term with where it is the first that holds."""
        earlier: list[Formula] = []
        for row in self.rows[name]:
            here = self.reading.formula(row.when)
            yield every([*earlier, here]), row
            earlier.append(opposite(here))

    def values(self, name: str) -> Iterator[tuple[Formula, Value]]:
        """Yield where each row of a term gives its value, and the value."""
        yield from ((where, self.value_of(row)) for where, row in self.reached(name))


def as_it_stands(policy: Policy) -> PolicyFormulas:
    """Return the policy under its defaults."""
    reading = Reading(policy.names, policy.defaults(), policy.vocabulary.types())
    return PolicyFormulas(policy, reading, {name: t.rows for name, t in policy.terms.items()})


@dataclass(slots=True)
class Required:
    """What a world requires: the policy and all that it upholds, at their defaults."""

    world: World
    policies: list[PolicyFormulas] = field(init=False)
    must_accept: Formula = field(init=False)
    need_not: Formula = field(init=False)  # the opposite of must_accept

    def __post_init__(self) -> None:
        self.policies = [as_it_stands(policy) for policy in self.world.policies]
        self.must_accept = some(each.must_accept() for each in self.policies)
        self.need_not = opposite(self.must_accept)

    def better_than(self, term: Term, value: Value) -> Formula:
        """Return where the required value of the term is better for the buyer than `value`."""
        rank = term.rank(value)
        return some(
            where
            for each in self.policies
            if term.name in each.policy.terms
            for where, required in each.values(term.name)
            if term.rank(required) < rank
        )


@dataclass(frozen=True, slots=True)
class Question:
    """A check at a place, and where it fails; `absent` where it fails if there is *no* case."""

    check: str
    severity: Severity
    at: str
    formula: Formula
    absent: bool = False


@dataclass(slots=True)
class Answering:
    """A seller's answers as formulas: in scope by its rules, outside of it as the policy says."""

    override: Override
    required: Required
    inside: PolicyFormulas = field(init=False)
    scope: Formula = field(init=False)

    def __post_init__(self) -> None:
        policy, types = self.override.policy, self.override.policy.vocabulary.types()
        reading = Reading(policy.names, self.override.parameters(), types)
        rows = {name: term.rows for name, term in policy.terms.items()}
        self.inside = PolicyFormulas(policy, reading, {**rows, **self.override.terms})
        scope = self.override.scope
        self.scope = reading.formula(scope) if scope else TRUE

    def places(self) -> Iterator[tuple[str, Formula, str, tuple[str, ...]]]:
        """Yield each place that answers: its name, where it does, its response and citations."""
        earlier: list[Formula] = [self.scope]
        for rule in self.override.rules:
            here = self.inside.reading.formula(rule.when)
            yield f"rules.{rule.id}", every([*earlier, here]), rule.respond, rule.cites
            earlier.append(opposite(here))
        yield "otherwise", every(earlier), self.override.otherwise, ()
        if self.override.scope:
            yield "otherwise", opposite(self.scope), "follow", ()

    def questions(self) -> Iterator[Question]:
        """Yield the questions of the checks of an override."""
        defaults = self.required.policies[0]
        must, need_not = self.required.must_accept, self.required.need_not
        for number, (at, here, respond, cites) in enumerate(self.places()):
            outside = number > len(self.override.rules)
            under = defaults if outside else self.inside
            rejects, defers, baseless = responses(respond, cites, under, defaults)
            yield Question("rejects-required-return", "error", at, every([here, must, rejects]))
            wrong = every([here, need_not, rejects, baseless])
            yield Question("rejects-without-ground", "error", at, wrong)
            yield Question("defers-required-return", "warning", at, every([here, must, defers]))
            if at != "otherwise":
                yield Question("dead-rule", "warning", at, here, absent=True)
        for name, term in self.override.policy.terms.items():
            yield Question("worse-term", "error", f"terms.{name}", self._worse(name, term))

    def _worse(self, name: str, term: Term) -> Formula:
        """Return where the seller's value of the term is worse than the required one."""
        found = [
            every([self.scope, where, self.required.better_than(term, value)])
            for where, value in self.inside.values(name)
        ]
        if self.override.scope:
            found += [
                every([opposite(self.scope), where, self.required.better_than(term, value)])
                for where, value in self.required.policies[0].values(name)
            ]
        return some(found)


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
        return rejects, defers, opposite(some(defaults.ground(id) for id in cites))
    # what holds under the settings is cited, and must hold under the defaults
    cited = some(every([under.ground(id), defaults.ground(id)]) for id in under.policy.grounds)
    return rejects, defers, opposite(cited)


def undercut_questions(required: Required) -> Iterator[Question]:
    """Yield whether the policy, at its defaults, gives less than what it upholds."""
    own, upheld = required.policies[0], required.policies[1:]
    must = some(each.must_accept() for each in upheld)
    yield Question("undercuts", "error", "upholds", every([must, own.may_reject()]))
    yield Question("undercuts", "warning", "upholds", every([must, own.negotiate()]))
    for name, term in own.policy.terms.items():
        worse = [
            every([where, required.better_than(term, value)]) for where, value in own.values(name)
        ]
        yield Question("undercuts", "error", f"terms.{name}", some(worse))


def gap_question(policy: Policy) -> Question:
    """Return whether a case is covered by no entitlement and no ground."""
    own = as_it_stands(policy)
    uncovered = every([opposite(own.any_owed()), opposite(own.any_ground())])
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


def free_parameters(policy: Policy) -> FreeParameters:
    """Return the policy's parameters, free where sellers may set them."""
    parameters: dict[str, Value | Free] = {}
    types: dict[str, ValueType] = {}
    typical: dict[str, Value] = {}
    for name, parameter in policy.parameters.items():
        field_name = f"parameter {name}"
        if parameter.fixed:
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
