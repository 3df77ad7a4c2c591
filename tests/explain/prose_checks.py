"""What tests ask of prose: its texts, the names in them, and the slips that no sentence has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from checker.explain.conditions.rich_text import Mention, RichText, plain_text
from checker.explain.phrases import PHRASES
from checker.explain.render.blocks import Block, ItemList, Table
from checker.explain.writer import PageWriter
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.localized import LANGUAGES
from tests.worlds import DAY, library

# what no sentence has: doubled blanks or marks, a blank before a mark, a hole, an empty quotation
SLIPS = re.compile(
    r"  |\.\.|。。|，，|：：| [,.;]|“”|\{\w*\}|\(\)|（）|\bNone(?=[.,;:”)]|$)|, ,|[，；：]。|\x00"
)


def texts_of(blocks: Iterable[Block]) -> Iterator[RichText]:
    """Yield every text of the blocks."""
    for block in blocks:
        if isinstance(block, ItemList):
            for item in block.items:
                yield item.content
                yield from texts_of(item.nested)
        elif isinstance(block, Table):
            yield from block.head
            yield from (cell for row in block.rows for cell in row.cells)
        else:
            yield block.content


def slips(texts: Iterable[RichText]) -> list[str]:
    """Return the texts that have a slip."""
    return [text for text in map(plain_text, texts) if not text.strip() or SLIPS.search(text)]


def names_in(texts: Iterable[RichText], kind: str) -> set[str]:
    """Return the ids of a kind that texts mention."""
    parts = (part for text in texts for part in text if isinstance(part, Mention))
    return {part.id for part in parts if part.kind == kind}


def writer(language: str) -> PageWriter:
    """Return a page writer with an empty library, where ids stand for titles."""
    return PageWriter(language, Resolver(library([])), DAY)


def phrase(key: str, language: str) -> str:
    """Return the phrase of a key, with its holes as they are."""
    return PHRASES[key][LANGUAGES.index(language)]
