"""Prose as a page of HTML that holds all it shows and loads nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from html import escape

from checker.explain.conditions.lines import Line, Name, plain
from checker.explain.render.blocks import Block, Heading, Items, Paragraph, Row, Table, anchors
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
    """Return the blocks as a page in the language; the list of its parts is called `contents`."""
    here = frozenset(anchors(blocks))
    title = next((plain(each.line) for each in blocks if isinstance(each, Heading)), "")
    first = next((n for n, each in enumerate(blocks) if _is_part(each)), len(blocks))
    body = [*_blocks(blocks[:first], here), *_contents(blocks, contents)]
    body += _blocks(blocks[first:], here)
    styles = style("checker.explain")
    return _PAGE.format(
        language=_LANGUAGES[language],
        digest=digest(styles),
        title=_text(title),
        style=styles,
        body="\n".join(body),
    )


def _is_part(block: Block) -> bool:
    return isinstance(block, Heading) and block.level == 2 and bool(block.anchor)


def _contents(blocks: Sequence[Block], name: str) -> Iterator[str]:
    parts = [each for each in blocks if isinstance(each, Heading) and _is_part(each)]
    if len(parts) > 1:
        links = (f'<li><a href="#{part.anchor}">{_text(plain(part.line))}</a>' for part in parts)
        yield f'<nav aria-label="{_text(name)}"><ul>{"".join(links)}</ul></nav>'


def _blocks(blocks: Sequence[Block], here: Collection[str]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Heading):
            level = block.level
            others = frozenset(here) - {block.anchor}
            yield f"<h{level}{_id(block.anchor)}>{_line(block.line, others)}</h{level}>"
        elif isinstance(block, Paragraph):
            kind = ' class="note"' if block.quiet else ""
            yield f"<p{kind}>{_line(block.line, here)}</p>"
        elif isinstance(block, Items):
            tag = "ol" if block.numbered else "ul"
            items = (
                f"<li{_id(item.anchor)}>{_line(item.line, frozenset(here) - {item.anchor})}"
                + "".join(_blocks(item.below, here))
                for item in block.items
            )
            yield f"<{tag}>{''.join(items)}</{tag}>"
        else:
            yield _table(block, here)


def _table(block: Table, here: Collection[str]) -> str:
    head = "".join(f'<th scope="col">{_line(cell, here)}' for cell in block.head)
    rows = "\n".join(_row(row, here) for row in block.rows)
    return (
        f'<div class="table"><table><thead><tr>{head}</thead>\n<tbody>{rows}</tbody></table></div>'
    )


def _row(row: Row, here: Collection[str]) -> str:
    first, *rest = row.cells
    cells = "".join(f"<td>{_line(cell, here)}" for cell in rest)
    about = _line(first, frozenset(here) - {row.anchor})
    return f'<tr{_id(row.anchor)}><th scope="row">{about}{cells}'


def _line(line: Line, here: Collection[str]) -> str:
    return "".join(_coded(part) if isinstance(part, str) else _name(part, here) for part in line)


def _coded(text: str) -> str:
    """Return text as HTML, with what stands in backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick that ends nothing
        return _text(text)
    shown = (
        f"<code>{_text(part)}</code>" if at % 2 else _text(part) for at, part in enumerate(parts)
    )
    return "".join(shown)


def _name(name: Name, here: Collection[str]) -> str:
    shown = f"<bdi>{_text(name.text)}</bdi>"
    if name.kind == "code" or name.text == name.id:
        shown = f'<code translate="no">{_text(name.text)}</code>'
    if name.anchor not in here:
        return shown
    kind = ' class="fact"' if name.kind == "fact" else ""
    return f'<a{kind} href="#{escape(name.anchor)}">{shown}</a>'


def _id(anchor: str) -> str:
    return f' id="{escape(anchor)}"' if anchor else ""


def _text(text: str) -> str:
    """Return text as HTML shows it, with what can't be seen shown by its number."""
    return escape(visible(text))
