"""Terms as prose: their rows in order, their start and end, how time is counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from checker.explain.conditions.rich_text import RichText
from checker.explain.conditions.sentences import SentenceWriter
from checker.explain.conditions.values import term_format
from checker.explain.render.blocks import (
    Block,
    Heading,
    ItemList,
    ListItem,
    Paragraph,
    sentence_blocks,
    sentence_item,
)
from checker.explain.writer import PageWriter
from checker.language.model.conditions import ALWAYS
from checker.language.model.terms import Row, Term


def term_blocks(
    term: Term,
    rows: Sequence[Row],
    entries: Sequence[Mapping[str, Any]],
    sentences: SentenceWriter,
    writer: PageWriter,
) -> Iterator[Block]:
    """Yield a term's heading, rows and counting; `entries` are the rows in the document."""
    title = sentences.mention("term", term.name, term.title)
    yield Heading(3, title, f"term-{term.name}")
    if term.when:
        condition = sentences.condition(term.when)
        yield from sentence_blocks(writer.phrase("term.applies"), condition, writer.language)
    yield from _values(term, rows, entries, sentences, writer)
    if term.has_deadline:
        yield Paragraph(writer.counting_rule(term.counting, sentences))
        if term.after != "any":
            yield Paragraph(writer.phrase(f"term.after.{term.after}"))


def _values(
    term: Term,
    rows: Sequence[Row],
    entries: Sequence[Mapping[str, Any]],
    sentences: SentenceWriter,
    writer: PageWriter,
) -> Iterator[Block]:
    events = {}
    if term.has_deadline:
        events = {"start": sentences.fact(term.start), "until": sentences.fact(term.until)}
    if len(rows) == 1:
        value = sentences.row_value(rows[0], term_format(term))
        line = (
            writer.phrase("within", value=value, **events)
            if events
            else writer.phrase("value", value=value)
        )
        basis = writer.basis(entries[0])
        yield Paragraph((*line, *writer.phrase("blank"), *basis) if basis else line)
        return
    if events:
        yield Paragraph(writer.phrase("time_from", **events))
    yield ItemList(tuple(row_items(term, rows, entries, sentences, writer)))


def row_items(
    term: Term,
    rows: Sequence[Row],
    entries: Sequence[Mapping[str, Any]],
    sentences: SentenceWriter,
    writer: PageWriter,
) -> Iterator[ListItem]:
    """Yield the rows of a term; the first row that holds gives the value."""
    for index, (row, entry) in enumerate(zip(rows, entries, strict=True)):
        value, basis = sentences.row_value(row, term_format(term)), _basis(entry, writer)
        if row.when == ALWAYS and index == len(rows) - 1:
            line = writer.phrase("row.last", value=value) if index else value
            yield ListItem((*line, *basis))
            continue
        lead = writer.phrase("row.next" if index else "row.first", value=value)
        item = sentence_item(lead, sentences.condition(row.when), writer.language)
        yield ListItem((*item.content, *basis), item.nested)


def _basis(entry: Mapping[str, Any], writer: PageWriter) -> RichText:
    line: RichText = ()
    if "source" in entry:
        line += writer.phrase("row.from", clauses=writer.clauses(entry["source"]))
    return line + writer.phrase("row.assumed") if "basis" in entry else line


def better_values(term: Term, writer: PageWriter) -> Paragraph:
    """Return which values of a term are better for the buyer."""
    if term.type.name == "choice":
        values = [(term_format(term).title(value, writer.language),) for value in term.type.values]
        in_order = writer.join(values, "better.next")
        return Paragraph(writer.phrase("better.order", values=in_order))
    if term.type.name == "duration":
        return Paragraph(
            writer.phrase("better.sooner" if term.better == "lower" else "better.later")
        )
    return Paragraph(writer.phrase(f"better.{term.better}"))
