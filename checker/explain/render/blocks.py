"""What a page of prose is made of, whatever it is written in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from checker.explain.conditions.lines import Line, Listing, Name, Said, depth, leaves
from checker.explain.conditions.phrases import inline, phrase

_WORD = re.compile(r"^[a-z]+(?![\w-])")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3, and the anchor that names lead to."""

    level: int
    line: Line
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a `quiet` one is a remark."""

    line: Line
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list, with what stands below it."""

    line: Line
    below: tuple[Block, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list, in order of count where it is `numbered`."""

    items: tuple[Item, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table."""

    cells: tuple[Line, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of a row says what the row is about."""

    head: tuple[Line, ...]
    rows: tuple[Row, ...]


Block = Heading | Paragraph | Items | Table


def begun(block: Block) -> Block:
    """Return a heading or paragraph that begins with a capital letter, as English does.

    A word with a capital within is left alone: eBay.
    """
    if not isinstance(block, Heading | Paragraph):
        return block
    first: str | Name = block.line[0]
    if isinstance(first, str):
        first = _capital(first)
    elif first.text != first.id:
        first = replace(first, text=_capital(first.text))
    return replace(block, line=(first, *block.line[1:]))


def _capital(text: str) -> str:
    return _WORD.sub(lambda word: word[0].capitalize(), text)


def code(text: str) -> Name:
    """Return an id, or what else is to be read letter by letter."""
    return Name("code", text, text)


def sentence(lead: Line, said: Said, language: str) -> list[Block]:
    """Return `lead` and what is said: one paragraph where it is short, else a list below it."""
    item = item_of(lead, said, language)
    end = () if item.below else ("。" if language == "zh" else ".",)
    return [Paragraph((*item.line, *end)), *item.below]


def item_of(lead: Line, said: Said, language: str) -> Item:
    """Return `lead` and what is said as an item: on its line where it is short, else below."""
    if not isinstance(said, Listing) or _short(said):
        return Item((*lead, *inline(said, language)))
    opening = phrase("all_of" if said.every else "one_of_these", language)
    colon = "：" if language == "zh" else ":"
    parts = tuple(item_of((), part, language) for part in said.parts)
    return Item((*lead, *opening, colon), (Items(parts),))


def _short(said: Listing) -> bool:
    return depth(said) < 2 and sum(1 for _ in leaves(said)) <= 2


def anchors(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield every anchor that stands in the blocks."""
    for block in blocks:
        if isinstance(block, Items):
            for item in block.items:
                yield item.anchor
                yield from anchors(item.below)
        elif isinstance(block, Table):
            yield from (row.anchor for row in block.rows)
        elif isinstance(block, Heading):
            yield block.anchor
