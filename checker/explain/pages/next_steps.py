"""What is to be done by when, and who pays: the terms of a decision as prose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from checker.evaluate.decider import Decision, required_terms
from checker.evaluate.requirement import with_defaults
from checker.explain.conditions.lines import Line
from checker.explain.conditions.sentences import words_under
from checker.explain.conditions.values import day, moment, of_term
from checker.explain.pages.reason_blocks import reasons_of
from checker.explain.render.blocks import Block, Item, Items
from checker.explain.writer import Prose
from checker.language.model.counting import last_day, local_day
from checker.language.model.terms import Term
from checker.language.model.types import MINUTES, Value


def steps(decision: Decision, prose: Prose) -> Iterator[Block]:
    """Yield the required value of each term, until when that is, and by which clause."""
    words = words_under(decision.resolved.policy, prose.language)
    terms = required_terms(decision.resolved)
    items = []
    for name in dict.fromkeys(name for each in decision.resolved.policies for name in each.terms):
        value = decision.required.terms[name]
        title = words.name("term", name, terms[name].title)
        if value is None:
            items.append(Item(prose.say("term.unknown", title=title)))
            continue
        said = value_words(terms[name], value, decision, prose)
        cited = _cited(name, value, decision, prose)
        clauses = prose.say("row.from", clauses=prose.clauses(cited)) if cited else ()
        items.append(Item(prose.say("term.value", title=title, value=said, clauses=clauses)))
    if items:
        yield Items(tuple(items))


def value_words(term: Term, value: Value, decision: Decision, prose: Prose) -> Line:
    """Return the value of a term, with when its time ends where the case states its start."""
    said: Line = (of_term(term).said(value, prose.language),)
    if not (term.has_deadline and isinstance(value, int)):
        return said
    start, done = decision.facts[term.start], decision.facts[term.until]
    if not isinstance(start, datetime):
        words = words_under(decision.resolved.policy, prose.language)
        return prose.say("term.within", value=said, start=words.fact(term.start))
    resolved = decision.resolved
    zone, end = resolved.vocabulary.time_zone, None
    if term.counting.elapsed:
        end = start + timedelta(minutes=value)
        shown = moment(end, zone, prose.language)
        said = prose.say("term.by_moment", value=said, end=shown)
    else:
        whole = value // MINUTES["d"]
        last = last_day(start, whole, term.counting, decision.facts, resolved.calendars, zone)
        if last is None:
            return said
        said = prose.say("term.by_day", value=said, end=day(last, prose.language))
    if not isinstance(done, datetime):
        return said
    late = done > end if end else local_day(done, zone) > (last or 0)
    when = moment(done, zone, prose.language)
    return prose.say("term.late" if late else "term.done", end=said, done=when)


def _cited(name: str, value: Value, decision: Decision, prose: Prose) -> list[str]:
    """Return the clauses of the rows that give the value, and of their terms."""
    cited: dict[str, None] = {}
    for policy in decision.resolved.policies:
        term = policy.terms.get(name)
        if term is None:
            continue
        reasons, by = reasons_of(policy, decision, prose), with_defaults(policy)
        row = next((row for row in term.rows if reasons.value(row.when)), None)
        if row and by.value(row) == value:
            cited |= dict.fromkeys((*row.sources, *term.sources))
    return [*cited]
