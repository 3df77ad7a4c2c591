"""Prose for a terminal: wrapped lines, lists set in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

import click

from checker.explain.conditions.lines import Line, plain
from checker.explain.render.blocks import Block, Heading, Item, Items, Paragraph
from checker.report.markdown_escape import visible

WIDTH = 96
_WIDE = "\u2e80-\u9fff\uff00-\uffef"
_OPENS, _CLOSES = "“（《", "，。；：、”）》！？"
# what a line is broken between: words and Chinese characters, each with the marks at its sides
_PIECES = re.compile(
    rf"\s+|[{_OPENS}]*(?:[{_WIDE}]|[^\s{_WIDE}]+)[{_CLOSES}]*|[{_OPENS}{_CLOSES}]+"
)


def text(blocks: Sequence[Block], indent: str = "") -> Iterator[str]:
    """Yield the lines of the blocks, which hold no tables; what follows the heading is set in."""
    for block in blocks:
        if isinstance(block, Heading):
            yield from [""] * (block.level > 1)
            yield indent + click.style(visible(plain(block.line)), bold=True)
            indent = indent or "  "
        elif isinstance(block, Paragraph):
            lines = _wrapped(block.line, indent, indent)
            yield from (click.style(each, dim=True) if block.quiet else each for each in lines)
        elif isinstance(block, Items):
            for number, item in enumerate(block.items, 1):
                yield from _item(item, f"{number}. " if block.numbered else "- ", indent)


def _item(item: Item, mark: str, indent: str) -> Iterator[str]:
    below = indent + " " * len(mark)
    yield from _wrapped(item.line, indent + mark, below)
    yield from text(item.below, below)


def _wrapped(line: Line, first: str, rest: str) -> Iterator[str]:
    shown, width = first, _width(first)
    for piece in _PIECES.findall(visible(plain(line))):
        full = width + _width(piece) > WIDTH and shown.strip()
        if full:
            yield shown.rstrip()
            shown, width = rest + piece.lstrip(), _width(rest + piece.lstrip())
        else:
            shown, width = shown + piece, width + _width(piece)
    yield shown.rstrip()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)
