"""Two overrides compared: how each answers under its own world, rule by rule, and its terms.

Buyers are better off accepted than left to a person, and that than refused; a case that one side
takes to be impossible is not answered there, which is as good as a refusal. A rule is concerned by
a case that it answers on one side or on both.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.analysis.diff.differences import Item, compare
from checker.analysis.diff.joint_space import JointPolicies, better, unlike
from checker.analysis.diff.override_sides import OverrideSide
from checker.analysis.diff.results import Change, DiffNote
from checker.analysis.diff.term_diff import comparable, disagreement, term_item
from checker.analysis.diff.text_diff import fact_items, presence, shown
from checker.analysis.prove.free_parameters import FreeParameters
from checker.language.model.override import Override
from checker.solver.formulas import FALSE, Formula, every, some

NOTHING_FREE = FreeParameters({}, {}, {})


def compare_overrides(pair: JointPolicies, old: Override, new: Override) -> list[Change]:
    """Return what differs between the overrides in the two worlds, and what does not.

    Undecided where the budget of boxes is spent.
    """
    sides = OverrideSide(pair.old, old), OverrideSide(pair.new, new)
    return compare(pair, [*_items(pair, *sides)], NOTHING_FREE)


def _items(pair: JointPolicies, old: OverrideSide, new: OverrideSide) -> Iterator[Item]:
    gains, loses = better(new.ladder, old.ladder), better(old.ladder, new.ladder)
    statements = (old.describe_response, new.describe_response)
    yield Item("response", statements, gains=gains, loses=loses)
    before, after = old.override, new.override
    names = [override.policy.name for override in (before, after)]
    moved = (DiffNote(f"was {names[0]} and is {names[1]}"),) if names[0] != names[1] else ()
    yield Item("policy", notes=moved)
    yield from fact_items(before.policy.vocabulary, after.policy.vocabulary)
    scopes = every([pair.both_possible, unlike(old.scope, new.scope)])
    yield Item("scope", (old.describe_scope(), new.describe_scope()), differs=scopes)
    for name in {**after.settings, **before.settings}:
        yield Item(f"settings.{name}", notes=_of_settings(name, before, after))
    for at in {**new.answers, **old.answers}:
        yield _answer(at, pair, old, new, gains, loses)
    for name in {**after.policy.terms, **before.policy.terms}:
        yield _term(name, pair, old, new)


def _answer(
    at: str,
    pair: JointPolicies,
    old: OverrideSide,
    new: OverrideSide,
    gains: Formula,
    loses: Formula,
) -> Item:
    """Return the item of a rule, or of what no rule answers."""
    old_answer, new_answer = (side.answers.get(at, FALSE) for side in (old, new))
    concerned = some([old_answer, new_answer])
    differs = unlike(old_answer, new_answer)
    if old.cites(at) and new.cites(at) and old.cites(at) != new.cites(at):
        differs = some([differs, every([old_answer, new_answer])])
    return Item(
        at,
        (old.describe_response, new.describe_response),
        gains=every([concerned, gains]),
        loses=every([concerned, loses]),
        differs=every([pair.both_possible, differs]),
        notes=presence(at in old.answers, at in new.answers),
    )


def _of_settings(name: str, old: Override, new: Override) -> tuple[DiffNote, ...]:
    before, after = _setting(name, old), _setting(name, new)
    return (DiffNote(f"was {before} and is {after}"),) if before != after else ()


def _setting(name: str, override: Override) -> str:
    """Return what a setting is, in words: what the seller sets, or else the default."""
    parameter = override.policy.parameters.get(name)
    if parameter is None:
        return "no setting"
    return shown(parameter.type, override.parameters()[name])


def _term(name: str, pair: JointPolicies, old: OverrideSide, new: OverrideSide) -> Item:
    at, old_term, new_term = f"terms.{name}", old.term(name), new.term(name)
    notes = presence(old_term is not None, new_term is not None)
    if old_term and new_term:
        notes += disagreement(old_term.term, new_term.term)
        if not comparable(old_term.term, new_term.term):
            return Item(at, notes=notes)
    return term_item(
        at, pair, old_term, new_term, (old.describe_term(name), new.describe_term(name)), notes
    )
