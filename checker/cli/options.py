"""What the commands share: options, and the library that the roots make up."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from checker.cli.parallel import usable_cores
from checker.language.model.types import ValueType

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


def jobs_option(do: str, default: int | None = None) -> Callable[[Command], Command]:
    """Return what adds `--jobs N`, of processes that `do` something: one for each usable core.

    Args:
        do: what they do, in the help.
        default: how many there are in place of that.
    """
    return click.option(
        "--jobs",
        type=click.IntRange(1),
        default=default or usable_cores,
        show_default=str(default or "usable cores"),
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


def cache_option(command: Command) -> Command:
    """Add `--no-cache`."""
    return click.option(
        "--cache/--no-cache",
        "remembers",
        default=True,
        help="Whether results of documents that did not change are remembered.",
    )(command)


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
