"""`checker audit settings`: many sellers' settings, or a folder of overrides, proved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from checker.cli.commands.audit.options import columns_file, leave, need, show, source_options
from checker.cli.commands.audit.source import open_source, shown_source
from checker.cli.commands.exchange.options import opened_exchange, scope_option
from checker.cli.echo import echo
from checker.cli.options import format_option, jobs_option, on_option, progress, roots_option
from checker.cli.parallel import in_processes
from checker.exchange.formats import ENDINGS, FORMATS
from checker.exchange.overrides import Scope
from checker.language.resolve.folders import SUFFIXES, documents_below
from checker.language.resolve.library import NotFound
from checker.language.resolve.project import open_library, today
from checker.language.resolve.resolver import InvalidDocument, ResolvedPolicy, Resolver
from checker.language.syntax.problems import UsageError

if TYPE_CHECKING:
    import polars as pl

    from checker.audit.settings.outcome import SettingsOutcome
    from checker.audit.settings.overrides_source import OpenedOverrides


@click.command("settings")
@source_options
@click.option(
    "--from",
    "format",
    type=click.Choice(FORMATS),
    metavar="FORMAT",
    help="SOURCE holds documents of schema.org, google, ebay or kuaishou.",
)
@scope_option
@jobs_option("prove overrides")
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
    format: str | None,
    scope: Scope,
    jobs: int,
    roots: tuple[Path, ...],
    on: int | None,
    form: str,
) -> None:
    """Prove the settings in SOURCE: a row a seller, overrides, or documents of another format.

    Columns are `seller`, settings of the policy (an empty cell is its default), and facts, which
    narrow a row to those cases. One proof gives the limits that a million rows are held to; each
    distinct failure is shown by its plainest case. With --from, SOURCE is a file or folder of that
    format (see `checker import`), and what is not understood in it is a finding.

    Exits with 1 where a seller's settings refuse what they must accept or offer a worse term, and
    with 2 where rows were refused.
    """
    from checker.audit.results import write_results
    from checker.audit.settings.outcome import WARNINGS
    from checker.audit.settings.overrides_source import open_overrides, open_stated
    from checker.audit.summary import settings_summary

    library, _ = open_library(roots)
    resolver = Resolver(library)
    day = on if on is not None else today()
    if scope and not format:
        raise click.UsageError("--scope goes with --from; a table has columns for facts")
    if format or _holds_overrides(source):
        if format:
            exchange = opened_exchange(resolver, need(policy), day, scope)
            opened = open_stated(_files(Path(source), format), format, exchange, scope)
            for problem in opened.warnings:
                echo(str(problem), err=True)
        else:
            opened = open_overrides(_files(Path(source)), resolver)
        outcome, policies = _proved(opened, resolver, on, jobs)
        if format and not policies:  # the policy is about none of the sellers
            policies = [_resolved(resolver, need(policy), day)]
        source_name, name = source, "boxes"
    else:
        resolved = _resolved(resolver, need(policy), day)
        source_name, name = shown_source(source), engine
        outcome, policies = _table(source, engine, columns, resolved, resolver), [resolved]
    summary = settings_summary(outcome, source_name, name, policies, resolver)
    if out:
        write_results(out, outcome.tables(), summary, _page(summary, outcome), tables)
    show(summary, outcome.findings.lazy(), out, form)
    leave(summary, WARNINGS)


def _holds_overrides(source: str) -> bool:
    """Return whether the source is a document, or a folder in which there are documents."""
    path = Path(source)
    if path.is_dir():
        return any(True for _ in documents_below(path))
    return source.lower().endswith(SUFFIXES) and path.exists()


def _files(path: Path, format: str | None = None) -> list[Path]:
    """Return the files of a folder that hold documents, or the file itself."""
    if not path.is_dir():
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder")
        return [path]
    if format is None:
        return [*documents_below(path)]
    files = [*documents_below(path, ENDINGS[format])]
    if not files:
        endings = ", ".join(ENDINGS[format])
        raise UsageError(f"{path}: found no file of {format} in the folder ({endings})")
    return files


def _proved(
    opened: OpenedOverrides, resolver: Resolver, on: int | None, jobs: int
) -> tuple[SettingsOutcome, list[ResolvedPolicy]]:
    from checker.audit.settings.overrides import audit_overrides

    def run(prove: Any, items: Any) -> Any:
        overrides = [*items]
        with progress(in_processes(prove, overrides, jobs), "texts", len(overrides)) as proved:
            yield from proved

    result = audit_overrides(opened, resolver, on=on, today=today(), run=run)
    return result.outcome, result.policies


def _resolved(resolver: Resolver, policy: str, day: int) -> ResolvedPolicy:
    try:
        return resolver.resolve(policy, day)
    except NotFound as error:
        raise UsageError(error.with_help) from None
    except InvalidDocument as error:
        raise UsageError(str(error)) from None


def _table(
    source: str, engine: str, columns: Path | None, resolved: ResolvedPolicy, resolver: Resolver
) -> SettingsOutcome:
    from checker.audit.settings.mapped_table import mapped_table
    from checker.audit.settings.table import audit_table

    file = columns_file(columns)
    with _rows(source, engine) as (frame, kinds):
        if file is None:
            return audit_table(frame, kinds, resolved, resolver)
        return audit_table(*mapped_table(frame, kinds, resolved.policy, file), resolved, resolver)


@contextmanager
def _rows(source: str, engine: str) -> Iterator[tuple[pl.LazyFrame, dict[str, str]]]:
    """Give the rows of the table, and the kinds of its columns.

    A row a seller is little, so that a database's are fetched.
    """
    from sqlglot import exp

    from checker.audit.files.scan import ROW_NUMBER, Scanned

    with open_source(source, engine) as opened:
        if isinstance(opened, Scanned):
            yield opened.frame, dict(opened.kinds)
            return
        rows = opened.fetch(exp.select("*").from_(opened.relation()))
        yield rows.with_row_index(ROW_NUMBER, 1).lazy(), dict(opened.columns())


def _page(summary: dict[str, Any], outcome: SettingsOutcome) -> str:
    import polars as pl

    from checker.audit.summary import MOST_SELLERS, by_seller
    from checker.report.audit_page.page import audit_page

    worst = outcome.sellers.sort("findings", descending=True, maintain_order=True)
    listed = worst.head(MOST_SELLERS)
    rows = outcome.findings.with_columns(pl.col("failure").cast(pl.Int64))
    cases = by_seller(rows.join(listed, on="seller", how="semi"))
    return audit_page(summary, listed.to_dicts(), cases)
