"""The pages of vocabularies, calendars and sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from checker.explain.conditions.lines import Line
from checker.explain.conditions.sentences import words_of
from checker.explain.conditions.values import day
from checker.explain.pages.facts import fact_item
from checker.explain.render.blocks import (
    Block,
    Heading,
    Item,
    Items,
    Paragraph,
    Row,
    Table,
    code,
    item_of,
)
from checker.explain.writer import Prose, clause_name
from checker.language.syntax.documents import Document


def vocabulary_page(document: Document, prose: Prose) -> Iterator[Block]:
    """Yield the page of a vocabulary."""
    vocabulary = prose.resolver.sound(document, prose.resolver.vocabulary(document))
    words, data = words_of(vocabulary, prose.language), document.data
    yield from prose.head(document)
    if vocabulary.as_of:
        yield Paragraph(prose.say("as_of", fact=words.fact(vocabulary.as_of)))
    if any(fact.type.name == "datetime" for fact in vocabulary.facts.values()):
        yield Paragraph(prose.say("zone", zone=str(vocabulary.time_zone)))
    yield prose.heading(2, "facts", "facts")
    entries = data["facts"]
    yield Items(
        tuple(
            fact_item(fact, entries[name], words, prose, usual=True)
            for name, fact in vocabulary.facts.items()
        )
    )
    if vocabulary.invariants:
        yield prose.heading(2, "invariants", "invariants")
        items = []
        for invariant, entry in zip(vocabulary.invariants, data["invariants"], strict=True):
            title = words.name("invariant", invariant.id, invariant.title)
            lead = prose.say("invariant", title=title)
            item = item_of(lead, words.condition(invariant.always), prose.language)
            items.append(Item(item.line, (*item.below, *prose.remarks(entry))))
        yield Items(tuple(items))


def calendar_page(document: Document, prose: Prose) -> Iterator[Block]:
    """Yield the page of a calendar: its holidays and worked weekends, year by year."""
    calendar = prose.resolver.sound(document, prose.resolver.calendar(document))
    yield from prose.head(document)
    first, last = map(str, calendar.years)
    years = prose.say("years", first=first, last=last) + prose.say("blank")
    yield Paragraph(years + prose.say("weekend"))
    founded = prose.founded(document.data)
    if founded:
        yield Paragraph(founded)
    for year in range(calendar.years[0], calendar.years[1] + 1):
        days = _in_year(calendar.holidays, year)
        if not days:
            continue
        yield Heading(2, prose.say("holidays", year=str(year)), f"year-{year}")
        yield Items(tuple(Item(run) for run in _runs(days, prose)))
        worked = _in_year(calendar.workdays, year)
        if worked:
            named = prose.listed(_runs(worked, prose))
            yield Paragraph(prose.say("workdays", days=named))
    yield from prose.sources(document)


def _in_year(days: frozenset[int], year: int) -> list[int]:
    return sorted(each for each in days if date.fromordinal(each).year == year)


def _runs(days: Sequence[int], prose: Prose) -> Iterator[Line]:
    """Yield days that follow one another as one."""
    for _, group in groupby(enumerate(days), key=lambda pair: pair[1] - pair[0]):
        run = [each for _, each in group]
        first, last = (day(end, prose.language) for end in (run[0], run[-1]))
        yield (first,) if len(run) == 1 else prose.say("days_to", first=first, last=last)


def source_page(document: Document, prose: Prose) -> Iterator[Block]:
    """Yield the page of a source: every clause, what it says, and whether rules carry it out."""
    source = prose.resolver.sound(document, prose.resolver.source(document))
    yield from prose.head(document)
    rows = []
    for id, clause in source.clauses.items():
        entry = document.data["clauses"][id]
        gist, note = prose.text(clause.gist), prose.text(entry.get("note"))
        says = (gist, *prose.say("blank"), note) if note else (gist,)
        status = prose.say(f"is.{clause.status}", why=prose.text(clause.why))
        anchor = clause_name(f"{source.id}#{id}", id).anchor
        rows.append(Row(((code(id),), says, status), anchor))
    heads = tuple(prose.say(head) for head in ("clause", "says", "status"))
    yield Table(heads, tuple(rows))
