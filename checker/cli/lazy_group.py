"""A group of commands that loads each when it is called."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import click


class CommandEntry(NamedTuple):
    """A command that is not loaded yet: `module:attribute`, and its line in the help."""

    target: str
    help: str


class LazyGroup(click.Group):
    """Loads a command when it is called, so that each starts with what it needs alone.

    Args:
        entries: the commands by their names, in the order in which help lists them.
        package: the package that their targets are named in.
    """

    def __init__(self, *, entries: Mapping[str, CommandEntry], package: str, **more: Any) -> None:
        super().__init__(**more)
        self.entries, self.package = entries, package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names, in the order in which help lists them."""
        return [*self.entries]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, loaded; None where there is none."""
        if cmd_name not in self.entries:
            return None
        module, _, attribute = self.entries[cmd_name].target.partition(":")
        loaded = importlib.import_module(f"{self.package}.{module}")
        command: click.Command = getattr(loaded, attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each command does, without loading it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in self.entries.items()])
