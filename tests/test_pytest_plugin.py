"""`pytest` in a folder of policies, run as its user would run it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT / "examples" / "3-sellers", tmp_path / "shop")
    return tmp_path / "shop"


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_documents_are_collected_without_configuration(folder: Path) -> None:
    (folder / "other.yaml").write_text("kind: Deployment\nspec: {}\n")
    (folder / "notes.yaml").write_text("- kind: [\n")
    status, out = run(folder, "--collect-only", "-q")
    assert status == 0, out
    items = {line for line in out.splitlines() if "::" in line}
    assert "policy/short-window.yaml::valid" in items
    assert "policy/short-window.yaml::never-refuses-what-must-be-accepted" in items
    assert "short-window-cases.yaml::valid" in items
    assert {f"short-window-cases.yaml::day-{n}" for n in (5, 6, 8)} <= items
    assert not [item for item in items if "other" in item or "notes" in item]


def test_a_wrong_seller_fails_and_a_right_one_passes(folder: Path) -> None:
    wrong = "policy/refuses-categories.yaml"
    status, out = run(folder, "-q", wrong, "policy/careful-shop.yaml", "--checker-examples", "1500")
    assert status == 1
    assert f"FAILED {wrong}::never-refuses-what-must-be-accepted" in out
    assert "requires it to accept" in out
    assert "\033" not in out and "Traceback" not in out
    assert "1 failed, 3 passed" in out


def test_an_unmet_expectation_fails_its_case_alone(folder: Path) -> None:
    cases = folder / "short-window-cases.yaml"
    cases.write_text(cases.read_text().replace("response: accept", "response: manual"))
    status, out = run(folder, "-q", cases.name)
    assert status == 1
    assert "case `day-5`: response is `accept`, expected `manual`" in out
    assert "1 failed, 3 passed" in out


def test_a_document_that_can_not_be_read_fails(folder: Path) -> None:
    (folder / "bad.yaml").write_text("kind: policy\nid: [\n")
    status, out = run(folder, "-q", "bad.yaml")
    assert status == 1
    assert "bad.yaml:2:5: error: not YAML" in out
