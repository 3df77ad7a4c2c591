"""`checker audit returns`: findings of handled returns, metrics and the ladder.

Defined in docs/language.md, section 8.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Literal

import click

from checker.cli.commands.audit.options import (
    columns_file,
    leave,
    need,
    results_folder,
    rows_watched,
    show,
    source_options,
)
from checker.cli.commands.audit.source import open_source, shown_source
from checker.cli.echo import echo
from checker.cli.options import format_option, on_option, roots_option
from checker.language.resolve.project import now, open_library, today
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.problems import counted

if TYPE_CHECKING:
    from checker.audit.returns import Audit, ReturnsTable
    from checker.audit.returns.window import AsOf


def _as_of(_: click.Context, __: click.Parameter, text: str | None) -> AsOf:
    from checker.audit.returns.window import AsOf, read_as_of

    if text is None:
        return AsOf(now())
    try:
        return read_as_of(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command("returns")
@source_options
@click.option(
    "--as-of",
    callback=_as_of,
    metavar="DATE",
    help="A date (its end) or a moment: what is overdue then; by default now.",
)
@roots_option
@on_option
@format_option
def command(
    source: str,
    policy: str | None,
    columns: Path | None,
    engine: str,
    out: Path | None,
    tables: Literal["parquet", "csv"],
    as_of: AsOf,
    roots: tuple[Path, ...],
    on: int | None,
    form: str,
) -> None:
    """Judge the handled returns in SOURCE, a row a return, and sum them up for each seller.

    SOURCE is a file, folder or glob of Parquet, CSV or JSON lines, or the URL of a table:
    duckdb:///file.db?table=…, postgresql://…?table=…, spark://…?table=… or sc://…?path=…; a
    database computes by itself. Columns are `seller`, `response`, `cites`, `id`, and facts.

    Exits with 1 where something is found, and with 2 where rows were refused.
    """
    from checker.audit.results import write_tables, write_texts
    from checker.audit.returns import ReturnsRequest, audit_returns
    from checker.audit.returns.summary import cases, returns_summary, worst
    from checker.report.audit_page.page import audit_page

    resolver = Resolver(open_library(roots)[0])
    request = ReturnsRequest(need(policy), as_of, today(), on, columns_file(columns))
    source_name = shown_source(source)
    with (
        _table(source, engine) as (table, name),
        results_folder(out) as folder,
        _parts(folder) as parts,
    ):
        start = perf_counter()
        with rows_watched() as watch:
            audit = audit_returns(table, resolver, request, parts, watch)
        _say_pace(audit, perf_counter() - start)
        _say_if_nothing_counts(audit)
        summary = returns_summary(audit, source_name, name, resolver)
        if out:
            write_tables(folder, audit.tables(), tables)
            write_texts(folder, summary, audit_page(summary, worst(audit), cases(audit)))
        show(summary, audit.findings, out, form)
    leave(summary)


@contextmanager
def _table(source: str, engine: str) -> Iterator[tuple[ReturnsTable, str]]:
    """Give the table that the source names, and the name of the engine that judges it."""
    from checker.audit.files.scan import Scanned
    from checker.audit.returns.polars_table import PolarsTable
    from checker.audit.returns.sql_table import SqlTable

    with open_source(source, engine) as opened:
        if isinstance(opened, Scanned):
            yield PolarsTable(opened), engine
        else:
            yield SqlTable(opened), opened.dialect


@contextmanager
def _parts(results: Path) -> Iterator[Path]:
    """Give a folder within the results' for what is in between; it is gone in the end."""
    folder = results / "parts"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _say_pace(audit: Audit, seconds: float) -> None:
    rows = audit.outcome.rows_read
    pace = f"{rows / max(seconds, 1e-9):,.0f} rows a second"
    echo(f"checker: {counted(rows, 'row')} in {seconds:.1f} s, {pace}", err=True)


def _say_if_nothing_counts(audit: Audit) -> None:
    """Say where no record lies in the window, as a fact may be missing that says when it was."""
    clock = audit.resolved.vocabulary.as_of
    if not audit.standards or not clock or audit.outcome.rows_read == 0:
        return
    if audit.sellers["requests"].sum() == 0:
        echo(f"checker: by `{clock}` no record lies in the window of the standards", err=True)
