"""Pages of every shipped pack and every example, and of some documents kept as they read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from checker.explain.conditions.rich_text import Mention
from checker.explain.page import PAGES, page
from checker.explain.writer import PageWriter
from checker.language.resolve.folders import documents_below
from checker.language.resolve.library import Library
from checker.language.resolve.project import open_library
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.documents import KINDS, Document
from checker.language.syntax.localized import LANGUAGES
from tests.commands import checker
from tests.conftest import PROJECT
from tests.explain.prose_checks import slips, texts_of
from tests.worlds import DAY

GOLDEN = Path(__file__).parent / "golden"
FOLDERS = [GOLDEN, PROJECT / "policy", *sorted((PROJECT / "examples").glob("[0-9]*"))]


def documents(folder: Path) -> Iterator[tuple[Document, Library]]:
    """Yield the documents below a folder, with the library in which they are read."""
    library, _ = open_library([folder])
    for path in documents_below(folder):
        document = library.add_file(path)
        if document is not None and document.kind:
            yield document, library


READ = [
    pytest.param(document, library, id=str(Path(document.file).relative_to(PROJECT)))
    for folder in FOLDERS
    for document, library in documents(folder)
]


class Links(HTMLParser):
    """The anchors of a page, what its links lead to, and its tags."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.to: list[str] = []
        self.tags: set[str] = set()
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.add(tag)
        self.ids += [str(attributes["id"])] if "id" in attributes else []
        self.to += [str(attributes["href"])] if "href" in attributes else []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("document", "library"), READ)
def test_every_document_has_a_page(document: Document, library: Library, language: str) -> None:
    writer = PageWriter(language, Resolver(library), DAY)
    lines = [*texts_of(PAGES[document.kind](document, writer))]
    assert slips(lines) == []
    links = Links(page(document, writer, "html"))
    assert len({*links.ids}) == len(links.ids)
    assert {*links.to} <= {f"#{id}" for id in links.ids}
    assert not links.tags & {"script", "img", "link", "iframe"}
    marked = page(document, writer, "markdown")
    anchors = re.findall(r'<a id="([^"]+)"></a>', marked)
    assert {*re.findall(r"\]\(#([^)]+)\)", marked)} <= {*anchors}


def test_every_kind_of_document_has_its_page() -> None:
    assert {*PAGES} == {*KINDS} == {parameters.values[0].kind for parameters in READ}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_packs_call_everything_by_a_name(language: str) -> None:
    """What is named in the conditions and terms of the packs has a title in both languages."""
    library, _ = open_library([PROJECT / "policy"])
    for document in library.of_kind("policy"):
        lines = texts_of(PAGES["policy"](document, PageWriter(language, Resolver(library), DAY)))
        for part in (part for line in lines for part in line):
            if isinstance(part, Mention) and part.kind not in ("code", "clause", "rung"):
                assert part.text != part.id, part
                assert language == "en" or re.search("[\u4e00-\u9fff]", part.text), part


KEPT = [
    *(
        (f"{name}.{language}.md", ["explain", f"{name}.yaml", "--lang", language])
        for name in ("facts", "rules", "letter", "seller", "cases")
        for language in LANGUAGES
    ),
    *(
        (f"decided.{language}.txt", ["decide", "cases.yaml", "--explain", "--lang", language])
        for language in LANGUAGES
    ),
]


@pytest.mark.parametrize(("kept", "command"), KEPT, ids=[kept for kept, _ in KEPT])
def test_pages_read_as_they_did(
    kept: str, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`checker explain` and `decide --explain` print what is kept in `golden`, read by people."""
    monkeypatch.chdir(GOLDEN)
    result = checker(*command, "--root", ".", "--on", "2024-09-02")
    assert result.status == 0
    assert result.out == (GOLDEN / kept).read_text(encoding="utf-8")
