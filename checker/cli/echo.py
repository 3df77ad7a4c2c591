"""The edge: all that commands print passes here, and nothing of a document acts on a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click

from checker.language.syntax.printable import json_output, printable, terminal_line, xml_output


def echo(*lines: str, err: bool = False) -> None:
    """Print lines, each of which stays one; on standard error if `err`."""
    for line in lines:
        click.echo(terminal_line(line), err=err)


def echo_text(text: str) -> None:
    """Print a text whose line feeds are the program's own."""
    echo(*text.removesuffix("\n").split("\n"))


def echo_json(
    data: Any, indent: int | None = None, default: Callable[[Any], Any] | None = None
) -> None:
    """Print data as JSON, on one line or indented."""
    echo_json_text(json.dumps(data, ensure_ascii=False, indent=indent, default=default))


def echo_json_text(text: str) -> None:
    """Print a text of JSON."""
    click.echo(json_output(text))


def echo_xml(text: str) -> None:
    """Print a text of XML."""
    click.echo(xml_output(text))


def echo_command(line: str) -> None:
    """Print a workflow command (`report/github.py`), which begins with two colons."""
    click.echo(printable(line))


def echo_patch(text: str) -> None:
    """Print a patch, and say so where characters had to be escaped, as it fits no file then."""
    escaped = False
    for line in text.removesuffix("\n").split("\n"):
        content = line.removesuffix("\r").removesuffix("\t")  # ends of lines and of file names
        shown = terminal_line(content)
        escaped |= shown != content
        click.echo(shown + line[len(content) :])
    if escaped:
        echo(
            "checker: the patch shows escapes, and can't be applied; `--write` writes it", err=True
        )


def echo_usage(error: click.ClickException) -> None:
    """Print an error in the arguments, with the usage of their command."""
    message = printable(error.format_message())
    if isinstance(error, click.MissingParameter):  # it lists choices, and nothing that was given
        message = " ".join(error.format_message().split())
    if isinstance(error, click.UsageError) and error.ctx is not None:
        echo(*error.ctx.get_usage().split("\n"), err=True)
        if error.ctx.command.get_help_option(error.ctx):
            option = error.ctx.help_option_names[0]
            echo(f"Try '{error.ctx.command_path} {option}' for help.", "", err=True)
    echo(f"Error: {message}", err=True)
