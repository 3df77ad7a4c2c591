"""The page on pull requests shows what is printed."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

from tests.commands import checker
from tests.conftest import PROJECT
from tests.docs.test_docs import blocks

PAGE = PROJECT / "docs" / "pull-requests.md"


def test_the_annotation_is_what_is_printed(in_project: None) -> None:
    (console,) = blocks(PAGE, "console")
    command, expected = console.splitlines()
    done = checker(*shlex.split(command.removeprefix("$ checker ")))
    assert (done.status, done.out) == (1, f"{expected}\n")


def test_the_comment_is_what_is_printed(in_project: None) -> None:
    (command,) = blocks(PAGE, "sh")
    done = checker(*shlex.split(command)[1:])
    (comment,) = blocks(PAGE, "markdown")
    assert (done.status, done.out) == (1, f"{comment}\n")


def test_the_job_for_gitlab_is_one(tmp_path: Path) -> None:
    (job,) = blocks(PAGE, "yaml")
    file = tmp_path / ".gitlab-ci.yml"
    file.write_text(job, encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci"]
    done = subprocess.run([*command, file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
