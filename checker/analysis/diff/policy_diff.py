"""Two policies compared: what buyers are owed, and each thing that a policy names.

A case is owed `must_accept`, then `negotiate`, then `may_reject`, by the policy and all that it
upholds, at its defaults; one that a side takes to be impossible is owed nothing there. Grounds,
definitions and terms are compared where the case is possible on both sides. What is the same at
the defaults is compared again under every setting that both policies let sellers choose alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.analysis.diff.differences import Item, compare
from checker.analysis.diff.joint_space import JointPolicies, better, only, unlike
from checker.analysis.diff.policy_sides import PolicySide, sides
from checker.analysis.diff.results import Change, DiffNote
from checker.analysis.diff.term_diff import comparable, disagreement, term_item
from checker.analysis.diff.text_diff import (
    FRESH,
    fact_items,
    parameter_items,
    presence,
    standards_item,
)
from checker.evaluate.decision import required_terms
from checker.language.model.conditions import ParameterValue
from checker.language.model.terms import Row
from checker.solver.formulas import FALSE, Formula, every, opposite, some


def compare_policies(pair: JointPolicies) -> list[Change]:
    """Return what differs between the policies of the two worlds, and what does not.

    Undecided where the budget of boxes is spent.
    """
    old, new, free = sides(pair)
    return compare(pair, [*_items(pair, old, new)], free)


def _items(pair: JointPolicies, old: PolicySide, new: PolicySide) -> Iterator[Item]:
    before, after = old.policy, new.policy
    yield _verdict(old, new)
    yield from fact_items(before.vocabulary, after.vocabulary)
    yield _invariants(pair, old, new)
    yield from parameter_items(before, after)
    for name in {**after.names.definitions, **before.names.definitions}:
        yield _definition(name, pair, old, new)
    for id in {**after.grounds, **before.grounds}:
        yield _ground(id, pair, old, new)
    for id in {**after.entitlements, **before.entitlements}:
        yield _entitlement(id, pair, old, new)
    yield _otherwise(pair, old, new)
    for name in {**required_terms(pair.new.resolved), **required_terms(pair.old.resolved)}:
        yield _term(name, pair, old, new)
    yield _upholds(old, new)
    yield standards_item(before, after)


def _verdict(old: PolicySide, new: PolicySide) -> Item:
    old_ladder, new_ladder = old.ladder(), new.ladder()
    return Item(
        "verdict",
        (old.describe_verdict, new.describe_verdict),
        gains=better(new_ladder, old_ladder),
        loses=better(old_ladder, new_ladder),
        breaks=only(new_ladder[0], old_ladder[0]),
    )


def _invariants(pair: JointPolicies, old: PolicySide, new: PolicySide) -> Item:
    allowed = every([pair.old.allowed, pair.new.allowed])
    differs = every([allowed, unlike(pair.old.invariants, pair.new.invariants)])
    return Item("invariants", (old.describe_possible, new.describe_possible), differs=differs)


def _definition(name: str, pair: JointPolicies, old: PolicySide, new: PolicySide) -> Item:
    at, known = f"definitions.{name}", [name in s.policy.names.definitions for s in (old, new)]
    if not all(known):
        return Item(at, notes=presence(*known, major=True))
    both = pair.both_possible
    return Item(
        at,
        (old.describe_defined(name), new.describe_defined(name)),
        differs=every([both, unlike(old.defined(name, old.own), new.defined(name, new.own))]),
        unsettled=every(
            [both, unlike(old.defined(name, old.unsettled), new.defined(name, new.unsettled))]
        ),
    )


def _ground(id: str, pair: JointPolicies, old: PolicySide, new: PolicySide) -> Item:
    known = [id in side.policy.grounds for side in (old, new)]
    both = pair.both_possible
    before, after = old.ground(id, old.own), new.ground(id, new.own)
    unsettled = unlike(old.ground(id, old.unsettled), new.ground(id, new.unsettled))
    return Item(
        f"grounds.{id}",
        (old.describe_ground(id), new.describe_ground(id)),
        gains=every([both, only(before, after)]),
        loses=every([both, only(after, before)]),
        breaks=_stops(pair, new, before, after) if all(known) else FALSE,
        unsettled=every([both, unsettled]),
        notes=presence(*known, major=True),
    )


def _stops(pair: JointPolicies, new: PolicySide, before: Formula, after: Formula) -> Formula:
    """Return where a ground could be cited, held or was not asked about, and now does not hold."""
    newly_possible = every([opposite(pair.old.possible), opposite(after)])
    need_not = new.side.translate(new.required.need_not)
    return every([pair.new.possible, need_not, some([newly_possible, only(before, after)])])


def _entitlement(id: str, pair: JointPolicies, old: PolicySide, new: PolicySide) -> Item:
    known = [id in side.policy.entitlements for side in (old, new)]
    before = every([pair.old.possible, old.owed(id, old.own)])
    after = every([pair.new.possible, new.owed(id, new.own)])
    unsettled = unlike(old.owed(id, old.unsettled), new.owed(id, new.unsettled))
    return Item(
        f"entitlements.{id}",
        (old.describe_owed(id), new.describe_owed(id)),
        gains=only(after, before),
        loses=only(before, after),
        unsettled=every([pair.both_possible, unsettled]),
        notes=presence(*known),
    )


def _otherwise(pair: JointPolicies, old: PolicySide, new: PolicySide) -> Item:
    """Return the item of what is said where nothing is owed and no ground holds."""
    words = [side.policy.otherwise for side in (old, new)]
    if words[0] == words[1]:
        return Item("otherwise")
    uncovered = every([pair.both_possible, _uncovered(old), _uncovered(new)])
    gains, loses = (uncovered, FALSE) if words[1] == "must_accept" else (FALSE, uncovered)
    notes = (DiffNote(f"was {words[0]} and is {words[1]}"),)
    statements = (old.describe_own_verdict, new.describe_own_verdict)
    return Item("otherwise", statements, gains=gains, loses=loses, notes=notes)


def _uncovered(side: PolicySide) -> Formula:
    return side.side.translate(every([side.own.nothing_owed(), side.own.no_ground_at_all()]))


def _term(name: str, pair: JointPolicies, old: PolicySide, new: PolicySide) -> Item:
    """Return the item of a required term; sellers answer for those of the policy itself."""
    at, old_term, new_term = f"terms.{name}", old.term(name), new.term(name)
    before, after = old.policy.terms.get(name), new.policy.terms.get(name)
    notes = presence(before is not None, after is not None, major=True)
    if after and not before:
        notes = (DiffNote(FRESH, major=_sellers_decide(name, old, new)),)
    if old_term and new_term:
        notes += disagreement(old_term.term, new_term.term)
        if not comparable(old_term.term, new_term.term):
            return Item(at, notes=notes)
    item = term_item(
        at, pair, old_term, new_term, (old.describe_term(name), new.describe_term(name)), notes
    )
    if before and after:
        unsettled = every([pair.both_possible, _given_unlike(name, old, new)])
        return replace(item, breaks=item.gains, unsettled=unsettled)
    return item if after else replace(item, breaks=item.gains)


def _sellers_decide(name: str, old: PolicySide, new: PolicySide) -> bool:
    """Return whether the rows of the new term use a setting that sellers had and still have."""
    settable = [
        {parameter.name for parameter in side.policy.parameters.values() if not parameter.fixed}
        for side in (old, new)
    ]
    return bool(new.own.uses_of_term(name) & settable[0] & settable[1])


def _given_unlike(name: str, old: PolicySide, new: PolicySide) -> Formula:
    """Return where the two policies' own values may differ, under some settings.

    There the rows give different things, or the term applies in one of the two only.
    """
    old_rows, new_rows = (
        [(side.side.translate(where), row) for where, row in side.unsettled.reached(name)]
        for side in (old, new)
    )
    differ = [
        every([old_where, new_where])
        for old_where, before in old_rows
        for new_where, after in new_rows
        if _given(before, old) != _given(after, new)
    ]
    applies = [side.side.translate(side.unsettled.applies(name)) for side in (old, new)]
    return some([*differ, unlike(*applies)])


def _given(row: Row, side: PolicySide) -> object:
    """Return what a row gives: a value, or the parameter that sellers choose it by."""
    if isinstance(row.then, ParameterValue) and row.then.name in side.free.parameters:
        return row.then
    return side.own.value_of(row)


def _upholds(old: PolicySide, new: PolicySide) -> Item:
    """Return the item of what the upheld policies require by themselves."""
    ids = [{policy.id for policy in side.side.resolved.upheld} for side in (old, new)]
    notes = [DiffNote(f"upholds {id} no longer") for id in sorted(ids[0] - ids[1])]
    notes += [DiffNote(f"upholds {id} too") for id in sorted(ids[1] - ids[0])]
    before, after = old.upheld(), new.upheld()
    return Item(
        "upholds",
        (old.describe_upheld(), new.describe_upheld()),
        gains=only(after, before),
        loses=only(before, after),
        notes=tuple(notes),
    )
