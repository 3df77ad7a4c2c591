"""Free settings: which combinations of their values fail a check in some case.

The checks are those of overrides (docs/language.md, section 6). The seller has no rules, so it
follows the policy under its settings. Parameters are fields beside the facts. With a scope, the
settings apply inside of it; outside of it the policy applies at its defaults.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from checker.analysis.prove.free_parameters import free_parameters, parameter_field
from checker.analysis.prove.obligations import responses
from checker.analysis.prove.policy_formulas import PolicyFormulas, as_set
from checker.analysis.prove.prover import domain, fact_domains, possible
from checker.analysis.prove.requirements import RequirementFormulas
from checker.language.model.conditions import Condition, ParameterValue
from checker.language.model.terms import Row, Term
from checker.language.model.types import Value
from checker.solver.encode import Free
from checker.solver.formulas import (
    FALSE,
    TRUE,
    Formula,
    Has,
    Is,
    Within,
    alternatives,
    every,
    opposite,
    some,
)
from checker.solver.projection import Projection, Region
from checker.solver.space import Space, make_space

MOST_REGIONS = 400  # of settings that fail
FailingSettings = tuple[str, str, Formula]  # a check, where it fails, and the settings and cases


class FreeSettings:
    """The checks that sellers fail who follow the policy, over all values of some parameters.

    Args:
        required: what the policy and all that it upholds require.
        names: the parameters that are free; the others have their defaults.
        scope: where the settings apply, everywhere by default.
    """

    def __init__(
        self, required: RequirementFormulas, names: Container[str], scope: Condition | None = None
    ) -> None:
        self.required, policy = required, required.resolved.policy
        self.policy, self.free = policy, free_parameters(policy, names)
        self.domains = fact_domains(required.resolved)
        for field, type_ in self.free.types.items():
            self.domains[field] = domain(type_, self.free.typical[field])
        types = {**required.resolved.vocabulary.types(), **self.free.types}
        self.inside = as_set(required.own, self.free.parameters, {}, types)
        self._failing = [*self._failures(scope)]
        self._possible = possible(required.resolved)
        formulas = (formula for *_, formula in self._failing)
        self.space: Space = make_space(self.domains, [self._possible, *formulas])

    def regions(self) -> tuple[list[Region], bool]:
        """Return the regions of settings that fail some check, and whether they are all.

        Undecided where the budget of boxes is spent.
        """
        return self._regions([formula for *_, formula in self._failing])

    def regions_of(self, check: str, at: str) -> tuple[list[Region], bool]:
        """Return the same for one check and place."""
        return self._regions([formula for *key, formula in self._failing if key == [check, at]])

    def places(self) -> list[tuple[str, str]]:
        """Return the checks that settings may fail, each with its place."""
        return [*dict.fromkeys((check, at) for check, at, _ in self._failing)]

    def _regions(self, formulas: list[Formula]) -> tuple[list[Region], bool]:
        names = [*self.free.types]
        projection = Projection(self.space, self._possible, formulas, names, MOST_REGIONS)
        result = projection.regions()
        self.space = projection.space
        return result

    def _failures(self, scope: Condition | None) -> Iterator[FailingSettings]:
        """Yield where a seller that follows the policy fails a check, in scope and outside."""
        within = self.inside.encoder.formula(scope) if scope else TRUE
        for check, at, formula in self._inside():
            yield from ((check, at, every([within, part])) for part in alternatives(formula))
        if scope:
            beyond = opposite(within)
            for check, at, formula in self._outside():
                yield check, at, every([beyond, formula])

    def _inside(self) -> Iterator[FailingSettings]:
        """Yield where a check fails in scope."""
        required, inside = self.required, self.inside
        yield from self._refused(inside)
        rejects, _, baseless = responses("follow", (), inside, required.own)
        if baseless != FALSE:
            failing = every([required.need_not, rejects, baseless])
            yield "rejects-without-ground", "otherwise", failing
        for name, term in required.resolved.policy.terms.items():
            for where, row in inside.reached(name):
                yield "worse-term", f"terms.{name}", every([where, self._worse(term, row)])

    def _outside(self) -> Iterator[FailingSettings]:
        """Yield where a check fails outside of the scope, by the policy itself."""
        yield from self._refused(self.required.own)
        for name, worse in self.required.worse_by_default.items():
            yield "worse-term", f"terms.{name}", worse

    def _refused(self, under: PolicyFormulas) -> Iterator[FailingSettings]:
        """Yield where a return that must be accepted is rejected or left to a person."""
        rejects, defers, _ = responses("follow", (), under, self.required.own)
        for reason in self.required.reasons_beyond(under):
            yield "rejects-required-return", "otherwise", every([reason, rejects])
            if defers != FALSE:
                yield "defers-required-return", "otherwise", every([reason, defers])

    def _worse(self, term: Term, row: Row) -> Formula:
        """Return where the row gives a value that is worse than the required one."""
        then = row.then
        setting = self.free.parameters[then.name] if isinstance(then, ParameterValue) else None
        if not isinstance(then, ParameterValue) or not isinstance(setting, Free):
            return self.required.better_than(term, self.inside.value_of(row))
        return some(
            every([where, self._worse_than(term, value, then)])
            for policy in self.required.policies
            if term.name in policy.policy.terms
            for where, value in self.required.values(policy, term.name)
        )

    def _worse_than(self, term: Term, required: Value, then: ParameterValue) -> Formula:
        """Return where the setting, as the term's value, is worse than the required value."""
        field = parameter_field(then.name)
        if term.type.name == "choice":
            rank = term.rank(required)
            values = enumerate(self.policy.parameters[then.name].type.values)
            return Is(
                Has(
                    field,
                    frozenset(position for position, choice in values if term.rank(choice) > rank),
                )
            )
        value = int(required) - then.plus  # type: ignore[arg-type]
        if term.better == "lower":
            return Is(Within(field, value + 1, None))
        return Is(Within(field, None, value - 1))
