"""Whether one case is a counterexample for settings that are columns.

All facts of the case are known, so each check (docs/language.md, section 6) becomes a condition
over the settings.
"""

from __future__ import annotations

from checker.audit.settings.limits import CheckAt
from checker.audit.settings.plan import Settings
from checker.columns.base import Columns, E
from checker.columns.conditions import Conditions
from checker.evaluate.requirement import Requirement
from checker.language.model.conditions import ALWAYS, Condition, GroundHolds
from checker.language.model.policy import Policy
from checker.language.model.terms import Term
from checker.language.resolve.facts import Facts


def shows_failure(
    engine: Columns[E],
    check_at: CheckAt,
    facts: Facts,
    required: Requirement,
    policy: Policy,
    settings: Settings[E],
    scope: Condition | None,
) -> E:
    """Return whether the case is a counterexample: sellers with the settings fail the check in it.

    Args:
        engine: the operations of the engine.
        check_at: the check, and where it fails.
        facts: a case that is a counterexample for at least one seller.
        required: what the policies require in the case, the same for all sellers.
        policy: the seller's policy.
        settings: the settings, as columns.
        scope: the cases in which the settings decide; None for all cases.
    """
    check, at = check_at
    case = {name: _constant(engine, facts[name]) for name in policy.vocabulary.testable_facts()}
    inside = Conditions(engine, policy.names, case, settings)
    if check == "worse-term":
        fails = _worse(inside, policy.terms[at.removeprefix("terms.")], required)
    else:
        fails = _refused(check, inside, policy, required)
    if scope is None:
        return fails
    return engine.first_match([(inside.holds(scope), fails)], engine.value(True))


def _constant(engine: Columns[E], value: object) -> E:
    """Return the value of a known fact as a column."""
    assert isinstance(value, bool | int | str), "every fact is known"
    return engine.value(value)


def _refused(check: str, inside: Conditions[E], policy: Policy, required: Requirement) -> E:
    """Return whether the policy's own verdict under the settings fails the check."""
    engine = inside.engine
    grounds = {id: inside.holds(GroundHolds(id)) for id in policy.grounds}
    nothing_owed = [
        engine.negation(
            engine.every(
                [
                    inside.holds(entitlement.when),
                    *(engine.negation(grounds[id]) for id in entitlement.unless),
                ]
            )
        )
        for entitlement in policy.entitlements.values()
    ]
    any_ground = engine.some([*grounds.values()])
    if check == "defers-required-return":
        return engine.every([*nothing_owed, engine.negation(any_ground)])
    refuses = [*nothing_owed, any_ground]
    if check == "rejects-without-ground":
        refuses += [engine.negation(grounds[id]) for id in required.grounds]
    return engine.every(refuses)


def _worse(inside: Conditions[E], term: Term, required: Requirement) -> E:
    """Return whether the term's value under the settings is worse than the required one."""
    engine, best = inside.engine, required.terms.get(term.name)
    if best is None:  # every fact is known, so that the term does not apply
        return engine.value(False)
    assert isinstance(best, int | str)
    rows = []
    for row in term.rows:
        value = inside.operand(row.then)
        if isinstance(best, str):
            worse = [value for value in term.type.values if term.rank(value) > term.rank(best)]
            is_worse = engine.one_of(value, worse) if worse else engine.value(False)
        elif term.better == "lower":
            is_worse = engine.less(engine.value(best), value)
        else:
            is_worse = engine.less(value, engine.value(best))
        rows.append((inside.holds(row.when), is_worse))
    worse_value = engine.first_match(rows, engine.value(False))
    return engine.every([inside.holds(term.when or ALWAYS), worse_value])
