"""The blocks of a page, which each output format renders: headings, paragraphs, lists, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from checker.explain.conditions.phrases import inline, phrase
from checker.explain.conditions.rich_text import (
    Mention,
    RichText,
    Sentence,
    SentenceList,
    depth,
    leaves,
)

_WORD = re.compile(r"^[a-z]+(?![\w-])")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3, and the anchor that mentions link to."""

    level: int
    content: RichText
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a `quiet` one is a remark, shown less prominently."""

    content: RichText
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class ListItem:
    """An item of a list, with the blocks nested below it."""

    content: RichText
    nested: tuple[Block, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list of items, with numbers or bullets."""

    items: tuple[ListItem, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table, and the anchor that mentions link to."""

    cells: tuple[RichText, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of a row is the row's heading."""

    head: tuple[RichText, ...]
    rows: tuple[TableRow, ...]


Block = Heading | Paragraph | ItemList | Table


def capitalized(block: Block) -> Block:
    """Return a heading or paragraph with a capital first letter, and any other block unchanged.

    A first word that has a capital inside of it stays as it is: eBay.
    """
    if not isinstance(block, Heading | Paragraph):
        return block
    first: str | Mention = block.content[0]
    if isinstance(first, str):
        first = _capital(first)
    elif first.text != first.id:
        first = replace(first, text=_capital(first.text))
    return replace(block, content=(first, *block.content[1:]))


def _capital(text: str) -> str:
    return _WORD.sub(lambda word: word[0].capitalize(), text)


def code(text: str) -> Mention:
    """Return a mention of an id, or of another text that is read letter by letter."""
    return Mention("code", text, text)


def sentence_blocks(lead: RichText, sentence: Sentence, language: str) -> list[Block]:
    """Return `lead` and the sentence: one paragraph where it is short, else a list below `lead`."""
    item = sentence_item(lead, sentence, language)
    end = () if item.nested else ("。" if language == "zh" else ".",)
    return [Paragraph((*item.content, *end)), *item.nested]


def sentence_item(lead: RichText, sentence: Sentence, language: str) -> ListItem:
    """Return `lead` and the sentence as an item: in one line where it is short, else nested."""
    if not isinstance(sentence, SentenceList) or _is_short(sentence):
        return ListItem((*lead, *inline(sentence, language)))
    opening = phrase("all_of" if sentence.every else "one_of_these", language)
    colon = "：" if language == "zh" else ":"
    parts = tuple(sentence_item((), part, language) for part in sentence.parts)
    return ListItem((*lead, *opening, colon), (ItemList(parts),))


def _is_short(sentence: SentenceList) -> bool:
    return depth(sentence) < 2 and sum(1 for _ in leaves(sentence)) <= 2


def anchors(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield every anchor in the blocks; items and rows without one give an empty text."""
    for block in blocks:
        if isinstance(block, ItemList):
            for item in block.items:
                yield item.anchor
                yield from anchors(item.nested)
        elif isinstance(block, Table):
            yield from (row.anchor for row in block.rows)
        elif isinstance(block, Heading):
            yield block.anchor
