"""`checker cache`: the results that other commands remember."""

from __future__ import annotations

from pathlib import Path

import click

from checker.cli.cache.results import cache_folder
from checker.cli.cache.store import clear as clear_folder
from checker.cli.echo import echo
from checker.cli.options import roots_option
from checker.language.syntax.problems import counted


@click.group("cache")
def command() -> None:
    """Manage the results that `check` and `test` remember."""


@command.command("clear")
@roots_option
def clear(roots: tuple[Path, ...]) -> None:
    """Remove all remembered results."""
    folder = cache_folder(roots)
    count = clear_folder(folder) if folder else 0
    echo(f"removed {counted(count, 'file')} of results")
