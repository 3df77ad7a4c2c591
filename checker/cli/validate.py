"""`checker validate`: schemas, references and types."""

from __future__ import annotations

from pathlib import Path

import click

from checker.analysis.examine import Examiner
from checker.cli.common import findings_format_option, on_option, roots_option
from checker.cli.examining import examine


@click.command("validate")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@roots_option
@on_option
@findings_format_option
@click.option("--strict", is_flag=True, help="Let warnings fail the command.")
def command(
    paths: tuple[Path, ...], roots: tuple[Path, ...], on: int | None, form: str, strict: bool
) -> None:
    """Check the schemas, references and types of documents.

    Without a PATH, every document of the roots.
    """
    examine(Examiner.validated, paths, roots, form=form, on=on, strict=strict)
