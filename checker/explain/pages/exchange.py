"""The page of an exchange document: what data in other formats means under one policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.explain.conditions.rich_text import RichText
from checker.explain.conditions.sentences import SentenceWriter, policy_sentences
from checker.explain.pages.fragments import fragment_items
from checker.explain.pages.notions import NOTION_TITLES, NOTION_VALUES
from checker.explain.render.blocks import (
    Block,
    ItemList,
    ListItem,
    Paragraph,
    Table,
    TableRow,
    code,
)
from checker.explain.writer import PageWriter
from checker.language.model.exchange.document import Exchange, RecordField
from checker.language.model.exchange.fragments import fill
from checker.language.model.exchange.notions import NOTIONS
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.documents import Document
from checker.language.syntax.scalars import scalar_text


def exchange_page(document: Document, writer: PageWriter) -> Iterator[Block]:
    """Yield the page of an exchange document.

    Raises:
        NotFound: A document that it needs is missing.
        InvalidDocument: It, or a document that it needs, has errors.
    """
    resolved = writer.resolver.resolve_for(document, writer.day)
    exchange = writer.resolver.valid_model(
        document, writer.resolver.exchange(document, resolved.policy)
    )
    sentences = policy_sentences(resolved.policy, writer.language)
    yield from writer.title_blocks(document)
    policy = writer.reference("policy", resolved.policy.name)
    yield Paragraph(writer.phrase("exchange.about", policy=policy))
    says = document.data.get("says", {})
    if says:
        yield writer.heading(2, "exchange.says", "says")
        yield ItemList(
            tuple(_notion(name, says[name], document, sentences, writer) for name in says)
        )
    if exchange.records:
        yield writer.heading(2, "exchange.records", "records")
        yield _records(exchange, document, resolved, sentences, writer)


def _notion(
    name: str,
    entry: Mapping[str, Any],
    document: Document,
    sentences: SentenceWriter,
    writer: PageWriter,
) -> ListItem:
    """Return what a notion means: one fragment for every value, or a fragment for each value."""
    values = entry.get("values", {})
    if NOTIONS[name].form == "boolean" and not values:
        values = {scalar_text(value): fill(entry, value) for value in (True, False)}
    line: RichText = (writer.text(NOTION_TITLES[name]),)
    if "currency" in entry:
        line += writer.phrase("exchange.currency", currency=entry["currency"])
    if not values:
        return _fragment_item(line, entry, document, sentences, writer)
    items = [
        _fragment_item((_value(value, writer),), fragment, document, sentences, writer)
        for value, fragment in values.items()
    ]
    # without `values`, the note is in the fragment of each value
    remark = _note(entry, writer) if "values" in entry else ()
    return ListItem((*line, *remark), (ItemList(tuple(items)),))


def _value(value: str, writer: PageWriter) -> Any:
    title = writer.text(NOTION_VALUES.get(value))
    return title or code(value)


def _fragment_item(
    line: RichText,
    fragment: Mapping[str, Any],
    document: Document,
    sentences: SentenceWriter,
    writer: PageWriter,
) -> ListItem:
    """Return an item with what a fragment means, in one line where that is one short part."""
    items = [*fragment_items(fragment, document, sentences, writer)]
    remark = _note(fragment, writer)
    if not items:
        outside = writer.text(fragment.get("outside"))
        what = (
            writer.phrase("exchange.outside", why=outside)
            if outside
            else writer.phrase("exchange.nothing")
        )
        return ListItem((*line, *writer.phrase("colon_blank"), *what, *remark))
    if len(items) == 1 and not items[0].nested:
        return ListItem((*line, *writer.phrase("colon_blank"), *items[0].content, *remark))
    return ListItem((*line, *writer.phrase("colon"), *remark), (ItemList(tuple(items)),))


def _note(entry: Mapping[str, Any], writer: PageWriter) -> RichText:
    note = writer.text(entry.get("note"))
    return writer.phrase("exchange.note", note=note) if note else ()


def _records(
    exchange: Exchange,
    document: Document,
    resolved: ResolvedPolicy,
    sentences: SentenceWriter,
    writer: PageWriter,
) -> Table:
    rows = []
    for name, record_field in exchange.records.items():
        note = _note(document.data["records"][name], writer)
        cells = ((code(name),), (*_fact(record_field.fact, resolved, sentences, writer), *note))
        rows.append(TableRow((*cells, _codes(record_field, sentences, writer))))
    heads = ("exchange.field", "exchange.fact", "column.read")
    return Table(tuple(writer.phrase(head) for head in heads), tuple(rows))


def _fact(
    fact: str, resolved: ResolvedPolicy, sentences: SentenceWriter, writer: PageWriter
) -> RichText:
    if fact == "cites":
        return writer.phrase("exchange.cites")
    term = resolved.policy.terms.get(fact.removeprefix("due:")) if fact.startswith("due:") else None
    if term:
        return writer.phrase("exchange.due", term=sentences.title(term.title, term.name))
    return sentences.fact(fact)


def _codes(record_field: RecordField, sentences: SentenceWriter, writer: PageWriter) -> RichText:
    if not record_field.values:
        return writer.phrase("column.as_is")
    lines = []
    for record_code, value in record_field.values.items():
        text: RichText = (code(scalar_text(value)),)
        if record_field.fact == "cites":
            text = sentences.ground(str(value))
        elif record_field.fact in sentences.facts:
            fact_value = sentences.facts[record_field.fact].type.read(value)
            text = (sentences.value_text(record_field.fact, fact_value),)
        lines.append(writer.phrase("column.code", code=code(record_code), value=text))
    return writer.join(lines)
