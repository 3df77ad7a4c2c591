"""`checker audit`: sellers' settings and handled returns, in bulk (docs/language.md, section 8)."""

from __future__ import annotations

from typing import Any

import click

from checker.cli.lazy_group import CommandEntry, LazyGroup
from checker.language.syntax.problems import UsageError

EXTRA = ("polars", "sqlglot", "jinja2", "rich")  # what `returns-checker[audit]` installs

AUDITS = {
    "settings": CommandEntry(
        "settings:command",
        "Prove the settings of many sellers: a table of them, or a folder of overrides.",
    ),
    "returns": CommandEntry(
        "returns:command", "Judge handled returns: findings, metrics and the ladder of standards."
    ),
}


class AuditGroup(LazyGroup):
    """Audits, which say so where the extra is not installed that they need."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the audit; UsageError where a library of the extra is missing."""
        try:
            return super().invoke(ctx)
        except ImportError as error:
            library = (error.name or "").partition(".")[0]
            if library not in EXTRA:
                raise
            raise UsageError(
                f"auditing needs `{library}`, which is not installed;"
                " `pip install 'returns-checker[audit]'`"
            ) from None


@click.group("audit", cls=AuditGroup, entries=AUDITS, package=__name__)
def command() -> None:
    """Audit the settings or the handled returns of many sellers, where the data lies.

    SOURCE is a file, folder or glob of Parquet, CSV or JSON lines; a folder of overrides; or
    duckdb:///file.db?table=…, postgresql://…?table=…, spark://… or sc://….
    """
