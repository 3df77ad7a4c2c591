"""`checker init`: a repository of policies to begin with."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from checker.cli.echo import echo
from checker.language.syntax.problems import UsageError, quoted, system_reason

SAMPLE = Path(__file__).resolve().parents[1] / "starter_repository"


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path), metavar="[DIR]", default=".")
def command(folder: Path) -> None:
    """Begin a repository of policies in DIR, by default the working directory.

    It has a sample policy and a seller's override with cases, hooks for pre-commit, a workflow for
    GitHub and settings for editors, and passes every check. DIR is new, empty, or a git repository
    without these files: nothing is overwritten.
    """
    names = [*_names()]
    _check_folder(folder, names)
    _copy(folder, names)
    for name in names:
        echo((folder / name).as_posix())
    echo(f"{len(names)} files; README.md says what they are", err=True)
    sys.exit(0)


def _names() -> Iterator[Path]:
    """Yield the files of the sample, by their paths in it."""
    for path in sorted(SAMPLE.rglob("*")):
        if path.is_file():
            yield path.relative_to(SAMPLE)


def _check_folder(folder: Path, names: Iterable[Path]) -> None:
    """Raise UsageError if a repository can not begin in the folder."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise UsageError(f"{folder}: is no folder; name one that is new")
    try:
        existing = sorted(entry.name for entry in folder.iterdir()) if folder.exists() else []
    except OSError as error:
        raise UsageError(f"{folder}: can't be read: {system_reason(error)}") from None
    if existing and ".git" not in existing:
        help = "name a new folder, or make it a git repository first (`git init`)"
        raise UsageError(f"{folder}: holds `{existing[0]}`, and is no git repository: {help}")
    present = [name.as_posix() for name in names if os.path.lexists(folder / name)]
    if present:
        help = "move it away" if len(present) == 1 else "move them away"
        raise UsageError(f"{folder}: holds {quoted(present)}, and nothing is overwritten: {help}")


def _copy(folder: Path, names: Iterable[Path]) -> None:
    """Copy the files of the sample; where one can't be written, leave none of them."""
    created: list[Path] = []
    try:
        for name in names:
            created += _make_folders((folder / name).parent)
            with (folder / name).open("xb") as file:
                created.append(folder / name)
                file.write((SAMPLE / name).read_bytes())
    except OSError as error:
        for path in reversed(created):
            path.rmdir() if path.is_dir() else path.unlink()
        raise UsageError(
            f"{error.filename or folder}: can't be written: {system_reason(error)}"
        ) from None


def _make_folders(folder: Path) -> Iterator[Path]:
    """Make a folder and those above it, and yield the ones that are new."""
    for parent in reversed([folder, *folder.parents]):
        if not parent.exists():
            parent.mkdir()
            yield parent
