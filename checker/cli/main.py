"""The command `checker`: finds a command's file by its name and runs it."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from typing import Any

import click

from checker import __version__
from checker.language.problems import Unusable

COMMANDS = {
    "check": "Validate, prove and test documents.",
    "validate": "Check schemas, references and types.",
    "decide": "Decide cases, with reasons.",
    "prove": "Prove overrides and policies, for every case.",
    "verify": "Check certificates of proofs against the documents.",
    "diff": "Say what changes between two versions, and for whom.",
    "repair": "Print the smallest change that makes an override pass.",
    "limits": "Print the values that each setting may take.",
    "audit": "Audit sellers' settings, or returns that were handled, in bulk.",
    "test": "Test expectations, and look for cases that overrides fail.",
    "trace": "Show which rule carries out which clause.",
    "schema": "Print the JSON Schemas of documents and reports.",
}


class _Commands(click.Group):
    """Loads a command when it is called, so that each starts with what it needs alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"checker.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="checker")
def cli() -> None:
    """Decide returns by policies written as data, and check that no seller refuses too much."""


def main() -> Any:
    """Run the command line; returns its exit status to the system."""
    gc.set_threshold(200_000)  # start-up makes many objects that stay, and no garbage
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        # https://no-color.org: any value but an empty one; None leaves it to the terminal
        colour = False if os.environ.get("NO_COLOR") else None
        status = cli.main(standalone_mode=False, color=colour)
    except Unusable as error:
        click.echo(f"checker: {error}", err=True)
        status = 2
    except click.ClickException as error:
        error.show()
        status = 2
    except OSError as error:
        click.echo(
            f"checker: {error.filename or 'the system'}: {(error.strerror or '').lower()}", err=True
        )
        status = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("checker: stopped", err=True)
        status = 130
    sys.exit(status if isinstance(status, int) else 0)
