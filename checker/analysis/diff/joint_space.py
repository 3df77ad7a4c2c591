"""Two resolved policies side by side: one space of joint cases that both can decide.

A joint case states the facts of the new vocabulary, then those that the old one alone has. Where
both have a fact, it may have any value that one of them allows. A fact that one side alone has is
free: the other side does not look at it. A fact whose type differs is there twice, the old one
as `name (old)`, because conditions on the one can't be compared with conditions on the other.

A joint case is *possible* on a side where the side's vocabulary allows the values of the facts
that both have, and its invariants over them hold. An invariant that speaks of a fact of one side
alone says what that fact may be; it holds in every joint case and makes none impossible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from checker.evaluate.decider import Decider
from checker.language.model.conditions import NO_NAMES, Condition, facts_in
from checker.language.model.policy import Policy
from checker.language.model.types import Value, ValueType
from checker.language.model.vocabulary import Fact
from checker.language.resolve.facts import Facts
from checker.language.resolve.resolver import ResolvedPolicy
from checker.solver.encode import ConditionEncoder
from checker.solver.formulas import (
    FALSE,
    TRUE,
    Atom,
    DifferenceConstraint,
    Formula,
    Has,
    Is,
    Within,
    every,
    opposite,
    some,
)


@dataclass(slots=True)
class Side:
    """One of the two worlds, as its documents have it and translated over the joint facts.

    `fields` are the joint facts that stand for its own. `allowed` is where its vocabulary allows
    the values of the facts that both have, `invariants` where its own invariants over them hold.
    """

    resolved: ResolvedPolicy
    translated: ResolvedPolicy
    fields: Mapping[str, str]
    allowed: Formula
    invariants: Formula = TRUE
    decider: Decider = field(init=False)

    def __post_init__(self) -> None:
        self.decider = Decider(self.resolved)

    @property
    def possible(self) -> Formula:
        """Where a joint case is possible on this side."""
        return every([self.allowed, self.invariants])

    def translate(self, formula: Formula) -> Formula:
        """Return a formula of the translated policy over the joint facts."""
        moved = {name: field for name, field in self.fields.items() if name != field}
        return _moved(formula, moved) if moved else formula

    def facts(self, case: Facts) -> Facts:
        """Return what the joint case says to this side; what conditions can't look at is absent."""
        return {
            name: case[self.fields[name]] if name in self.fields else None
            for name in self.resolved.vocabulary.facts
        }

    def is_possible(self, case: Facts) -> bool:
        """Return whether the joint case is possible on this side, by the compiled reading."""
        facts, decisive = self.facts(case), self.resolved.vocabulary.testable_facts()
        allowed = all(_allows(fact.type, facts[name]) for name, fact in decisive.items())
        return allowed and not self.decider.broken_invariants(facts)


@dataclass(frozen=True, slots=True)
class JointPolicies:
    """Both sides, a world whose vocabulary has the joint facts, and what all joint cases obey."""

    old: Side
    new: Side
    resolved: ResolvedPolicy
    always: Formula

    @property
    def both_possible(self) -> Formula:
        """Where a joint case is possible on both sides."""
        return every([self.old.possible, self.new.possible])


def side_by_side(old: ResolvedPolicy, new: ResolvedPolicy) -> JointPolicies:
    """Return the two worlds as a pair."""
    before, after = old.vocabulary.testable_facts(), new.vocabulary.testable_facts()
    shared = {
        name: replace(fact, type=_united(fact.type, before[name].type))
        for name, fact in after.items()
        if name in before and before[name].type.name == fact.type.name
    }
    old_fields = {
        name: f"{name} (old)" if name in after and name not in shared else name for name in before
    }
    facts = {name: shared.get(name, fact) for name, fact in after.items()}
    for name, joint_name in old_fields.items():
        facts.setdefault(joint_name, replace(before[name], name=joint_name))
    old_conditions = [invariant.always for invariant in old.vocabulary.invariants]
    common = tuple(
        invariant
        for invariant in new.vocabulary.invariants
        if invariant.always in old_conditions
        and facts_in(invariant.always, NO_NAMES) <= shared.keys()
    )
    common_conditions = [invariant.always for invariant in common]
    old_side, old_always = _side(old, old_fields, facts, shared, common_conditions)
    new_side, new_always = _side(
        new, {name: name for name in after}, facts, shared, common_conditions
    )
    vocabulary = replace(new.vocabulary, facts=facts, invariants=common, derived_from={})
    resolved = ResolvedPolicy(replace(new.policy, vocabulary=vocabulary), (), {})
    return JointPolicies(old_side, new_side, resolved, every([old_always, new_always]))


def _side(
    resolved: ResolvedPolicy,
    fields: Mapping[str, str],
    facts: Mapping[str, Fact],
    shared: Mapping[str, Fact],
    common_conditions: list[Condition],
) -> tuple[Side, Formula]:
    """Return one side, and where its invariants that speak of facts of its own alone hold.

    `same` are the invariants that both sides have.
    """
    translated = _translated(resolved, {name: facts[field] for name, field in fields.items()})
    own = resolved.vocabulary.facts
    allowed = every(_limits(name, own[name].type, fact.type) for name, fact in shared.items())
    side = Side(resolved, translated, fields, allowed)
    encoder = ConditionEncoder(NO_NAMES, {}, translated.vocabulary.types())
    comparable: list[Formula] = []
    alone: list[Formula] = []
    for invariant in resolved.vocabulary.invariants:
        if invariant.always not in common_conditions:
            over_shared = facts_in(invariant.always, NO_NAMES) <= shared.keys()
            formula = side.translate(encoder.formula(invariant.always))
            (comparable if over_shared else alone).append(formula)
    side.invariants = every(comparable)
    return side, every(alone)


def _translated(resolved: ResolvedPolicy, facts: Mapping[str, Fact]) -> ResolvedPolicy:
    """Return the world with other facts in its vocabulary, where these are decisive."""
    vocabulary = replace(resolved.vocabulary, facts={**resolved.vocabulary.facts, **facts})

    def retell(policy: Policy) -> Policy:
        return replace(policy, vocabulary=vocabulary)

    return replace(
        resolved, policy=retell(resolved.policy), upheld=tuple(map(retell, resolved.upheld))
    )


def _united(first: ValueType, second: ValueType) -> ValueType:
    """Return the type with the values of both; of ranges, with what lies between them as well."""
    values = (*first.values, *(value for value in second.values if value not in first.values))
    range_ = first.range
    if first.range and second.range:
        range_ = (min(first.range[0], second.range[0]), max(first.range[1], second.range[1]))
    return replace(first, values=values, range=range_)


def _limits(name: str, own: ValueType, united: ValueType) -> Formula:
    """Return where the fact has a value of a side's own type."""
    if own.range and own.range != united.range:
        return Is(Within(name, *own.range))
    if {*own.values} != {*united.values}:
        return Is(Has(name, frozenset(united.values.index(value) for value in own.values)))
    return TRUE


def _allows(type_: ValueType, value: Value | None) -> bool:
    if type_.range:
        return isinstance(value, int) and type_.range[0] <= value <= type_.range[1]
    return value in type_.categories()


def _moved(formula: Formula, fields: Mapping[str, str]) -> Formula:
    """Return the formula with other fields in place of some."""
    moved: dict[Formula, Formula] = {}  # each part is moved once, however often it occurs

    def move(part: Formula) -> Formula:
        if isinstance(part, Is):
            atom, turned = _moved_atom(part.atom, fields)
            return Is(atom, part.positive is not turned)
        if part not in moved:
            moved[part] = type(part)(tuple(move(inner) for inner in part.parts))
        return moved[part]

    return move(formula)


def _moved_atom(atom: Atom, fields: Mapping[str, str]) -> tuple[Atom, bool]:
    """Return the atom over other fields, and whether it now says the opposite."""
    if isinstance(atom, Within):
        return Within(fields.get(atom.field, atom.field), atom.low, atom.high), False
    if isinstance(atom, Has):
        return Has(fields.get(atom.field, atom.field), atom.positions), False
    left, right = (fields.get(field, field) for field in (atom.left, atom.right))
    if left < right:
        return DifferenceConstraint(left, right, atom.plus), False
    return DifferenceConstraint(
        right, left, -atom.plus - 1
    ), True  # formulas name the first of the two first


def only(first: Formula, second: Formula) -> Formula:
    """Return where the first formula is true and the second is not."""
    return FALSE if first == second else every([first, opposite(second)])


def unlike(first: Formula, second: Formula) -> Formula:
    """Return where one of the two is true and the other is not."""
    return some([only(first, second), only(second, first)])


def better(first: tuple[Formula, Formula], second: tuple[Formula, Formula]) -> Formula:
    """Return where the first ladder is better than the second: both say where best, where next."""
    (best, next_best), (other_best, other_next) = first, second
    one_step_down = every([only(next_best, other_next), opposite(other_best)])
    return some([only(best, other_best), one_step_down])
