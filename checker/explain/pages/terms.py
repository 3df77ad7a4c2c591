"""Terms as prose: their rows in order, from when until when, how time is counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from checker.explain.conditions.lines import Line
from checker.explain.conditions.sentences import Words
from checker.explain.conditions.values import of_term
from checker.explain.render.blocks import Block, Heading, Item, Items, Paragraph, item_of
from checker.explain.writer import Prose
from checker.language.model.conditions import ALWAYS
from checker.language.model.terms import Row, Term


def term_blocks(
    term: Term,
    rows: Sequence[Row],
    entries: Sequence[Mapping[str, Any]],
    words: Words,
    prose: Prose,
) -> Iterator[Block]:
    """Yield a term's heading and what it says; `entries` are the rows as the document has them."""
    title = words.name("term", term.name, term.title)
    yield Heading(3, title, f"term-{term.name}")
    yield from _values(term, rows, entries, words, prose)
    if term.has_deadline:
        yield Paragraph(prose.counting(term.counting, words))


def _values(
    term: Term,
    rows: Sequence[Row],
    entries: Sequence[Mapping[str, Any]],
    words: Words,
    prose: Prose,
) -> Iterator[Block]:
    events = {}
    if term.has_deadline:
        events = {"start": words.fact(term.start), "until": words.fact(term.until)}
    if len(rows) == 1:
        value = words.outcome(rows[0], of_term(term))
        line = (
            prose.say("within", value=value, **events)
            if events
            else prose.say("value", value=value)
        )
        founded = prose.founded(entries[0])
        yield Paragraph((*line, *prose.say("blank"), *founded) if founded else line)
        return
    if events:
        yield Paragraph(prose.say("time_from", **events))
    yield Items(tuple(row_items(term, rows, entries, words, prose)))


def row_items(
    term: Term,
    rows: Sequence[Row],
    entries: Sequence[Mapping[str, Any]],
    words: Words,
    prose: Prose,
) -> Iterator[Item]:
    """Yield the rows of a term, of which the first that holds gives the value."""
    for number, (row, entry) in enumerate(zip(rows, entries, strict=True)):
        value, founded = words.outcome(row, of_term(term)), _founded(entry, prose)
        if row.when == ALWAYS and number == len(rows) - 1:
            line = prose.say("row.last", value=value) if number else value
            yield Item((*line, *founded))
            continue
        lead = prose.say("row.next" if number else "row.first", value=value)
        item = item_of(lead, words.condition(row.when), prose.language)
        yield Item((*item.line, *founded), item.below)


def _founded(entry: Mapping[str, Any], prose: Prose) -> Line:
    line: Line = ()
    if "source" in entry:
        line += prose.say("row.from", clauses=prose.clauses(entry["source"]))
    return line + prose.say("row.assumed") if "basis" in entry else line


def direction(term: Term, prose: Prose) -> Paragraph:
    """Return which values of a term are better for the buyer."""
    if term.type.name == "choice":
        values = [(of_term(term).title(each, prose.language),) for each in term.type.values]
        in_order = prose.joined(values, "better.next")
        return Paragraph(prose.say("better.order", values=in_order))
    if term.type.name == "duration":
        return Paragraph(prose.say("better.sooner" if term.better == "lower" else "better.later"))
    return Paragraph(prose.say(f"better.{term.better}"))
