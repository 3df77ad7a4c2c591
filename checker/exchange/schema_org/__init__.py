"""schema.org's MerchantReturnPolicy, in JSON-LD and in HTML pages, read and written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.exchange.positioned_data import read_data, read_json
from checker.exchange.schema_org import json_ld
from checker.exchange.schema_org.nodes import Graph, Node
from checker.exchange.schema_org.reading import read_graph
from checker.exchange.schema_org.writing import write
from checker.exchange.statements import Read
from checker.language.syntax.problems import Finding, UsageError

__all__ = ["read", "write"]

_PAGES = (".html", ".htm", ".xhtml")
_DATA = (".json", ".jsonld", ".yaml", ".yml")


def read(raw: bytes, file: str) -> Read:
    """Return the return policies of a JSON-LD document or an HTML page.

    Of a page, JSON-LD scripts and microdata are read together: a thing with an `@id` is one thing.
    Nothing is fetched: neither contexts nor what a policy refers to. A policy with seasonal
    overrides gives its versions, one after the other. What can't be read is in the problems. Raises
    UsageError for a page where lxml is not installed. Sources: schema.org 30.0, JSON-LD 1.1, and
    microdata as the HTML standard has it.
    """
    problems: list[Finding] = []
    things = _page if _is_page(raw, file) else _document
    graph = Graph(things(raw, file, problems))
    found = read_graph(graph)
    return replace(found, problems=(*problems, *found.problems))


def _is_page(raw: bytes, file: str) -> bool:
    name = file.lower()
    if name.endswith((*_PAGES, *_DATA)):
        return name.endswith(_PAGES)
    return raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _document(raw: bytes, file: str, problems: list[Finding]) -> Iterator[Node]:
    data = read_data(raw, file)
    if isinstance(data, Finding):
        problems.append(data)
    else:
        yield from json_ld.nodes(data)


def _page(raw: bytes, file: str, problems: list[Finding]) -> Iterator[Node]:
    try:
        from checker.exchange.schema_org import microdata
        from checker.exchange.schema_org.pages import Page
    except ImportError:  # JSON needs no lxml
        what = "`lxml` is not installed; `pip install 'returns-checker[exchange]'`"
        raise UsageError(f"{file}: {what}") from None
    page = Page(raw, file)
    for number, script in enumerate(page.scripts(), 1):
        data = read_json(script.text, script.origin)
        if not isinstance(data, Finding):
            yield from json_ld.nodes(data, f"script[{number}]")
        elif "return" in script.text.lower():  # no other can be about returns
            problems.append(data)
    yield from microdata.nodes(page)
    if page.problem:
        problems.append(page.problem)
