"""Prose as Markdown, in which what documents say is text and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from checker.explain.conditions.lines import Line, Name
from checker.explain.render.blocks import Block, Heading, Item, Items, Paragraph, Table, anchors
from checker.report.markdown_escape import beginning, code, inside, table, visible


def markdown(blocks: Sequence[Block]) -> str:
    """Return the blocks as one text; names lead to where a heading or an item has their anchor."""
    here = frozenset(anchors(blocks))
    return "\n\n".join("\n".join(_block(block, here)) for block in blocks) + "\n"


def _block(block: Block, here: Collection[str]) -> Iterator[str]:
    if isinstance(block, Heading):
        others = frozenset(here) - {block.anchor}
        yield f"{'#' * block.level} {_anchor(block.anchor)}{_line(block.line, others)}"
    elif isinstance(block, Paragraph):
        yield f"> {_line(block.line, here)}" if block.quiet else _line(block.line, here)
    elif isinstance(block, Items):
        yield from _items(block, here)
    else:
        yield from _table(block, here)


def _items(items: Items, here: Collection[str]) -> Iterator[str]:
    for number, item in enumerate(items.items, 1):
        mark = f"{number}. " if items.numbered else "- "
        others = frozenset(here) - {item.anchor}
        yield f"{mark}{_anchor(item.anchor)}{_line(item.line, others)}"
        yield from _below(item, " " * len(mark), here)


def _below(item: Item, indent: str, here: Collection[str]) -> Iterator[str]:
    for block in item.below:
        if not isinstance(block, Items):
            yield ""
        for line in _block(block, here):
            yield f"{indent}{line}" if line else ""


def _table(block: Table, here: Collection[str]) -> Iterator[str]:
    rows = [
        [_anchor(row.anchor) + _line(row.cells[0], frozenset(here) - {row.anchor})]
        + [_line(cell, here) for cell in row.cells[1:]]
        for row in block.rows
    ]
    yield from table([_line(cell, here) for cell in block.head], rows)


def _line(line: Line, here: Collection[str]) -> str:
    return beginning("".join(_part(part, here) for part in line).strip())


def _part(part: str | Name, here: Collection[str]) -> str:
    if isinstance(part, str):
        return inside(visible(part))
    if part.kind == "code" or part.text == part.id:
        shown = code(part.text)
    else:
        shown = inside(visible(part.text))
    # facts are named so often that links to all of them would hide the text
    linked = part.kind != "fact" and part.anchor in here
    return f"[{shown}](#{part.anchor})" if linked else shown


def _anchor(id: str) -> str:
    return f'<a id="{id}"></a>' if id else ""
