"""What is so, with the reasons that make it so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.evaluate.decider import Decision
from checker.explain.conditions.lines import Line
from checker.explain.conditions.reasons import Reasons
from checker.explain.conditions.sentences import words_under
from checker.explain.render.blocks import Block, Item, Items, Paragraph
from checker.explain.writer import Prose
from checker.language.model.policy import Policy

_FEW = 2  # so many reasons stand on one line


def reasons_of(policy: Policy, decision: Decision, prose: Prose) -> Reasons:
    """Return the reasons that a policy's conditions hold, or fail, as the policy stands."""
    words = words_under(policy, prose.language)
    return Reasons(words, policy.names, policy.defaults(), decision.facts)


def because(what: Line, why: Sequence[Line], prose: Prose) -> Iterator[Block]:
    """Yield what is so with the reasons: on its line where they are few, else below it."""
    if len(why) <= _FEW:
        yield Paragraph(reason(what, why, prose))
    else:
        yield Paragraph(prose.say("as.list", what=what))
        yield Items(tuple(map(Item, why)))


def reason(what: Line, why: Sequence[Line], prose: Prose) -> Line:
    """Return what is so with the reasons, on one line."""
    if not why:
        return prose.say("as.always", what=what)
    said, between = why[0], "and_also" if len(why) <= _FEW else "semicolon"
    for each in why[1:]:
        said += prose.say(between) + each
    return prose.say("as", what=what, why=said)
