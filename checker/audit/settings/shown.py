"""Whether one case shows that a check fails, under settings that are columns.

The case is known, so that what remains of the checks (docs/language.md, section 6) is a condition
over the settings.
"""

from __future__ import annotations

from checker.audit.settings.limits import Place
from checker.audit.settings.plan import Settings
from checker.columns.base import Columns, Conditions, E
from checker.evaluate.requirement import Requirement
from checker.language.model.conditions import Condition, GroundHolds
from checker.language.model.policy import Policy
from checker.language.model.terms import Term
from checker.language.resolve.facts import Facts


def shows(
    engine: Columns[E],
    place: Place,
    facts: Facts,
    required: Requirement,
    policy: Policy,
    settings: Settings[E],
    scope: Condition | None,
) -> E:
    """Return where the case shows that sellers with the settings fail the check at its place.

    It must show that for some seller; what is `required` in it is the same for all of them.
    """
    check, at = place
    case = {name: _constant(engine, facts[name]) for name in policy.vocabulary.decisive()}
    inside = Conditions(engine, policy.names, case, settings)
    if check == "worse-term":
        found = _worse(inside, policy.terms[at.removeprefix("terms.")], required)
    else:
        found = _refused(check, inside, policy, required)
    if scope is None:
        return found
    return engine.first_match([(inside.holds(scope), found)], engine.value(True))


def _constant(engine: Columns[E], value: object) -> E:
    assert isinstance(value, bool | int | str), "every fact is known"
    return engine.value(value)


def _refused(check: str, inside: Conditions[E], policy: Policy, required: Requirement) -> E:
    """Return where the settings make the policy's own verdict one that fails the check."""
    engine = inside.engine
    grounds = {id: inside.holds(GroundHolds(id)) for id in policy.grounds}
    nothing_owed = [
        engine.negation(
            engine.every(
                [inside.holds(each.when), *(engine.negation(grounds[id]) for id in each.unless)]
            )
        )
        for each in policy.entitlements.values()
    ]
    any_ground = engine.some([*grounds.values()])
    if check == "defers-required-return":
        return engine.every([*nothing_owed, engine.negation(any_ground)])
    refuses = [*nothing_owed, any_ground]
    if check == "rejects-without-ground":
        refuses += [engine.negation(grounds[id]) for id in required.grounds]
    return engine.every(refuses)


def _worse(inside: Conditions[E], term: Term, required: Requirement) -> E:
    """Return where the settings give a value of the term that is worse than the required one."""
    engine, best = inside.engine, required.terms[term.name]
    assert isinstance(best, int | str), "every fact is known"
    rows = []
    for row in term.rows:
        value = inside.operand(row.then)
        if isinstance(best, str):
            worse = [each for each in term.type.values if term.rank(each) > term.rank(best)]
            is_worse = engine.one_of(value, worse) if worse else engine.value(False)
        elif term.better == "lower":
            is_worse = engine.less(engine.value(best), value)
        else:
            is_worse = engine.less(value, engine.value(best))
        rows.append((inside.holds(row.when), is_worse))
    return engine.first_match(rows, engine.value(False))
