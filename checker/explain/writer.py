"""The parts that pages have in common: titles, periods, notes, sources, counting of days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checker.explain.conditions.rich_text import LANGUAGE_INDEX, Mention, RichText, fill
from checker.explain.conditions.sentences import SentenceWriter
from checker.explain.conditions.values import enumeration, format_day
from checker.explain.phrases import PHRASES
from checker.explain.render.blocks import Block, Heading, ItemList, ListItem, Paragraph, code
from checker.language.model.calendars import Counting
from checker.language.model.types import FIRST_DAY, LAST_DAY
from checker.language.resolve.library import NotFound
from checker.language.resolve.periods import period
from checker.language.resolve.resolver import Resolver
from checker.language.resolve.sources import Clause, Source, citations
from checker.language.syntax.documents import Document
from checker.language.syntax.localized import in_language


@dataclass(frozen=True, slots=True)
class PageWriter:
    """Writes pages in one language about the documents of a library.

    Attributes:
        language: `en` or `zh`.
        resolver: Finds the documents that a page mentions.
        day: The ordinal of the day whose versions of these documents are meant.
    """

    language: str
    resolver: Resolver
    day: int

    def phrase(self, key: str, **values: RichText | str | Mention) -> RichText:
        """Return the phrase of `key`, with the value of that name in place of each `{name}`."""
        rich_texts = {
            name: value if isinstance(value, tuple) else (value,) for name, value in values.items()
        }
        return fill(PHRASES[key][LANGUAGE_INDEX[self.language]], rich_texts)

    def text(self, localized: Any) -> str:
        """Return a text of a document in the language, or else in the first that it has."""
        return in_language(localized, self.language)

    def enumeration(self, texts: Iterable[RichText], conjunction: str = "and") -> RichText:
        """Return texts as a list, `a, b and c`, with the conjunction `and` or `or`."""
        items = [*texts]
        if not items:
            return ()
        # list marks that stand for the items, then put the items in place of the marks
        marks = [f"\0{index}\0" for index in range(len(items))]
        pieces = enumeration(marks, conjunction, self.language).split("\0")
        parts = [items[int(piece)] if n % 2 else (piece,) for n, piece in enumerate(pieces)]
        return tuple(part for text in parts for part in text if part)

    def join(self, texts: Iterable[RichText], separator: str = "semicolon") -> RichText:
        """Return texts as one, with the phrase of `separator` between them."""
        joined: RichText = ()
        for text in texts:
            joined += (*(self.phrase(separator) if joined else ()), *text)
        return joined

    def heading(self, level: int, key: str, anchor: str = "") -> Heading:
        """Return a heading with the phrase of `key`."""
        return Heading(level, self.phrase(key), anchor)

    def title_blocks(self, document: Document) -> Iterator[Block]:
        """Yield a document's title, its kind and id, when it is in force, and its note."""
        data = document.data
        yield Heading(1, self.title_of(document))
        kind, id = self.phrase(f"kind.{document.kind}"), code(document.id or document.file)
        about = self.phrase("about", kind=kind, id=id)
        if document.version:
            about += self.phrase("version", version=document.version)
        start, end = period(document)
        if start > FIRST_DAY:
            about += self.phrase("from", day=format_day(start, self.language))
        if end <= LAST_DAY:
            about += self.phrase("until", day=format_day(end - 1, self.language))
        yield Paragraph((*about, *self.phrase("stop")))
        yield from self.note(data)

    def title_of(self, document: Document) -> RichText:
        """Return the title of a document, or else its id."""
        title, id = self.text(document.data.get("title")), document.id or document.file
        return (title,) if title else (code(id),)

    def reference(self, kind: str, reference: str) -> RichText:
        """Return the title of the document that is referred to, with its id and version."""
        document = self.find(kind, reference)
        title = self.text(document.data.get("title")) if document else ""
        name = code(document.name if document else reference)
        return self.phrase("reference", title=title, name=name) if title else (name,)

    def find(self, kind: str, reference: str) -> Document | None:
        """Return the version that is in force on the day, else the highest one, else None."""
        library = self.resolver.library
        try:
            return library.find(kind, reference, self.day)
        except NotFound:
            pass
        try:
            return library.versions(kind, reference)[0]
        except NotFound:
            return None

    def note(self, entry: Mapping[str, Any]) -> Iterator[Block]:
        """Yield the note of an entry, where it has one."""
        note = self.text(entry.get("note"))
        if note:
            yield Paragraph((note,), quiet=True)

    def remarks(self, entry: Mapping[str, Any]) -> Iterator[Block]:
        """Yield the basis of an entry, and its note."""
        basis = self.basis(entry)
        if basis:
            yield Paragraph(basis)
        yield from self.note(entry)

    def basis(self, entry: Mapping[str, Any]) -> RichText:
        """Return what an entry is based on: clauses, an assumption, or nothing."""
        line: RichText = ()
        if "source" in entry:
            line = self.phrase("rests_on", clauses=self.clauses(entry["source"]))
        if "basis" in entry:
            blank = self.phrase("blank") if line else ()
            line += (*blank, *self.phrase("assumption"))
        return line

    def clauses(self, cited: Iterable[str]) -> RichText:
        """Return the clauses that are cited as `source#clause`, grouped by source."""
        by_source: dict[str, list[RichText]] = {}
        for citation in cited:
            source, _, clause = citation.partition("#")
            by_source.setdefault(source, []).append((clause_mention(citation, clause),))
        return self.join(
            self.phrase(
                "clauses", source=self.source_title(source), clauses=self.enumeration(mentions)
            )
            for source, mentions in by_source.items()
        )

    def source_title(self, id: str) -> RichText:
        """Return the title of a source, or else its id."""
        source = self.source(id)
        title = self.text(source.title) if source else ""
        return (title,) if title else (code(id),)

    def source(self, id: str) -> Source | None:
        """Return the source, None where there is none or where it has errors."""
        document = self.find("source", id)
        return self.resolver.source(document)[0] if document else None

    def clause(self, citation: str) -> Clause | None:
        """Return the clause that `source#clause` cites, None where there is none."""
        id, _, clause = citation.partition("#")
        source = self.source(id)
        return source.clauses.get(clause) if source else None

    def clause_item(self, citation: str) -> ListItem:
        """Return a clause with its gist, its status, and why no rule carries it out."""
        clause, id = self.clause(citation), citation.partition("#")[2]
        mention = clause_mention(citation, id)
        line: RichText = (mention,)
        if clause:
            line = self.phrase("gist", clause=code(id), gist=self.text(clause.gist))
            if clause.status != "encoded":
                line += self.phrase(f"status.{clause.status}", why=self.text(clause.why))
        return ListItem(line, anchor=mention.anchor)

    def sources_section(self, document: Document) -> Iterator[Block]:
        """Yield the sources that a document cites, with the clauses cited."""
        by_source: dict[str, dict[str, None]] = {}
        for _, citation in citations(document):
            by_source.setdefault(citation.partition("#")[0], {})[citation] = None
        if by_source:
            yield self.heading(2, "sources", "sources")
        for id, cited in by_source.items():
            yield Heading(3, self.source_title(id))
            yield ItemList(tuple(map(self.clause_item, cited)))

    def counting_rule(self, counting: Counting, sentences: SentenceWriter) -> RichText:
        """Return how a period is counted, and when it ends if its last day is a holiday."""
        if counting.elapsed:
            return self.phrase("elapsed")
        line = self.phrase("calendar_months" if counting.months else "calendar_days")
        if counting.and_days:
            line += self.phrase("and_days", days=str(counting.and_days))
        roll = counting.roll
        if not roll:
            return line
        choices: RichText = ()
        if roll.fact:
            calendar = self.phrase("roll_by", fact=sentences.fact(roll.fact))
            calendars = (
                self._calendar_of(roll.fact, value, sentences, id)
                for value, id in roll.calendars.items()
            )
            choices = self.phrase("roll_by.calendars", calendars=self.enumeration(calendars))
        else:
            calendar = self.reference("calendar", roll.calendars[""])
        line += self.phrase("roll", calendar=calendar)
        return line + (self.phrase("weekends") if counting.weekends else ()) + choices

    def _calendar_of(
        self, fact: str, value: str, sentences: SentenceWriter, calendar: str
    ) -> RichText:
        """Return a value of the fact with the calendar that it stands for."""
        text = sentences.value_text(fact, sentences.facts[fact].type.read(value))
        return self.phrase("picked", value=text, calendar=code(calendar))


def clause_mention(citation: str, text: str) -> Mention:
    """Return the mention of the clause that `source#clause` cites."""
    return Mention("clause", citation.replace("#", "-"), text)
