"""`checker audit`: sellers' settings and handled returns, in bulk (docs/language.md, section 8)."""

from __future__ import annotations

import click

from checker.cli.lazy_group import CommandEntry, LazyGroup

AUDITS = {
    "settings": CommandEntry(
        "settings:command",
        "Prove the settings of many sellers: a table of them, or a folder of overrides.",
    ),
    "returns": CommandEntry(
        "returns:command", "Judge handled returns: findings, metrics and the ladder of standards."
    ),
}


@click.group("audit", cls=LazyGroup, entries=AUDITS, package=__name__)
def command() -> None:
    """Audit the settings or the handled returns of many sellers, where the data lies.

    SOURCE is a file, folder or glob of Parquet, CSV or JSON lines; a folder of overrides; or
    duckdb:///file.db?table=…, postgresql://…?table=…, spark://… or sc://….
    """
