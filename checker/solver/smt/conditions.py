"""Cases and conditions as terms of an SMT solver (docs/language.md, sections 2 and 3).

Mirrors the reference reading (`tests/reference.py`) function for function, to be reviewed side by
side with it: where that one returns what a case makes of a condition, this one returns a term that
has this value in every case. Every fact is known, so that a condition holds or does not. Nothing
is shared with the prover by boxes but the condition tree and the models.
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

# --- values: enums and choices as positions, sets as which members are there, all else as kept ---


class Typed(NamedTuple):
    """A fact or parameter: a term, or of a set the formula of each member's presence."""

    term: Term
    type: ValueType


def value(solver: Solver, type_: ValueType, kept: Value) -> Term:
    """Return a value of the type as a term."""
    if type_.name == "set":
        assert isinstance(kept, frozenset)
        return {member: solver.truth(member in kept) for member in type_.values}
    if type_.name == "boolean":
        return solver.truth(bool(kept))
    if type_.ordered:
        return solver.number(int(kept))  # type: ignore[arg-type]
    return solver.number(type_.unordered().index(kept))


def any_value(solver: Solver, name: str, type_: ValueType) -> Term:
    """Return a term that may have any value of the type within its range."""
    if type_.name == "set":
        return {member: solver.any_truth(f"{name} {member}") for member in type_.values}
    if type_.name == "boolean":
        return solver.any_truth(name)
    term, (low, high) = solver.any_number(name), _ends(type_)
    if low is not None:
        solver.assume(term >= low)
    if high is not None:
        solver.assume(term <= high)
    return term


def _ends(type_: ValueType) -> tuple[int | None, int | None]:
    """Return the least and the greatest number that stands for a value, None where is none."""
    if not type_.ordered:
        return 0, len(type_.values) - 1
    return type_.range or (0 if type_.name == "duration" else None, None)


# --- docs/language.md, section 2: what a case states, without what no condition can test ---


def any_case(solver: Solver, vocabulary: Vocabulary) -> dict[str, Typed]:
    """Return the facts of a case that is possible."""
    case = {
        name: Typed(any_value(solver, name, fact.type), fact.type)
        for name, fact in vocabulary.decisive().items()
    }
    encoder = SmtConditionEncoder(solver, case, NO_NAMES, {})
    for invariant in vocabulary.invariants:
        solver.assume(encoder.holds(invariant.always))
    return case


# --- docs/language.md, section 3: conditions ---


@dataclass(slots=True)
class SmtConditionEncoder:
    """Reads conditions of a case under a policy's grounds, definitions and parameters."""

    solver: Solver
    case: Mapping[str, Typed]
    names: Names
    parameters: Mapping[str, Typed]
    _named: dict[GroundHolds | Defined, Formula] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # all at once: what is first named while the solver is aside would be forgotten with it
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
        if isinstance(test, Includes):
            return self.parameters[test.subject.name].term[test.member]
        if isinstance(test, OneOf):
            subject = self.one(test.subject, test.type)
            return self.solver.some(self._equal_to_one(subject, test.members, test.type))
        left, right = self.one(test.left, test.type), self.one(test.right, test.type)
        return left == right if isinstance(test, Equal) else left <= right

    def _equal_to_one(self, subject: Term, listed: Operand, type_: ValueType) -> list[Formula]:
        """Return where the subject is each of the values, or of a set's members that are there."""
        solver = self.solver
        if isinstance(listed, Literal):
            return [subject == value(solver, type_, each) for each in _listed(listed)]
        present = self.parameters[listed.name].term
        return [
            solver.every([there, subject == value(solver, type_, member)])
            for member, there in present.items()
        ]

    def one(self, operand: Operand, type_: ValueType) -> Term:
        """Return the operand as a value of the type; -1 where an enum's is none of its values."""
        if isinstance(operand, Literal):
            return value(self.solver, type_, operand.value)  # type: ignore[arg-type]
        known = self.case if isinstance(operand, FactValue) else self.parameters
        term, own = known[operand.name]
        if type_.ordered:
            return term + operand.plus if operand.plus else term
        if own.values == type_.values:
            return term
        found = self.solver.number(-1)
        for place, each in enumerate(own.values):
            if each in type_.values:
                here = self.solver.number(type_.values.index(each))
                found = self.solver.either(term == place, here, found)
        return found


def _listed(operand: Operand) -> tuple[Value, ...]:
    assert isinstance(operand, Literal) and isinstance(operand.value, tuple)
    return operand.value
