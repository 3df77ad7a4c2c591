"""Blocks as a self-contained page of HTML, which loads nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from html import escape

from checker.explain.conditions.rich_text import Mention, RichText, plain_text
from checker.explain.render.blocks import (
    Block,
    Heading,
    ItemList,
    ListItem,
    Paragraph,
    Table,
    TableRow,
    anchors,
)
from checker.report.html_page import digest, style
from checker.report.markdown_escape import visible

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{digest}'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
_LANGUAGES = {"en": "en", "zh": "zh-Hans"}


def html(blocks: Sequence[Block], language: str, contents: str) -> str:
    """Return the blocks as a page.

    Args:
        blocks: The content of the page, of which the first heading is the title.
        language: `en` or `zh`.
        contents: The label of the table of contents, in that language.
    """
    linkable = frozenset(anchors(blocks))
    title = next((plain_text(block.content) for block in blocks if isinstance(block, Heading)), "")
    first = next((n for n, block in enumerate(blocks) if _is_section(block)), len(blocks))
    body = [*_blocks(blocks[:first], linkable), *_contents(blocks, contents)]
    body += _blocks(blocks[first:], linkable)
    styles = style("checker.explain")
    return _PAGE.format(
        language=_LANGUAGES[language],
        digest=digest(styles),
        title=_text(title),
        style=styles,
        body="\n".join(body),
    )


def _is_section(block: Block) -> bool:
    return isinstance(block, Heading) and block.level == 2 and bool(block.anchor)


def _contents(blocks: Sequence[Block], label: str) -> Iterator[str]:
    sections = [block for block in blocks if isinstance(block, Heading) and _is_section(block)]
    if len(sections) > 1:
        links = (
            f'<li><a href="#{section.anchor}">{_text(plain_text(section.content))}</a>'
            for section in sections
        )
        yield f'<nav aria-label="{_text(label)}"><ul>{"".join(links)}</ul></nav>'


def _blocks(blocks: Sequence[Block], linkable: Collection[str]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Heading):
            level = block.level
            others = frozenset(linkable) - {block.anchor}
            yield f"<h{level}{_id(block.anchor)}>{_rich_text(block.content, others)}</h{level}>"
        elif isinstance(block, Paragraph):
            kind = ' class="note"' if block.quiet else ""
            yield f"<p{kind}>{_rich_text(block.content, linkable)}</p>"
        elif isinstance(block, ItemList):
            tag = "ol" if block.numbered else "ul"
            items = "".join(_item(item, linkable) for item in block.items)
            yield f"<{tag}>{items}</{tag}>"
        else:
            yield _table(block, linkable)


def _item(item: ListItem, linkable: Collection[str]) -> str:
    content = _rich_text(item.content, frozenset(linkable) - {item.anchor})
    return f"<li{_id(item.anchor)}>{content}{''.join(_blocks(item.nested, linkable))}"


def _table(block: Table, linkable: Collection[str]) -> str:
    head = "".join(f'<th scope="col">{_rich_text(cell, linkable)}' for cell in block.head)
    rows = "\n".join(_row(row, linkable) for row in block.rows)
    return (
        f'<div class="table"><table><thead><tr>{head}</thead>\n<tbody>{rows}</tbody></table></div>'
    )


def _row(row: TableRow, linkable: Collection[str]) -> str:
    first, *rest = row.cells
    cells = "".join(f"<td>{_rich_text(cell, linkable)}" for cell in rest)
    heading = _rich_text(first, frozenset(linkable) - {row.anchor})
    return f'<tr{_id(row.anchor)}><th scope="row">{heading}{cells}'


def _rich_text(text: RichText, linkable: Collection[str]) -> str:
    return "".join(
        _with_code(part) if isinstance(part, str) else _mention(part, linkable) for part in text
    )


def _with_code(text: str) -> str:
    """Return text as HTML, with what is in backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick without its partner
        return _text(text)
    return "".join(
        f"<code>{_text(part)}</code>" if index % 2 else _text(part)
        for index, part in enumerate(parts)
    )


def _mention(mention: Mention, linkable: Collection[str]) -> str:
    markup = f"<bdi>{_text(mention.text)}</bdi>"
    if mention.kind == "code" or mention.text == mention.id:
        markup = f'<code translate="no">{_text(mention.text)}</code>'
    if mention.anchor not in linkable:
        return markup
    kind = ' class="fact"' if mention.kind == "fact" else ""
    return f'<a{kind} href="#{escape(mention.anchor)}">{markup}</a>'


def _id(anchor: str) -> str:
    return f' id="{escape(anchor)}"' if anchor else ""


def _text(text: str) -> str:
    """Return text escaped for HTML, with invisible characters as their code points."""
    return escape(visible(text))
