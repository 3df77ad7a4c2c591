"""The pre-commit hooks, tried by pre-commit on a scratch repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT

pytestmark = pytest.mark.slow


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository of the project as it is now, committed or not."""
    folder = tmp_path_factory.mktemp("hooks")
    for name in ("checker", "policy", "schemas", "pyproject.toml", "README.md", "LICENSE"):
        source = PROJECT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name)
    shutil.copy(PROJECT / ".pre-commit-hooks.yaml", folder)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "hooks")
    return folder


def try_hook(hooks: Path, repository: Path, hook: str) -> subprocess.CompletedProcess[str]:
    git(repository, "add", ".")
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(hooks), hook, "--all-files"]
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("hook", "seller"), [("checker-check", "careful-shop"), ("checker-validate", "short-window")]
)
def test_a_good_commit_passes(hooks: Path, tmp_path: Path, hook: str, seller: str) -> None:
    repository = scratch(tmp_path, seller)
    done = try_hook(hooks, repository, hook)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stdout


def test_a_bad_override_blocks_the_commit(hooks: Path, tmp_path: Path) -> None:
    repository = scratch(tmp_path, "short-window")
    done = try_hook(hooks, repository, "checker-check")
    assert done.returncode == 1
    assert "Failed" in done.stdout
    assert "requires it to accept" in done.stdout


def test_a_document_is_laid_out_and_the_commit_waits(hooks: Path, tmp_path: Path) -> None:
    repository = scratch(tmp_path, "short-window")
    seller = repository / "policy" / "short-window.yaml"
    smooth = seller.read_text(encoding="utf-8")
    seller.write_text(smooth.replace("policy: ", "policy:   "), encoding="utf-8")
    done = try_hook(hooks, repository, "checker-fmt")
    assert done.returncode == 1
    assert "files were modified by this hook" in done.stdout
    assert seller.read_text(encoding="utf-8") == smooth
    assert try_hook(hooks, repository, "checker-fmt").returncode == 0


def scratch(tmp_path: Path, seller: str) -> Path:
    folder = tmp_path / "shop"
    (folder / "policy").mkdir(parents=True)
    shutil.copy(PROJECT / "examples" / "3-sellers" / "policy" / f"{seller}.yaml", folder / "policy")
    git(folder, "init", "-q")
    return folder
