"""How a seller responds to a case, as prose: the rule that responds, and the findings."""

from __future__ import annotations

from collections.abc import Iterator

from checker.evaluate.decision import Decision, required_terms
from checker.evaluate.override_response import OverrideResponse
from checker.explain.conditions.reasons import Reasons
from checker.explain.conditions.rich_text import RichText
from checker.explain.conditions.sentences import SentenceWriter, policy_sentences
from checker.explain.conditions.values import term_format
from checker.explain.pages.reason_blocks import reason_blocks
from checker.explain.render.blocks import Block, ItemList, ListItem, Paragraph
from checker.explain.writer import PageWriter
from checker.language.model.override import Override


def response_blocks(decision: Decision, writer: PageWriter) -> Iterator[Block]:
    """Yield how the seller responds, if there is a seller, and the findings about that."""
    override, answer = decision.override, decision.answer
    if override is None or answer is None:
        return
    yield writer.heading(2, "seller")
    sentences = policy_sentences(override.policy, writer.language, override.settings)
    reasons = Reasons(sentences, override.policy.names, override.parameters(), decision.facts)
    seller = writer.text(override.title) or override.name
    response = writer.phrase(
        f"seller.{answer.response}", seller=writer.phrase("quoted", name=seller)
    )
    yield from _response_reason(response, override, answer, reasons, writer)
    if answer.cites:
        grounds = (writer.phrase("quoted", name=sentences.ground(id)) for id in answer.cites)
        yield Paragraph(writer.phrase("seller.cites", grounds=writer.enumeration(grounds)))
    for check in sorted({finding.check for finding in decision.findings} - {"worse-term"}):
        yield Paragraph(writer.phrase(f"finding.{check}"))
    yield from _terms(decision, answer, sentences, writer)


def _response_reason(
    response: RichText,
    override: Override,
    answer: OverrideResponse,
    reasons: Reasons,
    writer: PageWriter,
) -> Iterator[Block]:
    """Yield the response with its reason: a rule, no rule that holds, or a case out of scope."""
    if answer.response == "unknown":
        yield Paragraph((*response, *writer.phrase("stop")))
    elif override.scope is not None and reasons.value(override.scope) is False:
        yield Paragraph(writer.phrase("seller.outside", answer=response))
    elif answer.rule is None:
        key = "seller.otherwise" if override.rules else "seller.no_rules"
        key += ".follow" if override.otherwise == "follow" else ""
        yield Paragraph(writer.phrase(key, answer=response))
    else:
        rule = next(rule for rule in override.rules if rule.id == answer.rule)
        title = reasons.sentences.mention("rule", rule.id, rule.title)
        statement = writer.phrase("seller.by_rule", answer=response, rule=title)
        yield from reason_blocks(statement, reasons.why(rule.when), writer)


def _terms(
    decision: Decision, answer: OverrideResponse, sentences: SentenceWriter, writer: PageWriter
) -> Iterator[Block]:
    """Yield the terms of this seller that differ from the required ones, better or worse."""
    worse = {finding.at.removeprefix("terms.") for finding in decision.findings}
    terms, items = required_terms(decision.resolved), []
    for name, own in answer.terms.items():
        required, term = decision.required.terms[name], terms[name]
        if own is None or required is None or own == required:
            continue
        key = "finding.worse-term" if name in worse else "seller.offers"
        title = sentences.mention("term", name, term.title)
        texts = {
            side: (term_format(term).text(value, writer.language),)
            for side, value in (("own", own), ("required", required))
        }
        items.append(ListItem(writer.phrase(key, title=title, **texts)))
    if items:
        yield ItemList(tuple(items))
