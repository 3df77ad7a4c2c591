"""The workflow of a policy repository: it follows GitHub's schema and comes with the package."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from checker.language.syntax.parser import compose
from tests.conftest import PROJECT

REPOSITORY = PROJECT / "checker" / "cli" / "starter_repository"
WORKFLOW = REPOSITORY / ".github" / "workflows" / "policies.yml"
JOBS: dict[str, Any] = compose(WORKFLOW.read_text(encoding="utf-8"))[0]["jobs"]


def test_it_follows_the_schema_of_workflows() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    done = subprocess.run(
        [*command, "vendor.github-workflows", WORKFLOW], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_asks_for_no_more_than_it_needs() -> None:
    text = WORKFLOW.read_text(encoding="utf-8")
    assert compose(text)[0]["permissions"] == {}
    assert all(job["permissions"] == {"contents": "read"} for job in JOBS.values())
    steps = [step for job in JOBS.values() for step in job["steps"]]
    assert all("${{" not in step.get("run", "") for step in steps)  # nothing is pasted into a shell
    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert [step["with"]["persist-credentials"] for step in checkouts] == [False, False]


def test_what_it_runs_is_pinned() -> None:
    steps = [step for job in JOBS.values() for step in job["steps"]]
    uses = [step["uses"] for step in steps if "uses" in step]
    assert uses and all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action) for action in uses)
    text = WORKFLOW.read_text(encoding="utf-8")
    versions = re.findall(r"uses: \S+ # (v[0-9]+\.[0-9]+\.[0-9]+)$", text, re.MULTILINE)
    assert len(versions) == len(uses)
    installs = [step["run"] for step in steps if "install" in step.get("run", "")]
    assert len(installs) == 2
    for command in installs:
        assert "--require-hashes" in command and command.endswith(" -r requirements.txt")
    assert not any("-latest" in job["runs-on"] for job in JOBS.values())


def test_the_repository_comes_with_the_package(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    listed = subprocess.run(
        [sys.executable, "-m", "zipfile", "-l", wheel], check=True, capture_output=True, text=True
    )
    for path in filter(Path.is_file, REPOSITORY.rglob("*")):
        assert f"{path.relative_to(PROJECT)} " in listed.stdout
