"""Cases and conditions as terms of an SMT solver (docs/language.md, sections 2 and 3).

Follows the reference implementation of the tests (`tests/reference.py`) step by step, so that both
can be reviewed side by side. The reference returns the value of a condition in one case. This
module returns a term that has this value in every case. Every fact is known, so that a condition is
true or false. Nothing but the condition tree and the models is shared with the proofs by boxes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from checker.language.model.conditions import (
    NO_NAMES,
    All,
    AnyOf,
    Condition,
    CoreTest,
    Defined,
    Equal,
    FactValue,
    GroundHolds,
    Includes,
    Literal,
    Names,
    Not,
    OneOf,
    Operand,
    Test,
)
from checker.language.model.types import Value, ValueType
from checker.language.model.vocabulary import Vocabulary
from checker.solver.smt.solver import Formula, Solver, Term

# --- values: an enum or choice is a position, a set one formula a member, all else a number ---


class TypedTerm(NamedTuple):
    """A fact or parameter with its type.

    The term of a set is a dict: by member, the formula that says whether the set has it.
    """

    term: Term
    type: ValueType


def value_term(solver: Solver, type_: ValueType, value: Value) -> Term:
    """Return a value of the type as a term."""
    if type_.name == "set":
        assert isinstance(value, frozenset)
        return {member: solver.truth(member in value) for member in type_.values}
    if type_.name == "boolean":
        return solver.truth(bool(value))
    if type_.ordered:
        return solver.number(int(value))  # type: ignore[arg-type]
    return solver.number(type_.categories().index(value))


def free_term(solver: Solver, name: str, type_: ValueType) -> Term:
    """Return a new term that may have any value of the type within its range."""
    if type_.name == "set":
        return {member: solver.any_truth(f"{name} {member}") for member in type_.values}
    if type_.name == "boolean":
        return solver.any_truth(name)
    term, (low, high) = solver.any_number(name), _number_range(type_)
    if low is not None:
        solver.assume(term >= low)
    if high is not None:
        solver.assume(term <= high)
    return term


def _number_range(type_: ValueType) -> tuple[int | None, int | None]:
    """Return the least and the greatest number that stands for a value; None is no bound."""
    if not type_.ordered:
        return 0, len(type_.values) - 1
    return type_.range or (0 if type_.name == "duration" else None, None)


# --- docs/language.md, section 2: the facts of a case that conditions can test ---


def possible_case(solver: Solver, vocabulary: Vocabulary) -> dict[str, TypedTerm]:
    """Return the facts of a case, and assume that no invariant is broken."""
    case = {
        name: TypedTerm(free_term(solver, name, fact.type), fact.type)
        for name, fact in vocabulary.testable_facts().items()
    }
    encoder = SmtConditionEncoder(solver, case, NO_NAMES, {})
    for invariant in vocabulary.invariants:
        solver.assume(encoder.holds(invariant.always))
    return case


# --- docs/language.md, section 3: conditions ---


@dataclass(slots=True)
class SmtConditionEncoder:
    """Encodes conditions under a policy's grounds, definitions and parameters."""

    solver: Solver
    case: Mapping[str, TypedTerm]
    names: Names
    parameters: Mapping[str, TypedTerm]
    _named: dict[GroundHolds | Defined, Formula] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # all at once: the solver forgets a name that it first meets within `pushed`
        references: list[GroundHolds | Defined] = [*map(GroundHolds, self.names.grounds)]
        references += map(Defined, self.names.definitions)
        for reference in references:
            self.holds(reference)

    def holds(self, condition: Condition) -> Formula:
        """Return where the condition holds."""
        if isinstance(condition, All):
            return self.solver.every([self.holds(part) for part in condition.parts])
        if isinstance(condition, AnyOf):
            return self.solver.some([self.holds(part) for part in condition.parts])
        if isinstance(condition, Not):
            return self.solver.opposite(self.holds(condition.part))
        if isinstance(condition, Test):
            return self.holds(condition.core)
        if not isinstance(condition, GroundHolds | Defined):
            return self._core(condition)
        if condition not in self._named:
            meaning = self.holds(self.names.of(condition))
            self._named[condition] = self.solver.named(str(condition), meaning)
        return self._named[condition]

    def _core(self, test: CoreTest) -> Formula:
        """Return where a core test holds."""
        if isinstance(test, Includes):
            return self.parameters[test.subject.name].term[test.member]
        if isinstance(test, OneOf):
            subject = self.operand(test.subject, test.type)
            return self.solver.some(self._equal_to_one(subject, test.members, test.type))
        left, right = self.operand(test.left, test.type), self.operand(test.right, test.type)
        return left == right if isinstance(test, Equal) else left <= right

    def _equal_to_one(self, subject: Term, listed: Operand, type_: ValueType) -> list[Formula]:
        """Return where the subject equals each listed value, or each member that a set has."""
        solver = self.solver
        if isinstance(listed, Literal):
            return [
                subject == value_term(solver, type_, listed_value)
                for listed_value in _listed(listed)
            ]
        members = self.parameters[listed.name].term
        return [
            solver.every([included, subject == value_term(solver, type_, member)])
            for member, included in members.items()
        ]

    def operand(self, operand: Operand, type_: ValueType) -> Term:
        """Return the operand as a value of the type; -1 where the type does not have the value."""
        if isinstance(operand, Literal):
            return value_term(self.solver, type_, operand.value)  # type: ignore[arg-type]
        terms = self.case if isinstance(operand, FactValue) else self.parameters
        term, own_type = terms[operand.name]
        if type_.ordered:
            return term + operand.plus if operand.plus else term
        if own_type.values == type_.values:
            return term
        translated = self.solver.number(-1)
        for position, own_value in enumerate(own_type.values):
            if own_value in type_.values:
                here = self.solver.number(type_.values.index(own_value))
                translated = self.solver.either(term == position, here, translated)
        return translated


def _listed(operand: Operand) -> tuple[Value, ...]:
    assert isinstance(operand, Literal) and isinstance(operand.value, tuple)
    return operand.value
