"""Blocks for a terminal: wrapped lines, indented lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

from checker.explain.conditions.rich_text import RichText, plain_text
from checker.explain.render.blocks import Block, Heading, ItemList, ListItem, Paragraph
from checker.language.syntax.printable import styled
from checker.report.markdown_escape import visible

WIDTH = 96
_WIDE = "\u2e80-\u9fff\uff00-\uffef"
_OPENS, _CLOSES = "“（《", "，。；：、”）》！？"
# a line breaks between these: words and Chinese characters, each with its punctuation
_PIECES = re.compile(
    rf"\s+|[{_OPENS}]*(?:[{_WIDE}]|[^\s{_WIDE}]+)[{_CLOSES}]*|[{_OPENS}{_CLOSES}]+"
)


def text(blocks: Sequence[Block], indent: str = "") -> Iterator[str]:
    """Yield the lines of the blocks, which have no tables; what follows a heading is indented."""
    for block in blocks:
        if isinstance(block, Heading):
            yield from [""] * (block.level > 1)
            yield indent + styled(visible(plain_text(block.content)), "bold")
            indent = indent or "  "
        elif isinstance(block, Paragraph):
            lines = _wrapped(block.content, indent, indent)
            yield from (styled(line, "dim") if block.quiet else line for line in lines)
        elif isinstance(block, ItemList):
            for number, item in enumerate(block.items, 1):
                yield from _item(item, f"{number}. " if block.numbered else "- ", indent)


def _item(item: ListItem, marker: str, indent: str) -> Iterator[str]:
    nested_indent = indent + " " * len(marker)
    yield from _wrapped(item.content, indent + marker, nested_indent)
    yield from text(item.nested, nested_indent)


def _wrapped(text: RichText, first: str, rest: str) -> Iterator[str]:
    line, width = first, _width(first)
    for piece in _PIECES.findall(visible(plain_text(text))):
        full = width + _width(piece) > WIDTH and line.strip()
        if full:
            yield line.rstrip()
            line, width = rest + piece.lstrip(), _width(rest + piece.lstrip())
        else:
            line, width = line + piece, width + _width(piece)
    yield line.rstrip()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
