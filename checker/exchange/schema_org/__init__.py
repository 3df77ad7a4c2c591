"""Reads schema.org's MerchantReturnPolicy in JSON-LD and HTML pages, and writes JSON-LD."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.exchange.positioned_data import read_data, read_json
from checker.exchange.schema_org import json_ld
from checker.exchange.schema_org.reader import read_graph
from checker.exchange.schema_org.things import Graph, Thing
from checker.exchange.schema_org.writer import write
from checker.exchange.statements import ReadDocument
from checker.language.syntax.problems import Finding, UsageError

__all__ = ["read", "write"]

_PAGES = (".html", ".htm", ".xhtml")
_DATA = (".json", ".jsonld", ".yaml", ".yml")


def read(raw: bytes, file: str) -> ReadDocument:
    """Return the return policies of a JSON-LD document or an HTML page.

    The JSON-LD scripts and the microdata of a page are read together: descriptions with the same
    `@id` are one thing. Nothing is fetched, neither contexts nor things that a policy refers to. A
    policy with seasonal overrides gives a version for each time. Sources: schema.org 30.0,
    JSON-LD 1.1, and microdata of the HTML standard.

    Raises:
        UsageError: The file is a page, and lxml is not installed.
    """
    problems: list[Finding] = []
    read_things = _things_of_page if _is_page(raw, file) else _things_of_document
    document = read_graph(Graph(read_things(raw, file, problems)))
    return replace(document, problems=(*problems, *document.problems))


def _is_page(raw: bytes, file: str) -> bool:
    """Return whether a file is HTML, by the ending of its name, else by its first character."""
    name = file.lower()
    if name.endswith((*_PAGES, *_DATA)):
        return name.endswith(_PAGES)
    return raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _things_of_document(raw: bytes, file: str, problems: list[Finding]) -> Iterator[Thing]:
    data = read_data(raw, file)
    if isinstance(data, Finding):
        problems.append(data)
    else:
        yield from json_ld.things(data)


def _things_of_page(raw: bytes, file: str, problems: list[Finding]) -> Iterator[Thing]:
    try:
        from checker.exchange.schema_org import microdata
        from checker.exchange.schema_org.pages import Page
    except ImportError:  # only pages need lxml
        message = "`lxml` is not installed; `pip install 'returns-checker[exchange]'`"
        raise UsageError(f"{file}: {message}") from None
    page = Page(raw, file)
    for number, script in enumerate(page.scripts(), 1):
        data = read_json(script.text, script.origin)
        if not isinstance(data, Finding):
            yield from json_ld.things(data, f"script[{number}]")
        elif "return" in script.text.lower():  # others are not about returns
            problems.append(data)
    yield from microdata.things(page)
    if page.problem:
        problems.append(page.problem)
