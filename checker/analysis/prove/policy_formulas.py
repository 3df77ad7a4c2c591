"""One policy as formulas: its entitlements, grounds, verdicts and terms under given parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from checker.language.model.conditions import GroundHolds, Literal, ParameterValue
from checker.language.model.policy import Entitlement, Policy
from checker.language.model.terms import Row
from checker.language.model.types import Value, ValueType
from checker.language.model.verdicts import Verdict
from checker.solver.encode import MOST_VARIANTS, ConditionEncoder, Free, Variant
from checker.solver.formulas import FALSE, Formula, entails, every, opposite, some


@dataclass(slots=True)
class PolicyFormulas:
    """One policy under given parameters, as formulas.

    With a `base`, formulas are one for all sellers under whose parameters they mean the same.
    """

    policy: Policy
    encoder: ConditionEncoder
    rows: Mapping[str, tuple[Row, ...]]
    base: PolicyFormulas | None = None
    _known: dict[tuple[str, str, Variant], Formula] = field(default_factory=dict)
    _uses: dict[str, frozenset[str]] = field(default_factory=dict)

    def ground(self, id: str) -> Formula:
        """Return where the ground holds."""
        return self.encoder.formula(GroundHolds(id))

    def no_ground(self, id: str) -> Formula:
        """Return where the ground does not hold."""
        return self._once("no ground", id, self._uses_of(id), lambda: opposite(self.ground(id)))

    def owed(self, entitlement: Entitlement) -> Formula:
        """Return where the entitlement holds and no ground defeats it."""

        def made() -> Formula:
            defeated = map(self.no_ground, entitlement.unless)
            return every([self.encoder.formula(entitlement.when), *defeated])

        return self._once("owed", entitlement.id, self.uses(entitlement), made)

    def not_owed(self, entitlement: Entitlement) -> Formula:
        """Return where the entitlement does not hold, or a ground defeats it."""
        uses = self.uses(entitlement)
        return self._once(
            "not owed", entitlement.id, uses, lambda: opposite(self.owed(entitlement))
        )

    def any_ground(self) -> Formula:
        """Return where some ground holds."""
        return self._of_all("any ground", lambda: some(map(self.ground, self.policy.grounds)))

    def no_ground_at_all(self) -> Formula:
        """Return where no ground holds."""
        return self._of_all("no ground", lambda: every(map(self.no_ground, self.policy.grounds)))

    def nothing_owed(self) -> Formula:
        """Return where no entitlement is owed."""
        return self._of_all(
            "nothing owed", lambda: every(map(self.not_owed, self.policy.entitlements.values()))
        )

    def baseless(self) -> Formula:
        """Return where no ground holds both here and in the base."""
        return self._of_all("baseless", lambda: every(map(self._baseless, self.policy.grounds)))

    def _baseless(self, id: str) -> Formula:
        here, there = self.no_ground(id), (self.base or self).no_ground(id)
        return here if here is there else some([here, there])

    def reasons(self) -> Iterator[Formula]:
        """Yield where each reason for the policy's own verdict `must_accept` is given."""
        yield from map(self.owed, self.policy.entitlements.values())
        if self.policy.otherwise is Verdict.MUST_ACCEPT:
            yield self.no_ground_at_all()

    def taken_away(self) -> Iterator[Formula]:
        """Yield where a reason is given in the base, and is not any more: what the settings take.

        Where none of them is, all that must be accepted by the base must be here as well.
        """
        base = self.base or self
        for each in self.policy.entitlements.values():
            if not entails(base.owed(each), self.owed(each)):
                parts = (base.owed(each), self.not_owed(each))
                yield self._once("taken", each.id, self.uses(each), partial(every, parts))
        if self.policy.otherwise is Verdict.MUST_ACCEPT and self.changes():
            parts = (base.no_ground_at_all(), self.any_ground())
            yield self._of_all("taken", partial(every, parts))

    def made_to_hold(self) -> Iterator[Formula]:
        """Yield where a ground holds that does not in the base, for each that may."""
        base = self.base or self
        for id in self.policy.grounds:
            if not entails(self.ground(id), base.ground(id)):
                parts, uses = (self.ground(id), base.no_ground(id)), self._uses_of(id)
                yield self._once("made to hold", id, uses, partial(every, parts))

    def must_accept(self) -> Formula:
        """Return where the policy's own verdict is `must_accept`."""
        return self._of_all("must accept", lambda: some(self.reasons()))

    def may_reject(self) -> Formula:
        """Return where the policy's own verdict is `may_reject`."""
        return self._of_all("may reject", lambda: every([self.nothing_owed(), self.any_ground()]))

    def negotiate(self) -> Formula:
        """Return where the policy's own verdict is `negotiate`."""
        if self.policy.otherwise is not Verdict.NEGOTIATE:
            return FALSE
        return self._of_all(
            "negotiate", lambda: every([self.nothing_owed(), self.no_ground_at_all()])
        )

    def changes(self) -> bool:
        """Return whether some ground or entitlement differs from what it is in the base."""
        return self.base is None or self.encoder.variant(self._uses_of_all()) != ()

    def _of_all(self, what: str, made: Callable[[], Formula]) -> Formula:
        """Return what every ground and entitlement is part of."""
        return self._once(what, "", self._uses_of_all(), made)

    def _once(
        self, what: str, id: str, uses: frozenset[str], made: Callable[[], Formula]
    ) -> Formula:
        """Return what is made once for all that mean the same by it."""
        variant = self.encoder.variant(uses)
        keeper = self.base if self.base and variant is not None else self
        key = (what, id, variant or ())
        found = keeper._known.get(key)
        if found is None:
            found = made()
            if len(keeper._known) < MOST_VARIANTS:
                keeper._known[key] = found
        return found

    def uses(self, entitlement: Entitlement) -> frozenset[str]:
        """Return the parameters that the entitlement and what defeats it look at."""
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

    def keeps_term(self, name: str) -> bool:
        """Return whether the term is what it is in the base."""
        if self.base is None or self.rows[name] is not self.base.rows[name]:
            return False
        changed = self.encoder.changed
        return not changed or changed.isdisjoint(self.base.uses_of_term(name))

    def rows_kept(self, name: str) -> int:
        """Return how many rows the term ends with that hold where all of the base's rows do."""
        base = self.base or self
        rows, own = self.rows[name], base.rows[name]
        if not self.encoder.changed.isdisjoint(base._uses_of_rows(name)):
            return 0
        last = rows[-len(own) :]
        alike = [(row.when, row.then) for row in last] == [(row.when, row.then) for row in own]
        return len(own) if alike else 0

    def uses_of_term(self, name: str) -> frozenset[str]:
        """Return the parameters that the term's rows look at or give."""
        key = f"term {name}"
        if key not in self._uses:
            then = (row.then for row in self.rows[name])
            given = {each.name for each in then if isinstance(each, ParameterValue)}
            self._uses[key] = self._uses_of_rows(name) | given
        return self._uses[key]

    def _uses_of_rows(self, name: str) -> frozenset[str]:
        """Return the parameters that the conditions of the term's rows look at."""
        key = f"rows {name}"
        if key not in self._uses:
            used = (self.encoder.uses(row.when) for row in self.rows[name])
            self._uses[key] = frozenset[str]().union(*used)
        return self._uses[key]

    def value_of(self, row: Row) -> Value:
        """Return the value of a row, whose parameter must not be free."""
        if isinstance(row.then, Literal):
            assert not isinstance(row.then.value, tuple)
            return row.then.value
        assert isinstance(row.then, ParameterValue)
        kept = self.encoder.parameters[row.then.name]
        assert not isinstance(kept, Free)
        return int(kept) + row.then.plus if row.then.plus else kept  # type: ignore[arg-type]

    def reached(self, name: str) -> Iterator[tuple[Formula, Row]]:
        """Yield each row of a term with where it is the first that holds."""
        earlier: list[Formula] = []
        for row in self.rows[name]:
            here = self.encoder.formula(row.when)
            yield every([*earlier, here]), row
            earlier.append(opposite(here))

    def values(self, name: str) -> list[tuple[Formula, Value]]:
        """Return where each row of a term gives its value, and the value."""
        return [(where, self.value_of(row)) for where, row in self.reached(name)]


def as_it_stands(policy: Policy) -> PolicyFormulas:
    """Return the policy under its defaults."""
    encoder = ConditionEncoder(policy.names, policy.defaults(), policy.vocabulary.types())
    return PolicyFormulas(policy, encoder, {name: t.rows for name, t in policy.terms.items()})


def as_set(
    base: PolicyFormulas,
    parameters: Mapping[str, Value | Free],
    terms: Mapping[str, Any],
    types: Mapping[str, ValueType] | None = None,
) -> PolicyFormulas:
    """Return the policy under a seller's parameters, and its own rows for some terms."""
    before = base.encoder.parameters
    changed = frozenset(name for name, value in parameters.items() if value != before[name])
    encoder = ConditionEncoder(
        base.policy.names, parameters, types or base.encoder.types, base.encoder, changed
    )
    return PolicyFormulas(base.policy, encoder, {**base.rows, **terms}, base)
