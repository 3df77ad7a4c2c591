"""`fmt`: what is laid out anew, what is left alone, messages, exit status."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import checker
from tests.conftest import PROJECT

ROUGH = """\
kind: override  # what it is
version: 1.0.0
id: 'corner'

policy: "books/rules@1"
effective:
    from:   2024-06-01
rules: [{when: {unsealed: yes}, id: opened,
   respond: reject}]
"""
SMOOTH = """\
kind: override  # what it is
id: corner
version: 1.0.0

policy: books/rules@1
effective: {from: 2024-06-01}
rules:
  - id: opened
    when: {unsealed: yes}
    respond: reject
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working directory with a document in a folder `policy`."""
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "corner.yaml").write_text(ROUGH, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def text(name: str = "corner") -> str:
    return Path("policy", f"{name}.yaml").read_bytes().decode()


def test_a_document_is_laid_out_and_then_left_alone() -> None:
    first = checker("fmt")
    assert (first.status, first.err) == (0, "")
    assert first.out == "policy/corner.yaml: formatted\n1 document, 1 formatted\n"
    assert text() == SMOOTH
    again = checker("fmt", "policy/corner.yaml")
    assert (again.status, again.out) == (0, "1 document, 0 formatted\n")


def test_a_check_changes_nothing_and_fails() -> None:
    found = checker("fmt", "--check")
    assert (found.status, text()) == (1, ROUGH)
    assert found.out == "policy/corner.yaml: not formatted\n1 document, 1 to format\n"
    checker("fmt")
    assert checker("fmt", "--check").status == 0


def test_what_can_not_be_read_is_said_and_the_rest_is_done() -> None:
    Path("policy/broken.yaml").write_text("kind: [\n", encoding="utf-8")
    found = checker("fmt")
    assert found.status == 1
    assert found.err.startswith("policy/broken.yaml:")
    assert (text(), text("broken")) == (SMOOTH, "kind: [\n")


def test_what_is_no_document_stays_as_it_is() -> None:
    Path("policy/workflow.yaml").write_text("on:   push\n", encoding="utf-8")
    found = checker("fmt")
    assert (found.status, text("workflow")) == (0, "on:   push\n")
    assert found.err.startswith("policy/workflow.yaml: left as it is: no `kind` of `vocabulary`, ")


def test_a_read_only_file_is_an_error_and_the_rest_is_done() -> None:
    Path("policy/also.yaml").write_text(ROUGH.replace("corner", "also"), encoding="utf-8")
    Path("policy/also.yaml").chmod(0o444)
    found = checker("fmt")
    assert (found.status, text()) == (2, SMOOTH)
    assert found.err == "checker: policy/also.yaml can't be written: it is read-only\n"


def test_line_ends_become_one_kind_and_a_byte_order_mark_stays() -> None:
    raw = b"\xef\xbb\xbf" + ROUGH.replace("\n", "\r\n").encode()
    Path("policy/corner.yaml").write_bytes(raw)
    assert checker("fmt").status == 0
    assert text() == "\ufeff" + SMOOTH


def test_an_empty_folder_and_a_wrong_name_are_said() -> None:
    Path("none").mkdir()
    assert checker("fmt", "none").err == (
        "checker: none: found no documents (.yaml or .yml) in the folder\n"
    )
    found = checker("fmt", "nowhere.yaml")
    assert (found.status, found.err) == (2, "checker: nowhere.yaml: no such file or folder\n")


@pytest.mark.parametrize(
    "folder_name", ["policy", "examples", "docs", "checker/cli/starter_repository"]
)
def test_what_is_shipped_is_formatted(folder_name: str) -> None:
    found = checker("fmt", "--check", PROJECT / folder_name)
    assert found.status == 0, found.out + found.err
