"""`checker check`: everything that can be said of documents."""

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


@click.command("check")
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
    """Validate, prove and test documents.

    Without a PATH, every document of the roots. Overrides and policies are proved for every
    case; cases are drawn only where a proof comes to no end.
    """
    examine(
        Examiner.checked,
        paths,
        roots,
        form=form,
        on=on,
        strict=strict,
        examples=examples,
        seed=seed,
        tests=True,
    )
