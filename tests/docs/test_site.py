"""The site: it is built without a warning, has every page, and all it shows is its own."""

from __future__ import annotations

import shlex
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.conftest import PROJECT

COMMAND = "python -m sphinx -W --keep-going -c docs . docs/_build"
FOLDERS = ("docs", "examples", "benchmarks")
FETCHED = {"img": "src", "script": "src", "link": "href", "source": "srcset", "iframe": "src"}


class Page(HTMLParser):
    """What a page fetches, where its links lead, and the names that links to it may end in."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: set[str] = set()
        self.links: set[str] = set()
        self.anchors: set[str] = {""}
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        self.anchors.add(values.get("id") or "")
        if (address := values.get(FETCHED.get(tag, ""))) and values.get("rel") != "canonical":
            self.fetched.add(address)
        elif tag == "a" and (address := values.get("href")):
            self.links.add(address)


def is_elsewhere(address: str) -> bool:
    return "//" in address or address.startswith(("mailto:", "data:"))


@pytest.mark.slow
def test_the_site_is_complete(tmp_path: Path) -> None:
    """One test, as two would build the site twice."""
    assert COMMAND in (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    site = tmp_path / "site"
    arguments = shlex.split(COMMAND)[1:-1]
    built = subprocess.run(
        [sys.executable, *arguments, site], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr

    sources = [page for name in FOLDERS for page in (PROJECT / name).rglob("*.md")]
    missing = [
        source
        for source in [*sources, *PROJECT.glob("*.md")]
        if not (site / source.relative_to(PROJECT)).with_suffix(".html").is_file()
    ]
    assert not missing
    packages = {
        ".".join(path.parent.relative_to(PROJECT).parts)
        for path in (PROJECT / "checker").rglob("__init__.py")
    }
    assert packages == {path.stem for path in (site / "docs" / "api").glob("*.html")}

    pages = {
        path: Page(path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
        if "_downloads" not in path.parts
    }
    assert len(pages) > len(sources) + len(packages)
    wrong = []
    for path, page in pages.items():
        wrong += [(path.name, address) for address in page.fetched if "//" in address]
        for address in page.links | page.fetched:
            target, _, anchor = unquote(address).partition("#")
            to = (path.parent / target.partition("?")[0]).resolve() if target else path
            if is_elsewhere(address):
                continue
            if not to.is_file() or (to in pages and anchor not in pages[to].anchors):
                wrong.append((path.name, address))
    assert not wrong
