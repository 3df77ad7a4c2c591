"""The entitlements, grounds, verdicts and terms of one policy as formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from checker.language.model.conditions import ALWAYS, GroundHolds, Literal, ParameterValue
from checker.language.model.policy import Entitlement, Policy
from checker.language.model.terms import Row
from checker.language.model.types import Value, ValueType
from checker.language.model.verdicts import Verdict
from checker.solver.encode import MOST_VARIANTS, ConditionEncoder, Free, Variant
from checker.solver.formulas import FALSE, Formula, entails, every, opposite, some


@dataclass(slots=True)
class PolicyFormulas:
    """One policy under given parameters, as formulas.

    `rows` are the rows of each term. `base` is the policy at its defaults; sellers whose parameters
    give a formula the same meaning share one object, kept by the base.
    """

    policy: Policy
    encoder: ConditionEncoder
    rows: Mapping[str, tuple[Row, ...]]
    base: PolicyFormulas | None = None
    _formulas: dict[tuple[str, str, Variant], Formula] = field(default_factory=dict)
    _uses: dict[str, frozenset[str]] = field(default_factory=dict)

    def ground(self, id: str) -> Formula:
        """Return where the ground holds."""
        return self.encoder.formula(GroundHolds(id))

    def no_ground(self, id: str) -> Formula:
        """Return where the ground does not hold."""
        return self._cached("no ground", id, self._uses_of(id), lambda: opposite(self.ground(id)))

    def owed(self, entitlement: Entitlement) -> Formula:
        """Return where the entitlement holds and no ground defeats it."""

        def build() -> Formula:
            defeated = map(self.no_ground, entitlement.unless)
            return every([self.encoder.formula(entitlement.when), *defeated])

        return self._cached("owed", entitlement.id, self.uses(entitlement), build)

    def not_owed(self, entitlement: Entitlement) -> Formula:
        """Return where the entitlement does not hold, or a ground defeats it."""
        uses = self.uses(entitlement)
        return self._cached(
            "not owed", entitlement.id, uses, lambda: opposite(self.owed(entitlement))
        )

    def any_ground(self) -> Formula:
        """Return where some ground holds."""
        return self._cached_for_all(
            "any ground", lambda: some(map(self.ground, self.policy.grounds))
        )

    def no_ground_at_all(self) -> Formula:
        """Return where no ground holds."""
        return self._cached_for_all(
            "no ground", lambda: every(map(self.no_ground, self.policy.grounds))
        )

    def nothing_owed(self) -> Formula:
        """Return where no entitlement is owed."""
        return self._cached_for_all(
            "nothing owed", lambda: every(map(self.not_owed, self.policy.entitlements.values()))
        )

    def baseless(self) -> Formula:
        """Return where no ground holds both here and at the defaults."""
        return self._cached_for_all(
            "baseless", lambda: every(map(self._baseless, self.policy.grounds))
        )

    def _baseless(self, id: str) -> Formula:
        """Return where the ground does not hold here, or not at the defaults."""
        own, default = self.no_ground(id), (self.base or self).no_ground(id)
        return own if own is default else some([own, default])

    def reasons(self) -> Iterator[Formula]:
        """Yield, for each reason for the policy's own verdict `must_accept`, where it holds."""
        yield from map(self.owed, self.policy.entitlements.values())
        if self.policy.otherwise is Verdict.MUST_ACCEPT:
            yield self.no_ground_at_all()

    def lost_reasons(self) -> Iterator[Formula]:
        """Yield, for each reason that the settings may remove, where it holds in the base only.

        If no case satisfies any of them, the settings keep each `must_accept` of the base.
        """
        base = self.base or self
        for entitlement in self.policy.entitlements.values():
            if not entails(base.owed(entitlement), self.owed(entitlement)):
                parts = (base.owed(entitlement), self.not_owed(entitlement))
                yield self._cached(
                    "lost reason", entitlement.id, self.uses(entitlement), partial(every, parts)
                )
        if self.policy.otherwise is Verdict.MUST_ACCEPT and self.changes():
            parts = (base.no_ground_at_all(), self.any_ground())
            yield self._cached_for_all("lost reason", partial(every, parts))

    def added_grounds(self) -> Iterator[Formula]:
        """Yield, for each ground that the settings may add, where it holds here only."""
        base = self.base or self
        for id in self.policy.grounds:
            if not entails(self.ground(id), base.ground(id)):
                parts, uses = (self.ground(id), base.no_ground(id)), self._uses_of(id)
                yield self._cached("added ground", id, uses, partial(every, parts))

    def must_accept(self) -> Formula:
        """Return where the policy's own verdict is `must_accept`."""
        return self._cached_for_all("must accept", lambda: some(self.reasons()))

    def may_reject(self) -> Formula:
        """Return where the policy's own verdict is `may_reject`."""
        return self._cached_for_all(
            "may reject", lambda: every([self.nothing_owed(), self.any_ground()])
        )

    def negotiate(self) -> Formula:
        """Return where the policy's own verdict is `negotiate`."""
        if self.policy.otherwise is not Verdict.NEGOTIATE:
            return FALSE
        return self._cached_for_all(
            "negotiate", lambda: every([self.nothing_owed(), self.no_ground_at_all()])
        )

    def changes(self) -> bool:
        """Return whether some ground or entitlement differs from what it is in the base."""
        return self.base is None or self.encoder.variant(self._uses_of_all()) != ()

    def _cached_for_all(self, what: str, build: Callable[[], Formula]) -> Formula:
        """Return a formula that depends on all grounds and entitlements, built once."""
        return self._cached(what, "", self._uses_of_all(), build)

    def _cached(
        self, what: str, id: str, uses: frozenset[str], build: Callable[[], Formula]
    ) -> Formula:
        """Return a formula, built once for all sellers under whose parameters it means the same."""
        variant = self.encoder.variant(uses)
        cache_owner = self.base if self.base and variant is not None else self
        key = (what, id, variant or ())
        formula = cache_owner._formulas.get(key)
        if formula is None:
            formula = build()
            if len(cache_owner._formulas) < MOST_VARIANTS:
                cache_owner._formulas[key] = formula
        return formula

    def uses(self, entitlement: Entitlement) -> frozenset[str]:
        """Return the parameters that the entitlement and the grounds that defeat it depend on."""
        if self.base:
            return self.base.uses(entitlement)
        if entitlement.id not in self._uses:
            grounds = map(self._uses_of, entitlement.unless)
            self._uses[entitlement.id] = self.encoder.uses(entitlement.when).union(*grounds)
        return self._uses[entitlement.id]

    def _uses_of(self, ground: str) -> frozenset[str]:
        return self.encoder.uses(GroundHolds(ground))

    def _uses_of_all(self) -> frozenset[str]:
        if self.base:
            return self.base._uses_of_all()
        if "" not in self._uses:
            grounds = map(self._uses_of, self.policy.grounds)
            owed = map(self.uses, self.policy.entitlements.values())
            self._uses[""] = frozenset[str]().union(*grounds, *owed)
        return self._uses[""]

    def term_unchanged(self, name: str) -> bool:
        """Return whether the term is the same as in the base."""
        if self.base is None or self.rows[name] is not self.base.rows[name]:
            return False
        changed = self.encoder.changed
        return not changed or changed.isdisjoint(self.base.uses_of_term(name))

    def unchanged_rows(self, name: str) -> int:
        """Return how many of the term's last rows are the base's rows: all of these or none."""
        base = self.base or self
        rows, own = self.rows[name], base.rows[name]
        if not self.encoder.changed.isdisjoint(base._uses_of_rows(name)):
            return 0
        last = rows[-len(own) :]
        unchanged = [(row.when, row.then) for row in last] == [(row.when, row.then) for row in own]
        return len(own) if unchanged else 0

    def uses_of_term(self, name: str) -> frozenset[str]:
        """Return the parameters that the term's rows depend on or give as a value."""
        key = f"term {name}"
        if key not in self._uses:
            outcomes = (row.then for row in self.rows[name])
            given = {outcome.name for outcome in outcomes if isinstance(outcome, ParameterValue)}
            self._uses[key] = self._uses_of_rows(name) | given
        return self._uses[key]

    def _uses_of_rows(self, name: str) -> frozenset[str]:
        """Return the parameters that the conditions of the term's rows depend on."""
        key = f"rows {name}"
        if key not in self._uses:
            used = (self.encoder.uses(row.when) for row in self.rows[name])
            self._uses[key] = frozenset[str]().union(*used)
        return self._uses[key]

    def value_of(self, row: Row) -> Value:
        """Return the value of a row; its parameter must not be free."""
        if isinstance(row.then, Literal):
            assert not isinstance(row.then.value, tuple)
            return row.then.value
        assert isinstance(row.then, ParameterValue)
        value = self.encoder.parameters[row.then.name]
        assert not isinstance(value, Free)
        return int(value) + row.then.plus if row.then.plus else value  # type: ignore[arg-type]

    def applies(self, name: str) -> Formula:
        """Return where a term applies."""
        return self.encoder.formula(self.policy.terms[name].when or ALWAYS)

    def reached(self, name: str) -> Iterator[tuple[Formula, Row]]:
        """Yield each row of a term with where it is the first match, if the term applies."""
        earlier = [self.applies(name)]
        for row in self.rows[name]:
            condition = self.encoder.formula(row.when)
            yield every([*earlier, condition]), row
            earlier.append(opposite(condition))

    def values(self, name: str) -> list[tuple[Formula, Value]]:
        """Return, for each row of a term, the formula that it is the first match, and its value."""
        return [(condition, self.value_of(row)) for condition, row in self.reached(name)]


def as_it_stands(policy: Policy) -> PolicyFormulas:
    """Return the formulas of the policy under its defaults."""
    encoder = ConditionEncoder(policy.names, policy.defaults(), policy.vocabulary.types())
    return PolicyFormulas(policy, encoder, {name: term.rows for name, term in policy.terms.items()})


def as_set(
    base: PolicyFormulas,
    parameters: Mapping[str, Value | Free],
    terms: Mapping[str, Any],
    types: Mapping[str, ValueType] | None = None,
) -> PolicyFormulas:
    """Return the formulas of the policy under a seller's parameters and rows of terms.

    Args:
        base: The policy under its defaults.
        parameters: The value of each parameter, or the field that stands for a free one.
        terms: The rows of the terms that the seller sets itself.
        types: The types of all fields, where free parameters add some.
    """
    defaults = base.encoder.parameters
    changed = frozenset(name for name, value in parameters.items() if value != defaults[name])
    encoder = ConditionEncoder(
        base.policy.names, parameters, types or base.encoder.types, base.encoder, changed
    )
    return PolicyFormulas(base.policy, encoder, {**base.rows, **terms}, base)
