"""The pages of vocabularies, calendars and sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from checker.explain.conditions.rich_text import RichText
from checker.explain.conditions.sentences import vocabulary_sentences
from checker.explain.conditions.values import format_day
from checker.explain.pages.facts import fact_item
from checker.explain.render.blocks import (
    Block,
    Heading,
    ItemList,
    ListItem,
    Paragraph,
    Table,
    TableRow,
    code,
    sentence_item,
)
from checker.explain.writer import PageWriter, clause_mention
from checker.language.syntax.documents import Document


def vocabulary_page(document: Document, writer: PageWriter) -> Iterator[Block]:
    """Yield the page of a vocabulary."""
    vocabulary = writer.resolver.valid_model(document, writer.resolver.vocabulary(document))
    sentences, data = vocabulary_sentences(vocabulary, writer.language), document.data
    yield from writer.title_blocks(document)
    if vocabulary.as_of:
        yield Paragraph(writer.phrase("as_of", fact=sentences.fact(vocabulary.as_of)))
    if any(fact.type.name == "datetime" for fact in vocabulary.facts.values()):
        yield Paragraph(writer.phrase("zone", zone=str(vocabulary.time_zone)))
    if vocabulary.order:
        quoted = (writer.phrase("quoted", name=sentences.fact(name)) for name in vocabulary.order)
        yield Paragraph(writer.phrase("order", events=writer.join(quoted, "better.next")))
    yield writer.heading(2, "facts", "facts")
    entries = data["facts"]
    yield ItemList(
        tuple(
            fact_item(fact, entries[name], sentences, writer, usual=True)
            for name, fact in vocabulary.facts.items()
        )
    )
    if vocabulary.invariants:
        yield writer.heading(2, "invariants", "invariants")
        items = []
        for invariant, entry in zip(vocabulary.invariants, data["invariants"], strict=True):
            title = sentences.mention("invariant", invariant.id, invariant.title)
            lead = writer.phrase("invariant", title=title)
            item = sentence_item(lead, sentences.condition(invariant.always), writer.language)
            items.append(ListItem(item.content, (*item.nested, *writer.remarks(entry))))
        yield ItemList(tuple(items))


def calendar_page(document: Document, writer: PageWriter) -> Iterator[Block]:
    """Yield the page of a calendar: its holidays and working weekends, year by year."""
    calendar = writer.resolver.valid_model(document, writer.resolver.calendar(document))
    yield from writer.title_blocks(document)
    first, last = map(str, calendar.years)
    years = writer.phrase("years", first=first, last=last) + writer.phrase("blank")
    yield Paragraph(years + writer.phrase("weekend"))
    basis = writer.basis(document.data)
    if basis:
        yield Paragraph(basis)
    for year in range(calendar.years[0], calendar.years[1] + 1):
        days = _in_year(calendar.holidays, year)
        if not days:
            continue
        yield Heading(2, writer.phrase("holidays", year=str(year)), f"year-{year}")
        yield ItemList(tuple(ListItem(run) for run in _runs(days, writer)))
        workdays = _in_year(calendar.workdays, year)
        if workdays:
            runs = writer.enumeration(_runs(workdays, writer))
            yield Paragraph(writer.phrase("workdays", days=runs))
    yield from writer.sources_section(document)


def _in_year(days: frozenset[int], year: int) -> list[int]:
    return sorted(day for day in days if date.fromordinal(day).year == year)


def _runs(days: Sequence[int], writer: PageWriter) -> Iterator[RichText]:
    """Yield runs of consecutive days, each as its first and last day."""
    for _, group in groupby(enumerate(days), key=lambda pair: pair[1] - pair[0]):
        run = [day for _, day in group]
        first, last = (format_day(day, writer.language) for day in (run[0], run[-1]))
        yield (first,) if len(run) == 1 else writer.phrase("days_to", first=first, last=last)


def source_page(document: Document, writer: PageWriter) -> Iterator[Block]:
    """Yield the page of a source: every clause, its gist, and whether rules carry it out."""
    source = writer.resolver.valid_model(document, writer.resolver.source(document))
    yield from writer.title_blocks(document)
    rows = []
    for id, clause in source.clauses.items():
        entry = document.data["clauses"][id]
        gist, note = writer.text(clause.gist), writer.text(entry.get("note"))
        content = (gist, *writer.phrase("blank"), note) if note else (gist,)
        status = writer.phrase(f"is.{clause.status}", why=writer.text(clause.why))
        anchor = clause_mention(f"{source.id}#{id}", id).anchor
        rows.append(TableRow(((code(id),), content, status), anchor))
    heads = tuple(writer.phrase(head) for head in ("clause", "says", "status"))
    yield Table(heads, tuple(rows))
