"""A group of commands that loads each when it is called."""

from __future__ import annotations

import importlib
import keyword
from collections.abc import Mapping
from typing import Any

import click


class LazyGroup(click.Group):
    """Loads a command when it is called, so that each starts with what it needs alone.

    `about` has the help of each command by its name, and `modules` is what the names of their
    modules begin with.
    """

    def __init__(self, *, about: Mapping[str, str], modules: str, **more: Any) -> None:
        super().__init__(**more)
        self.about, self.modules = about, modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names, in the order in which help lists them."""
        return [*self.about]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the `command` of the module of that name."""
        if cmd_name not in self.about:
            return None
        module = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command: click.Command = importlib.import_module(f"{self.modules}{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each command does, without loading it."""
        with formatter.section("Commands"):
            formatter.write_dl([*self.about.items()])
