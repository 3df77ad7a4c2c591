"""The steps of the workflow do what they say, in a repository of their own, by git and bash."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.report.test_markdown import Page
from tests.starter_repository.test_workflow import JOBS

pytestmark = pytest.mark.slow

EXAMPLE = PROJECT / "examples" / "4-next-version" / "policy"


class Runner:
    """Runs the steps of the workflow in a checkout of a merge, as GitHub runs them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.scratch = folder / "checkout", folder / "scratch"
        self.merged = self.folder / "policy"
        for each in (self.merged, self.scratch):
            each.mkdir(parents=True)
        self.summary = self.scratch / "summary.md"
        self.environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "RUNNER_TEMP": str(self.scratch),
        }
        self.git("init", "-q")

    def git(self, *arguments: str) -> None:
        identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
        subprocess.run(["git", *identity, *arguments], cwd=self.folder, check=True)

    def commit(self, **files: str | None) -> None:
        """Commit the files; None removes one."""
        for name, text in files.items():
            path = self.merged / f"{name}.yaml"
            if text is None:
                path.unlink()
            else:
                path.write_text(text, encoding="utf-8")
        self.git("add", ".")
        self.git("commit", "-q", "--allow-empty", "-m", "more")

    def run(self, job: str, name: str) -> subprocess.CompletedProcess[str]:
        (step,) = [step for step in JOBS[job]["steps"] if step.get("name") == name]
        return subprocess.run(
            ["bash", "-e", "-c", step["run"]],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def example(*names: str) -> dict[str, str | None]:
    return {name: (EXAMPLE / f"{name}.yaml").read_text(encoding="utf-8") for name in names}


BASE = ("facts", "rules-1.0.0", "ten-days", "thirty-days")


def test_a_clean_check_goes_on(runner: Runner) -> None:
    runner.commit(**example(*BASE))
    done = runner.run("check", "Check")
    assert (done.returncode, done.stdout) == (0, "")
    assert runner.run("check", "Layout").returncode == 0


def test_findings_are_marked_and_fail(runner: Runner) -> None:
    bad = (EXAMPLE / "ten-days.yaml").read_text(encoding="utf-8").replace("10", "5")
    runner.commit(**example(*BASE), bad=bad.replace("ten-days", "five-days"))
    done = runner.run("check", "Check")
    assert done.returncode == 1
    assert done.stdout.startswith("::error file=policy/bad.yaml,line=6,col=11,")


def test_what_can_t_be_checked_fails(runner: Runner) -> None:
    runner.commit()
    runner.merged.rmdir()
    (runner.folder / "policy").mkdir()
    done = runner.run("check", "Check")
    assert (done.returncode, done.stdout) == (2, "")
    assert "found no documents" in done.stderr


def compared(runner: Runner) -> str:
    done = runner.run("compare", "Compare")
    assert done.returncode == 0, done.stderr
    summary = runner.summary.read_text(encoding="utf-8")
    assert summary.startswith("## What changes for buyers\n\n")
    return summary


def test_a_pull_request_says_what_changes_and_who_breaks(runner: Runner) -> None:
    runner.commit(**example(*BASE))
    runner.commit(**example("rules-2.0.0"))
    summary = compared(runner)
    page = Page(summary)
    assert "### `shop/rules@1.0.0` → `shop/rules@2.0.0`: buyers gain\n" in summary
    assert "shop/ten-days@1.0.0" in page.texts
    assert page.tags.count("table") == 3


def test_nothing_changes(runner: Runner) -> None:
    runner.commit(**example(*BASE))
    runner.commit()
    assert compared(runner).endswith("\n\nNothing changes.\n")


def test_the_first_policies_are_new(runner: Runner) -> None:
    (runner.folder / "README").write_text("")
    runner.commit()
    runner.commit(**example(*BASE))
    assert "### `shop/rules@1.0.0`: new\n" in compared(runner)
