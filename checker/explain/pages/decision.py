"""A decision as prose: the verdict, its reasons and clauses, the next steps, missing facts."""

from __future__ import annotations

from collections.abc import Iterator

from checker.evaluate.decision import Case, Decision
from checker.explain.conditions.reasons import Reasons
from checker.explain.conditions.rich_text import RichText
from checker.explain.conditions.sentences import policy_sentences
from checker.explain.pages.facts import missing_fact
from checker.explain.pages.next_steps import next_step_blocks
from checker.explain.pages.reason_blocks import reason_blocks, reason_line, reasons_of
from checker.explain.pages.response import response_blocks
from checker.explain.render.blocks import (
    Block,
    Heading,
    ItemList,
    ListItem,
    Paragraph,
    sentence_blocks,
)
from checker.explain.writer import PageWriter
from checker.language.model.conditions import All, Condition, GroundHolds, Not
from checker.language.model.policy import Entitlement, Policy
from checker.language.model.verdicts import Verdict


def decision_blocks(case: Case, decision: Decision, writer: PageWriter) -> Iterator[Block]:
    """Yield the blocks of one decided case."""
    required = decision.required
    own = reasons_of(decision.resolved.policy, decision, writer)
    yield Heading(1, (str(case),))
    yield Paragraph(writer.phrase(required.verdict))
    yield from _owed(decision, writer)
    yield from _grounds(decision, own, writer)
    yield from _not_owed(decision, writer)
    yield from _open(decision, own, writer)
    yield from _needs(decision, writer)
    yield writer.heading(2, "next")
    grounds = writer.enumeration(
        writer.phrase("quoted", name=_ground(id, own)) for id in required.grounds
    )
    yield Paragraph(writer.phrase(f"next.{required.verdict}", grounds=grounds))
    yield from next_step_blocks(decision, writer)
    yield from response_blocks(decision, writer)


def _ground(id: str, reasons: Reasons) -> RichText:
    return reasons.sentences.ground(id)


def _is_owed(entitlement: Entitlement) -> Condition:
    """Return the condition that the entitlement is owed: it holds and no ground defeats it."""
    return All((entitlement.when, *(Not(GroundHolds(id)) for id in entitlement.unless)))


def _entitlements(
    decision: Decision, writer: PageWriter, value: bool | None
) -> Iterator[tuple[Policy, Entitlement, Reasons]]:
    """Yield the entitlements of which it is true, false or unknown (None) that they are owed."""
    for policy in decision.resolved.policies:
        reasons = reasons_of(policy, decision, writer)
        for entitlement in policy.entitlements.values():
            if reasons.value(_is_owed(entitlement)) is value:
                yield policy, entitlement, reasons


def _owed(decision: Decision, writer: PageWriter) -> Iterator[Block]:
    owed = [*_entitlements(decision, writer, True)]
    for policy, entitlement, reasons in owed:
        title = reasons.sentences.mention("entitlement", entitlement.id, entitlement.title)
        what = writer.phrase("why.owed", title=title, policy=_policy_title(policy, writer))
        yield from reason_blocks(what, reasons.why(entitlement.when), writer)
        if entitlement.unless:
            yield Paragraph(writer.phrase("why.undefeated"))
        yield from _sources(entitlement.sources, writer)
    if decision.required.verdict is Verdict.MUST_ACCEPT and not owed:
        yield Paragraph(writer.phrase("must_accept.by_default"))


def _grounds(decision: Decision, own: Reasons, writer: PageWriter) -> Iterator[Block]:
    for id in decision.required.grounds:
        ground = decision.resolved.policy.grounds[id]
        what = writer.phrase("why.ground", title=_ground(id, own))
        yield from reason_blocks(what, own.why(ground.when), writer)
        if ground.evidence:
            evidence = writer.enumeration((writer.text(item),) for item in ground.evidence)
            yield Paragraph(writer.phrase("why.evidence", evidence=evidence))
        yield from _sources(ground.sources, writer)


def _not_owed(decision: Decision, writer: PageWriter) -> Iterator[Block]:
    """Yield why nothing is owed, where the verdict follows from that."""
    if decision.required.verdict not in (Verdict.MAY_REJECT, Verdict.NEGOTIATE):
        return
    items = []
    for policy, entitlement, reasons in _entitlements(decision, writer, False):
        title = reasons.sentences.mention("entitlement", entitlement.id, entitlement.title)
        what = writer.phrase("why.not_owed", title=title, policy=_policy_title(policy, writer))
        defeats = [id for id in entitlement.unless if reasons.value(GroundHolds(id))]
        if defeats and reasons.value(entitlement.when):
            grounds = writer.enumeration(
                writer.phrase("quoted", name=_ground(id, reasons)) for id in defeats
            )
            items.append(ListItem(writer.phrase("why.defeated", what=what, grounds=grounds)))
        else:
            items.append(ListItem(reason_line(what, reasons.why(entitlement.when), writer)))
    if items:
        yield Paragraph(writer.phrase("why.nothing_owed"))
        yield ItemList(tuple(items))


def _open(decision: Decision, own: Reasons, writer: PageWriter) -> Iterator[Block]:
    """Yield what an unknown verdict depends on: entitlements and grounds that are unknown."""
    if decision.required.verdict != "unknown":
        return
    for policy, entitlement, reasons in _entitlements(decision, writer, None):
        title = reasons.sentences.mention("entitlement", entitlement.id, entitlement.title)
        lead = writer.phrase("open.owed", title=title, policy=_policy_title(policy, writer))
        yield from _condition_left(lead, reasons.left(_is_owed(entitlement)), reasons, writer)
    for id, ground in decision.resolved.policy.grounds.items():
        if own.value(ground.when) is None:
            lead = writer.phrase("open.ground", title=_ground(id, own))
            yield from _condition_left(lead, own.left(ground.when), own, writer)


def _condition_left(
    lead: RichText, left: Condition, reasons: Reasons, writer: PageWriter
) -> list[Block]:
    return sentence_blocks(lead, reasons.sentences.condition(left), writer.language)


def _needs(decision: Decision, writer: PageWriter) -> Iterator[Block]:
    if decision.needs:
        sentences = policy_sentences(decision.resolved.policy, writer.language)
        questions = (missing_fact(fact, sentences, writer) for fact in decision.needs)
        key = "needs" if decision.required.verdict == "unknown" else "needs.also"
        yield Paragraph(writer.phrase(key, facts=writer.enumeration(questions)))


def _sources(sources: tuple[str, ...], writer: PageWriter) -> Iterator[Block]:
    if sources:
        yield Paragraph(writer.phrase("rests_on", clauses=writer.clauses(sources)), quiet=True)


def _policy_title(policy: Policy, writer: PageWriter) -> RichText:
    title = writer.text(policy.title)
    return writer.phrase("quoted", name=title) if title else (policy.name,)
