"""The documents for people: links lead somewhere, and every block in the handbook works."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from checker.language.model.schema import check_shape
from checker.language.syntax.documents import parse_document
from checker.language.syntax.parser import compose
from tests.commands import checker
from tests.conftest import PROJECT
from tests.docs.pages import BLOCK, Reader, all_blocks, blocks, is_foreign, shows

HANDBOOK = sorted((PROJECT / "docs").rglob("*.md"))
PAGES = [
    *(page for name in (".", "examples", "benchmarks") for page in (PROJECT / name).glob("*.md")),
    *HANDBOOK,
]
FOREIGN = [page for page in HANDBOOK if any(map(is_foreign, all_blocks(page)))]


def name_of(page: Path) -> str:
    return str(page.relative_to(PROJECT))


def anchors(page: Path) -> set[str]:
    """Return the names that the headings of a page have in links to it."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    outside = BLOCK.sub("", page.read_text(encoding="utf-8"))  # links in blocks are what is shown
    for target in re.findall(r"\]\(([^)]+)\)", outside):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        to = page.parent / path if path else page
        assert to.exists(), target
        assert not anchor or anchor in anchors(to), target


@pytest.mark.parametrize("page", HANDBOOK, ids=name_of)
def test_every_block_is_run(page: Path, tmp_path: Path) -> None:
    Reader(page, tmp_path).read()


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with this project as pip installs it."""
    folder = tmp_path_factory.mktemp("wheels")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("page", FOREIGN, ids=name_of)
def test_every_block_is_run_with_other_programs(page: Path, tmp_path: Path, wheels: Path) -> None:
    Reader(page, tmp_path, wheels).read()


def test_the_handbook_lists_its_pages() -> None:
    contents = PROJECT / "docs" / "README.md"
    listed = re.findall(r"\]\(([^)#]+)\)", contents.read_text(encoding="utf-8"))
    beside = {page.name for page in HANDBOOK if page.parent == contents.parent}
    assert beside - {contents.name} <= {*listed}


@pytest.mark.parametrize(
    ("shown", "said", "same"),
    [
        ("", "", True),
        ("", "one\n", False),
        ("one", "one\n", True),
        ("one", "one\ntwo\n", False),
        ("one\n…", "one\ntwo\nthree\n", True),
        ("…\nthree", "one\ntwo\nthree\n", True),
        ("one\n…\nthree", "one\nthree\n", True),
        ("one…", "one two\n", False),
        ("o.e", "one\n", False),
    ],
)
def test_what_is_shown_is_what_is_said(shown: str, said: str, same: bool) -> None:
    assert shows(shown, said) == same


BROKEN = {
    "a status": "```sh\nchecker schema nonsense\n```\n",
    "an output": "```console\n$ checker --version\nchecker 0\n```\n",
    "a part of an output": "```sh\nchecker --version\n```\n\n```text\nchecker 0\n```\n",
    "a document": "```yaml\nkind: policy\nid: p\n```\n",
    "an option": "```sh\nchecker check --strictly\n```\n",
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_page_that_is_wrong_is_found(tmp_path: Path, what: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(BROKEN[what], encoding="utf-8")
    with pytest.raises(AssertionError):
        Reader(page, tmp_path).read()


def test_the_commands_of_the_examples_run(in_project: None) -> None:
    status = {}
    for text in blocks(PROJECT / "examples" / "README.md", "sh"):
        for line in text.splitlines():
            program, *arguments = shlex.split(line)
            assert program == "checker"
            more = ["--examples", "400"] if arguments[0] in ("test", "check") else []
            status[line] = checker(*arguments, *more).status
    assert [*status.values()] == [0, 0, 0, 1, 1, 1, 1, 0, 1], status


def test_the_readme_shows_what_is_printed(in_project: None, tmp_path: Path) -> None:
    readme = PROJECT / "README.md"
    command = blocks(readme, "sh")[0].rpartition("checker ")[2]
    shown = blocks(readme, "text")[0]
    assert shown in checker(*shlex.split(command)).out
    (override,) = [text for text in blocks(readme, "yaml") if "kind: override" in text]
    document, problems = parse_document(override.encode(), "block")
    assert document and not check_shape(document)[1], problems
    path = tmp_path / "shop-1001.yaml"
    path.write_text(override, encoding="utf-8")
    (console,) = blocks(readme, "console")
    expected = console.splitlines()[1].partition("yaml:")[2]
    result = checker("check", path)
    assert result.status == 1
    assert f"{path}:{expected}" in result.out.splitlines()
    for text in blocks(readme, "yaml"):
        compose(text)
