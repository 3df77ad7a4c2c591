"""What the tests ask of prose: its lines in a language, and that they read as a language does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from checker.explain.conditions.lines import Line, Name, plain
from checker.explain.phrases import PHRASES
from checker.explain.render.blocks import Block, Items, Table
from checker.explain.writer import Prose
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.localized import LANGUAGES
from tests.worlds import DAY, library

# what no sentence has: doubled blanks or marks, a blank before a mark, a hole, an empty quotation
SLIPS = re.compile(
    r"  |\.\.|。。|，，|：：| [,.;]|“”|\{\w*\}|\(\)|（）|\bNone(?=[.,;:”)]|$)|, ,|[，；：]。|\x00"
)


def lines_of(blocks: Iterable[Block]) -> Iterator[Line]:
    """Yield every line of the blocks."""
    for block in blocks:
        if isinstance(block, Items):
            for item in block.items:
                yield item.line
                yield from lines_of(item.below)
        elif isinstance(block, Table):
            yield from block.head
            yield from (cell for row in block.rows for cell in row.cells)
        else:
            yield block.line


def slips(lines: Iterable[Line]) -> list[str]:
    """Return the lines that are badly put."""
    return [shown for shown in map(plain, lines) if not shown.strip() or SLIPS.search(shown)]


def names_in(lines: Iterable[Line], kind: str) -> set[str]:
    """Return the ids of a kind that lines name."""
    parts = (part for line in lines for part in line if isinstance(part, Name))
    return {part.id for part in parts if part.kind == kind}


def prose(language: str) -> Prose:
    """Return what writes prose where there are no documents to look titles up in."""
    return Prose(language, Resolver(library([])), DAY)


def phrase(key: str, language: str) -> str:
    """Return the words of a key that has nothing to put in."""
    return PHRASES[key][LANGUAGES.index(language)]
