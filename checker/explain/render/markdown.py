"""Blocks as Markdown, in which the texts of documents are escaped."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from checker.explain.conditions.rich_text import Mention, RichText
from checker.explain.render.blocks import (
    Block,
    Heading,
    ItemList,
    ListItem,
    Paragraph,
    Table,
    anchors,
)
from checker.report.markdown_escape import beginning, code, inside, table, visible


def markdown(blocks: Sequence[Block]) -> str:
    """Return the blocks as one text; mentions link to the heading or item with their anchor."""
    linkable = frozenset(anchors(blocks))
    return "\n\n".join("\n".join(_block(block, linkable)) for block in blocks) + "\n"


def _block(block: Block, linkable: Collection[str]) -> Iterator[str]:
    if isinstance(block, Heading):
        others = frozenset(linkable) - {block.anchor}
        yield f"{'#' * block.level} {_anchor(block.anchor)}{_rich_text(block.content, others)}"
    elif isinstance(block, Paragraph):
        yield (
            f"> {_rich_text(block.content, linkable)}"
            if block.quiet
            else _rich_text(block.content, linkable)
        )
    elif isinstance(block, ItemList):
        yield from _items(block, linkable)
    else:
        yield from _table(block, linkable)


def _items(items: ItemList, linkable: Collection[str]) -> Iterator[str]:
    for number, item in enumerate(items.items, 1):
        marker = f"{number}. " if items.numbered else "- "
        others = frozenset(linkable) - {item.anchor}
        yield f"{marker}{_anchor(item.anchor)}{_rich_text(item.content, others)}"
        yield from _nested(item, " " * len(marker), linkable)


def _nested(item: ListItem, indent: str, linkable: Collection[str]) -> Iterator[str]:
    for block in item.nested:
        if not isinstance(block, ItemList):
            yield ""
        for line in _block(block, linkable):
            yield f"{indent}{line}" if line else ""


def _table(block: Table, linkable: Collection[str]) -> Iterator[str]:
    rows = [
        [_anchor(row.anchor) + _rich_text(row.cells[0], frozenset(linkable) - {row.anchor})]
        + [_rich_text(cell, linkable) for cell in row.cells[1:]]
        for row in block.rows
    ]
    yield from table([_rich_text(cell, linkable) for cell in block.head], rows)


def _rich_text(text: RichText, linkable: Collection[str]) -> str:
    return beginning("".join(_part(part, linkable) for part in text).strip())


def _part(part: str | Mention, linkable: Collection[str]) -> str:
    if isinstance(part, str):
        return inside(visible(part))
    if part.kind == "code" or part.text == part.id:
        markup = code(part.text)
    else:
        markup = inside(visible(part.text))
    # facts are mentioned so often that links to all of them would hide the text
    linked = part.kind != "fact" and part.anchor in linkable
    return f"[{markup}](#{part.anchor})" if linked else markup


def _anchor(id: str) -> str:
    return f'<a id="{id}"></a>' if id else ""
