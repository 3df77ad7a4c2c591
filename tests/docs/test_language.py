"""The language reference shows what is printed, and its sections are those that are mentioned."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from tests.commands import checker
from tests.conftest import PROJECT
from tests.docs.pages import Reader, blocks
from tests.docs.test_docs import HANDBOOK, anchors

REFERENCE = PROJECT / "docs" / "language.md"
HEADING = re.compile(r"^##+ (\d+(?:\.\d+)?)\.? (.*)$", re.MULTILINE)
LINK = re.compile(r"\[section (\d+)\]\(#([\w-]+)\)")
MENTION = re.compile(r"(?:([\w./ -]+), )?\b[Ss]ections? (\d+(?:\.\d+)*)(?: (?:and|to) (\d+))?")
MENTIONING = {"checker": "*.py", "tests": "*.py", "schemas": "*.json", "benchmarks": "*.md"}
STANDARDS = ("SARIF 2.1.0", "Unicode Standard")  # whose sections are mentioned as well


def sections() -> dict[str, str]:
    """Return the titles of the reference's sections by number, in the order of the page."""
    return dict(HEADING.findall(REFERENCE.read_text(encoding="utf-8")))


def anchor(number: str, title: str) -> str:
    """Return the name that the heading of a section has in links."""
    return re.sub(r"[^\w -]", "", f"{number} {title}".lower()).replace(" ", "-")


def test_sections_are_numbered_without_gaps() -> None:
    main = [number for number in sections() if "." not in number]
    assert main == [str(n) for n in range(1, len(main) + 1)]
    for section in main:
        parts = [each for each in sections() if each.startswith(f"{section}.")]
        assert parts == [f"{section}.{n}" for n in range(1, len(parts) + 1)]


def test_links_between_sections_say_where_they_lead() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    numbers = {anchor(number, title): number for number, title in sections().items()}
    assert {*numbers} <= anchors(REFERENCE)
    for said, target in LINK.findall(text):
        assert numbers[target].partition(".")[0] == said, target


def mentions(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield what a file mentions sections of, and their numbers; of nothing, the empty text."""
    text = re.sub(r"\n *#? ?", " ", page.read_text(encoding="utf-8"))
    for document, *numbers in MENTION.findall(text):
        yield document, [number for number in numbers if number]


def test_sections_that_are_mentioned_exist() -> None:
    pages = [page for folder, name in MENTIONING.items() for page in (PROJECT / folder).rglob(name)]
    pages += [page for page in HANDBOOK if page != REFERENCE]
    found = [(page, *mention) for page in pages for mention in mentions(page)]
    unclear = [
        (page.name, document, numbers)
        for page, document, numbers in found
        if not document.endswith(("docs/language.md", *STANDARDS))
    ]
    assert not unclear, "write it as `docs/language.md, section 6`"
    numbers = {
        number
        for _, document, numbers in found
        if document.endswith("docs/language.md")
        for number in numbers
    }
    assert len(numbers) > 5
    assert numbers <= {*sections()}


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the documents of the reference."""
    folder = tmp_path_factory.mktemp("reference")
    Reader(REFERENCE, folder).read()
    return folder


def shown(key: str) -> Any:
    """Return the one JSON block of the reference that has a key."""
    (found,) = [each for each in map(json.loads, blocks(REFERENCE, "json")) if key in each]
    return found


def printed(documents: Path, *arguments: str) -> list[Any]:
    """Return what a command prints as JSON in the folder of the reference's documents."""
    with chdir(documents):
        result = checker(*arguments, "--format", "json")
    return [json.loads(line) for line in result.out.splitlines()]


def test_the_decision_is_the_one_that_is_printed(documents: Path) -> None:
    assert shown("verdict") == printed(documents, "decide", "policy/cases.yaml")[0]


def test_the_limits_are_those_that_are_printed(documents: Path) -> None:
    assert [shown("settings")] == printed(documents, "limits", "shop/rules")


def test_the_failed_proof_is_the_one_that_is_printed(documents: Path) -> None:
    override = documents / "policy" / "corner-shop.yaml"
    passing = override.read_text(encoding="utf-8")
    failing = passing.replace("respond: accept", "respond: reject, cites: [opened-goods]")
    override.write_text(failing, encoding="utf-8")
    (proof,) = printed(documents, "prove", "policy/corner-shop.yaml")
    override.write_text(passing, encoding="utf-8")
    expected = shown("against")
    assert len(proof["findings"]) == 2
    for finding in (*proof["findings"], *expected["findings"]):
        del finding["message"]
    assert {**proof, "findings": proof["findings"][:1]} == expected
