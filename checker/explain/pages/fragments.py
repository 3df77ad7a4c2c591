"""Parts of overrides as exchange documents write them, with what is stated left open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checker.explain.conditions.lines import Line
from checker.explain.conditions.sentences import Words
from checker.explain.pages.override import respond_words, rule_item
from checker.explain.pages.terms import row_items
from checker.explain.render.blocks import Item, Items, item_of
from checker.explain.writer import Prose
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
    fragment: Fragment, document: Document, words: Words, prose: Prose
) -> Iterator[Item]:
    """Yield what each part of a fragment says, one that is sound under the policy of `words`."""
    for key, part in fragment.items():
        if key in _PARTS:
            yield from (_open(item, prose) for item in _PARTS[key](part, document, words, prose))


def _scope(scope: Any, document: Document, words: Words, prose: Prose) -> Iterator[Item]:
    assert words.policy
    reader = _OpenReader(words.policy.vocabulary.scope(), Reporter(document))
    said = words.condition(_condition(scope, reader))
    yield item_of(prose.say("exchange.scope"), said, prose.language)


def _settings(settings: Any, _: Document, words: Words, prose: Prose) -> Iterator[Item]:
    assert words.policy
    for name, data in settings.items():
        type_ = words.policy.parameters[name].type
        is_open = isinstance(data, str) and STATED in data
        value = data if is_open else words.measure(name).said(type_.read(data), prose.language)
        yield Item(prose.say("exchange.setting", name=words.parameter(name), value=value))


def _rules(rules: Any, document: Document, words: Words, prose: Prose) -> Iterator[Item]:
    for rule in rules:
        when = _condition(rule["when"], _reader(document, words))
        cites = tuple(rule.get("cites", ()))
        read = Rule(rule["id"], when, rule["respond"], cites, rule.get("title"))
        item = rule_item(read, rule, words, prose)
        yield replace(item, line=prose.say("exchange.rule", rule=item.line), anchor="")


def _terms(terms: Any, document: Document, words: Words, prose: Prose) -> Iterator[Item]:
    assert words.policy
    for name, entries in terms.items():
        term = words.policy.terms[name]
        rows = read_rows(entries, term.type, term.counting, (), _reader(document, words))
        assert rows
        lead = prose.say("exchange.term", name=words.title(term.title, name))
        yield Item(lead, (Items(tuple(row_items(term, rows, entries, words, prose))),))


def _otherwise(respond: str, _: Document, __: Words, prose: Prose) -> Iterator[Item]:
    yield Item(prose.say("exchange.otherwise", respond=respond_words(respond, prose)))


_PARTS = {
    "scope": _scope,
    "settings": _settings,
    "rules": _rules,
    "terms": _terms,
    "otherwise": _otherwise,
}


def _reader(document: Document, words: Words) -> ConditionReader:
    assert words.policy
    return _OpenReader(words.policy.scope(), Reporter(document))


def _condition(data: Any, reader: ConditionReader) -> Condition:
    condition = reader.condition(data, ())
    assert condition, reader.report.problems
    return condition


def _open(item: Item, prose: Prose) -> Item:
    """Return the item with words in place of `<stated>`."""
    below = tuple(
        Items(tuple(_open(each, prose) for each in block.items), block.numbered)
        if isinstance(block, Items)
        else block
        for block in item.below
    )
    return replace(item, line=_stated(item.line, prose), below=below)


def _stated(line: Line, prose: Prose) -> Line:
    parts: Line = ()
    for part in line:
        text = part.replace(f"`{STATED}`", STATED) if isinstance(part, str) else ""
        head, found, tail = text.partition(STATED)
        if not found:
            parts += (part,)
            continue
        key, unit = "exchange.stated", tail[:1]
        if unit in ("d", "h", "m"):
            key, tail = f"exchange.stated.{unit}", tail[1:]
        parts += (head, *prose.say(key), *_stated((tail,), prose))
    return parts
