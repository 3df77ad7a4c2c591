"""What the commands share: options, and the library that the roots make up."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from checker.language.documents import Document
from checker.language.library import (
    SUFFIXES,
    Library,
    Root,
    Shelved,
    documents_below,
    nearest_policy_folder,
)
from checker.language.packaged import data_folder
from checker.language.problems import Problem, Unusable
from checker.language.values import ValueType
from checker.language.worlds import Resolver

Command = TypeVar("Command", bound=Callable[..., Any])
REPORTS = ("sarif", "github", "junit")


def roots_option(command: Command) -> Command:
    """Add `--root DIR`."""
    return click.option(
        "--root",
        "roots",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Where documents are looked up; the nearest `policy` folder by default.",
    )(command)


def on_option(command: Command) -> Command:
    """Add `--on DATE`."""
    return click.option(
        "--on",
        callback=_day,
        metavar="DATE",
        help="The day that picks versions.",
    )(command)


def format_option(command: Command) -> Command:
    """Add `--format`."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="For people, or one JSON object a line.",
    )(command)


def findings_format_option(command: Command) -> Command:
    """Add `--format` where findings are printed."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json", *REPORTS]),
        default="text",
        show_default=True,
        help="For people, one JSON object a line, or a report for tools.",
    )(command)


def jobs_option(do: str) -> Callable[[Command], Command]:
    """Return what adds `--jobs N`, of processes that `do` something."""
    return click.option(
        "--jobs",
        type=click.IntRange(1),
        default=1,
        show_default=True,
        metavar="N",
        help=f"How many processes {do}.",
    )


def _day(_: click.Context, __: click.Parameter, text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return int(ValueType("date").read(text))  # type: ignore[arg-type]
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def now() -> datetime:
    """Return this moment; the one place where the clock is read."""
    return datetime.now(UTC)


def today() -> int:
    """Return today's day number, as the system's clock shows it."""
    return now().astimezone().toordinal()


def open_library(
    roots: Iterable[Path],
    files: Iterable[Path] = (),
    unsaved: Mapping[Path, bytes] | None = None,
    *,
    closed: bool = False,
) -> tuple[Library, list[Shelved]]:
    """Return the library of the roots, with the files that a check without paths is about.

    `files` are documents that are named beside the roots, `unsaved` what stands in place of files.
    The packs that came with the program are searched last, give way, and are checked where there is
    nothing else. With `closed`, no link leads out of a root.
    """
    library, packs = Library(unsaved=unsaved or {}), data_folder("policy")
    folders = [*roots] or nearest_root()
    own = [each for folder in folders for each in library.add_root(Root(folder, closed=closed))]
    for file in files:
        library.add_file(file)
    packaged = library.add_root(Root(packs, gives_way=True, closed=closed))
    return library, own if folders else packaged


def nearest_root() -> list[Path]:
    """Return the root where none is named: the nearest `policy` folder, if there is one."""
    nearest = nearest_policy_folder(Path.cwd())
    return [shown(nearest)] if nearest else []


def shown(path: Path) -> Path:
    """Return `path` as a person in the working directory would write it."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path


@dataclass(slots=True)
class Target:
    """What a command is asked to look at: documents, and the problems of files that are none."""

    resolver: Resolver
    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def open_target(roots: Iterable[Path], paths: Iterable[Path]) -> Target:
    """Return the documents at `paths`, or those of the roots where no path is given.

    Unusable where a path leads to nothing, or a folder has no document in it.
    """
    files = [file for named in paths for file in files_at(named)]
    library, own = open_library(roots, files)
    if not files:
        if not own and not library.problems:
            raise Unusable("found no documents in the roots")
        return Target(Resolver(library), library.open_all(own), library.problems)
    documents: dict[int, Document] = {}
    for path in files:
        document = library.add_file(path)
        if document:
            documents[id(document)] = document
    named = {*map(os.path.realpath, files)}  # a root may have read a file by another path
    problems = [each for each in library.problems if os.path.realpath(each.position.file) in named]
    return Target(Resolver(library), [*documents.values()], problems)


def files_at(path: Path) -> list[Path]:
    """Return the file, or the documents below the folder; Unusable where there is nothing."""
    if path.is_dir():
        found = [*documents_below(path)]
        if not found:
            raise Unusable(f"{path}: found no documents ({' or '.join(SUFFIXES)}) in the folder")
        return found
    if not path.exists():
        raise Unusable(f"{path}: no such file or folder")
    return [path]


@contextmanager
def progress(
    items: Iterable[Any], label: str, length: int | None = None
) -> Iterator[Iterable[Any]]:
    """Give `items` to go through, with a bar on standard error where a person watches.

    `length` is how many they are, where they don't know themselves.
    """
    count = length if length is not None else len(items)  # type: ignore[arg-type]
    if count < 2 or not sys.stderr.isatty():
        yield items
        return
    with click.progressbar(items, length=count, label=label, file=sys.stderr) as going:
        yield going


def examples_option(command: Command) -> Command:
    """Add `--examples N`."""
    return click.option(
        "--examples",
        type=click.IntRange(1),
        default=1000,
        show_default=True,
        metavar="N",
        help="How many cases are drawn for each override.",
    )(command)


def seed_option(command: Command) -> Command:
    """Add `--seed N`."""
    return click.option(
        "--seed",
        type=int,
        default=0,
        show_default=True,
        metavar="N",
        help="The seed that cases are drawn from.",
    )(command)
