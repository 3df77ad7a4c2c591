"""The page of a document of any kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checker.explain.conditions.lines import plain
from checker.explain.pages.cases import cases_page, columns_page
from checker.explain.pages.exchange import exchange_page
from checker.explain.pages.override import override_page
from checker.explain.pages.policy import policy_page
from checker.explain.pages.vocabulary import calendar_page, source_page, vocabulary_page
from checker.explain.render.blocks import Block, begun
from checker.explain.render.html import html
from checker.explain.render.markdown import markdown
from checker.explain.writer import Prose
from checker.language.resolve.resolver import InvalidDocument
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Problem

PAGES: dict[str, Callable[[Document, Prose], Iterator[Block]]] = {
    "policy": policy_page,
    "override": override_page,
    "vocabulary": vocabulary_page,
    "calendar": calendar_page,
    "source": source_page,
    "cases": cases_page,
    "columns": columns_page,
    "exchange": exchange_page,
}


def page(document: Document, prose: Prose, form: str) -> str:
    """Return the document's page as `markdown` or `html`.

    InvalidDocument where the document, or one that it needs, has errors; NotFound where one is
    missing.
    """
    _, problems = prose.resolver.shape(document)
    errors: list[Problem] = [each for each in problems if each.severity == "error"]
    if errors:
        raise InvalidDocument(document.name, errors)
    blocks = [begun(each) for each in PAGES[document.kind](document, prose)]
    if form == "html":
        return html(blocks, prose.language, plain(prose.say("contents")))
    return markdown(blocks)
