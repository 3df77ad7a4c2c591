"""What all pages of prose say alike: titles, periods, remarks, sources, counting of days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checker.explain.conditions.lines import LANGUAGE_PLACE, Line, Name, fill
from checker.explain.conditions.sentences import Words
from checker.explain.conditions.values import day, listed
from checker.explain.phrases import PHRASES
from checker.explain.render.blocks import Block, Heading, Item, Items, Paragraph, code
from checker.language.model.calendars import Counting
from checker.language.model.types import FIRST_DAY, LAST_DAY
from checker.language.resolve.library import NotFound, period
from checker.language.resolve.resolver import Resolver
from checker.language.resolve.sources import Clause, Source, citations
from checker.language.syntax.documents import Document
from checker.language.syntax.localized import in_language


@dataclass(frozen=True, slots=True)
class Prose:
    """Writes prose in one language about a library's documents, as one day picks them."""

    language: str
    resolver: Resolver
    day: int

    def say(self, key: str, **values: Line | str | Name) -> Line:
        """Return the words of `key`, with a text, a name or a line in place of each `{name}`."""
        lines = {
            name: value if isinstance(value, tuple) else (value,) for name, value in values.items()
        }
        return fill(PHRASES[key][LANGUAGE_PLACE[self.language]], lines)

    def text(self, stated: Any) -> str:
        """Return a text for people in the language, or in the first that it has."""
        return in_language(stated, self.language)

    def listed(self, lines: Iterable[Line], last: str = "and") -> Line:
        """Return lines as a list within a line; `last` is `and` or `or`."""
        marked = [*lines]
        if not marked:
            return ()
        shown = listed([f"\0{number}\0" for number in range(len(marked))], last, self.language)
        pieces = shown.split("\0")
        found = [marked[int(each)] if at % 2 else (each,) for at, each in enumerate(pieces)]
        return tuple(part for line in found for part in line if part)

    def joined(self, lines: Iterable[Line], between: str = "semicolon") -> Line:
        """Return lines as one, with semicolons or other words between them."""
        joined: Line = ()
        for line in lines:
            joined += (*(self.say(between) if joined else ()), *line)
        return joined

    def heading(self, level: int, key: str, anchor: str = "") -> Heading:
        """Return a heading of the words of `key`."""
        return Heading(level, self.say(key), anchor)

    def head(self, document: Document) -> Iterator[Block]:
        """Yield a document's title, what it is, when it is in force, and its note."""
        data = document.data
        yield Heading(1, self.titled(document))
        kind, shown = self.say(f"kind.{document.kind}"), code(document.id or document.file)
        about = self.say("about", kind=kind, id=shown)
        if document.version:
            about += self.say("version", version=document.version)
        start, end = period(document)
        if start > FIRST_DAY:
            about += self.say("from", day=day(start, self.language))
        if end <= LAST_DAY:
            about += self.say("until", day=day(end - 1, self.language))
        yield Paragraph((*about, *self.say("stop")))
        yield from self.note(data)

    def titled(self, document: Document) -> Line:
        """Return what people call a document, or else its id."""
        title, id = self.text(document.data.get("title")), document.id or document.file
        return (title,) if title else (code(id),)

    def reference(self, kind: str, name: str) -> Line:
        """Return what people call the document of a name, with its id and version."""
        found = self.find(kind, name)
        title = self.text(found.data.get("title")) if found else ""
        shown = code(found.name if found else name)
        return self.say("reference", title=title, name=shown) if title else (shown,)

    def find(self, kind: str, reference: str) -> Document | None:
        """Return the document that is in force, else the highest one, else None."""
        library = self.resolver.library
        try:
            return library.find(kind, reference, self.day)
        except NotFound:
            pass
        try:
            return library.named(kind, reference)[0]
        except NotFound:
            return None

    def note(self, entry: Mapping[str, Any]) -> Iterator[Block]:
        """Yield the note of an entry, where it has one."""
        note = self.text(entry.get("note"))
        if note:
            yield Paragraph((note,), quiet=True)

    def remarks(self, entry: Mapping[str, Any]) -> Iterator[Block]:
        """Yield what an entry rests on, and its note."""
        founded = self.founded(entry)
        if founded:
            yield Paragraph(founded)
        yield from self.note(entry)

    def founded(self, entry: Mapping[str, Any]) -> Line:
        """Return what an entry rests on: clauses, an assumption, or nothing that is said."""
        line: Line = ()
        if "source" in entry:
            line = self.say("rests_on", clauses=self.clauses(entry["source"]))
        if "basis" in entry:
            blank = self.say("blank") if line else ()
            line += (*blank, *self.say("assumption"))
        return line

    def clauses(self, cited: Iterable[str]) -> Line:
        """Return the clauses, source by source."""
        by_source: dict[str, list[Line]] = {}
        for text in cited:
            source, _, clause = text.partition("#")
            by_source.setdefault(source, []).append((clause_name(text, clause),))
        return self.joined(
            self.say("clauses", source=self.source_title(source), clauses=self.listed(names))
            for source, names in by_source.items()
        )

    def source_title(self, id: str) -> Line:
        """Return what people call a source, or else its id."""
        source = self.source(id)
        title = self.text(source.title) if source else ""
        return (title,) if title else (code(id),)

    def source(self, id: str) -> Source | None:
        """Return the source, None where there is none or it has errors."""
        document = self.find("source", id)
        return self.resolver.source(document)[0] if document else None

    def clause(self, cited: str) -> Clause | None:
        """Return the clause that `source#clause` names."""
        id, _, clause = cited.partition("#")
        source = self.source(id)
        return source.clauses.get(clause) if source else None

    def gist(self, cited: str) -> Item:
        """Return what a clause says, its status, and why it is not carried out."""
        clause, id = self.clause(cited), cited.partition("#")[2]
        line: Line = (clause_name(cited, id),)
        if clause:
            gist = self.text(clause.gist)
            line = self.say("gist", clause=code(id), gist=gist)
            if clause.status != "encoded":
                line += self.say(f"status.{clause.status}", why=self.text(clause.why))
        return Item(line, anchor=clause_name(cited, id).anchor)

    def sources(self, document: Document) -> Iterator[Block]:
        """Yield the sources that a document cites, with the clauses cited."""
        cited: dict[str, list[str]] = {}
        for _, text in citations(document):
            known = cited.setdefault(text.partition("#")[0], [])
            known += [] if text in known else [text]
        if cited:
            yield self.heading(2, "sources", "sources")
        for id, texts in cited.items():
            yield Heading(3, self.source_title(id))
            yield Items(tuple(map(self.gist, texts)))

    def counting(self, counting: Counting, words: Words) -> Line:
        """Return how days or time are counted."""
        if counting.elapsed:
            return self.say("elapsed")
        line = self.say("calendar_days")
        roll = counting.roll
        if not roll:
            return line
        picked: Line = ()
        if roll.fact:
            by = self.say("roll_by", fact=words.fact(roll.fact))
            each = (
                self._picked(roll.fact, value, words, of) for value, of in roll.calendars.items()
            )
            picked = self.say("roll_by.calendars", calendars=self.listed(each))
        else:
            by = self.reference("calendar", roll.calendars[""])
        line += self.say("roll", calendar=by)
        return line + (self.say("weekends") if counting.weekends else ()) + picked

    def _picked(self, fact: str, value: str, words: Words, calendar: str) -> Line:
        said = words.value(fact, words.facts[fact].type.read(value))
        return self.say("picked", value=said, calendar=code(calendar))


def clause_name(cited: str, shown: str) -> Name:
    """Return the name of the clause that `source#clause` names."""
    return Name("clause", cited.replace("#", "-"), shown)
