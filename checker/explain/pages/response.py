"""How a seller answers a case, as prose: by which rule, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Iterator

from checker.evaluate.decider import Decision, required_terms
from checker.evaluate.override_response import OverrideResponse
from checker.explain.conditions.lines import Line
from checker.explain.conditions.reasons import Reasons
from checker.explain.conditions.sentences import Words, words_under
from checker.explain.conditions.values import of_term
from checker.explain.pages.reason_blocks import because
from checker.explain.render.blocks import Block, Item, Items, Paragraph
from checker.explain.writer import Prose
from checker.language.model.override import Override


def answer_blocks(decision: Decision, prose: Prose) -> Iterator[Block]:
    """Yield how the seller answers, where there is one, and what is found of that."""
    override, answer = decision.override, decision.answer
    if override is None or answer is None:
        return
    yield prose.heading(2, "seller")
    words = words_under(override.policy, prose.language, override.settings)
    reasons = Reasons(words, override.policy.names, override.parameters(), decision.facts)
    seller = prose.text(override.title) or override.name
    said = prose.say(f"seller.{answer.response}", seller=prose.say("quoted", name=seller))
    yield from _why(said, override, answer, reasons, prose)
    if answer.cites:
        grounds = (prose.say("quoted", name=words.ground(id)) for id in answer.cites)
        yield Paragraph(prose.say("seller.cites", grounds=prose.listed(grounds)))
    for check in sorted({each.check for each in decision.findings} - {"worse-term"}):
        yield Paragraph(prose.say(f"finding.{check}"))
    yield from _terms(decision, answer, words, prose)


def _why(
    said: Line, override: Override, answer: OverrideResponse, reasons: Reasons, prose: Prose
) -> Iterator[Block]:
    """Yield the answer with what makes it: a rule, that none holds, or that none is meant."""
    if answer.response == "unknown":
        yield Paragraph((*said, *prose.say("stop")))
    elif override.scope is not None and reasons.value(override.scope) is False:
        yield Paragraph(prose.say("seller.outside", answer=said))
    elif answer.rule is None:
        key = "seller.otherwise" if override.rules else "seller.no_rules"
        key += ".follow" if override.otherwise == "follow" else ""
        yield Paragraph(prose.say(key, answer=said))
    else:
        rule = next(each for each in override.rules if each.id == answer.rule)
        title = reasons.words.name("rule", rule.id, rule.title)
        what = prose.say("seller.by_rule", answer=said, rule=title)
        yield from because(what, reasons.why(rule.when), prose)


def _terms(
    decision: Decision, answer: OverrideResponse, words: Words, prose: Prose
) -> Iterator[Block]:
    """Yield the terms that this seller offers otherwise than required, better or worse."""
    worse = {each.at.removeprefix("terms.") for each in decision.findings}
    terms, items = required_terms(decision.resolved), []
    for name, own in answer.terms.items():
        required, term = decision.required.terms[name], terms[name]
        if own is None or required is None or own == required:
            continue
        key = "finding.worse-term" if name in worse else "seller.offers"
        title = words.name("term", name, term.title)
        values = {"own": own, "required": required}
        shown = {each: of_term(term).said(v, prose.language) for each, v in values.items()}
        items.append(
            Item(prose.say(key, title=title, own=shown["own"], required=shown["required"]))
        )
    if items:
        yield Items(tuple(items))
