"""One policy as formulas: its entitlements, grounds, verdicts and terms under given parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.language.conditions import GroundHolds, Literal, ParameterValue
from checker.language.policy import Entitlement, Policy
from checker.language.terms import Row
from checker.language.values import Value, ValueType
from checker.readings.formulas import FALSE, Formula, Free, Reading, every, opposite, some

MUST_ACCEPT, NEGOTIATE = "must_accept", "negotiate"


@dataclass(slots=True)
class PolicyFormulas:
    """One policy under given parameters, as formulas.

    With a `base`, what the parameters and rows don't change is the very formula of the base.
    """

    policy: Policy
    reading: Reading
    rows: Mapping[str, tuple[Row, ...]]
    base: PolicyFormulas | None = None
    _known: dict[tuple[str, str], Formula] = field(default_factory=dict)
    _uses: dict[str, frozenset[str]] = field(default_factory=dict)

    def ground(self, id: str) -> Formula:
        """Return where the ground holds."""
        return self.reading.formula(GroundHolds(id))

    def no_ground(self, id: str) -> Formula:
        """Return where the ground does not hold."""
        if self.base and not self.reading.touched(GroundHolds(id)):
            return self.base.no_ground(id)
        return self._once("no ground", id, lambda: opposite(self.ground(id)))

    def any_ground(self) -> Formula:
        """Return where some ground holds."""
        return self._of_all("any ground", lambda: some(map(self.ground, self.policy.grounds)))

    def owed(self, entitlement: Entitlement) -> Formula:
        """Return where the entitlement holds and no ground defeats it."""
        if self.base and not self._touched(entitlement):
            return self.base.owed(entitlement)

        def made() -> Formula:
            defeated = map(self.no_ground, entitlement.unless)
            return every([self.reading.formula(entitlement.when), *defeated])

        return self._once("owed", entitlement.id, made)

    def not_owed(self, entitlement: Entitlement) -> Formula:
        """Return where the entitlement does not hold, or a ground defeats it."""
        if self.base and not self._touched(entitlement):
            return self.base.not_owed(entitlement)
        return self._once("not owed", entitlement.id, lambda: opposite(self.owed(entitlement)))

    def reasons(self) -> Iterator[Formula]:
        """Yield where each reason for the policy's own verdict `must_accept` is given."""
        yield from map(self.owed, self.policy.entitlements.values())
        if self.policy.otherwise == MUST_ACCEPT:
            yield self.no_ground_at_all()

    def no_ground_at_all(self) -> Formula:
        """Return where no ground holds."""
        return self._of_all(
            "no ground at all", lambda: every(map(self.no_ground, self.policy.grounds))
        )

    def nothing_owed(self) -> Formula:
        """Return where no entitlement is owed."""
        return self._of_all(
            "nothing owed", lambda: every(map(self.not_owed, self.policy.entitlements.values()))
        )

    def must_accept(self) -> Formula:
        """Return where the policy's own verdict is `must_accept`."""
        return self._of_all("must accept", lambda: some(self.reasons()))

    def may_reject(self) -> Formula:
        """Return where the policy's own verdict is `may_reject`."""
        return self._of_all("may reject", lambda: every([self.nothing_owed(), self.any_ground()]))

    def negotiate(self) -> Formula:
        """Return where the policy's own verdict is `negotiate`."""
        if self.policy.otherwise != NEGOTIATE:
            return FALSE
        return self._of_all(
            "negotiate", lambda: every([self.nothing_owed(), self.no_ground_at_all()])
        )

    def _once(self, what: str, id: str, made: Callable[[], Formula]) -> Formula:
        key = (what, id)
        if key not in self._known:
            self._known[key] = made()
        return self._known[key]

    def _of_all(self, what: str, made: Callable[[], Formula]) -> Formula:
        """Return what every ground and entitlement is part of."""
        if self.base and not self.changes():
            known: Formula = self.base._of_all(what, made)
            return known
        return self._once(what, "", made)

    def changes(self) -> bool:
        """Return whether some ground or entitlement may differ from what it is in the base."""
        return any(map(self._touched, self.policy.entitlements.values())) or any(
            self.reading.touched(GroundHolds(id)) for id in self.policy.grounds
        )

    def _touched(self, entitlement: Entitlement) -> bool:
        if self.base is None:
            return True
        changed = self.reading.changed
        return bool(changed) and not changed.isdisjoint(self.base.uses(entitlement))

    def uses(self, entitlement: Entitlement) -> frozenset[str]:
        """Return the parameters that the entitlement and what defeats it look at."""
        if entitlement.id not in self._uses:
            grounds = (self.reading.uses(GroundHolds(id)) for id in entitlement.unless)
            whole = self.reading.uses(entitlement.when)
            self._uses[entitlement.id] = whole.union(*grounds)
        return self._uses[entitlement.id]

    def keeps_term(self, name: str) -> bool:
        """Return whether the term is what it is in the base."""
        if self.base is None or self.rows[name] is not self.base.rows[name]:
            return False
        changed = self.reading.changed
        return not changed or changed.isdisjoint(self.base.uses_of_term(name))

    def uses_of_term(self, name: str) -> frozenset[str]:
        """Return the parameters that the term's rows look at or give."""
        key = f"term {name}"
        if key not in self._uses:
            rows = self.rows[name]
            given = {row.then.name for row in rows if isinstance(row.then, ParameterValue)}
            self._uses[key] = frozenset(given).union(*(self.reading.uses(row.when) for row in rows))
        return self._uses[key]

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

    def values(self, name: str) -> list[tuple[Formula, Value]]:
        """Return where each row of a term gives its value, and the value."""
        return [(where, self.value_of(row)) for where, row in self.reached(name)]


def as_it_stands(policy: Policy) -> PolicyFormulas:
    """Return the policy under its defaults."""
    reading = Reading(policy.names, policy.defaults(), policy.vocabulary.types())
    return PolicyFormulas(policy, reading, {name: t.rows for name, t in policy.terms.items()})


def as_set(
    base: PolicyFormulas,
    parameters: Mapping[str, Value | Free],
    terms: Mapping[str, Any],
    types: Mapping[str, ValueType] | None = None,
) -> PolicyFormulas:
    """Return the policy under a seller's parameters, and its own rows for some terms."""
    before = base.reading.parameters
    changed = frozenset(name for name, value in parameters.items() if value != before[name])
    reading = Reading(
        base.policy.names, parameters, types or base.reading.types, base.reading, changed
    )
    return PolicyFormulas(base.policy, reading, {**base.rows, **terms}, base)
