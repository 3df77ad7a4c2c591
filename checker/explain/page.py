"""The page of a document of any kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checker.explain.conditions.rich_text import plain_text
from checker.explain.pages.cases import cases_page, columns_page
from checker.explain.pages.exchange import exchange_page
from checker.explain.pages.override import override_page
from checker.explain.pages.policy import policy_page
from checker.explain.pages.vocabulary import calendar_page, source_page, vocabulary_page
from checker.explain.render.blocks import Block, capitalized
from checker.explain.render.html import html
from checker.explain.render.markdown import markdown
from checker.explain.writer import PageWriter
from checker.language.resolve.resolver import InvalidDocument
from checker.language.syntax.documents import Document

PAGES: dict[str, Callable[[Document, PageWriter], Iterator[Block]]] = {
    "policy": policy_page,
    "override": override_page,
    "vocabulary": vocabulary_page,
    "calendar": calendar_page,
    "source": source_page,
    "cases": cases_page,
    "columns": columns_page,
    "exchange": exchange_page,
}


def page(document: Document, writer: PageWriter, form: str) -> str:
    """Return the document's page.

    Args:
        document: A document of any kind.
        writer: Writes in the page's language.
        form: `markdown` or `html`.

    Raises:
        InvalidDocument: The document, or one that it needs, has errors.
        NotFound: A document that it needs is missing.
    """
    errors = writer.resolver.shape_errors(document)
    if errors:
        raise InvalidDocument(document.name, errors)
    blocks = [capitalized(block) for block in PAGES[document.kind](document, writer)]
    if form == "html":
        return html(blocks, writer.language, plain_text(writer.phrase("contents")))
    return markdown(blocks)
