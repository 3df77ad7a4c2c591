"""The fragments of overrides in exchange documents, in which `<stated>` is not known yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checker.explain.conditions.rich_text import RichText
from checker.explain.conditions.sentences import SentenceWriter
from checker.explain.pages.override import response_text, rule_item
from checker.explain.pages.terms import row_items
from checker.explain.render.blocks import ItemList, ListItem, sentence_item
from checker.explain.writer import PageWriter
from checker.language.model.conditions import Condition, Literal
from checker.language.model.exchange.fragments import STATED, Fragment
from checker.language.model.override import Rule
from checker.language.model.terms import read_rows
from checker.language.model.typecheck import ConditionReader
from checker.language.model.types import ValueType
from checker.language.syntax.documents import Document, Path, Reporter


class _OpenReader(ConditionReader):
    """Reads conditions in which `<stated>` stands for a value that is not known yet."""

    def _literal(self, type_: ValueType, data: Any, path: Path) -> Literal | None:
        if isinstance(data, str) and STATED in data:
            return Literal(data)
        return ConditionReader._literal(self, type_, data, path)


def fragment_items(
    fragment: Fragment, document: Document, sentences: SentenceWriter, writer: PageWriter
) -> Iterator[ListItem]:
    """Yield the parts of a fragment, which must be free of errors under the policy."""
    for key, part in fragment.items():
        if key in _PARTS:
            yield from (
                _item_with_stated(item, writer)
                for item in _PARTS[key](part, document, sentences, writer)
            )


def _scope(
    scope: Any, document: Document, sentences: SentenceWriter, writer: PageWriter
) -> Iterator[ListItem]:
    assert sentences.policy
    reader = _OpenReader(sentences.policy.vocabulary.scope(), Reporter(document))
    sentence = sentences.condition(_condition(scope, reader))
    yield sentence_item(writer.phrase("exchange.scope"), sentence, writer.language)


def _settings(
    settings: Any, _: Document, sentences: SentenceWriter, writer: PageWriter
) -> Iterator[ListItem]:
    assert sentences.policy
    for name, data in settings.items():
        type_ = sentences.policy.parameters[name].type
        is_open = isinstance(data, str) and STATED in data
        value = (
            data
            if is_open
            else sentences.parameter_format(name).text(type_.read(data), writer.language)
        )
        yield ListItem(
            writer.phrase("exchange.setting", name=sentences.parameter(name), value=value)
        )


def _rules(
    rules: Any, document: Document, sentences: SentenceWriter, writer: PageWriter
) -> Iterator[ListItem]:
    for rule in rules:
        when = _condition(rule["when"], _reader(document, sentences))
        cites = tuple(rule.get("cites", ()))
        typed_rule = Rule(rule["id"], when, rule["respond"], cites, rule.get("title"))
        item = rule_item(typed_rule, rule, sentences, writer)
        yield replace(item, content=writer.phrase("exchange.rule", rule=item.content), anchor="")


def _terms(
    terms: Any, document: Document, sentences: SentenceWriter, writer: PageWriter
) -> Iterator[ListItem]:
    assert sentences.policy
    for name, entries in terms.items():
        term = sentences.policy.terms[name]
        rows = read_rows(entries, term.type, term.counting, (), _reader(document, sentences))
        assert rows
        lead = writer.phrase("exchange.term", name=sentences.title(term.title, name))
        yield ListItem(lead, (ItemList(tuple(row_items(term, rows, entries, sentences, writer))),))


def _otherwise(
    respond: str, _: Document, __: SentenceWriter, writer: PageWriter
) -> Iterator[ListItem]:
    yield ListItem(writer.phrase("exchange.otherwise", respond=response_text(respond, writer)))


_PARTS = {
    "scope": _scope,
    "settings": _settings,
    "rules": _rules,
    "terms": _terms,
    "otherwise": _otherwise,
}


def _reader(document: Document, sentences: SentenceWriter) -> ConditionReader:
    assert sentences.policy
    return _OpenReader(sentences.policy.scope(), Reporter(document))


def _condition(data: Any, reader: ConditionReader) -> Condition:
    condition = reader.condition(data, ())
    assert condition, reader.report.problems
    return condition


def _item_with_stated(item: ListItem, writer: PageWriter) -> ListItem:
    """Return the item with a phrase in place of `<stated>`."""
    nested = tuple(
        ItemList(tuple(_item_with_stated(item, writer) for item in block.items), block.numbered)
        if isinstance(block, ItemList)
        else block
        for block in item.nested
    )
    return replace(item, content=_text_with_stated(item.content, writer), nested=nested)


def _text_with_stated(line: RichText, writer: PageWriter) -> RichText:
    parts: RichText = ()
    for part in line:
        text = part.replace(f"`{STATED}`", STATED) if isinstance(part, str) else ""
        head, separator, tail = text.partition(STATED)
        if not separator:
            parts += (part,)
            continue
        key, unit = "exchange.stated", tail[:1]
        if unit in ("d", "h", "m"):
            key, tail = f"exchange.stated.{unit}", tail[1:]
        parts += (head, *writer.phrase(key), *_text_with_stated((tail,), writer))
    return parts
