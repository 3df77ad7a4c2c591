"""A decision as prose: what is so, why and by which clause, what comes next, what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from checker.evaluate.decider import Case, Decision
from checker.explain.conditions.lines import Line
from checker.explain.conditions.reasons import Reasons
from checker.explain.conditions.sentences import words_under
from checker.explain.pages.facts import asked
from checker.explain.pages.next_steps import steps
from checker.explain.pages.reason_blocks import because, reason, reasons_of
from checker.explain.pages.response import answer_blocks
from checker.explain.render.blocks import Block, Heading, Item, Items, Paragraph, sentence
from checker.explain.writer import Prose
from checker.language.model.conditions import All, Condition, GroundHolds, Not
from checker.language.model.policy import Entitlement, Policy
from checker.language.model.verdicts import Verdict


def decision_blocks(case: Case, decision: Decision, prose: Prose) -> Iterator[Block]:
    """Yield what is to be said of one decided case."""
    required = decision.required
    own = reasons_of(decision.resolved.policy, decision, prose)
    yield Heading(1, (str(case),))
    yield Paragraph(prose.say(required.verdict))
    yield from _owed(decision, prose)
    yield from _grounds(decision, own, prose)
    yield from _not_owed(decision, prose)
    yield from _open(decision, own, prose)
    yield from _needs(decision, prose)
    yield prose.heading(2, "next")
    grounds = prose.listed(prose.say("quoted", name=_ground(id, own)) for id in required.grounds)
    yield Paragraph(prose.say(f"next.{required.verdict}", grounds=grounds))
    yield from steps(decision, prose)
    yield from answer_blocks(decision, prose)


def _ground(id: str, reasons: Reasons) -> Line:
    return reasons.words.ground(id)


def _whole(entitlement: Entitlement) -> Condition:
    return All((entitlement.when, *(Not(GroundHolds(id)) for id in entitlement.unless)))


def _entitlements(
    decision: Decision, prose: Prose, value: bool | None
) -> Iterator[tuple[Policy, Entitlement, Reasons]]:
    """Yield the entitlements that are owed, not owed, or of which that is unknown."""
    for policy in decision.resolved.policies:
        reasons = reasons_of(policy, decision, prose)
        for each in policy.entitlements.values():
            if reasons.value(_whole(each)) is value:
                yield policy, each, reasons


def _owed(decision: Decision, prose: Prose) -> Iterator[Block]:
    owed = [*_entitlements(decision, prose, True)]
    for policy, each, reasons in owed:
        title = reasons.words.name("entitlement", each.id, each.title)
        what = prose.say("why.owed", title=title, policy=_titled(policy, prose))
        yield from because(what, reasons.why(each.when), prose)
        if each.unless:
            yield Paragraph(prose.say("why.undefeated"))
        yield from _sources(each.sources, prose)
    if decision.required.verdict is Verdict.MUST_ACCEPT and not owed:
        yield Paragraph(prose.say("must_accept.by_default"))


def _grounds(decision: Decision, own: Reasons, prose: Prose) -> Iterator[Block]:
    for id in decision.required.grounds:
        ground = decision.resolved.policy.grounds[id]
        what = prose.say("why.ground", title=_ground(id, own))
        yield from because(what, own.why(ground.when), prose)
        if ground.evidence:
            evidence = prose.listed((prose.text(item),) for item in ground.evidence)
            yield Paragraph(prose.say("why.evidence", evidence=evidence))
        yield from _sources(ground.sources, prose)


def _not_owed(decision: Decision, prose: Prose) -> Iterator[Block]:
    """Yield why nothing is owed, where that decides."""
    if decision.required.verdict not in (Verdict.MAY_REJECT, Verdict.NEGOTIATE):
        return
    items = []
    for policy, each, reasons in _entitlements(decision, prose, False):
        title = reasons.words.name("entitlement", each.id, each.title)
        what = prose.say("why.not_owed", title=title, policy=_titled(policy, prose))
        defeats = [id for id in each.unless if reasons.value(GroundHolds(id))]
        if defeats and reasons.value(each.when):
            grounds = prose.listed(prose.say("quoted", name=_ground(id, reasons)) for id in defeats)
            items.append(Item(prose.say("why.defeated", what=what, grounds=grounds)))
        else:
            items.append(Item(reason(what, reasons.why(each.when), prose)))
    if items:
        yield Paragraph(prose.say("why.nothing_owed"))
        yield Items(tuple(items))


def _open(decision: Decision, own: Reasons, prose: Prose) -> Iterator[Block]:
    """Yield what an unknown verdict hangs on: what may be owed, or which grounds may apply."""
    if decision.required.verdict != "unknown":
        return
    for policy, each, reasons in _entitlements(decision, prose, None):
        title = reasons.words.name("entitlement", each.id, each.title)
        lead = prose.say("open.owed", title=title, policy=_titled(policy, prose))
        yield from _if(lead, reasons.left(_whole(each)), reasons, prose)
    for id, ground in decision.resolved.policy.grounds.items():
        if own.value(ground.when) is None:
            lead = prose.say("open.ground", title=_ground(id, own))
            yield from _if(lead, own.left(ground.when), own, prose)


def _if(lead: Line, left: Condition, reasons: Reasons, prose: Prose) -> list[Block]:
    return sentence(lead, reasons.words.condition(left), prose.language)


def _needs(decision: Decision, prose: Prose) -> Iterator[Block]:
    if decision.needs:
        words = words_under(decision.resolved.policy, prose.language)
        facts = prose.listed(asked(each, words, prose) for each in decision.needs)
        key = "needs" if decision.required.verdict == "unknown" else "needs.also"
        yield Paragraph(prose.say(key, facts=facts))


def _sources(sources: tuple[str, ...], prose: Prose) -> Iterator[Block]:
    if sources:
        yield Paragraph(prose.say("rests_on", clauses=prose.clauses(sources)), quiet=True)


def _titled(policy: Policy, prose: Prose) -> Line:
    title = prose.text(policy.title)
    return prose.say("quoted", name=title) if title else (policy.name,)
