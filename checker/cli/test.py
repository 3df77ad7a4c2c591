"""`checker test`: expectations of `cases` files, and Hypothesis on every override."""

from __future__ import annotations

from pathlib import Path

import click

from checker.analysis.examine import Examiner
from checker.cli.common import (
    examples_option,
    findings_format_option,
    on_option,
    roots_option,
    seed_option,
)
from checker.cli.examining import examine


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@roots_option
@on_option
@findings_format_option
@examples_option
@seed_option
@click.option("--strict", is_flag=True, help="Let warnings fail the command.")
def command(
    paths: tuple[Path, ...],
    roots: tuple[Path, ...],
    on: int | None,
    form: str,
    examples: int,
    seed: int,
    strict: bool,
) -> None:
    """Test the expectations of cases, and look for cases that overrides fail.

    Without a PATH, every document of the roots. Cases are drawn by Hypothesis; finding none
    that an override fails proves nothing.
    """
    examine(
        Examiner.tested,
        paths,
        roots,
        form=form,
        on=on,
        strict=strict,
        examples=examples,
        seed=seed,
        tests=True,
    )
