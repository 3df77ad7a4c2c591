"""The required terms of a decision as prose: what to do until when, and who pays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from checker.evaluate.decision import Decision, required_terms
from checker.evaluate.requirement import with_defaults
from checker.explain.conditions.rich_text import RichText
from checker.explain.conditions.sentences import policy_sentences
from checker.explain.conditions.values import format_day, format_moment, term_format
from checker.explain.pages.reason_blocks import reasons_of
from checker.explain.render.blocks import Block, ItemList, ListItem
from checker.explain.writer import PageWriter
from checker.language.model.counting import last_day, local_day
from checker.language.model.terms import Term
from checker.language.model.types import MINUTES, Value


def next_step_blocks(decision: Decision, writer: PageWriter) -> Iterator[Block]:
    """Yield the required value of each term, its deadline and its clauses."""
    sentences = policy_sentences(decision.resolved.policy, writer.language)
    terms = required_terms(decision.resolved)
    items = []
    for name in dict.fromkeys(
        name for policy in decision.resolved.policies for name in policy.terms
    ):
        if name not in decision.required.terms:
            continue  # the term does not apply
        value = decision.required.terms[name]
        title = sentences.mention("term", name, terms[name].title)
        if value is None:
            items.append(ListItem(writer.phrase("term.unknown", title=title)))
            continue
        text = value_text(terms[name], value, decision, writer)
        citations = _citations(name, value, decision, writer)
        clauses = writer.phrase("row.from", clauses=writer.clauses(citations)) if citations else ()
        items.append(
            ListItem(writer.phrase("term.value", title=title, value=text, clauses=clauses))
        )
    if items:
        yield ItemList(tuple(items))


def value_text(term: Term, value: Value, decision: Decision, writer: PageWriter) -> RichText:
    """Return the value of a term, with its deadline where the case states the start."""
    text: RichText = (term_format(term).text(value, writer.language),)
    if not (term.has_deadline and isinstance(value, int)):
        return text
    start, done_at = decision.facts[term.start], decision.facts[term.until]
    if not isinstance(start, datetime):
        sentences = policy_sentences(decision.resolved.policy, writer.language)
        return writer.phrase("term.within", value=text, start=sentences.fact(term.start))
    resolved = decision.resolved
    zone, end = resolved.vocabulary.time_zone, None
    if term.counting.elapsed:
        end = start + timedelta(minutes=value)
        end_text = format_moment(end, zone, writer.language)
        text = writer.phrase("term.by_moment", value=text, end=end_text)
    else:
        days = value // MINUTES["d"]
        last = last_day(start, days, term.counting, decision.facts, resolved.calendars, zone)
        if last is None:
            return text
        text = writer.phrase("term.by_day", value=text, end=format_day(last, writer.language))
    if not isinstance(done_at, datetime):
        return text
    late = done_at > end if end else local_day(done_at, zone) > (last or 0)
    done_text = format_moment(done_at, zone, writer.language)
    return writer.phrase("term.late" if late else "term.done", end=text, done=done_text)


def _citations(name: str, value: Value, decision: Decision, writer: PageWriter) -> list[str]:
    """Return the clauses cited by the rows that give the value, and by their terms."""
    citations: dict[str, None] = {}
    for policy in decision.resolved.policies:
        term = policy.terms.get(name)
        if term is None:
            continue
        reasons, backend = reasons_of(policy, decision, writer), with_defaults(policy)
        applies = term.when is None or reasons.value(term.when)
        row = next((row for row in term.rows if applies and reasons.value(row.when)), None)
        if row and backend.value(row) == value:
            citations |= dict.fromkeys((*row.sources, *term.sources))
    return [*citations]
