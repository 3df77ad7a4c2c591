"""The page on pull requests shows a job that GitLab takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.conftest import PROJECT
from tests.docs.pages import blocks

PAGE = PROJECT / "docs" / "pull-requests.md"


def test_the_job_for_gitlab_is_one(tmp_path: Path) -> None:
    (job,) = blocks(PAGE, "yaml")
    file = tmp_path / ".gitlab-ci.yml"
    file.write_text(job, encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci"]
    done = subprocess.run([*command, file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
