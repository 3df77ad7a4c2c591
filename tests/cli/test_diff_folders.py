"""`diff` of two folders: policies with what was there of them, overrides that were edited."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from checker.analysis.diff import differences
from checker.solver.box_search import Undecided
from tests.cli.test_diff import LONGER, OLD, newer, root
from tests.commands import Result, checker
from tests.report.test_markdown import Page

__all__ = ["root"]  # a fixture, which every test runs with


@pytest.fixture(autouse=True)
def before(root: Path) -> Path:
    """Return a copy of the folder as it was."""
    copy = root.parent / "before"
    shutil.copytree(root, copy)
    return copy


def diffed(*more: object, status: int = 0) -> list[dict[str, Any]]:
    done = checker("diff", "before", "policy", *more, "--format", "json")
    assert (done.status, done.err) == (status, ""), done.err
    return [json.loads(line) for line in done.out.splitlines()]


def names(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(each["old"], each["new"]) for each in found]


def test_a_new_version_is_compared_with_the_one_below(root: Path) -> None:
    newer(root, "2.0.0", LONGER)
    ((found),) = diffed("--overrides", "policy", status=1)
    assert (found["old"], found["new"], found["class"]) == ("rules@1.0.0", "rules@2.0.0", "widens")
    assert found["version"]["honest"]
    assert [each["override"] for each in found["overrides"]["broken"]] == ["strict@1.0.0"]


def test_a_version_that_was_edited_in_place(root: Path) -> None:
    rules = root / "old.yaml"
    for version, honest in (("1.0.0", False), ("1.1.0", False), ("2.0.0", True)):
        rules.write_text(OLD.replace(*LONGER).replace("1.0.0", version))
        (found,) = diffed(status=0 if honest else 1)
        assert names([found]) == [("rules@1.0.0", f"rules@{version}")]
        assert found["version"]["honest"] is honest


def test_what_stays_is_not_compared(root: Path) -> None:
    assert diffed() == []
    done = checker("diff", "before", "policy", "--overrides", "policy")
    assert (done.status, done.out) == (0, "nothing changes\n")
    assert checker("diff", "before", "policy", "--format", "markdown").out == "Nothing changes.\n"


def test_an_edited_override_is(root: Path) -> None:
    path = root / "sellers" / "strict.yaml"
    path.write_text(path.read_text().replace("window: 7", "window: 9"))
    (found,) = diffed("--overrides", "policy")
    assert names([found]) == [("strict@1.0.0", "strict@1.0.0")]
    assert (found["kind"], found["class"], found["overrides"]) == ("override", "widens", None)


def test_a_policy_whose_law_changed_beneath_it_is(root: Path, before: Path) -> None:
    law = OLD.replace("id: rules", "id: law")
    rules = OLD.replace("vocabulary: v", "vocabulary: v\nupholds: [law]")
    for folder in (before, root):
        (folder / "law.yaml").write_text(law)
        (folder / "old.yaml").write_text(rules)
    (root / "law.yaml").write_text(law.replace(*LONGER).replace("1.0.0", "2.0.0"))
    found = diffed()
    assert names(found) == [("law@1.0.0", "law@2.0.0"), ("rules@1.0.0", "rules@1.0.0")]
    assert found[1]["class"] == "widens" and found[1]["version"] is None


def test_each_side_reads_its_own_vocabulary(root: Path) -> None:
    text = (root / "v.yaml").read_text()
    (root / "v.yaml").write_text(text.replace("[0, 30], typical", "[0, 60], typical"))
    (found,) = diffed()
    assert names([found]) == [("rules@1.0.0", "rules@1.0.0")]
    assert "facts.days" in {each["at"] for each in found["changes"]}


def test_documents_of_one_side_are_named(root: Path) -> None:
    (root / "sellers" / "polite.yaml").unlink()
    (root / "more.yaml").write_text(OLD.replace("id: rules", "id: more"))
    assert diffed() == [
        {"document": "more@1.0.0", "kind": "policy", "why": "new"},
        {"document": "polite@1.0.0", "kind": "override", "why": "no longer there"},
    ]
    done = checker("diff", "before", "policy")
    assert done.out == "more@1.0.0: new\npolite@1.0.0: no longer there\n"
    comment = Page(checker("diff", "before", "policy", "--format", "markdown").out)
    assert comment.tags == ["h3", "code"] * 2


def told(*more: object) -> Result:
    return checker("diff", "before", "policy", *more)


def test_errors_of_one_document_leave_the_others(root: Path) -> None:
    newer(root, "2.0.0", LONGER)
    (root / "old.yaml").write_text(OLD.replace("{used: true}", "{usd: true}"))
    (root / "unread.yaml").write_text("kind: [")
    done = told("--overrides", "policy")
    assert done.status == 1
    assert done.err.count("policy/unread.yaml:") == 1
    assert "policy/old.yaml:10:21: error: unknown fact or parameter `usd`" in done.err
    lines = done.out.splitlines()
    assert "rules@1.0.0: can't be compared, because a document has errors" in lines
    assert "rules@1.0.0 -> rules@2.0.0: buyers gain" in lines


def test_what_can_t_be_decided_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise Undecided

    newer(root, "2.0.0", LONGER)
    monkeypatch.setattr(differences, "answer", never)
    done = told()
    assert done.status == 1
    assert "rules@2.0.0: can't be compared within the budget" in done.out.splitlines()


def test_documents_of_further_roots_are_those_of_both(root: Path, before: Path) -> None:
    for folder in (root, before):
        (folder / "v.yaml").rename(folder.parent / "v.yaml")
    shared = root.parent / "shared"
    shared.mkdir()
    (root.parent / "v.yaml").rename(shared / "v.yaml")
    newer(root, "2.0.0", LONGER)
    assert names(diffed("--root", shared)) == [("rules@1.0.0", "rules@2.0.0")]


def test_a_folder_goes_with_a_folder(root: Path) -> None:
    for given in (
        ["before", "policy/old.yaml"],
        ["policy/old.yaml", "before"],
        ["before", "rules"],
    ):
        done = checker("diff", *given)
        assert (done.status, done.out) == (2, "")
        assert "before is a folder, and goes with another folder" in done.err
