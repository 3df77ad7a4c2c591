"""The example of other formats says what the commands do."""

from __future__ import annotations

import shlex
from pathlib import Path

import polars as pl

from tests.commands import Result, checker
from tests.conftest import PROJECT
from tests.docs.pages import blocks
from tests.docs.test_audit_examples import cells

EXAMPLE = PROJECT / "examples" / "7-imported-shops" / "README.md"


def test_the_commands_do_what_the_page_says(in_project: None, tmp_path: Path) -> None:
    results = run(EXAMPLE, tmp_path)
    assert [each.status for each in results] == [0, 1, 0, 0, 0, 1, 1], results


def test_the_table_of_the_example_is_what_the_audit_finds(in_project: None, tmp_path: Path) -> None:
    run(EXAMPLE, tmp_path)
    sellers = pl.read_parquet(tmp_path / "audited" / "sellers.parquet")
    found = {name: checks.split("|") for name, checks in sellers.select("seller", "checks").rows()}
    said = {row[0]: row[2].split(", ") for row in cells(EXAMPLE, "| seller | says | fails |")}
    assert found == said


def test_google_s_last_day_ends_early(in_project: None, tmp_path: Path) -> None:
    results = run(EXAMPLE, tmp_path)
    said = results[5].out
    assert "`elapsed_days` is 15" in said
    assert "days_since_possession: 14" in said


def run(page: Path, build: Path) -> list[Result]:
    """Run the page's commands, which write to `build`, in their order."""
    lines = "\n".join(blocks(page, "sh")).replace("build/", f"{build}/").splitlines()
    return [checker(*shlex.split(line)[1:]) for line in lines]
