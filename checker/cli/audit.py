"""`checker audit`: sellers' settings and handled returns, in bulk (section 8)."""

from __future__ import annotations

import importlib

import click

AUDITS = {
    "settings": "Prove the settings of many sellers: a table of them, or a folder of overrides.",
    "returns": "Judge handled returns: findings, metrics and the ladder of standards.",
}


class _Audits(click.Group):
    """Loads an audit when it is called, as each needs heavy libraries."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*AUDITS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in AUDITS:
            return None
        module = importlib.import_module(f"checker.cli.audit_{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([*AUDITS.items()])


@click.group("audit", cls=_Audits)
def command() -> None:
    """Audit the settings or the handled returns of many sellers, where the data lies.

    SOURCE is a file, folder or glob of Parquet, CSV or JSON lines; a folder of overrides; or
    duckdb:///file.db?table=…, postgresql://…?table=…, spark://… or sc://….
    """
