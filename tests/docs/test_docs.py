"""The documents for people: links lead somewhere, and the examples in them work."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from checker.language.compose import compose
from checker.language.documents import parse_document
from checker.language.library import Library
from checker.language.schema import check_shape
from checker.language.worlds import Resolver
from tests.commands import checker
from tests.conftest import PROJECT

FOLDERS = (PROJECT, *(PROJECT / name for name in ("docs", "examples", "benchmarks")))
PAGES = sorted(page for folder in FOLDERS for page in folder.glob("*.md"))
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path, language: str) -> list[str]:
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [
        "\n".join(line.removeprefix(indent) for line in text.splitlines())
        for indent, kind, text in found
        if kind == language
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_yaml_is_what_it_claims_to_be(page: Path) -> None:
    for text in blocks(page, "yaml"):
        compose(text)
        if text.startswith(("kind:", "# yaml-language-server")):
            document, problems = parse_document(text.encode(), "block")
            assert document, problems
            assert not check_shape(document)[1]
            if document.kind == "vocabulary":
                assert not Resolver(Library()).vocabulary(document)[1]


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
    path = tmp_path / "shop-1001.yaml"
    path.write_text(override, encoding="utf-8")
    (console,) = blocks(readme, "console")
    expected = console.splitlines()[1].partition("yaml:")[2]
    result = checker("check", path)
    assert result.status == 1
    assert f"{path}:{expected}" in result.out.splitlines()


def test_the_page_on_proofs_is_true(in_project: None, tmp_path: Path) -> None:
    page, results = PROJECT / "docs" / "proofs.md", []
    for text in blocks(page, "sh"):
        for line in text.replace("build/proofs", str(tmp_path)).splitlines():
            program, *arguments = shlex.split(line)
            assert program == "checker"
            results.append(checker(*arguments))
    assert [each.status for each in results] == [1, 0, 0, 0, 0, 1], results
    (failure,), (change,) = blocks(page, "text"), blocks(page, "diff")
    assert results[0].out.startswith(failure)
    assert results[-1].out.rstrip("\n") == change.rstrip("\n")
