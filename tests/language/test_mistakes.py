"""Each mistake that authors make gives its one error, where it was made, with what to write."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.analysis.check.validator import Validator
from checker.language.resolve.folders import documents_below
from checker.language.resolve.library import FileEntry, Library, Root
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.documents import parse_document
from checker.language.syntax.problems import Finding
from tests.conftest import PROJECT
from tests.drawing import print_counts, share
from tests.worlds import DAY

TABLE = yaml.safe_load((Path(__file__).parent / "mistakes.yaml").read_text(encoding="utf-8"))
KINDS = {"facts": "vocabulary", "policy": "policy", "override": "override", "cases": "cases"}


def problems(documents: dict[str, str]) -> list[Finding]:
    """Return the findings about documents, given as texts by the name of their file."""
    library = Library()
    for name, text in documents.items():
        data = yaml.safe_load(TABLE["documents"][name])
        id, version = data.get("id", ""), data.get("version", "")
        library.add(FileEntry(f"{name}.yaml", text.encode(), KINDS[name], id, version))
    validator = Validator(Resolver(library), DAY)
    found = [finding for each in library.documents for finding in validator.problems(each)]
    return [*library.problems, *found]


def test_the_documents_have_no_errors() -> None:
    assert problems(TABLE["documents"]) == []


@pytest.mark.parametrize("mistake", TABLE["mistakes"], ids=lambda mistake: mistake["name"])
def test_a_mistake_is_one_error(mistake: dict[str, Any]) -> None:
    name = mistake["in"]
    text = TABLE["documents"][name]
    assert mistake["for"] in text
    text = text.replace(mistake["for"], mistake["write"], 1)
    found = [
        f"{finding.position.line}:{finding.position.column}: {finding.severity}: {finding.message}"
        + (f" ({finding.help})" if finding.help else "")
        for finding in problems({**TABLE["documents"], name: text})
        if finding.position.file == f"{name}.yaml"
    ]
    assert found == mistake.get("errors", [mistake.get("error")])


CHARACTERS = [*map(chr, range(32, 127)), *"：，【】“”\u00a0\u3000\u200b３\ufeff\t"]
FILES = [*documents_below(PROJECT / "policy")]


def one_character_changed(text: str, random: random.Random) -> tuple[str, int]:
    """Return the text with one character left out, put in or replaced, and its line from 1."""
    index, how = random.randrange(len(text)), random.choice(["leave out", "put in", "replace"])
    new = "" if how == "leave out" else random.choice(CHARACTERS)
    rest = text[index if how == "put in" else index + 1 :]
    return text[:index] + new + rest, text.count("\n", 0, index) + 1


def errors(entries: list[FileEntry], path: Path, text: str) -> list[Finding]:
    """Return the errors of a shipped document with another text, beside the others."""
    document, unreadable = parse_document(text.encode(), str(path), nfc=True)
    if document is None:
        return unreadable
    library = Library()
    for entry in entries:
        if entry.file != str(path):
            library.add(entry)
    library.replace_document(document)
    found = Validator(Resolver(library), DAY).problems(document)
    return [each for each in found if each.severity == "error"]


def test_one_changed_character_is_one_error_at_its_line(worlds_to_draw: int) -> None:
    """Most changes in shipped documents give exactly one error, within one line of the change."""
    drawn, seed = max(share(400), worlds_to_draw), 7
    source, counts = random.Random(seed), Counter[str]()
    entries = Library().add_root(Root(PROJECT / "policy"))
    while counts["with errors"] < drawn:
        path = source.choice(FILES)
        changed, line = one_character_changed(path.read_text(encoding="utf-8"), source)
        found = errors(entries, path, changed)
        counts["with errors"] += bool(found)
        counts["without"] += not found
        near = [each for each in found if abs(each.position.line - line) <= 1]
        counts["with one error at its line"] += len(found) == len(near) == 1
    print_counts(counts)
    assert counts["with one error at its line"] >= 0.95 * counts["with errors"]
