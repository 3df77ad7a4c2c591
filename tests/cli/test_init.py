"""`init`: what is made passes every check, and nothing that is there is touched."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from json import loads
from pathlib import Path

import pytest

from checker.cli.commands.init import SAMPLE
from checker.language.syntax.parser import compose
from tests.commands import Result, checker

NAMES = sorted(path.relative_to(SAMPLE) for path in SAMPLE.rglob("*") if path.is_file())


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory, which is empty."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def refused(*arguments: object) -> str:
    """Return what is said to a call that can't be used, which makes nothing."""
    before = sorted(Path.cwd().rglob("*"))
    found: Result = checker("init", *arguments)
    assert (found.status, found.out, sorted(Path.cwd().rglob("*"))) == (2, "", before)
    return found.err


def test_what_is_made_is_printed(folder: Path) -> None:
    made = checker("init")
    assert (made.status, made.out.splitlines()) == (0, [*map(str, NAMES)])
    assert made.err == f"{len(NAMES)} files; README.md says what they are\n"
    assert files(folder) == NAMES


@pytest.mark.parametrize(
    "command",
    ["check --strict", "validate --strict", "test", "prove", "fmt --check", "limits books/rules"],
)
def test_it_passes(command: str) -> None:
    checker("init")
    found = checker(*command.split())
    assert (found.status, found.err) == (0, "")
    assert "warning" not in found.out.replace("0 warnings", "")


def test_a_folder_is_made_with_those_above_it(folder: Path) -> None:
    made = checker("init", "some/where")
    assert (made.status, files(folder / "some" / "where")) == (0, NAMES)
    assert made.out.startswith("some/where/")


def test_a_git_repository_may_hold_other_files(folder: Path) -> None:
    Path(".git").mkdir()
    Path("notes.txt").write_text("mine")
    assert checker("init").status == 0
    assert Path("notes.txt").read_text() == "mine"


def test_nothing_is_overwritten(folder: Path) -> None:
    Path(".git").mkdir()
    Path("README.md").write_text("mine")
    said = "checker: .: holds `README.md`, and nothing is overwritten: move it away\n"
    assert refused() == said
    Path(".gitignore").symlink_to("nowhere")
    assert "holds `.gitignore`, `README.md`, and nothing is overwritten: move them" in refused()


def test_a_folder_with_other_files_is_no_place(folder: Path) -> None:
    Path("shop").mkdir()
    Path("shop", "notes.txt").write_text("mine")
    assert refused("shop").startswith("checker: shop: holds `notes.txt`, and is no git repository")
    assert refused("shop/notes.txt").endswith("notes.txt: is no folder; name one that is new\n")


def test_where_one_file_can_not_be_written_none_is_left(folder: Path) -> None:
    Path(".git").mkdir()
    Path("policy").write_text("a file where a folder should be")
    assert refused().startswith("checker: policy")


def test_the_readme_names_what_is_there() -> None:
    readme = (SAMPLE / "README.md").read_text(encoding="utf-8")
    unnamed = {"README.md", ".gitignore", ".editorconfig"}
    for name in map(str, NAMES):
        assert name in unnamed or name.split("/")[0] in (".vscode", ".helix") or name in readme


def test_the_settings_can_be_read() -> None:
    assert loads((SAMPLE / ".vscode" / "settings.json").read_text())
    assert tomllib.loads((SAMPLE / ".helix" / "languages.toml").read_text())
    assert compose((SAMPLE / ".pre-commit-config.yaml").read_text())


@pytest.mark.slow
def test_the_hooks_lay_out_and_block(folder: Path) -> None:
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PRE_COMMIT_HOME": str(folder / "home")}

    def git(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["git", *identity, "-C", "shop", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    checker("init", "shop")
    git("init", "-q")
    git("add", ".")
    subprocess.run(["pre-commit", "install"], cwd="shop", env=environment, check=True)
    first = git("commit", "-m", "policies")
    assert first.returncode == 0, first.stdout + first.stderr

    seller = Path("shop", "policy", "sellers", "corner-bookshop.yaml")
    smooth = seller.read_text(encoding="utf-8")
    seller.write_text(smooth.replace("window: 30", "window:   31"), encoding="utf-8")
    waits = git("commit", "-am", "rough")
    assert (waits.returncode, "files were modified" in waits.stderr) == (1, True)
    assert seller.read_text(encoding="utf-8") == smooth.replace("30", "31")
    assert git("commit", "-am", "smooth").returncode == 0

    seller.write_text(smooth.replace("window: 30", "window: 7"), encoding="utf-8")
    blocked = git("commit", "-am", "seven days")
    assert (blocked.returncode, "rejects-required-return" in blocked.stderr) == (1, True)
