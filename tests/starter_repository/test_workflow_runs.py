"""The steps of the workflow do what they say, in a repository of their own, by git and bash."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.report.test_markdown import Page
from tests.report.test_reports import results
from tests.starter_repository.test_workflow import JOBS

pytestmark = pytest.mark.slow

EXAMPLE = PROJECT / "examples" / "4-next-version" / "policy"
# What stands for GitHub's own program: it notes what it is called with, and lists one comment.
GH = """\
#!/usr/bin/env bash
printf '%s\\n' "$*" >> "$CALLS"
case "$*" in *--paginate*) printf '%s' "$COMMENT" ;; esac
"""


class Runner:
    """Runs the steps of the workflow in a checkout of a merge, as GitHub runs them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.scratch = folder / "checkout", folder / "scratch"
        self.merged = self.folder / "policy"
        for each in (self.merged, self.scratch / "bin"):
            each.mkdir(parents=True)
        gh = self.scratch / "bin" / "gh"
        gh.write_text(GH)
        gh.chmod(0o755)
        self.files = {
            name: self.scratch / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "CALLS")
        }
        path = f"{self.scratch / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        self.environment = {
            **os.environ,
            **{name: str(file) for name, file in self.files.items()},
            "PATH": path,
            "RUNNER_TEMP": str(self.scratch),
            "GITHUB_REPOSITORY": "shop/policies",
            "COMMENT": "",
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

    def run(self, job: str, name: str, **environment: str) -> subprocess.CompletedProcess[str]:
        (step,) = [step for step in JOBS[job]["steps"] if step.get("name") == name]
        return subprocess.run(
            ["bash", "-e", "-c", step["run"]],
            cwd=self.folder,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def said(self, name: str) -> str:
        return self.files[name].read_text(encoding="utf-8") if self.files[name].exists() else ""


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def example(*names: str) -> dict[str, str | None]:
    return {name: (EXAMPLE / f"{name}.yaml").read_text(encoding="utf-8") for name in names}


BASE = ("facts", "rules-1.0.0", "ten-days", "thirty-days")


def test_a_clean_check_goes_on(runner: Runner) -> None:
    runner.commit(**example(*BASE))
    done = runner.run("check", "Check")
    assert (done.returncode, runner.said("GITHUB_OUTPUT")) == (0, "status=0\n")
    assert results((runner.folder / "findings.sarif").read_text(encoding="utf-8")) == []


def test_findings_are_uploaded_and_fail_at_the_end(runner: Runner) -> None:
    bad = (EXAMPLE / "ten-days.yaml").read_text(encoding="utf-8").replace("10", "5")
    runner.commit(**example(*BASE), bad=bad.replace("ten-days", "five-days"))
    done = runner.run("check", "Check")
    assert (done.returncode, runner.said("GITHUB_OUTPUT")) == (0, "status=1\n")
    (result,) = results((runner.folder / "findings.sarif").read_text(encoding="utf-8"))
    assert result["ruleId"] == "rejects-required-return"
    for form, said in (("text", "policy/bad.yaml:6:11: error"), ("github", "::error file=")):
        done = runner.run("check", "Fail where errors were found", FORMAT=form)
        assert done.returncode == 1 and done.stdout.startswith(said)


def test_what_can_t_be_checked_fails_at_once(runner: Runner) -> None:
    runner.commit()
    runner.merged.rmdir()
    (runner.folder / "policy").mkdir()
    done = runner.run("check", "Check")
    assert (done.returncode, runner.said("GITHUB_OUTPUT")) == (1, "status=2\n")
    assert (runner.folder / "findings.sarif").read_text() == ""
    assert "found no documents" in done.stderr


def compared(runner: Runner) -> str:
    done = runner.run("compare", "Compare")
    assert done.returncode == 0, done.stderr
    comment = (runner.folder / "comment.md").read_text(encoding="utf-8")
    assert runner.said("GITHUB_STEP_SUMMARY") == comment
    assert comment.startswith("<!-- policies -->\n\n## What changes for buyers\n\n")
    return comment


def test_a_pull_request_says_what_changes_and_who_breaks(runner: Runner) -> None:
    runner.commit(**example(*BASE))
    runner.commit(**example("rules-2.0.0"))
    comment = compared(runner)
    page = Page(comment)
    assert "### `shop/rules@1.0.0` → `shop/rules@2.0.0`: buyers gain\n" in comment
    assert "shop/ten-days@1.0.0" in page.texts
    assert page.tags.count("table") == 3
    assert runner.run("compare", "Comment", NUMBER="7").returncode == 0
    listed, created = runner.said("CALLS").splitlines()
    assert listed.startswith("api --paginate repos/shop/policies/issues/7/comments --jq ")
    assert created == "pr comment 7 --body-file comment.md --repo shop/policies"


def test_a_comment_that_is_there_is_written_anew(runner: Runner) -> None:
    runner.commit(**example(*BASE))
    runner.commit()
    assert compared(runner).endswith("\n\nNothing changes.\n")
    assert runner.run("compare", "Comment", NUMBER="7", COMMENT="41\n42\n").returncode == 0
    edited = "api --silent --method PATCH repos/shop/policies/issues/comments/41"
    assert runner.said("CALLS").splitlines()[1:] == [f"{edited} --field body=@comment.md"]


def test_nothing_is_said_where_nothing_changes(runner: Runner) -> None:
    runner.commit(**example(*BASE))
    runner.commit()
    compared(runner)
    assert runner.run("compare", "Comment", NUMBER="7").returncode == 0
    assert len(runner.said("CALLS").splitlines()) == 1


def test_the_first_policies_are_new(runner: Runner) -> None:
    (runner.folder / "README").write_text("")
    runner.commit()
    runner.commit(**example(*BASE))
    assert "### `shop/rules@1.0.0`: new\n" in compared(runner)
