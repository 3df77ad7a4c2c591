"""The page of an exchange document: what is stated elsewhere, as it is under one policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.explain.conditions.lines import Line
from checker.explain.conditions.sentences import Words, words_under
from checker.explain.pages.fragments import fragment_items
from checker.explain.pages.notions import NOTION_TITLES, NOTION_VALUES
from checker.explain.render.blocks import Block, Item, Items, Paragraph, Row, Table, code
from checker.explain.writer import Prose
from checker.language.model.exchange.document import Coded, Exchange
from checker.language.model.exchange.fragments import filled
from checker.language.model.exchange.notions import NOTIONS
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.documents import Document
from checker.language.syntax.scalars import written


def exchange_page(document: Document, prose: Prose) -> Iterator[Block]:
    """Yield the page of an exchange document; NotFound, InvalidDocument as the resolver."""
    resolved = prose.resolver.world_read_in(document, prose.day)
    found = prose.resolver.exchange(document, resolved.policy)
    exchange = prose.resolver.sound(document, found)
    words = words_under(resolved.policy, prose.language)
    yield from prose.head(document)
    policy = prose.reference("policy", resolved.policy.name)
    yield Paragraph(prose.say("exchange.about", policy=policy))
    says = document.data.get("says", {})
    if says:
        yield prose.heading(2, "exchange.says", "says")
        yield Items(tuple(_notion(name, says[name], document, words, prose) for name in says))
    if exchange.records:
        yield prose.heading(2, "exchange.records", "records")
        yield _records(exchange, document, resolved, words, prose)


def _notion(
    name: str, entry: Mapping[str, Any], document: Document, words: Words, prose: Prose
) -> Item:
    """Return what a notion is: one part for any value, or for each value a part."""
    values = entry.get("values", {})
    if NOTIONS[name][0] == "boolean" and not values:
        values = {written(each): filled(entry, each) for each in (True, False)}
    line: Line = (prose.text(NOTION_TITLES[name]),)
    if "currency" in entry:
        line += prose.say("exchange.currency", currency=entry["currency"])
    if not values:
        return _with(line, entry, document, words, prose)
    items = [
        _with((_value(value, prose),), each, document, words, prose)
        for value, each in values.items()
    ]
    # what is said of each value in turn stands there
    remark = _remark(entry, prose) if "values" in entry else ()
    return Item((*line, *remark), (Items(tuple(items)),))


def _value(value: str, prose: Prose) -> Any:
    title = prose.text(NOTION_VALUES.get(value))
    return title or code(value)


def _with(
    line: Line, fragment: Mapping[str, Any], document: Document, words: Words, prose: Prose
) -> Item:
    """Return an item of what a fragment says, on its line where that is one thing alone."""
    items = [*fragment_items(fragment, document, words, prose)]
    remark = _remark(fragment, prose)
    if not items:
        outside = prose.text(fragment.get("outside"))
        nothing = prose.say("exchange.nothing") if not outside else ()
        what = prose.say("exchange.outside", why=outside) if outside else nothing
        return Item((*line, *prose.say("colon_blank"), *what, *remark))
    if len(items) == 1 and not items[0].below:
        return Item((*line, *prose.say("colon_blank"), *items[0].line, *remark))
    return Item((*line, *prose.say("colon"), *remark), (Items(tuple(items)),))


def _remark(entry: Mapping[str, Any], prose: Prose) -> Line:
    note = prose.text(entry.get("note"))
    return prose.say("exchange.note", note=note) if note else ()


def _records(
    exchange: Exchange, document: Document, resolved: ResolvedPolicy, words: Words, prose: Prose
) -> Table:
    rows = []
    for name, coded in exchange.records.items():
        note = _remark(document.data["records"][name], prose)
        cells = ((code(name),), (*_fact(coded.fact, resolved, words, prose), *note))
        rows.append(Row((*cells, _codes(coded, words, prose))))
    heads = ("exchange.field", "exchange.fact", "column.read")
    return Table(tuple(prose.say(head) for head in heads), tuple(rows))


def _fact(fact: str, resolved: ResolvedPolicy, words: Words, prose: Prose) -> Line:
    if fact == "cites":
        return prose.say("exchange.cites")
    term = resolved.policy.terms.get(fact.removeprefix("due:")) if fact.startswith("due:") else None
    if term:
        return prose.say("exchange.due", term=words.title(term.title, term.name))
    return words.fact(fact)


def _codes(coded: Coded, words: Words, prose: Prose) -> Line:
    if not coded.values:
        return prose.say("column.as_is")
    lines = []
    for each, value in coded.values.items():
        said: Line = (code(written(value)),)
        if coded.fact == "cites":
            said = words.ground(str(value))
        elif coded.fact in words.facts:
            read = words.facts[coded.fact].type.read(value)
            said = (words.value(coded.fact, read),)
        lines.append(prose.say("column.code", code=code(each), value=said))
    return prose.joined(lines)
