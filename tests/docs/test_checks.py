"""The pages on checks: each has a document with exactly that check, and one with nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checker.language.checks import CHECKS
from tests.commands import Result, checker
from tests.conftest import PROJECT
from tests.docs.pages import Reader

FOLDER = PROJECT / "docs" / "checks"
INDEX = FOLDER / "README.md"
PAGES = sorted(page for page in FOLDER.glob("*.md") if page != INDEX)
SECTIONS = ["With it", "Without", "Why it matters", "How it is decided", "What to do"]
OF_A_DOCUMENT = re.compile(r"^\S+: (error|warning): .* \[([a-z-]+)\]$", re.MULTILINE)
OF_RECORDS = re.compile(r"^  ([a-z-]+)(?::\w+)?: [\d,]+ (finding)s?, ", re.MULTILINE)


def findings(result: Result) -> set[tuple[str, str]]:
    """Return the checks found and what each is; what a document accepts is none."""
    said = result.out + result.err
    found = {(check, severity) for severity, check in OF_A_DOCUMENT.findall(said)}
    return found | {*OF_RECORDS.findall(said)}


def rows() -> dict[str, tuple[str, str]]:
    """Return what the index says of each check: what it is, and what it finds."""
    row = re.compile(r"^\| \[([a-z-]+)\]\(\1\.md\) \| (\w+) \| (.*) \|$", re.MULTILINE)
    found = row.findall(INDEX.read_text(encoding="utf-8"))
    listed = {check: (kind, meaning) for check, kind, meaning in found}
    assert len(listed) == len(found)
    return listed


def test_every_check_has_a_page_and_every_page_a_check() -> None:
    assert {page.stem for page in PAGES} == {*CHECKS} == {*rows()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_bad_document_has_this_and_the_good_one_nothing(page: Path, tmp_path: Path) -> None:
    done = Reader(page, tmp_path).read()
    bad, good = (result for line, result in done if line.startswith("checker "))
    kind, meaning = rows()[page.stem]
    assert findings(bad) == {(page.stem, kind)}
    assert (good.status, findings(good)) == (0, set())
    check = CHECKS[page.stem]
    assert (kind, meaning) == (check.severity, check.meaning)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_pages_are_made_alike(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    check = CHECKS[page.stem]
    assert text.startswith(f"# {page.stem}\n\n{check.meaning}\n\n")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == SECTIONS
    last = " ".join(text.rpartition("## What to do")[2].split())
    assert last.startswith(check.help)


def test_the_policy_of_the_pages_is_sound() -> None:
    result = checker("check", "--strict", "--root", FOLDER / "policy")
    assert (result.status, findings(result)) == (0, set())
