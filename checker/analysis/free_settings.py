"""Settings left free: which combinations of their values break section 6 in some case.

What is asked of an override without rules, with parameters as fields beside the facts.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from checker.analysis.claims import Required, free_parameters, parameter_field, responses
from checker.analysis.policy_formulas import as_set
from checker.analysis.prover import domain, fact_domains, possible
from checker.language.conditions import ParameterValue
from checker.language.terms import Row, Term
from checker.language.values import Value
from checker.readings.formulas import FALSE, Formula, Free, Has, Is, Some, Within, every, some
from checker.readings.regions import Region, Regions
from checker.readings.space import Space, make_space

MOST_REGIONS = 400  # of settings that break something


class FreeSettings:
    """The parameters `names` left free, and what sellers that follow the policy then break."""

    def __init__(self, required: Required, names: Container[str]) -> None:
        self.required, policy = required, required.world.policy
        self.policy, self.free = policy, free_parameters(policy, names)
        self.domains = fact_domains(required.world)
        for field, type_ in self.free.types.items():
            self.domains[field] = domain(type_, self.free.typical[field])
        types = {**required.world.vocabulary.types(), **self.free.types}
        self.inside = as_set(required.own, self.free.parameters, {}, types)
        self._asked = [*self._wrong()]
        self._possible = possible(required.world)
        self.space: Space = make_space(self.domains, [self._possible, *self._asked])

    def wrong(self) -> tuple[list[Region], bool]:
        """Return the regions of settings that break something, and whether they are all.

        Undecided where the budget of boxes is spent.
        """
        regions = Regions(self.space, self._possible, self._asked, [*self.free.types], MOST_REGIONS)
        found = regions.found()
        self.space = regions.space
        return found

    def _wrong(self) -> Iterator[Formula]:
        """Yield where a seller that follows the policy under the settings breaks section 6."""
        required, inside = self.required, self.inside
        rejects, defers, baseless = responses("follow", (), inside, required.own)
        for reason in required.reasons_beyond(inside):
            yield every([reason, rejects])
            if defers != FALSE:
                yield every([reason, defers])
        if baseless != FALSE:
            yield every([required.need_not, rejects, baseless])
        for name, term in required.world.policy.terms.items():
            for where, row in inside.reached(name):
                worse = every([where, self._worse(term, row)])
                yield from worse.parts if isinstance(worse, Some) else (worse,)

    def _worse(self, term: Term, row: Row) -> Formula:
        """Return where the row gives a value that is worse than the required one."""
        then = row.then
        kept = self.free.parameters[then.name] if isinstance(then, ParameterValue) else None
        if not isinstance(then, ParameterValue) or not isinstance(kept, Free):
            return self.required.better_than(term, self.inside.value_of(row))
        return some(
            every([here, self._worse_than(term, value, then)])
            for each in self.required.policies
            if term.name in each.policy.terms
            for here, value in self.required.values(each, term.name)
        )

    def _worse_than(self, term: Term, required: Value, then: ParameterValue) -> Formula:
        """Return where the setting, as the term's value, is worse than the required value."""
        field = parameter_field(then.name)
        if term.type.name == "choice":
            rank = term.rank(required)
            values = enumerate(self.policy.parameters[then.name].type.values)
            return Is(Has(field, frozenset(i for i, v in values if term.rank(v) > rank)))
        value = int(required) - then.plus  # type: ignore[arg-type]
        if term.better == "lower":
            return Is(Within(field, value + 1, None))
        return Is(Within(field, None, value - 1))
